"""Whose days the dates on a certificate are.

The zone stands in the claim with its two offsets, so that no later change of a country's clocks changes a certificate,
and a verifier needs no table of zones.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from trainer.clock import known_zones
from trainer.moments import place

_WRITTEN = re.compile(r"([A-Za-z][A-Za-z0-9_+/-]{0,63}) ([+-][0-9]{2}:[0-9]{2}) ([+-][0-9]{2}:[0-9]{2})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ZonedDays:
    """A zone, and how far it is from UTC at two moments.

    Attributes:
        name: the IANA name.
        at_issue: the offset at the moment of issue.
        at_end: the offset at the end of the last day.
    """

    name: str = "UTC"
    at_issue: timezone = UTC
    at_end: timezone = UTC

    @classmethod
    def of(cls, zone: ZoneInfo, *, issued: datetime, ends: datetime) -> "ZonedDays":
        """Return the zone as its clocks are known to stand at both moments."""
        return cls(name=zone.key, at_issue=_fixed(issued.astimezone(zone)), at_end=_fixed(ends))

    @classmethod
    def read(cls, written: str) -> "ZonedDays":
        """Read what `written` returned.

        Raises:
            ValueError: it has another form.
        """
        if written == "":
            return cls()
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise ValueError(f"{written!r} does not say whose days these are.")
        name, issue, end = match.groups()
        return cls(name=name, at_issue=_offset(issue), at_end=_offset(end))

    @property
    def written(self) -> str:
        """Return it in words, such as `Europe/Zurich +01:00 +02:00`; "" for UTC."""
        return "" if self.name == "UTC" else f"{self.name} {_signed(self.at_issue)} {_signed(self.at_end)}"

    @property
    def place(self) -> str:
        """Return the place that people know the zone by, such as Los Angeles."""
        return place(self.name)

    def told(self, day: date) -> str:
        """Return one of these days as people write it, with the place: 31 December 2028 (Los Angeles)."""
        return f"{day:%-d %B %Y}{self.aside}"

    @property
    def aside(self) -> str:
        """Return what stands after a day of theirs: the place in brackets; nothing for UTC."""
        return f" ({self.place})" if self.written else ""


def zone_named(name: str) -> ZoneInfo:
    """Return a zone by its IANA name; UTC if nobody knows it."""
    return ZoneInfo(name if name in known_zones() else "UTC")


def _fixed(at: datetime) -> timezone:
    return timezone(timedelta(minutes=(at.utcoffset() or timedelta()) // timedelta(minutes=1)))


def _offset(written: str) -> timezone:
    hours, minutes = int(written[1:3]), int(written[4:6])
    return timezone((-1 if written[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _signed(offset: timezone) -> str:
    minutes = int(offset.utcoffset(None).total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
