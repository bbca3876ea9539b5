"""The one place that asks what time it is, and which time zones there are."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones


def utc_now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


@cache
def known_zones() -> frozenset[str]:
    """Return the IANA names of all time zones."""
    return frozenset(available_timezones())
