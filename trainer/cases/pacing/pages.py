"""The page of a pause."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.contacts import Contact
from trainer.cases.pages import seconds_in_words
from trainer.cases.runs.drafts import Draft
from trainer.cases.runs.run import Begun
from trainer.cases.runs.timing import Standstill
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class PausePage(Page):
    """What the clock does, where I am, where help is, and how I go on."""

    template: ClassVar[str] = "cases/pause.html"
    enrolment_id: str
    title: str
    run: Begun
    content_note: str
    people: Sequence[Contact]
    timed: bool  # whether this moment has a limit
    clock: Standstill
    draft: Draft  # what I had marked and written in this moment
    held: bool  # I answered on another page, which did not know of the pause
    unkept: str  # what I wrote on a page of another moment

    duration = staticmethod(seconds_in_words)

    @property
    def runs_on(self) -> bool:
        """Say whether the clock of this moment runs although I pause."""
        return self.timed and self.run.pauses is not None and not self.stands

    @property
    def stands(self) -> bool:
        """Say whether this pause is one of those that stop the clock, and for a while."""
        return self.clock.until is not None

    @property
    def left(self) -> int:
        """Return how many more pauses can stop a clock."""
        return (self.run.pauses or 0) - self.clock.count
