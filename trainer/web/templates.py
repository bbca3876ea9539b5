"""What templates may say beyond plain Jinja."""

from datetime import date, datetime
from fractions import Fraction
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from flask import Flask, has_request_context, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from trainer.clock import known_zones
from trainer.moments import in_zone, names_a_place, place, said_in
from trainer.web.forms import problems

ZONE_COOKIE = "zone"
"""Set by `static/js/zone.js` to the IANA name of the browser's time zone."""


def zone_of_visitor() -> ZoneInfo:
    """Return the zone that the visitor's browser has named; UTC if it named no place that there is."""
    name = unquote(request.cookies.get(ZONE_COOKIE, "")) if has_request_context() else ""
    return ZoneInfo(name if names_a_place(name) and name in known_zones() else "UTC")


def moment(value: datetime) -> Markup:
    """Write a moment as the visitor's clock shows it, with the zone in words, readable by people and machines."""
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), in_zone(value, zone_of_visitor()))


def day(value: date | datetime, of: str = "") -> Markup:
    """Write a day, readable by people and machines.

    Args:
        value: a moment for the visitor's day of it, named at the foot of the page; or a day that is nobody's to move.
        of: the zone that such a day is counted in; it is named unless it is the visitor's own.
    """
    zone = zone_of_visitor()
    if isinstance(value, datetime):
        value = value.astimezone(zone)
    whose = f" ({place(of)})" if of and place(of) != place(zone.key) else ""
    return Markup('<time datetime="{}">{}</time>{}').format(f"{value:%Y-%m-%d}", f"{value:%-d %B %Y}", whose)


def own_time(text: str) -> str:
    """Say a sentence again with its moments as the visitor's clock shows them."""
    return said_in(str(text), zone_of_visitor())


def own_zone() -> str:
    """Return the words for the visitor's zone: UTC, or such as Los Angeles time."""
    name = zone_of_visitor().key
    return name if name == "UTC" else f"{place(name)} time"


def _initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name, at most two."""
    words = name.split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


def _percent(share: Fraction | float) -> str:
    """Write a share from 0 to 1 as whole percent, rounded down: nobody passes by rounding."""
    return f"{int(share * 100)}%"


def init_app(app: Flask) -> None:
    """Teach Jinja the above, and make a misspelt name an error."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(own_zone=own_zone)
    app.jinja_env.filters.update(
        moment=moment, day=day, own_time=own_time, percent=_percent, problems=problems, initials=_initials
    )
