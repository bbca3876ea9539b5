"""Questions as a person may see them after sending: what was answered, whether it was right, and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from markupsafe import Markup

from trainer.curriculum.values import Readiness
from trainer.items.answers import NO_ANSWER, Answers, ItemAnswer
from trainer.items.formats import FORMATS
from trainer.items.formats.format import Disclosure, PartAfterSending
from trainer.items.formats.matching import GAP
from trainer.items.forms import ItemForm, Items, Question
from trainer.items.grading import credit_of, written_points
from trainer.items.values import Item, ItemKind
from trainer.references.reference import Reference

SMALLEST_TOPIC = 3
"""What is told of a topic rests on so many questions at least; smaller topics are told together."""


@dataclass(frozen=True, kw_only=True)
class Telling:
    """How much is told, by ids of items: all of the key, nothing yet, or else what was answered and why."""

    whole: frozenset[str]
    nothing: frozenset[str]

    def of(self, item_id: str) -> Disclosure:
        """Return how much is told of one item."""
        if item_id in self.whole:
            return Disclosure.WHOLE
        return Disclosure.NOTHING if item_id in self.nothing else Disclosure.OWN


@dataclass(frozen=True, kw_only=True)
class ItemAfterSending:
    """One question after sending.

    Attributes:
        answered: whether anything was chosen or written.
        correct: None while the question is held back for a later try, or has no key.
        earned: what an answer in parts earned, such as “0.5 of 1”; empty where it is all or nothing, or not told.
        parts: options, rows, lines or fields.
    """

    number: int
    title: str
    kind: ItemKind
    stem: Markup
    figure: Markup
    answered: bool
    correct: bool | None
    earned: str
    critical: bool
    pending: bool
    held_back: bool
    parts: tuple[PartAfterSending, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, kw_only=True)
class TopicMark:
    """What was earned in one topic, of `out_of`."""

    title: str
    earned: Fraction
    out_of: int

    @property
    def written(self) -> str:
        """Return what was earned as people read it."""
        return written_points(self.earned)

    def named(self, title: str) -> "TopicMark":
        """Return the same under the words that people read."""
        return replace(self, title=title)


def topic_marks(
    form: ItemForm, items: Items, answers: Answers, *, topic_of: Callable[[Item], str] = lambda item: item.topic
) -> Mapping[str, TopicMark]:
    """Return what was earned in each topic of a form."""
    found: dict[str, TopicMark] = {}
    for question in form:
        item = items[question.item_id]
        topic = topic_of(item)
        before = found.get(topic, TopicMark(title=topic, earned=Fraction(0), out_of=0))
        credit = credit_of(item, answers.get(item.id, NO_ANSWER))
        found[topic] = replace(before, earned=before.earned + credit, out_of=before.out_of + 1)
    return found


def small_topics_joined(marks: Sequence[TopicMark]) -> Sequence[TopicMark]:
    """Return the marks with small topics joined, so that none tells of one or two questions."""
    return [
        TopicMark(
            title=" · ".join(mark.title for mark in group),
            earned=sum((mark.earned for mark in group), Fraction(0)),
            out_of=_questions_in(group),
        )
        for group in _groups(marks)
    ]


def topics_to_read(marks: Sequence[TopicMark]) -> Sequence[str]:
    """Return the topics in which something was lost; of small ones, in any that are told together."""
    return [
        mark.title
        for group in _groups(marks)
        if sum((mark.earned for mark in group), Fraction(0)) < _questions_in(group)
        for mark in group
    ]


def _groups(marks: Sequence[TopicMark]) -> Sequence[Sequence[TopicMark]]:
    """Return the topics that are told together: the smallest joins the next larger one until no group is too small.

    Groups, and topics within one, keep their order. Only where all topics together are too small, they are told so.
    """
    groups = [[mark] for mark in marks]
    while len(groups) > 1:
        smallest, next_larger, *_others = sorted(groups, key=_questions_in)
        if _questions_in(smallest) >= SMALLEST_TOPIC:
            break
        groups.remove(smallest)
        next_larger.extend(smallest)
        next_larger.sort(key=marks.index)
    return sorted(groups, key=lambda group: marks.index(group[0]))


def _questions_in(group: Iterable[TopicMark]) -> int:
    return sum(mark.out_of for mark in group)


def questions_shown(
    form: ItemForm, items: Items, sources: Mapping[str, Reference], answers: Answers, told: Telling
) -> tuple[ItemAfterSending, ...]:
    """Show each question with the own answer, and as much of the key as may be told."""
    return tuple(
        _item(number, question, items[question.item_id], sources, answers.get(question.item_id, NO_ANSWER), told)
        for number, question in enumerate(form, start=1)
    )


def _item(
    number: int,
    question: Question,
    item: Item,
    sources: Mapping[str, Reference],
    answer: ItemAnswer,
    telling: Telling,
) -> ItemAfterSending:
    told = telling.of(item.id)
    known = told is not Disclosure.NOTHING and bool(item.key)
    credit = credit_of(item, answer)
    return ItemAfterSending(
        number=number,
        title=item.title,
        kind=item.kind,
        stem=_with_numbers(item) if item.kind is ItemKind.CLOZE else item.stem_html,
        figure=item.figure_html,
        answered=answer != NO_ANSWER,
        correct=credit == 1 if known else None,
        earned=f"{written_points(credit)} of 1" if known and 0 < credit < 1 else "",
        critical=item.critical and told is not Disclosure.NOTHING,
        pending=item.readiness is Readiness.PENDING,
        held_back=told is Disclosure.NOTHING,
        parts=FORMATS[item.kind].shown(item, question.order, answer, told),
        references=tuple(sources[key] for key in item.sources),
    )


def _with_numbers(item: Item) -> Markup:
    """Return a text with the numbers of its gaps."""
    plain = str(item.stem_html)  # in Markup, what is put in would be escaped
    return Markup(GAP.sub(r"<strong>[\1]</strong>", plain))
