"""The pages of the person who sits an examination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from trainer.accounts.contacts import Contact
from trainer.cases.pages import seconds_in_words, words_behind_id
from trainer.cases.runs.timing import LONGEST_PAUSE, PAUSES
from trainer.cases.script.values import Case
from trainer.curriculum.study.prerequisites import Outstanding
from trainer.examinations.blueprint import Blueprint
from trainer.examinations.forms import BeginForm
from trainer.examinations.models import Sitting
from trainer.examinations.outcome import Outcome
from trainer.examinations.plot import Plot
from trainer.examinations.queries import SittingPlace, SittingRecord
from trainer.quizzes.models import QuizAttempt
from trainer.quizzes.tries import Tries
from trainer.quizzes.values import Bank
from trainer.web.pages import Page
from trainer.windows.opening import Opening


class RulesPage(Page):
    """A page that says what a pause does."""

    pauses: ClassVar[int] = PAUSES
    longest: ClassVar[int] = LONGEST_PAUSE

    duration = staticmethod(seconds_in_words)


@dataclass(frozen=True, kw_only=True)
class ExamPage(RulesPage):
    """What this examination is, how it is decided, and my sittings so far."""

    template: ClassVar[str] = "examinations/exam.html"
    enrolment_id: str
    exam: Blueprint
    standings: Sequence[SittingRecord]
    why_not: str  # why no further sitting may begin; empty when one may
    opening: Opening
    outstanding: Sequence[Outstanding]  # what comes before a sitting, and is not done
    directors: Sequence[Contact]  # whom to ask about a wait

    @property
    def open_sitting(self) -> Sitting | None:
        """Return the sitting that is under way."""
        return next((standing.sitting for standing in self.standings if standing.outcome is Outcome.UNDER_WAY), None)


@dataclass(frozen=True, kw_only=True)
class KnowledgeExamPage(Page):
    """What a knowledge examination is, how it counts, my tries, and whether to begin.

    Attributes:
        minutes: how long I have; None where no clock runs for me.
        titles: of the modules, by their slug.
    """

    template: ClassVar[str] = "examinations/knowledge.html"
    enrolment_id: str
    bank: Bank
    minutes: int | None
    titles: Mapping[str, str]
    tries: Tries
    opening: Opening
    open_attempt: QuizAttempt | None
    outstanding: Sequence[Outstanding]
    form: BeginForm

    @property
    def weights(self) -> Sequence[tuple[str, int]]:
        """Return how many questions each module has, in the order of the examination."""
        return [(self.titles[slug], sum(levels.values())) for slug, levels in self.bank.topics.items()]


@dataclass(frozen=True, kw_only=True)
class BeginningPage(RulesPage):
    """What beginning a sitting means, before it is spent."""

    template: ClassVar[str] = "examinations/beginning.html"
    enrolment_id: str
    exam: Blueprint
    number: int  # of the sitting that would begin
    why_not: str
    opening: Opening
    outstanding: Sequence[Outstanding]
    limits: tuple[int, int] | None  # seconds of the shortest and of the longest moment with a limit, for me
    form: BeginForm


@dataclass(frozen=True, kw_only=True)
class SittingPage(RulesPage):
    """One sitting: its cases while it is under way, and how it has come out afterwards."""

    template: ClassVar[str] = "examinations/sitting.html"
    exam: Blueprint
    cases: Mapping[str, Case]
    standing: SittingRecord
    places: Sequence[SittingPlace]
    plot: Plot | None  # None until it has been decided
    why_not: str
    directors: Sequence[Contact]  # whom to ask about a wait

    words = staticmethod(words_behind_id)

    @property
    def sitting(self) -> Sitting:
        """Return the sitting."""
        return self.standing.sitting

    @property
    def outcome(self) -> Outcome:
        """Return how it stands."""
        return self.standing.outcome

    @property
    def result(self) -> Mapping[str, Any]:
        """Return what it came to; only once it has been decided."""
        return self.standing.result.result if self.standing.result and self.plot else {}

    @property
    def confirmed(self) -> bool:
        """Say whether an examiner has confirmed a critical failure."""
        return any(decision.confirmed for _, decision in self.standing.flags if decision)

    @property
    def played(self) -> int:
        """Return how many cases have ended."""
        return sum(ending is not None for _, _, ending in self.places)

    @property
    def next_place(self) -> int:
        """Return the place of the first case that has not ended, or 0."""
        return next((case.position for case, _, ending in self.places if ending is None), 0)
