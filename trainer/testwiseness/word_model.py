"""Do the words of an answer tell whether it is right? A model guesses that has read the answers of other banks alone.

It counts in how many right and wrong options each word and each pair of neighbours stands (naive Bayes). Then it
answers the single-answer items of a bank that it has not read, of which it sees the options alone, and takes the one
whose words lean most to right ones.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, log

from trainer.testwiseness.guessing import Guesses, guess
from trainer.testwiseness.items import MULTIPLE, SINGLE, ReviewedItem, words_of
from trainer.testwiseness.strategies import most
from trainer.testwiseness.words import MODEL

_TOLD = 4
"""So many words of a key are named to its author."""


def features(text: str) -> frozenset[str]:
    """Return the words of an option, and its pairs of neighbours."""
    words = words_of(text)
    return frozenset((*words, *map(" ".join, pairwise(words))))


@dataclass(frozen=True)
class WordModel:
    """In how many right and wrong options each word or pair stands, and how many options there are of each."""

    right: Counter[str]
    wrong: Counter[str]
    keys: int
    distractors: int

    def without(self, other: "WordModel") -> "WordModel":
        """Return what is known when this part of it was never read."""
        return WordModel(
            self.right - other.right,
            self.wrong - other.wrong,
            self.keys - other.keys,
            self.distractors - other.distractors,
        )

    def lean(self, word: str) -> float:
        """Say how far a word leans to right options: above 0, or to wrong ones: below; 0 where it was never read."""
        if not self.right[word] and not self.wrong[word]:
            return 0.0
        return log((self.right[word] + 0.5) / (self.keys + 1)) - log((self.wrong[word] + 0.5) / (self.distractors + 1))

    def leaning(self, text: str) -> int:
        """Return how far an option leans to being right, in millionths, so that equal sums are equal."""
        return round(1_000_000 * fsum(self.lean(word) for word in features(text)))

    def choice(self, item: ReviewedItem) -> frozenset[int]:
        """Return the options that lean most to being right."""
        return most([self.leaning(text) for text in item.texts])

    def lead(self, item: ReviewedItem) -> int:
        """Return by how much the best key leans more than the best distractor, in millionths; below 0 if less."""
        sides: dict[bool, list[int]] = {True: [], False: []}
        for text, right in item.options:
            sides[right].append(self.leaning(text))
        return max(sides[True], default=0) - max(sides[False], default=0)

    def telling(self, item: ReviewedItem) -> tuple[str, ...]:
        """Return the words of the key that lean most to right options."""
        found = {word for text, right in item.options if right for word in features(text) if self.lean(word) > 0}
        return tuple(sorted(found, key=lambda word: (-self.lean(word), word))[:_TOLD])


def model_of(items: Iterable[ReviewedItem]) -> WordModel:
    """Read the options of single-answer and multiple items with their keys."""
    right, wrong = Counter[str](), Counter[str]()
    keys = distractors = 0
    for item in items:
        for text, is_right in item.options if item.kind in (SINGLE, MULTIPLE) else ():
            (right if is_right else wrong).update(features(text))
            keys += is_right
            distractors += not is_right
    return WordModel(right, wrong, keys, distractors)


def word_guesses(model: WordModel, items: Sequence[ReviewedItem]) -> Guesses:
    """Let the model answer these single-answer items."""
    return guess(MODEL, model.choice, items)
