"""Items whose answer is an order: each line gets its place."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from random import Random

from markupsafe import Markup

from trainer.items.answers import ItemAnswer, filled
from trainer.items.drafts import ItemDraft, LineForm
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
    refuse_other_lines,
    say_empty_and_twice,
    texts_of,
)
from trainer.items.keys import ItemKeys
from trainer.items.values import CreditScheme, Item

FEWEST_LINES, MOST_LINES = 3, 7
_NUMBERED = "Begin each line of an ordering item with its place, such as “- 1. ”."


class Ordering(AnswerFormat):
    """Lines that the page shows shuffled, each with a list of places. The author's order is the right one."""

    schemes = (CreditScheme.NEIGHBOURS, CreditScheme.PLACES, CreditScheme.EXACT)

    def __init__(self) -> None:
        super().__init__("Give each line its place: 1 comes first.")

    def read(self, draft: ItemDraft, keys: ItemKeys, say: Say) -> AnswerList:
        """Read lines that are numbered from 1."""
        lines = refuse_other_lines(draft, LineForm.PLACE, say, _NUMBERED)
        if not FEWEST_LINES <= len(lines) <= MOST_LINES:
            say(draft.line, f"Order from {FEWEST_LINES} to {MOST_LINES} lines; here are {len(lines)}.")
        for n, line in enumerate(lines, start=1):
            if line.mark != str(n):
                say(line.line, f"This line should be number {n}: an item has one right order.")
        say_empty_and_twice(lines, say, what="line")
        return AnswerList(options=tuple(option_of(line, right=True) for line in lines))

    def order(self, item: Item, random: Random) -> tuple[int, ...]:
        """Draw the order of the lines, never the right one, which would need no answer."""
        count = len(item.options)
        drawn = random.sample(range(count), count)
        return tuple(drawn if drawn != list(range(count)) else drawn[1:] + drawn[:1])

    def received(self, item: Item, order: Order, sent: Sequence[str]) -> ItemAnswer:
        """Return the place of each line as the author wrote them."""
        places = fields_of(sent, len(order))
        if any(place and place not in _places(len(order)) for place in places):
            raise ValueError(f"has places from 1 to {len(order)}")
        by_line = dict(zip(order, places, strict=True))
        return filled([by_line[line] for line in range(len(order))])

    def sendable(self, item: Item, order: Order, answer: ItemAnswer) -> list[str]:
        """Return the places in the order of the page."""
        places = texts_of(answer, len(item.options))
        return [places[line] for line in order]

    def key(self, item: Item) -> ItemAnswer:
        """Return the lines in the author's order."""
        return tuple(_places(len(item.options)))

    def credit(self, item: Item, answer: ItemAnswer) -> Fraction:
        """Credit lines that follow one another as they should, or stand in their place; no place is given twice."""
        places = texts_of(answer, len(item.options))
        numbers = [int(place) if places.count(place) == 1 and place.isdecimal() else 0 for place in places]
        count = len(numbers)
        right = sum(number == n for n, number in enumerate(numbers, start=1))
        if item.scheme is CreditScheme.PLACES:
            return Fraction(right, count)
        if item.scheme is CreditScheme.NEIGHBOURS:
            return Fraction(sum(here > 0 and then == here + 1 for here, then in pairwise(numbers)), count - 1)
        return Fraction(right == count)

    def fields(self, item: Item, order: Order, answer: ItemAnswer) -> tuple[FieldOnPage, ...]:
        """Return each line with the places it can be given."""
        offered = tuple((place, place) for place in _places(len(order)))
        places = texts_of(answer, len(item.options))
        return tuple(
            FieldOnPage(label=item.options[line].text_html, value=places[line], offered=offered) for line in order
        )

    def missing(self, item: Item, answer: ItemAnswer) -> str:
        """Say how many lines have no place, or that two have the same."""
        if blank := blanks_in_words(answer, len(item.options), what="places"):
            return blank
        twice = len(set(texts_of(answer, len(item.options)))) < len(item.options)
        return "two lines have the same place" if answer and twice else ""

    def shown(self, item: Item, order: Order, answer: ItemAnswer, told: Disclosure) -> tuple[PartAfterSending, ...]:
        """Show the lines in the right order with the whole key; otherwise as they stood on the page, unexplained."""
        places = texts_of(answer, len(item.options))
        whole = told is Disclosure.WHOLE
        return tuple(
            PartAfterSending(
                text=item.options[line].text_html,
                chosen=False,
                right=places[line] == str(line + 1) if whole else None,
                reason=item.options[line].reason_html if whole else None,
                given=Markup("{}").format(places[line]),
                belongs=Markup("{}").format(line + 1) if whole else None,
            )
            for line in (range(len(order)) if whole else order)
        )


def _places(count: int) -> list[str]:
    return [str(place) for place in range(1, count + 1)]
