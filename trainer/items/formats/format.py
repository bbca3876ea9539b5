"""What every kind of item must be able to do."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from random import Random

from markupsafe import Markup

from trainer.authoring.markdown import inline, plain_line
from trainer.items.answers import LONGEST_FIELD, NO_ANSWER, ItemAnswer
from trainer.items.drafts import ItemDraft, LineForm, OptionDraft
from trainer.items.keys import ItemKeys
from trainer.items.values import CreditScheme, Item, ItemOption, ItemRow

Say = Callable[[int, str], None]
"""Notes a mistake at a line of the file."""

Order = Sequence[int]
"""For each place on the page, from 0, the position that the author gave what stands there."""


class Disclosure(StrEnum):
    """How much is told of an item after sending."""

    WHOLE = "whole"  # the whole key, with every reason
    OWN = "own"  # whether what was answered is right, and why
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class AnswerList:
    """What an author wrote below the question, once it has been understood."""

    options: tuple[ItemOption, ...]
    rows: tuple[ItemRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OptionOnPage:
    """One option as the browser may know it: a place, its words, and whether I chose it."""

    place: int
    text: Markup
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class FieldOnPage:
    """One field as the browser may know it.

    Attributes:
        label: what stands before it; empty where the question says it all.
        value: what is saved.
        offered: values and words to choose from; none where something is typed.
    """

    label: Markup
    value: str
    offered: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PartAfterSending:
    """One option, row, line or field after sending.

    Attributes:
        given: for a field, what I put into it; else empty.
        right: whether the option is right, or what I put into the field; None where it is not told.
        belongs: what belongs into the field, where it is told and something else stands there.
        reason: None where it is not told.
    """

    text: Markup
    chosen: bool
    right: bool | None
    reason: Markup | None
    given: Markup = field(default_factory=Markup)
    belongs: Markup | None = None


class AnswerFormat(ABC):
    """How one kind of item is written, shown, answered, credited, and explained. All of it is pure."""

    schemes: tuple[CreditScheme, ...] = ()
    several: bool = False

    def __init__(self, advice: str) -> None:
        self.advice = advice

    @abstractmethod
    def read(self, draft: ItemDraft, keys: ItemKeys, say: Say) -> AnswerList:
        """Return what stands in an answer list; every mistake is said."""

    @abstractmethod
    def order(self, item: Item, random: Random) -> tuple[int, ...]:
        """Draw the order in which the page shows what can be shown in any order."""

    @abstractmethod
    def received(self, item: Item, order: Order, sent: Sequence[str]) -> ItemAnswer:
        """Return the answer that a page sent.

        Raises:
            ValueError: it has not the shape of an answer to this item; the text says why.
        """

    @abstractmethod
    def sendable(self, item: Item, order: Order, answer: ItemAnswer) -> list[str]:
        """Return an answer as the page would send it."""

    @abstractmethod
    def key(self, item: Item) -> ItemAnswer:
        """Return an answer that is wholly right."""

    @abstractmethod
    def credit(self, item: Item, answer: ItemAnswer) -> Fraction:
        """Return what an answer earns, from 0 to 1; 1 is given to what is wholly right and to nothing else."""

    @abstractmethod
    def shown(self, item: Item, order: Order, answer: ItemAnswer, told: Disclosure) -> tuple[PartAfterSending, ...]:
        """Return what may be seen of the item after sending."""

    def choices(self, item: Item, order: Order, answer: ItemAnswer) -> tuple[OptionOnPage, ...]:
        """Return the boxes to tick; none where fields are filled."""
        return ()

    def fields(self, item: Item, order: Order, answer: ItemAnswer) -> tuple[FieldOnPage, ...]:
        """Return the fields to fill; none where boxes are ticked."""
        return ()

    def missing(self, item: Item, answer: ItemAnswer) -> str:
        """Say what an answer that was begun still lacks; empty where nothing."""
        return ""

    def in_words(self, item: Item, order: Order, answer: ItemAnswer) -> tuple[Markup, ...]:
        """Return an answer as it is read back: each chosen option, or each field with what stands in it."""
        chosen = [choice.text for choice in self.choices(item, order, answer) if choice.chosen]
        return (*chosen, *(_filled(entry) for entry in self.fields(item, order, answer) if entry.value))


def _filled(entry: FieldOnPage) -> Markup:
    words = dict(entry.offered).get(entry.value, entry.value)
    return Markup("{}: {}").format(entry.label, words) if entry.label else Markup("{}").format(words)


def refuse_other_lines(draft: ItemDraft, form: LineForm, say: Say, wish: str) -> list[OptionDraft]:
    """Return the lines of the form that this kind is written in; every other one is a mistake, told with the wish."""
    for option in draft.options:
        if option.form is not form:
            say(option.line, wish)
    return [option for option in draft.options if option.form is form]


def say_empty_and_twice(options: Sequence[OptionDraft], say: Say, *, what: str = "option") -> None:
    """Say which lines have no words or no reason, and which stand there twice."""
    texts = [option.text.casefold() for option in options]
    for option in options:
        if not option.text:
            say(option.line, f"This {what} has no words.")
        elif texts.count(option.text.casefold()) > 1:
            say(option.line, f"This {what} stands here twice.")
        say_no_reason(option, say, what=what)


def say_no_reason(option: OptionDraft, say: Say, *, what: str) -> None:
    """Say so where a line has no reason."""
    if not " ".join(option.reasons).strip():
        say(option.line, f"This {what} has no reason; add a line “  > why” below it.")


def option_of(draft: OptionDraft, *, right: bool, votes: int = 0) -> ItemOption:
    """Return a line of an answer list as an option."""
    return ItemOption(
        text=draft.text,
        text_html=inline(draft.text),
        reason_html=inline(" ".join(draft.reasons)),
        right=right,
        line=draft.line,
        votes=votes,
    )


def fields_of(sent: Sequence[str], count: int) -> list[str]:
    """Return the fields that a page sent, none standing for all blank.

    Raises:
        ValueError: there are more or fewer, or one is too long.
    """
    if sent and len(sent) != count:
        raise ValueError(f"has {count} {'field' if count == 1 else 'fields'}, and {len(sent)} arrived")
    if any(len(text) > LONGEST_FIELD for text in sent):
        raise ValueError(f"takes at most {LONGEST_FIELD} letters in a field")
    return [text.strip() for text in sent] or [""] * count


def texts_of(answer: ItemAnswer, count: int) -> tuple[str, ...]:
    """Return what stands in each of so many fields; blanks where nothing was answered."""
    return answer if isinstance(answer, tuple) and len(answer) == count else ("",) * count


def positions_of(answer: ItemAnswer) -> frozenset[int]:
    """Return the positions that were chosen; none where an answer has another shape."""
    return frozenset() if isinstance(answer, tuple) else answer


def blanks_in_words(answer: ItemAnswer, count: int, *, what: str) -> str:
    """Say how many fields of an answer that was begun are still blank."""
    blank = sum(not text for text in texts_of(answer, count))
    return f"{blank} of {count} {what} are still blank" if answer != NO_ANSWER and blank else ""


def plain_option(option: ItemOption) -> str:
    """Return the words of an option without markup, for a list to choose from."""
    return plain_line(option.text)
