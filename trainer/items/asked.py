"""Questions as the browser may know them while they are open: no key, reason, level or mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from markupsafe import Markup

from trainer.items.answers import NO_ANSWER, Answers, ItemAnswer
from trainer.items.formats import FORMATS
from trainer.items.formats.format import FieldOnPage, OptionOnPage
from trainer.items.formats.matching import GAP
from trainer.items.forms import ItemForm, Items, Question
from trainer.items.merging import Newer
from trainer.items.values import Item, ItemKind


@dataclass(frozen=True, kw_only=True)
class AskedQuestion:
    """One question as the browser may know it.

    Attributes:
        stem: the question; for a text with gaps its `pieces`, between which the fields stand.
        advice: how it is answered.
        choices: boxes to tick, one or `several`; none where `fields` are filled.
        missing: what an answer that was begun still lacks.
        newer_at: when it was answered elsewhere, while this page stood open.
        here: what this page would have put in its place.
    """

    number: int
    kind: ItemKind
    stem: Markup
    pieces: tuple[Markup, ...]
    figure: Markup
    advice: str
    several: bool
    choices: tuple[OptionOnPage, ...]
    fields: tuple[FieldOnPage, ...]
    unit: str
    answered: bool
    missing: str
    newer_at: datetime | None = None
    here: tuple[Markup, ...] = ()


def asked(
    form: ItemForm, items: Items, answers: Answers, newer: Mapping[str, Newer] = MappingProxyType({})
) -> tuple[AskedQuestion, ...]:
    """Show the drawn questions in their order, with what was answered here and, unknown to this page, elsewhere."""
    return tuple(
        _question(number, question, items[question.item_id], answers.get(question.item_id, NO_ANSWER), newer)
        for number, question in enumerate(form, start=1)
    )


def _question(
    number: int, question: Question, item: Item, answer: ItemAnswer, newer: Mapping[str, Newer]
) -> AskedQuestion:
    answering = FORMATS[item.kind]
    disputed = newer.get(item.id)
    return AskedQuestion(
        number=number,
        kind=item.kind,
        stem=item.stem_html,
        pieces=_pieces(item),
        figure=item.figure_html,
        advice=answering.advice,
        several=answering.several,
        choices=answering.choices(item, question.order, answer),
        fields=answering.fields(item, question.order, answer),
        unit=item.unit,
        answered=answer != NO_ANSWER,
        missing=answering.missing(item, answer),
        newer_at=disputed.at if disputed else None,
        here=answering.in_words(item, question.order, disputed.here) if disputed else (),
    )


def _pieces(item: Item) -> tuple[Markup, ...]:
    """Return the text before, between and behind the gaps."""
    return tuple(map(Markup, GAP.split(item.stem_html)[::2])) if item.kind is ItemKind.CLOZE else ()
