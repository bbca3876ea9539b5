"""The pages of raters. They name nobody who wrote, and nobody else who rated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from trainer.web.pages import Page
from trainer.written.agreement import FEW_PAIRS, Agreement
from trainer.written.answers import words_in
from trainer.written.raters.forms import RatingForm
from trainer.written.task import WrittenTask


@dataclass(frozen=True, kw_only=True)
class WaitingAnswer:
    """An answer that can be rated; `code` is made up."""

    id: str
    code: str
    words: int


@dataclass(frozen=True, kw_only=True)
class RatedAnswer:
    """An answer that I have rated, and when I did."""

    id: str
    code: str
    title: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RatingQueuePage(Page):
    """What waits for a rater, task by task and then by chance, not by when it came; and what they rated last."""

    template: ClassVar[str] = "written/queue.html"
    waiting: Sequence[tuple[str, Sequence[WaitingAnswer]]]
    rated: Sequence[RatedAnswer]


@dataclass(frozen=True, kw_only=True)
class RatingPage(Page):
    """One answer to rate, or as I have rated it."""

    template: ClassVar[str] = "written/rating.html"
    code: str
    text: str
    task: WrittenTask
    form: RatingForm
    mine: Sequence[int] | None  # the steps that I gave; None before I have rated it
    own_code: str  # what the trail calls my rating
    comment: str

    @property
    def words(self) -> int:
        """Count the words of the answer."""
        return words_in(self.text)


@dataclass(frozen=True, kw_only=True)
class CriterionPairs:
    """How far two raters agree about one criterion; `x` is where its mark stands in the plot, of 100."""

    name: str
    found: Agreement

    @property
    def x(self) -> float:
        """Return the share of equal steps in per cent."""
        return round(float(self.found.same) * 100, 1)

    @property
    def alike(self) -> int:
        """Return in how many pairs both gave the same step."""
        return int(self.found.same * self.found.pairs)

    @property
    def kappa(self) -> str:
        """Return the weighted kappa as people read it."""
        return "cannot be said" if self.found.kappa is None else f"{float(self.found.kappa):.2f}"


@dataclass(frozen=True, kw_only=True)
class AgreementPage(Page):
    """How far raters agree, task by task and criterion by criterion."""

    template: ClassVar[str] = "written/agreement.html"
    tasks: Sequence[tuple[str, Sequence[CriterionPairs]]]

    few = FEW_PAIRS
