"""What a person may see of an attempt they have sent.

Practice tells everything at once. A counted form tells less, because others are asked the same questions, and the
next try may be: what was chosen, whether it was right, and why. Its key opens to who has passed it.
"""

from dataclasses import dataclass

from markupsafe import Markup

from trainer.curriculum.values import Course, Readiness
from trainer.quizzes.form import Question, QuizForm
from trainer.quizzes.grading import Answers
from trainer.quizzes.items import Bank, Item
from trainer.quizzes.pools import practice_pool
from trainer.references.reference import Reference


@dataclass(frozen=True, kw_only=True)
class OptionAfterSending:
    """One option after sending; `right` and `reason` are None where they are not told."""

    text: Markup
    chosen: bool
    right: bool | None
    reason: Markup | None


@dataclass(frozen=True, kw_only=True)
class ShownItem:
    """One question after sending; `correct` is None while the question is held back for a later try."""

    number: int
    title: str
    stem: Markup
    correct: bool | None
    critical: bool
    pending: bool
    options: tuple[OptionAfterSending, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, kw_only=True)
class Telling:
    """How much is told, by ids of items: all of the key, nothing yet, or else what was chosen and why."""

    whole: frozenset[str]
    nothing: frozenset[str]


def telling(form: QuizForm, bank: Bank, *, counted: bool, passed: bool, over: bool, held: frozenset[str]) -> Telling:
    """Say how much may be told of an attempt that was sent.

    Args:
        passed: whether this attempt was.
        over: whether this person can be asked nothing of this bank any more.
        held: the items that a later try may ask again.
    """
    asked = frozenset(question.item_id for question in form)
    if counted:
        return Telling(whole=asked if passed else frozenset(), nothing=frozenset() if over else held)
    spare = frozenset(item.id for item in practice_pool(bank))
    return Telling(whole=asked & spare, nothing=frozenset() if over else asked - spare)


def questions_shown(
    form: QuizForm, bank: Bank, course: Course, answers: Answers, told: Telling
) -> tuple[ShownItem, ...]:
    """Show each question with the own answer, and as much of the key as may be told."""
    return tuple(
        _item(number, question, bank.item(question.item_id), course, answers, told)
        for number, question in enumerate(form, start=1)
    )


def _item(number: int, question: Question, item: Item, course: Course, answers: Answers, told: Telling) -> ShownItem:
    chosen = answers.get(item.id, frozenset())
    whole, nothing = item.id in told.whole, item.id in told.nothing
    explained = frozenset() if nothing or item.refuses(chosen) else chosen
    return ShownItem(
        number=number,
        title=item.title,
        stem=item.stem_html,
        correct=None if nothing else chosen == item.key,
        critical=item.critical and not nothing,
        pending=item.readiness is Readiness.PENDING,
        options=tuple(
            OptionAfterSending(
                text=item.options[position].text_html,
                chosen=position in chosen,
                right=item.options[position].right if whole else None,
                reason=item.options[position].reason_html if whole or position in explained else None,
            )
            for position in question.order
        ),
        references=tuple(course.references[key] for key in item.sources),
    )
