"""Items whose answer is typed: a number, a value read off a chart, or a few words."""

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from random import Random

from markupsafe import Markup

from trainer.items.amounts import CLOCK, Amount, typed_number, written_amount
from trainer.items.answers import ItemAnswer, filled
from trainer.items.drafts import ItemDraft, LineForm, OptionDraft
from trainer.items.formats.format import (
    AnswerFormat,
    AnswerList,
    Disclosure,
    FieldOnPage,
    Order,
    PartAfterSending,
    Say,
    fields_of,
    option_of,
    refuse_other_lines,
    say_no_reason,
    texts_of,
)
from trainer.items.keys import ItemKeys
from trainer.items.values import Item, ItemOption

RIGHT, WRONG = "=", "~"
ANYTHING = "*"
"""The pattern of every other answer."""
_BEGIN = "Begin a right answer with “- [=] ” and a known wrong one with “- [~] ”."


class Entering(AnswerFormat):
    """One field to type into. The first pattern that fits an answer explains it."""

    def __init__(self, advice: str, *, numbers: bool = False, with_figure: bool = False) -> None:
        super().__init__(advice)
        self.numbers, self.with_figure = numbers, with_figure

    def read(self, draft: ItemDraft, keys: ItemKeys, say: Say) -> AnswerList:
        """Read right answers and known wrong ones."""
        lines = refuse_other_lines(draft, LineForm.BOX, say, _BEGIN)
        for line in lines:
            if line.mark not in (RIGHT, WRONG):
                say(line.line, _BEGIN)
            say_no_reason(line, say, what="answer")
        if not any(line.mark == RIGHT for line in lines):
            say(draft.line, "No answer is marked right; begin one with “- [=] ”.")
        if self.with_figure and not keys.figure:
            say(draft.line, "A chart item needs a line “- figure: …” that names the figure to be read.")
        if self.numbers:
            _check_amounts(lines, keys.unit, say)
        else:
            _check_patterns(lines, say)
        return AnswerList(options=tuple(option_of(line, right=line.mark == RIGHT) for line in lines))

    def order(self, item: Item, random: Random) -> tuple[int, ...]:
        """Return nothing: there is nothing to shuffle."""
        return ()

    def received(self, item: Item, order: Order, sent: Sequence[str]) -> ItemAnswer:
        """Keep what was typed, whatever it is: a number that is none earns nothing and is lost to nobody."""
        return filled(fields_of(sent, 1))

    def sendable(self, item: Item, order: Order, answer: ItemAnswer) -> list[str]:
        """Return what was typed."""
        return list(texts_of(answer, 1))

    def key(self, item: Item) -> ItemAnswer:
        """Return the first right pattern as somebody would type it."""
        pattern = next(option.text for option in item.options if option.right)
        return (re.split(r"\s*(?:±|\+/-)\s*" if self.numbers else r"\s*\|\s*", pattern)[0].replace("*", ""),)

    def credit(self, item: Item, answer: ItemAnswer) -> Fraction:
        """Credit an answer that fits a right pattern."""
        fitting = self._fitting(item, answer)
        return Fraction(fitting is not None and fitting.right)

    def fields(self, item: Item, order: Order, answer: ItemAnswer) -> tuple[FieldOnPage, ...]:
        """Return the one field."""
        return (FieldOnPage(label=Markup(), value=texts_of(answer, 1)[0]),)

    def missing(self, item: Item, answer: ItemAnswer) -> str:
        """Say so where a number is asked for and none was typed."""
        text = texts_of(answer, 1)[0]
        if not self.numbers or not text or typed_number(text, item.unit) is not None:
            return ""
        return f"“{text}” is no time of day, such as 14:35" if item.unit == CLOCK else f"“{text}” is no number"

    def shown(self, item: Item, order: Order, answer: ItemAnswer, told: Disclosure) -> tuple[PartAfterSending, ...]:
        """Explain what was typed; with the whole key also what is right, and the known wrong answers."""
        text = texts_of(answer, 1)[0]
        fitting = self._fitting(item, answer)
        right = fitting is not None and fitting.right
        mine = PartAfterSending(
            text=Markup(),
            chosen=bool(text),
            given=Markup("{}").format(text),
            right=None if told is Disclosure.NOTHING else right,
            reason=fitting.reason_html if fitting and told is not Disclosure.NOTHING else None,
        )
        if told is not Disclosure.WHOLE:
            return (mine,)
        rest = [option for option in item.options if option is not fitting and option.text != ANYTHING]
        return (mine, *(_other(option, item.unit) for option in rest))

    def _fitting(self, item: Item, answer: ItemAnswer) -> ItemOption | None:
        """Return the first pattern that fits what was typed; right ones are looked at first."""
        text = texts_of(answer, 1)[0]
        if not text:
            return None
        fits = _holds_number if self.numbers else _fits_words
        looked_at = sorted(item.options, key=lambda option: not option.right)
        return next((option for option in looked_at if fits(option.text, text, item.unit)), None)


def _other(option: ItemOption, unit: str) -> PartAfterSending:
    words = option.text if unit in ("", CLOCK) else f"{option.text} {unit}"
    return PartAfterSending(
        text=Markup("{}").format(words.replace(" | ", ", or ")),
        chosen=False,
        right=option.right,
        reason=option.reason_html,
    )


def _holds_number(pattern: str, text: str, unit: str) -> bool:
    number = typed_number(text, unit)
    if pattern == ANYTHING:
        return True
    amount = written_amount(pattern, unit)
    return number is not None and isinstance(amount, Amount) and amount.holds(number)


def _fits_words(pattern: str, text: str, _: str) -> bool:
    return pattern == ANYTHING or any(_word_pattern(one).fullmatch(_folded(text)) for one in pattern.split("|"))


def _word_pattern(pattern: str) -> re.Pattern[str]:
    """Return a pattern in which a star behind a word stands for any ending of it."""
    words = [re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in _folded(pattern).split()]
    return re.compile(" ".join(words))


def _folded(text: str) -> str:
    """Return words without case, accents of writing, and signs around them: what a careful reader would overlook."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w*%/+-]+", " ", plain).split())


def _check_amounts(lines: Sequence[OptionDraft], unit: str, say: Say) -> None:
    """Say which amounts cannot be read, and which wrong one lies in a right one."""
    right: list[Amount] = []
    for line in sorted(lines, key=lambda line: line.mark != RIGHT):
        if line.text == ANYTHING and line.mark == WRONG:
            continue
        amount = written_amount(line.text, unit)
        if not isinstance(amount, Amount):
            say(line.line, amount)
        elif any(amount.meets(other) for other in right):
            say(line.line, "This amount overlaps with one that is right. Move it, or narrow the tolerance.")
        elif line.mark == RIGHT:
            right.append(amount)


def _check_patterns(lines: Sequence[OptionDraft], say: Say) -> None:
    """Say which patterns are empty, and which wrong one is right as well."""
    right = [line.text for line in lines if line.mark == RIGHT]
    for line in lines:
        if not line.text or (line.text == ANYTHING and line.mark == RIGHT):
            say(line.line, "Write the words that are right, alternatives apart by “ | ”.")
        elif line.mark == WRONG and line.text != ANYTHING:
            written = [one.replace("*", "") for one in line.text.split("|")]
            if any(_fits_words(pattern, one, "") for pattern in right for one in written):
                say(line.line, "These words fit a right answer as well. Keep them on one side.")
