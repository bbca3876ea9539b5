"""Items whose answer puts the right words to each row, or into each gap of a text."""

import re
from collections.abc import Sequence
from fractions import Fraction
from random import Random

from markupsafe import Markup

from trainer.authoring.markdown import inline
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
    blanks_in_words,
    fields_of,
    option_of,
    plain_option,
    refuse_other_lines,
    say_empty_and_twice,
    say_no_reason,
    texts_of,
)
from trainer.items.keys import ItemKeys
from trainer.items.values import CreditScheme, Item, ItemOption, ItemRow

FEWEST_ROWS, MOST_ROWS = 3, 6
FEWEST_GAPS, MOST_GAPS = 2, 5
_PAIRS = "Write each line of a matching item as “- left => right”; what belongs nowhere as “- => right”."
_GAPPED = "Begin each line with the gap it fills, such as “- {1} ”, or with “- { } ” when it fits nowhere."
GAP = re.compile(r"\{(\d)\}")
"""A gap in the text of a question."""


class Matching(AnswerFormat):
    """Rows, each with one list of the same options. An option may serve several rows, or none."""

    schemes = (CreditScheme.EACH, CreditScheme.EXACT)
    what = "rows"

    def __init__(self, advice: str = "Choose what belongs to each line. Something may be left over.") -> None:
        super().__init__(advice)

    def read(self, draft: ItemDraft, keys: ItemKeys, say: Say) -> AnswerList:
        """Read pairs: on the left a row, on the right what belongs to it."""
        lines = refuse_other_lines(draft, LineForm.PAIR, say, _PAIRS)
        lefts = [line for line in lines if line.mark]
        if not FEWEST_ROWS <= len(lefts) <= MOST_ROWS:
            say(draft.line, f"Match from {FEWEST_ROWS} to {MOST_ROWS} lines; here are {len(lefts)}.")
        for n, line in enumerate(lefts):
            if line.mark.casefold() in [earlier.mark.casefold() for earlier in lefts[:n]]:
                say(line.line, "The left side of this line stands here twice: only one right side can belong to it.")
        for line in lines:
            if not line.text:
                say(line.line, "This line has nothing on the right of “=>”.")
            say_no_reason(line, say, what="line")
        options = _options(lines)
        if len(options) < 2:
            say(draft.line, "Every line has the same right side. Write at least two to choose from.")
        rows = [_row(line.mark, line, options) for line in lefts]
        return AnswerList(options=options, rows=tuple(rows))

    def order(self, item: Item, random: Random) -> tuple[int, ...]:
        """Draw the order in which the options are offered."""
        return tuple(random.sample(range(len(item.options)), len(item.options)))

    def received(self, item: Item, order: Order, sent: Sequence[str]) -> ItemAnswer:
        """Return for each row the position of the option that was put to it."""
        places = fields_of(sent, len(item.rows))
        offered = {str(place): str(position) for place, position in enumerate(order)}
        if any(place and place not in offered for place in places):
            raise ValueError(f"has options from 0 to {len(order) - 1}")
        return filled([offered.get(place, "") for place in places])

    def sendable(self, item: Item, order: Order, answer: ItemAnswer) -> list[str]:
        """Return for each row the place of its option on the page."""
        places = {str(position): str(place) for place, position in enumerate(order)}
        return [places.get(position, "") for position in texts_of(answer, len(item.rows))]

    def key(self, item: Item) -> ItemAnswer:
        """Return for each row the option that belongs to it."""
        return tuple(str(row.key) for row in item.rows)

    def credit(self, item: Item, answer: ItemAnswer) -> Fraction:
        """Credit each row that has the right option, or all of them together."""
        given = texts_of(answer, len(item.rows))
        right = sum(text == str(row.key) for text, row in zip(given, item.rows, strict=True))
        if item.scheme is CreditScheme.EACH:
            return Fraction(right, len(item.rows))
        return Fraction(right == len(item.rows))

    def fields(self, item: Item, order: Order, answer: ItemAnswer) -> tuple[FieldOnPage, ...]:
        """Return each row with the options in the order of the page."""
        offered = tuple((str(place), plain_option(item.options[position])) for place, position in enumerate(order))
        values = self.sendable(item, order, answer)
        return tuple(
            FieldOnPage(label=row.text_html, value=value, offered=offered)
            for row, value in zip(item.rows, values, strict=True)
        )

    def missing(self, item: Item, answer: ItemAnswer) -> str:
        """Say how many rows have nothing put to them."""
        return blanks_in_words(answer, len(item.rows), what=self.what)

    def shown(self, item: Item, order: Order, answer: ItemAnswer, told: Disclosure) -> tuple[PartAfterSending, ...]:
        """Tell of each row whether it is right, and why where it is; what belongs elsewhere with the whole key."""
        given = texts_of(answer, len(item.rows))
        parts = [_part(item, row, text, told) for row, text in zip(item.rows, given, strict=True)]
        used = {row.key for row in item.rows}
        spare = [option for n, option in enumerate(item.options) if n not in used] if told is Disclosure.WHOLE else []
        return (*parts, *(_left_over(option) for option in spare))


