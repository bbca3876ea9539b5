"""The pages of a quiz. While an attempt is open they hold no key, reason, level or mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from markupsafe import Markup

from trainer.curriculum.study.prerequisites import Outstanding
from trainer.quizzes.form import Question
from trainer.quizzes.grading import Answers
from trainer.quizzes.items import Bank, ItemKind
from trainer.quizzes.merging import Newer
from trainer.quizzes.models import QuizAttempt, QuizSubmission
from trainer.quizzes.results import ShownItem
from trainer.quizzes.tries import Tries
from trainer.web.pages import Page


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
class OptionOnPage:
    """One option as the browser may know it: a place, its words, and whether I chose it."""

    place: int
    text: Markup
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class AskedQuestion:
    """One question as the browser may know it."""

    number: int
    stem: Markup
    several: bool
    choices: tuple[OptionOnPage, ...]
    newer_at: datetime | None = None  # when it was answered elsewhere, while this page stood open
    here: tuple[Markup, ...] = ()  # what this page would have put in its place

    @property
    def answered(self) -> bool:
        """Say whether anything is chosen."""
        return any(choice.chosen for choice in self.choices)


def asked(
    attempt_questions: Sequence[Question],
    bank: Bank,
    answers: Answers,
    newer: Mapping[str, Newer] = MappingProxyType({}),
) -> tuple[AskedQuestion, ...]:
    """Show the drawn questions in their order, with what was answered here and, unknown to this page, elsewhere."""
    found = []
    for number, question in enumerate(attempt_questions, start=1):
        item = bank.item(question.item_id)
        chosen = answers.get(item.id, frozenset())
        disputed = newer.get(item.id)
        found.append(
            AskedQuestion(
                number=number,
                stem=item.stem_html,
                several=item.kind is ItemKind.MULTIPLE,
                choices=tuple(
                    OptionOnPage(place=place, text=item.options[position].text_html, chosen=position in chosen)
                    for place, position in enumerate(question.order)
                ),
                newer_at=disputed.at if disputed else None,
                here=tuple(
                    item.options[place].text_html for place in question.order if disputed and place in disputed.here
                ),
            )
        )
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class AttemptPage(Page):
    """The questions, with what is saved."""

    template: ClassVar[str] = "quizzes/attempt.html"
    enrolment_id: str
    attempt: QuizAttempt
    title: str
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
    title: str
    questions: tuple[AskedQuestion, ...]
    left: int | None  # seconds until the attempt closes; None without a clock


@dataclass(frozen=True, kw_only=True)
class QuizResultPage(Page):
    """The mark, and what can be learnt from it."""

    template: ClassVar[str] = "quizzes/result.html"
    enrolment_id: str
    attempt: QuizAttempt
    bank: Bank
    submission: QuizSubmission
    following: Outstanding | None  # after a pass, what is best done next
    tries: Tries
    late: bool  # the page with my answers arrived after the time had ended
    items: tuple[ShownItem, ...]

    @property
    def held_back(self) -> int:
        """Count the questions about which nothing is told yet."""
        return sum(item.correct is None for item in self.items)
