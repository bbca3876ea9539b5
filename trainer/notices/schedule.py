"""When a notice that could not be delivered is tried again, and when it is given up."""

from datetime import datetime, timedelta

DAY = timedelta(days=1)
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), *(5 * (DAY,)))
"""How long after the first, second … failed attempt the next one follows: a server that restarts is reached within
minutes, and one that is down over a long weekend is reached at all."""


def next_attempt(*, written_at: datetime, failures: int, last_failure: datetime | None) -> datetime | None:
    """Return the moment from which a notice is to be tried, or None when it is given up.

    Args:
        written_at: when the notice was written; it is due at once.
        failures: how many attempts have failed.
        last_failure: when the last of them failed.
    """
    if failures == 0 or last_failure is None:
        return written_at
    return last_failure + WAITS[failures - 1] if failures <= len(WAITS) else None
