"""What a person may see of an attempt they have sent."""

from dataclasses import dataclass

from markupsafe import Markup

from trainer.curriculum.values import Course, Readiness, Reference
from trainer.quizzes.form import Form, Question
from trainer.quizzes.grading import Answers
from trainer.quizzes.items import Bank, Item


@dataclass(frozen=True, kw_only=True)
class ShownOption:
    """One option after sending; `right` and `reason` are None while they are not released."""

    text: Markup
    chosen: bool
    right: bool | None
    reason: Markup | None


@dataclass(frozen=True, kw_only=True)
class ShownItem:
    """One question after sending."""

    number: int
    title: str
    stem: Markup
    correct: bool
    critical: bool
    pending: bool
    options: tuple[ShownOption, ...]
    references: tuple[Reference, ...]


def shown(form: Form, bank: Bank, course: Course, answers: Answers, *, released: bool) -> tuple[ShownItem, ...]:
    """Show each question with the own answer and its reason; the rest of the key only when it is released."""
    return tuple(
        _item(number, question, bank.item(question.item_id), course, answers, released)
        for number, question in enumerate(form, start=1)
    )


def _item(number: int, question: Question, item: Item, course: Course, answers: Answers, released: bool) -> ShownItem:
    chosen = answers.get(item.id, frozenset())
    return ShownItem(
        number=number,
        title=item.title,
        stem=item.stem_html,
        correct=chosen == item.key,
        critical=item.critical,
        pending=item.readiness is Readiness.PENDING,
        options=tuple(
            ShownOption(
                text=item.options[position].text_html,
                chosen=position in chosen,
                right=item.options[position].right if released else None,
                reason=item.options[position].reason_html if released or position in chosen else None,
            )
            for position in question.order
        ),
        references=tuple(course.references[key] for key in item.sources),
    )
