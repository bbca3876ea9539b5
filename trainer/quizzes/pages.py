"""The pages of a quiz. While an attempt is open they hold no key, reason, level or mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.curriculum.study.prerequisites import Outstanding
from trainer.items.asked import AskedQuestion
from trainer.items.outcomes import ItemAfterSending, TopicMark
from trainer.quizzes.models import QuizAttempt, QuizSubmission
from trainer.quizzes.taught import PlaceTaught
from trainer.quizzes.topics import TopicToRead
from trainer.quizzes.tries import Tries
from trainer.quizzes.values import Bank
from trainer.web.pages import Page
from trainer.windows.opening import Opening


@dataclass(frozen=True, kw_only=True)
class QuizIntroPage(Page):
    """What this quiz asks, how it counts, and where I stand."""

    template: ClassVar[str] = "quizzes/intro.html"
    enrolment_id: str
    bank: Bank
    tries: Tries
    open_attempt: QuizAttempt | None
    open_practice: QuizAttempt | None
    outstanding: Sequence[Outstanding]  # what comes before a counted attempt, and is not done
    spare: int  # questions that practice can ask
    rounds: int  # of practice so far


@dataclass(frozen=True, kw_only=True)
class AttemptPage(Page):
    """The questions, with what is saved."""

    template: ClassVar[str] = "quizzes/attempt.html"
    enrolment_id: str
    attempt: QuizAttempt
    bank: Bank
    questions: tuple[AskedQuestion, ...]
    seen: int
    left: int | None  # seconds until the attempt closes; None without a clock

    @property
    def answered(self) -> int:
        """Count the questions with an answer."""
        return sum(question.answered for question in self.questions)


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    """Before sending: what is still blank."""

    template: ClassVar[str] = "quizzes/check.html"
    enrolment_id: str
    attempt: QuizAttempt
    bank: Bank
    questions: tuple[AskedQuestion, ...]
    left: int | None  # seconds until the attempt closes; None without a clock


@dataclass(frozen=True, kw_only=True)
class ResultPage(Page):
    """The mark of what was sent, and where one stands now."""

    enrolment_id: str
    attempt: QuizAttempt
    bank: Bank
    submission: QuizSubmission
    following: Outstanding | None  # after a pass, what is best done next
    tries: Tries
    late: bool  # the page with my answers arrived after the time had ended


@dataclass(frozen=True, kw_only=True)
class QuizResultPage(ResultPage):
    """The mark of a quiz, and what can be learnt from its questions."""

    template: ClassVar[str] = "quizzes/result.html"
    untold: bool  # topics to read stand instead of the questions, because only these could be asked again
    to_read: Sequence[TopicToRead]
    items: tuple[ItemAfterSending, ...]
    taught: Mapping[int, Sequence[PlaceTaught]]  # by the number of a question

    @property
    def held_back(self) -> int:
        """Count the questions about which nothing is told yet."""
        return sum(item.held_back for item in self.items)


@dataclass(frozen=True, kw_only=True)
class ExamResultPage(ResultPage):
    """The mark of a knowledge examination, topic by topic; of its questions nothing is told."""

    template: ClassVar[str] = "quizzes/exam_result.html"
    topics: Sequence[TopicMark]
    opening: Opening
