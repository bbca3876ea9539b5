"""Words that stand more often on one side: among keys, or among distractors.

Single-answer and multiple items are counted apart. In a multiple item half of the options are right; counted together,
every word of its subject would seem to belong to keys.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, lgamma, log, log1p, sqrt

from trainer.testwiseness.items import ReviewedItem, words_of

LEAST_OPTIONS = 12
"""In fewer options a word says nothing."""
RATIO = 2
"""More often than this on one side, and a word gives answers away."""


@dataclass(frozen=True, kw_only=True)
class WordRates:
    """In how many options of each side one word stands, at least in one, of how many.

    Attributes:
        kind: of the items.
    """

    word: str
    kind: str
    in_keys: int
    keys: int
    in_distractors: int
    distractors: int

    @property
    def occurrences(self) -> int:
        """Return in how many options it stands; twice in one counts once."""
        return self.in_keys + self.in_distractors

    @property
    def key_rate(self) -> Fraction:
        """Return the share of keys it stands in, from 0 to 1."""
        return Fraction(self.in_keys, max(1, self.keys))

    @property
    def distractor_rate(self) -> Fraction:
        """Return the share of distractors it stands in, from 0 to 1."""
        return Fraction(self.in_distractors, max(1, self.distractors))

    @property
    def marks_keys(self) -> bool:
        """Say on which side it is more frequent."""
        return self.key_rate > self.distractor_rate

    def beyond(self, errors: int = 0) -> bool:
        """Say whether it is more than `RATIO` times as frequent on one side.

        Args:
            errors: so many standard errors beyond a word that is exactly `RATIO` times as frequent there.
        """
        most, least = self._expected(RATIO), self._expected(Fraction(1, RATIO))
        return self.in_keys > most + errors * self._error(most) or self.in_keys < least - errors * self._error(least)

    @property
    def is_luck(self) -> bool:
        """Say whether a word that tells nothing may well be so uneven: it lies within two standard errors."""
        even = self._expected(1)
        return abs(self.in_keys - even) <= 2 * self._error(even)

    @property
    def luck(self) -> float:
        """Return how likely a word of so many occurrences that tells nothing is beyond the ratio, from 0 to 1."""
        share = self.keys / (self.keys + self.distractors)
        if share in (0, 1):
            return 0.0
        most, least = self._expected(RATIO), self._expected(Fraction(1, RATIO))
        seen = self.occurrences
        return sum(_binomial(seen, n, share) for n in range(seen + 1) if n > most or n < least)

    def _expected(self, ratio: int | Fraction) -> Fraction:
        """Return in how many keys it would stand if it were so many times as frequent there."""
        keys = ratio * self.keys
        return Fraction(self.occurrences * keys) / (keys + self.distractors)

    def _error(self, expected: Fraction) -> float:
        return sqrt(expected * (1 - expected / self.occurrences))


def word_rates(items: Iterable[ReviewedItem], kind: str) -> Sequence[WordRates]:
    """Return every word that stands in at least `LEAST_OPTIONS` options of items of this kind, by the alphabet."""
    sides = {True: Counter[str](), False: Counter[str]()}
    options = Counter[bool]()
    for item in items:
        for text, is_right in item.options if item.kind == kind else ():
            sides[is_right].update(set(words_of(text)))
            options[is_right] += 1
    return [
        WordRates(
            word=word,
            kind=kind,
            in_keys=sides[True][word],
            keys=options[True],
            in_distractors=sides[False][word],
            distractors=options[False],
        )
        for word, count in sorted((sides[True] + sides[False]).items())
        if count >= LEAST_OPTIONS
    ]


def holding(items: Iterable[ReviewedItem], rates: WordRates) -> tuple[ReviewedItem, ...]:
    """Return the items in which a word stands on the side where it is more frequent, in their order."""
    side = rates.marks_keys
    return tuple(
        item
        for item in items
        if item.kind == rates.kind
        and any(right == side and rates.word in words_of(text) for text, right in item.options)
    )


def _binomial(seen: int, hits: int, share: float) -> float:
    ways = lgamma(seen + 1) - lgamma(hits + 1) - lgamma(seen - hits + 1)
    return exp(ways + hits * log(share) + (seen - hits) * log1p(-share))
