"""An outline as one table to take away: a row for every lesson and subject, and for every other work."""

from collections.abc import Iterator

from trainer.analytics.tables import FigureTable, Value
from trainer.crosswalks.outline import Outline
from trainer.curriculum.course import PACE

OUTLINE_COLUMNS = ("hours of", "subject", "asked minutes", "confidence", "module", "title", "file", "minutes", "basis")
_PACE = f"its words at {PACE} a minute"


def outline_table(outline: Outline) -> FigureTable:
    """Return the table; the minutes of `study` add up to those of the lessons, a subject without a lesson has 0."""
    name = f"{outline.programme.slug}-{outline.crosswalk.slug}"
    return FigureTable(name=name, columns=OUTLINE_COLUMNS, rows=tuple(_rows(outline)))


def _rows(outline: Outline) -> Iterator[tuple[Value, ...]]:
    for topic in outline.topics:
        subject = (topic.topic.title, topic.asked, topic.topic.confidence)
        for share in topic.lessons:
            place = (share.module.title, share.lesson.title, share.lesson.path)
            yield ("study", *subject, *place, share.minutes, _PACE)
        if not topic.lessons:
            yield ("study", *subject, None, None, None, 0, "no lesson covers it")
    for share in outline.unset:
        place = (share.module.title, share.lesson.title, share.lesson.path)
        yield ("study", "set against no subject", None, None, *place, share.minutes, _PACE)
    for part, works in (("practice", outline.practice), ("assessment", outline.assessment)):
        for work in works:
            yield (part, work.what, None, None, None, work.title, None, work.minutes, work.basis)
