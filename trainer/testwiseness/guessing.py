"""What somebody gets who knows nothing: the share of single-answer items, against chance."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from trainer.testwiseness.items import ReviewedItem

Strategy = Callable[[ReviewedItem], frozenset[int]]
"""The places, from 0, between which a strategy cannot choose; never none."""


@dataclass(frozen=True)
class Guesses:
    """What one way of guessing gets of some items.

    Attributes:
        name: of the way, as `strategies.ADVICE` knows it.
        credits: for each item the chance, from 0 to 1, that it takes the right option: ties share.
    """

    name: str
    credits: tuple[tuple[ReviewedItem, Fraction], ...]

    @property
    def share(self) -> Fraction:
        """Return the share that it gets, from 0 to 1; 0 of no items."""
        return _mean(credit for _, credit in self.credits)

    @property
    def chance(self) -> Fraction:
        """Return what blind luck gets: the mean of 1 / number of options."""
        return _mean(Fraction(1, len(item.options)) for item, _ in self.credits)

    @property
    def error(self) -> float:
        """Return the standard error of what blind luck gets, from 0 to 1."""
        chances = [1 / len(item.options) for item, _ in self.credits]
        return sqrt(sum(chance * (1 - chance) for chance in chances)) / max(1, len(chances))

    @property
    def given_away(self) -> tuple[ReviewedItem, ...]:
        """Return the items in which it does better than luck: first those that it gets for certain, as they stand."""
        better = [(credit, item) for item, credit in self.credits if credit > Fraction(1, len(item.options))]
        return tuple(item for _, item in sorted(better, key=lambda pair: -pair[0]))

    def limit(self, points: Fraction, errors: int) -> Fraction:
        """Return the highest share that is allowed: so much above chance, and so many standard errors more."""
        return self.chance + points + Fraction(errors * self.error)


def guess(name: str, strategy: Strategy, items: Iterable[ReviewedItem]) -> Guesses:
    """Let a strategy answer single-answer items."""
    return Guesses(name, tuple((item, credit(item, strategy(item))) for item in items))


def credit(item: ReviewedItem, places: frozenset[int]) -> Fraction:
    """Return the chance of being right, from 0 to 1, when one of these places is taken blindly."""
    return Fraction(sum(item.options[place][1] for place in places), len(places))


def together(name: str, several: Iterable[Guesses]) -> Guesses:
    """Join what one way gets of several banks."""
    return Guesses(name, tuple(credit for guesses in several for credit in guesses.credits))


def _mean(values: Iterable[Fraction]) -> Fraction:
    listed = list(values)
    return sum(listed, Fraction(0)) / max(1, len(listed))
