"""What the pages of sign-off show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.signoff.changes import DiffLine, DiffPart, TextChanges
from trainer.signoff.standing import SignedState, TextStanding
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class SignOffPage(Page):
    """Every text of the newest release by its place, with how it stands.

    Attributes:
        shown: the state that is asked for, or None for all.
        counts: numbers of texts by state, of all.
    """

    template: ClassVar[str] = "signoff/texts.html"
    release: str
    shown: SignedState | None
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
