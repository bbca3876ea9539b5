"""Items whose answer is chosen among options: one, several, or lines of a record."""

import re
from collections.abc import Sequence
from fractions import Fraction
from random import Random

from trainer.items.answers import ItemAnswer
from trainer.items.drafts import ItemDraft, LineForm, OptionDraft
from trainer.items.formats.format import (
    AnswerFormat,
    AnswerList,
    Disclosure,
    OptionOnPage,
    Order,
    PartAfterSending,
    Say,
    option_of,
    positions_of,
    refuse_other_lines,
    say_empty_and_twice,
)
from trainer.items.keys import ItemKeys
from trainer.items.values import CreditScheme, Item

_SHUFFLED = re.compile(r"\b(all|none) of (the above|these)\b", re.IGNORECASE)
_BOXES = "Begin each option with “- [ ] ” or, when it is right, “- [x] ”."


class Choosing(AnswerFormat):
    """Boxes to tick.

    Attributes:
        several: whether more than one may be ticked.
        shuffled: whether they are shown in any order; the lines of a record keep theirs.
    """

    def __init__(
        self, advice: str, *, several: bool = False, shuffled: bool = True, schemes: tuple[CreditScheme, ...] = ()
    ) -> None:
        super().__init__(advice)
        self.several, self.shuffled, self.schemes = several, shuffled, schemes

    def read(self, draft: ItemDraft, keys: ItemKeys, say: Say) -> AnswerList:
        """Read options in boxes."""
        options = refuse_other_lines(draft, LineForm.BOX, say, _BOXES)
        for option in options:
            if option.mark not in tuple(" xX"):
                say(option.line, "Mark a right option with [x] and any other with [ ].")
        self._count_right(draft, options, say)
        say_empty_and_twice(options, say)
        for option in options:
            if self.shuffled and _SHUFFLED.search(option.text):
                say(option.line, "Options are shuffled, so “all of the above” has no meaning; write what you mean.")
        return AnswerList(options=tuple(option_of(option, right=option.mark in tuple("xX")) for option in options))

    def _count_right(self, draft: ItemDraft, options: Sequence[OptionDraft], say: Say) -> None:
        right = sum(option.mark in tuple("xX") for option in options)
        if len(options) < 2:
            say(draft.line, "An item needs at least two options.")
        elif right == 0:
            say(draft.line, "No option is marked right; mark one with [x].")
        elif not self.several and right > 1:
            say(draft.line, f"{right} options are marked right; say “- kind: multiple” or leave only one [x].")
        elif self.several and right == len(options):
            say(draft.line, "Every option is marked right; at least one should be wrong.")

    def order(self, item: Item, random: Random) -> tuple[int, ...]:
        """Draw the order of the options."""
        places = range(len(item.options))
        return tuple(random.sample(places, len(places))) if self.shuffled else tuple(places)

    def received(self, item: Item, order: Order, sent: Sequence[str]) -> ItemAnswer:
        """Turn places on the page into the author's positions."""
        offered = {str(place): position for place, position in enumerate(order)}
        if any(place and place not in offered for place in sent):
            raise ValueError(f"has options from 0 to {len(order) - 1}")
        chosen = frozenset(offered[place] for place in sent if place)
        if not self.several and len(chosen) > 1:
            raise ValueError("has one answer; choose one")
        return chosen

    def sendable(self, item: Item, order: Order, answer: ItemAnswer) -> list[str]:
        """Turn the author's positions into places on the page, in order."""
        chosen = positions_of(answer)
        return [str(place) for place, position in enumerate(order) if position in chosen]

    def key(self, item: Item) -> ItemAnswer:
        """Return the right options."""
        return item.key

    def credit(self, item: Item, answer: ItemAnswer) -> Fraction:
        """Credit exactly the right options; with the balanced scheme each right one, less each wrong one."""
        chosen, key = positions_of(answer), item.key
        if item.scheme is not CreditScheme.BALANCED:
            return Fraction(chosen == key)
        return max(Fraction(0), Fraction(len(chosen & key) - len(chosen - key), len(key)))

    def choices(self, item: Item, order: Order, answer: ItemAnswer) -> tuple[OptionOnPage, ...]:
        """Return the options in the order of the page."""
        chosen = positions_of(answer)
        return tuple(
            OptionOnPage(place=place, text=item.options[position].text_html, chosen=position in chosen)
            for place, position in enumerate(order)
        )

    def shown(self, item: Item, order: Order, answer: ItemAnswer, told: Disclosure) -> tuple[PartAfterSending, ...]:
        """Tell the reasons of what was chosen, unless that was more than is right; all others with the whole key.

        Whoever ticks every box has chosen nothing, and would read the key off the reasons.
        """
        chosen = positions_of(answer)
        whole = told is Disclosure.WHOLE
        explained = chosen if told is Disclosure.OWN and len(chosen) <= len(item.key) else frozenset()
        return tuple(
            PartAfterSending(
                text=item.options[position].text_html,
                chosen=position in chosen,
                right=item.options[position].right if whole else None,
                reason=item.options[position].reason_html
                if told is Disclosure.WHOLE or position in explained
                else None,
            )
            for position in order
        )
