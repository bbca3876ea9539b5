"""What the pages of sign-off show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.signoff.changes import DiffLine, DiffPart, TextChanges
from trainer.signoff.standing import SignedState, TextStanding
from trainer.web.pages import Page

WAITING, EVERY = "waiting", "all"
"""What the page shows when no state is asked for: what waits for a reviewer, or every text."""


@dataclass(frozen=True, kw_only=True)
class SignOffPage(Page):
    """Texts of the newest release by their place, with how they stand.

    Attributes:
        shown: the state that is asked for, or `waiting`, or `all`.
        waiting: how many wait for a reviewer.
        counts: numbers of texts by state, of all.
    """

    template: ClassVar[str] = "signoff/texts.html"
    release: str
    shown: str
    waiting: int
    counts: Mapping[SignedState, int]
    places: Mapping[str, Sequence[TextStanding]]


@dataclass(frozen=True, kw_only=True)
class TextPage(Page):
    """One text, and what changed since it was signed last; None where there is nothing to compare with."""

    template: ClassVar[str] = "signoff/text.html"
    release: str
    standing: TextStanding
    changes: TextChanges | None

    @property
    def whole(self) -> Sequence[DiffLine]:
        """Return the text line by line, for whoever has to read it from the beginning."""
        rows = self.standing.text.text.split("\n")
        return [DiffLine("same", number, (DiffPart("same", row),)) for number, row in enumerate(rows, start=1)]
