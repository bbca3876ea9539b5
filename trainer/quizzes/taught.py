"""Where a question is taught, so that whoever got it wrong reads on at the right heading.

An item names an objective and its sources, no heading. The lessons of its module that teach the objective are looked
through for the headings under which they cite these sources.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trainer.curriculum.values import Course, Heading, Lesson
from trainer.items.outcomes import ItemAfterSending
from trainer.items.values import Item

_MOST_PLACES = 2


@dataclass(frozen=True, kw_only=True)
class PlaceTaught:
    """A lesson in which something is taught, and the heading there; None where only the lesson is known."""

    lesson: Lesson
    heading: Heading | None = None


def places_taught(
    items: Sequence[tuple[ItemAfterSending, Item]], course: Course, module: str
) -> Mapping[int, Sequence[PlaceTaught]]:
    """Return where each question is taught, by its number; nothing of a question that is held back."""
    return {shown.number: where_taught(item, course, module) for shown, item in items if not shown.held_back}


def where_taught(item: Item, course: Course, module: str) -> Sequence[PlaceTaught]:
    """Return at most two places that teach what an item asks for, in the order of its module."""
    home = course.module(module)
    lessons = [lesson for lesson in home.lessons if item.objective in lesson.objectives] if home else []
    cited = [
        PlaceTaught(lesson=lesson, heading=heading)
        for lesson in lessons
        for heading in _headings_that_cite(lesson, item.sources)
    ]
    return (cited or [PlaceTaught(lesson=lesson) for lesson in lessons])[:_MOST_PLACES]


def _headings_that_cite(lesson: Lesson, sources: Sequence[str]) -> Sequence[Heading]:
    """Return the headings of a lesson under which one of these sources is cited, in order."""
    text = str(lesson.html)
    begins = [text.find(f'id="{heading.id}"') for heading in lesson.headings]
    numbers = [number for number, source in enumerate(lesson.references, start=1) if source.key in sources]
    places = {bisect_right(begins, at) - 1 for number in numbers for at in _found(text, f'href="#ref-{number}"')}
    return [lesson.headings[place] for place in sorted(places) if place >= 0]


def _found(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
