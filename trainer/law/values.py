"""What one dated file says about the law, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class Certainty(StrEnum):
    """How an answer came to be known."""

    READ = "read"
    """The rule, or the regulator's own words, were read."""
    REPORTED = "reported"
    """Somebody else says so. It is shown as pending, and nothing counts that rests on it."""
    UNKNOWN = "unknown"
    """It was looked for and not found."""


@dataclass(frozen=True, kw_only=True)
class LawCell:
    """The answer to one question in one place.

    Attributes:
        id: `<place>/<question>`.
        text: one paragraph of Markdown.
        brief: the same in a few words, for tables; the whole text where it has none.
        sources: keys, as in `references.yaml`.
        read: the day on which it was read last.
        as_of: the day whose law the text that was read shows, where it says so.
        until: the last day for which it is known to hold, where its end is known.
        every: after how many days it is to be read again.
        line: in the file of the law.
    """

    id: str
    text: str
    brief: str
    sources: tuple[str, ...]
    read: date
    certainty: Certainty
    every: int
    line: int
    as_of: date | None = None
    until: date | None = None

    @property
    def counts(self) -> bool:
        """Say whether something that counts may rest on it."""
        return self.certainty is Certainty.READ

    @property
    def due(self) -> date:
        """Return the last day on which it need not be read again."""
        again = self.read + timedelta(days=self.every)
        return again if self.until is None else min(again, self.until)

    def past(self, on: date) -> bool:
        """Say whether it has to be read again by a day."""
        return on > self.due


@dataclass(frozen=True, kw_only=True)
class LawEvent:
    """Something that happened, or is set down to happen, to the law of a place.

    Attributes:
        date: an ISO day, month or year, as far as it is known.
        place: the slug of a place.
        text: one line of Markdown.
    """

    date: str
    place: str
    text: str
    sources: tuple[str, ...]
    certainty: Certainty
    line: int


@dataclass(frozen=True, kw_only=True)
class LawPlace:
    """One place with a law of its own.

    Attributes:
        authority: who decides there.
        cells: the answers by question.
    """

    slug: str
    title: str
    authority: str
    cells: Mapping[str, LawCell]
    line: int


@dataclass(frozen=True, kw_only=True)
class Law:
    """All of it.

    Attributes:
        questions: titles by slug, in the order of the file.
        places: by slug, in the order of the file.
        events: the earliest first.
        legible: whether the file could be read; what it holds is not known otherwise, and nothing is missing from it.
    """

    questions: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, LawPlace] = field(default_factory=dict)
    events: tuple[LawEvent, ...] = ()
    legible: bool = True

    @property
    def cells(self) -> Mapping[str, LawCell]:
        """Return every answer by its id."""
        return {cell.id: cell for place in self.places.values() for cell in place.cells.values()}

    def title(self, cell: LawCell) -> str:
        """Return what a box about an answer is called: its place and its question."""
        place, _, question = cell.id.partition("/")
        return f"{self.places[place].title}: {self.questions[question]}"


NO_LAW = Law()
"""What a release without such a file holds."""
ILLEGIBLE_LAW = Law(legible=False)
"""What a file with mistakes holds, until they are mended."""
