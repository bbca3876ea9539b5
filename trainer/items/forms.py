"""A form: the items that were drawn for somebody, and the order in which each of them is shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.items.answers import Answers, ItemAnswer
from trainer.items.formats import FORMATS
from trainer.items.values import Item


@dataclass(frozen=True)
class Question:
    """One drawn item and the order in which its options are shown.

    Attributes:
        order: for each place on the page, from 0, the position the author gave what stands there; empty where nothing
            is shuffled.
    """

    item_id: str
    order: tuple[int, ...]


ItemForm = tuple[Question, ...]

Items = Mapping[str, Item]
"""Items by their id."""


def form_as_json(form: ItemForm) -> list[dict[str, Any]]:
    """Return the form as plain values."""
    return [{"item": question.item_id, "order": list(question.order)} for question in form]


def form_from_json(values: Any) -> ItemForm:
    """Return the form that was kept as plain values."""
    return tuple(Question(value["item"], tuple(value["order"])) for value in values)


class Misshapen(ValueError):
    """What a page sent for a question has not the shape of an answer; the text says which question, and why."""


def received_answers(form: ItemForm, items: Items, sent: Mapping[int, Sequence[str]]) -> Answers:
    """Read the answers off what a page sent.

    Args:
        sent: the values of each question that the page speaks of, by its number from 1.

    Raises:
        Misshapen: one of them is no answer to its question.
    """
    answers: dict[str, ItemAnswer] = {}
    for number, question in enumerate(form, start=1):
        if number in sent:
            item = items[question.item_id]
            try:
                answers[item.id] = FORMATS[item.kind].received(item, question.order, sent[number])
            except ValueError as error:
                raise Misshapen(f"Question {number} {error}. Nothing of this page was saved.") from error
    return answers


def tried_answers(
    form: ItemForm, items: Items, sent: Mapping[int, Sequence[Sequence[str]]]
) -> Mapping[str, Collection[ItemAnswer]]:
    """Read off what a page sent before without hearing of it; what is no answer was never one."""
    found: dict[str, list[ItemAnswer]] = {}
    for number, question in enumerate(form, start=1):
        item = items[question.item_id]
        for values in sent.get(number, ()):
            try:
                found.setdefault(item.id, []).append(FORMATS[item.kind].received(item, question.order, values))
            except ValueError:
                continue
    return found
