"""Script concordance: how far a new finding changes a thought, beside what a panel of practitioners said.

There is no key, and nothing of it counts: evidence for a pass mark is thin (Dory 2012; Lineberry 2013), so it teaches.
"""

from fractions import Fraction

from markupsafe import Markup

from trainer.items.answers import ItemAnswer
from trainer.items.drafts import ItemDraft, LineForm, OptionDraft
from trainer.items.formats.choosing import Choosing
from trainer.items.formats.format import (
    AnswerList,
    Disclosure,
    Order,
    PartAfterSending,
    Say,
    option_of,
    positions_of,
    refuse_other_lines,
    say_empty_and_twice,
)
from trainer.items.keys import ItemKeys
from trainer.items.values import Item

FEWEST_IN_PANEL = 10
"""Dory 2012 sums up what is known of panels: 10 to 20 people."""
STEPS = 5
_VOTES = "Begin each step with how many of the panel chose it, such as “- [4] ”."


class Concordance(Choosing):
    """Steps from one end to the other in the author's order, each with the number of the panel that chose it."""

    def __init__(self, advice: str) -> None:
        super().__init__(advice, shuffled=False)

    def read(self, draft: ItemDraft, keys: ItemKeys, say: Say) -> AnswerList:
        """Read five steps with the votes of a panel."""
        steps = refuse_other_lines(draft, LineForm.BOX, say, _VOTES)
        for step in steps:
            if not step.mark.isdecimal():
                say(step.line, _VOTES)
        if len(steps) != STEPS:
            say(draft.line, f"Write {STEPS} steps from one end to the other; here are {len(steps)}.")
        panel = sum(map(_votes, steps))
        if panel < FEWEST_IN_PANEL:
            say(draft.line, f"A panel of {panel} is too small: ask at least {FEWEST_IN_PANEL} people before using it.")
        say_empty_and_twice(steps, say, what="step")
        return AnswerList(options=tuple(option_of(step, right=False, votes=_votes(step)) for step in steps))

    def credit(self, item: Item, answer: ItemAnswer) -> Fraction:
        """Credit nothing."""
        return Fraction(0)

    def shown(self, item: Item, order: Order, answer: ItemAnswer, told: Disclosure) -> tuple[PartAfterSending, ...]:
        """Show beside each step what the panel said."""
        chosen = positions_of(answer)
        panel = sum(option.votes for option in item.options)
        return tuple(
            PartAfterSending(
                text=option.text_html,
                chosen=n in chosen,
                right=None,
                reason=None
                if told is Disclosure.NOTHING
                else Markup("{} of {} in the panel. {}").format(option.votes, panel, option.reason_html),
            )
            for n, option in enumerate(item.options)
        )


def _votes(step: OptionDraft) -> int:
    return int(step.mark) if step.mark.isdecimal() else 0
