"""What was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for

from trainer.find.places import Findable
from trainer.web.pages import Page


@dataclass(frozen=True)
class FoundPlace:
    """One place with its address."""

    kind: str
    title: str
    about: str
    address: str


@dataclass(frozen=True, kw_only=True)
class FindPage(Page):
    """The field and what was found, without any script."""

    template: ClassVar[str] = "find/find.html"
    passing: ClassVar[bool] = True
    asked: str
    found: Sequence[FoundPlace]
    fits: bool  # every word occurs in what was found; otherwise it is spelt nearly so


def found_at(place: Findable, enrolment_id: str) -> FoundPlace:
    """Return a place with its address, in the enrolment to which it belongs."""
    values: dict[str, Any] = dict(place.values)
    if place.enrolled:
        values["enrolment_id"] = enrolment_id
    address = url_for(place.endpoint, **values, _anchor=place.anchor or None)
    return FoundPlace(place.kind, place.title, place.about, address)
