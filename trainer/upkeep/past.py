"""What is past its date on a day: answers of the law, boxes about it written by hand, signatures, sources."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from trainer.authoring.frontmatter import plain_newlines, split_head
from trainer.authoring.messages import Message
from trainer.authoring.release import Files, release_of
from trainer.curriculum.course import read_course
from trainer.curriculum.language.law_boxes import CELL
from trainer.curriculum.values import Course
from trainer.law.reading import LAW
from trainer.law.values import Law, LawCell
from trainer.moments import day_in_words
from trainer.upkeep.resting import Resting, resting_in, rests_on

SIGNED_FOR = 730
"""Days for which a signature under a text stands before it is asked for again. Our convention; no source settles it."""
BY_HAND_YEARS = 1
"""Years after the one that a box of the law written by hand names, at whose end it is read again. Our convention."""
_BY_HAND = re.compile(r"^ {0,3}:{3,} *law +(.+?) *$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, order=True)
class PastDate:
    """Something that has to be looked at again.

    Attributes:
        due: the last day on which it need not be.
        message: where it stands, and what to do.
        resting: all that rests on it; None where only the place itself does.
    """

    message: Message
    due: date
    resting: tuple[Resting, ...] | None = None


def past_dates(files: Files, on: date) -> tuple[PastDate, ...]:
    """Return all that is past its date on a day, in the order of files and lines."""
    course, _ = read_course(release_of(files))
    places = resting_in(files, course.law)
    found = [*_answers(course.law, on, places), *_by_hand(files, on), *_signatures(files, on)]
    return tuple(sorted(found))


def read_in_days_to_come(files: Files, today: date) -> Iterator[Message]:
    """Yield the answers of the law that say they were read after today: a slip that would keep them from coming due."""
    law = read_course(release_of(files))[0].law
    for cell in law.cells.values():
        if cell.read > today:
            what = f"{law.title(cell)} ({cell.id}) was read on {day_in_words(cell.read)}"
            yield Message(LAW, cell.line, f"{what}, as it says, and that day is still to come. Correct “read”.")


def resting_on(files: Files, what: str) -> tuple[Resting, ...] | None:
    """Return all that rests on a source or on an answer of the law; None where there is no such thing."""
    course, _ = read_course(release_of(files))
    if what not in course.references and what not in course.law.cells:
        return None
    return rests_on(what, resting_in(files, course.law))


def what_is_named(course: Course) -> Sequence[str]:
    """Return everything that others can rest on."""
    return [*course.law.cells, *course.references]


def _answers(law: Law, on: date, places: Sequence[Resting]) -> Iterator[PastDate]:
    for cell in law.cells.values():
        if cell.past(on):
            yield PastDate(Message(LAW, cell.line, _why(law, cell)), cell.due, _under(cell, places))


def _under(cell: LawCell, places: Sequence[Resting]) -> tuple[Resting, ...]:
    """Return what rests on an answer, and what cites the same sources itself: both may have to change."""
    own = rests_on(cell.id, places)
    beside = [place for key in cell.sources for place in places if place.on == key and place.path != LAW]
    return tuple(sorted({*own, *beside}))


def _why(law: Law, cell: LawCell) -> str:
    what = f"{law.title(cell)} ({cell.id})"
    if cell.until == cell.due:
        return (
            f"{what} is known to hold until {day_in_words(cell.until)} only. "
            "Read what holds now; correct the text, “read”, “as_of” and “until”."
        )
    return (
        f"{what} was read on {day_in_words(cell.read)} and had to be read again by {day_in_words(cell.due)}. "
        "Read it; correct the text where it changed, and “read”."
    )


def _by_hand(files: Files, on: date) -> Iterator[PastDate]:
    for path in sorted(files):
        if not (path.startswith("modules/") and path.endswith(".md")):
            continue
        for line, row in enumerate(plain_newlines(files[path].decode(errors="replace")).split("\n"), start=1):
            found = _BY_HAND.match(row)
            if found is None or CELL.fullmatch(found[1]) or not (years := _YEAR.findall(found[1])):
                continue
            due = date(max(map(int, years)) + BY_HAND_YEARS, 12, 31)
            if on > due:
                text = f"“{found[1]}” had to be read again by {day_in_words(due)}. Read it, or draw it from {LAW}."
                yield PastDate(Message(path, line, text), due)


def _signatures(files: Files, on: date) -> Iterator[PastDate]:
    """Yield signatures under modules, cases and lists that were given too long ago."""
    for path in sorted(files):
        if not re.fullmatch(r"modules/[^/]+/module\.md|cases/[^/]+/en\.md", path):
            continue
        front = split_head(path, files[path].decode(errors="replace"))
        reviewed = front.fields.get("reviewed")
        for n, signature in enumerate(reviewed if isinstance(reviewed, list) else []):
            signed = _day_of(signature)
            due = signed + timedelta(days=SIGNED_FOR) if signed else on
            if signed and on > due:
                who = signature.get("name", "Somebody")
                text = (
                    f"{who} signed this on {day_in_words(signed)}, and a signature stands for {SIGNED_FOR} days. "
                    "Ask for a new one under the text as it is now."
                )
                yield PastDate(Message(path, front.line("reviewed", str(n)), text), due)


def _day_of(signature: Any) -> date | None:
    try:
        return date.fromisoformat(str(signature["date"]))
    except (KeyError, TypeError, ValueError):
        return None  # said where the head is read
