"""How soon the questions of a bank are known: how much of them one form shows, and how often each is met."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from trainer.testwiseness.items import ReviewedBank

PEOPLE = 100
"""Figures are for so many people at their first try."""


@dataclass(frozen=True)
class Exposure:
    """What first forms show of the counting pool.

    Attributes:
        pool: items that counted forms are drawn from.
        shown: the share of them that one form shows, from 0 to 1.
        most: how many of `PEOPLE` meet the item that is met most often, as drawn.
        never: ids of items that nobody met, in order.
    """

    pool: int
    shown: Fraction
    most: Fraction
    never: tuple[str, ...]

    @property
    def mean(self) -> Fraction:
        """Return how many of `PEOPLE` meet an item on average; exact, whatever was drawn."""
        return PEOPLE * self.shown


def exposure(bank: ReviewedBank, forms: Sequence[frozenset[str]]) -> Exposure:
    """Return what these forms, one a person, show of a bank; a bank that fills no form shows nothing."""
    if not forms or not bank.counted:
        return Exposure(len(bank.counted), Fraction(0), Fraction(0), ())
    met = Counter(item_id for form in forms for item_id in form)
    return Exposure(
        pool=len(bank.counted),
        shown=Fraction(bank.serve, len(bank.counted)),
        most=Fraction(PEOPLE * max(met.values()), len(forms)),
        never=tuple(sorted(bank.counted - met.keys())),
    )
