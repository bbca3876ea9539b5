"""How moments are written for people: the one rule of decision 0041.

Whatever is kept, signed, sent to machines or written into a log says moments in UTC, with that word. The form is always
the same, so that whoever shows such a sentence to somebody whose zone is known can say it again in that zone.
"""

import re
from calendar import month_name
from datetime import UTC, date, datetime, timezone
from zoneinfo import ZoneInfo

_MONTHS = list(month_name)[1:]
_WRITTEN = re.compile(rf"(?<!\d)(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}}), (\d\d):(\d\d) UTC(?![\w+-])", re.ASCII)
_TODAY = {  # what a browser may still call a place by
    "Asmera": "Asmara",
    "Calcutta": "Kolkata",
    "Faeroe": "Faroe",
    "Godthab": "Nuuk",
    "Katmandu": "Kathmandu",
    "Kiev": "Kyiv",
    "Rangoon": "Yangon",
    "Saigon": "Ho Chi Minh",
}


def written(at: datetime) -> str:
    """Write a moment for whoever may read it, to the minute: 1 November 2026, 08:30 UTC."""
    return f"{at.astimezone(UTC):%-d %B %Y, %H:%M} UTC"


def day_in_words(day: date) -> str:
    """Write a day that belongs to no zone, such as that of a law: 9 August 2024."""
    return f"{day:%-d %B %Y}"


def date_in_words(text: str) -> str:
    """Write an ISO day, month or year in words: 9 August 2024, August 2024, 2024."""
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    return " ".join(part for part in (day.lstrip("0"), _MONTHS[int(month) - 1] if month else "", year) if part)


def in_zone(at: datetime, zone: ZoneInfo) -> str:
    """Write a moment as the clocks of a zone show it, and whose they are: 1 November 2026, 01:30 (Los Angeles time).

    An hour that a place's clocks show twice has its distance from UTC beside it; a zone that is named after no place
    has only that, since what is called Etc/GMT+8 is eight hours behind.
    """
    here = at.astimezone(zone)
    offset = here.utcoffset()
    assert offset is not None
    distance = timezone(offset)
    twice = here.replace(fold=0).utcoffset() != here.replace(fold=1).utcoffset()
    whose = f"({place(zone.key)} time{f', {distance}' if twice else ''})" if names_a_place(zone.key) else str(distance)
    return f"{here:%-d %B %Y, %H:%M} {whose}"


def names_a_place(zone: str) -> bool:
    """Say whether a zone's IANA name is that of a place, such as Europe/Zurich."""
    return "/" in zone and not zone.startswith("Etc/")


def place(zone: str) -> str:
    """Return the place that people know a zone by, from its IANA name: Los Angeles; UTC is its own."""
    name = zone.rpartition("/")[2].replace("_", " ")
    return _TODAY.get(name, name)


def said_in(text: str, zone: ZoneInfo) -> str:
    """Say a text again with its moments, written in UTC, as the clocks of a zone show them."""
    return _WRITTEN.sub(lambda found: _again(found, zone), text)


def _again(found: re.Match[str], zone: ZoneInfo) -> str:
    day, month, year, hour, minute = found.groups()
    try:
        at = datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), tzinfo=UTC)
        return in_zone(at, zone)
    except (ValueError, OverflowError):  # somebody wrote a day that there is not
        return found[0]