class Gaps(Matching):
    """A text with gaps, each filled from one list of words."""

    what = "gaps"

    def __init__(self) -> None:
        super().__init__("Choose the words for each gap. Something may be left over.")

    def read(self, draft: ItemDraft, keys: ItemKeys, say: Say) -> AnswerList:
        """Read the words for each gap; the gaps stand in the question."""
        lines = refuse_other_lines(draft, LineForm.GAP, say, _GAPPED)
        gaps = GAP.findall("\n".join(draft.stem))
        wanted = [str(n) for n in range(1, len(gaps) + 1)]
        if gaps != wanted:
            say(draft.line, "Number the gaps of the question {1}, {2} and so on, each once and in this order.")
        if not FEWEST_GAPS <= len(gaps) <= MOST_GAPS:
            say(draft.line, f"Leave from {FEWEST_GAPS} to {MOST_GAPS} gaps; here are {len(gaps)}.")
        marks = [line.mark.strip() for line in lines]
        for line, mark in zip(lines, marks, strict=True):
            if mark and (mark not in gaps or marks.count(mark) > 1):
                other = "two lines fill it" if mark in gaps else "the question has none"
                say(line.line, f"Gap {{{mark}}}: {other}. Each gap is filled by one line.")
        for gap in set(gaps) - set(marks):
            say(draft.line, f"No line fills gap {{{gap}}}; add “- {{{gap}}} words”.")
        say_empty_and_twice(lines, say, what="line")
        options = _options(lines)
        filling = {mark: line for line, mark in zip(lines, marks, strict=True) if mark}
        rows = [_row(f"Gap {gap}", filling[gap], options) for gap in gaps if gap in filling]
        return AnswerList(options=options, rows=tuple(rows))


def _options(lines: Sequence[OptionDraft]) -> tuple[ItemOption, ...]:
    """Return what can be chosen, each once; it is right where it belongs somewhere."""
    found: dict[str, OptionDraft] = {}
    for line in lines:
        found.setdefault(line.text, line)
    belonging = {line.text for line in lines if line.mark.strip()}
    return tuple(option_of(line, right=line.text in belonging) for line in found.values())


def _row(text: str, line: OptionDraft, options: Sequence[ItemOption]) -> ItemRow:
    return ItemRow(
        text=text,
        text_html=inline(text),
        reason_html=inline(" ".join(line.reasons)),
        key=next(n for n, option in enumerate(options) if option.text == line.text),
        line=line.line,
    )


def _part(item: Item, row: ItemRow, given: str, told: Disclosure) -> PartAfterSending:
    right = given == str(row.key)
    whole = told is Disclosure.WHOLE
    chosen = item.options[int(given)].text_html if given.isdecimal() and int(given) < len(item.options) else Markup()
    return PartAfterSending(
        text=row.text_html,
        chosen=False,
        right=None if told is Disclosure.NOTHING else right,
        reason=row.reason_html if whole or (right and told is Disclosure.OWN) else None,
        given=chosen,
        belongs=item.options[row.key].text_html if whole and not right else None,
    )


def _left_over(option: ItemOption) -> PartAfterSending:
    return PartAfterSending(text=option.text_html, chosen=False, right=None, reason=option.reason_html)
