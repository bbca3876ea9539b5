"""When two questions are nearly the same: by their words, which is all that a program sees.

Five words in a row that they share, often enough, or one right answer in the same words. What says the same in other
words is for people to find.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from markupsafe import Markup

from trainer.testwiseness.items import MULTIPLE, SHORT, SINGLE, ReviewedItem

_IN_A_ROW = 5
"""Words."""
SAME = 0.4
"""From this share of the shorter question's runs on, two questions are the same one."""
_LEAST = 2
"""An answer of fewer words, such as “Yes”, says nothing by being the same."""

_WORD = re.compile(r"[^\W_]+")

Runs = frozenset[tuple[str, ...]]
"""All that stands in a text as words in a row."""


@dataclass(frozen=True)
class Wording:
    """What of a question is compared: its runs of words, and its right answers as words."""

    runs: Runs
    answers: Runs

    def is_nearly(self, other: "Wording") -> bool:
        """Say whether two questions are nearly the same."""
        shorter = min(len(self.runs), len(other.runs))
        same_question = shorter > 0 and len(self.runs & other.runs) >= SAME * shorter
        return same_question or bool(self.answers & other.answers)

    @property
    def marks(self) -> Runs:
        """Return all that it could share with another question; two that share none of it are not the same."""
        return self.runs | self.answers

    def stands_in(self, runs: Runs) -> bool:
        """Say whether a longer text asks this question."""
        return bool(self.runs) and len(self.runs & runs) >= SAME * len(self.runs)


def wording(question: str, right: Iterable[str]) -> Wording:
    """Return what is compared of a question and its right answers."""
    answers = (tuple(_words(text)) for text in right)
    return Wording(word_runs(question), frozenset(words for words in answers if len(words) >= _LEAST))


def wording_of(item: ReviewedItem) -> Wording:
    """Return what is compared of an item.

    Of some kinds what is asked stands in lines and rows, and none of them is an answer by itself.
    """
    if item.kind in (SINGLE, MULTIPLE, SHORT):
        return wording(item.stem, (text for text, right in item.options if right))
    return wording(" ".join((item.stem, *item.rows, *item.texts)), ())


def word_runs(text: str) -> Runs:
    """Return every run of words of a text."""
    words = _words(text)
    return frozenset(zip(*(words[start:] for start in range(_IN_A_ROW)), strict=False))


def near_pairs(items: Sequence[ReviewedItem]) -> Sequence[tuple[ReviewedItem, ReviewedItem]]:
    """Return every two items that are nearly the same, in their order, unless they are named as enemies or clones."""
    wordings = [wording_of(item) for item in items]
    places = defaultdict[tuple[str, ...], list[int]](list)
    for place, worded in enumerate(wordings):
        for words in worded.marks:
            places[words].append(place)
    meet = {pair for found in places.values() for pair in combinations(found, 2)}
    return [
        (items[first], items[second])
        for first, second in sorted(meet)
        if wordings[first].is_nearly(wordings[second])
        and not (items[first].bank == items[second].bank and items[first].kept_apart_from(items[second]))
    ]


def _words(text: str) -> list[str]:
    return _WORD.findall(Markup(text).unescape().casefold())
