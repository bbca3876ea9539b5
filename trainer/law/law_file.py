"""The shape of `law.yaml`."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from trainer.authoring.shapes import OneLine, Shape, Slug, SomeText, Whole, asked_between, matched, wish
from trainer.law.values import Certainty

LONGEST_INTERVAL = 730
"""Days after which any law has to be read again, at the latest."""
_LENGTH = 1500


def _day(text: str) -> str:
    """Let a day, a month or a year pass that there is."""
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        raise wish("a day, a month or a year that there is, such as 2024-08-09, 2024-08 or 2024") from None
    return text


Day = Annotated[date, matched(r"\d{4}-\d\d-\d\d", lambda found: date.fromisoformat(found[0]))]
_Words = Annotated[SomeText, StringConstraints(max_length=_LENGTH)]
_DAY = "a day such as 2026-11-29"
_SOURCES = "a list of keys of references.yaml, such as [S2], or [] where nothing was found"


class CellShape(Shape):
    """The answer to one question in one place."""

    text: _Words = Field(description=f"the answer, in at most {_LENGTH} signs")
    brief: OneLine = Field(default="", description="the answer in a few words, for tables")
    sources: list[OneLine] = Field(description=_SOURCES)
    read: Day = Field(description=f"the day on which it was read, {_DAY}")
    certainty: Certainty = Field(description=f"one of {', '.join(Certainty)}")
    every: Annotated[Whole, asked_between(1, LONGEST_INTERVAL)] = Field(
        description=f"after how many days to read it again, a whole number from 1 to {LONGEST_INTERVAL}"
    )
    as_of: Day | None = Field(default=None, description=f"the day whose law the text shows, {_DAY}")
    until: Day | None = Field(default=None, description=f"the last day for which it is known to hold, {_DAY}")


class PlaceShape(Shape):
    """One place with a law of its own."""

    title: OneLine = Field(description="the name of the place, in one line")
    authority: OneLine = Field(description="who decides there, in one line")
    cells: dict[Slug, CellShape] = Field(description="lines of `question: {text, sources, read, certainty, every}`")


class EventShape(Shape):
    """Something that happened, or is to happen, to the law."""

    date: Annotated[str, matched(r"\d{4}(-\d\d(-\d\d)?)?", lambda found: found[0]), AfterValidator(_day)] = Field(
        description="a day, a month or a year, such as 2024-08-09, 2024-08 or 2024"
    )
    place: Slug = Field(description="the short name of a place of this file")
    text: OneLine = Field(description="what happened, in one line")
    sources: list[OneLine] = Field(description=_SOURCES)
    certainty: Certainty = Field(description=f"one of {', '.join(Certainty)}")


class LawFile(Shape):
    """The whole file."""

    questions: dict[Slug, OneLine] = Field(
        min_length=1, description="lines of `short-name: what is asked, in a few words`"
    )
    places: dict[Slug, PlaceShape] = Field(
        min_length=1, description="lines of `short-name:` with title, authority and cells below"
    )
    events: list[EventShape] = Field(default=[], description="a list of `{date, place, text, sources, certainty}`")
