"""Do the words of an answer tell whether it is right? A script guesses without reading a single question.

    python -m benchmarks.cues

It learns from what every trainee is shown with its key, the questions of practice and the checks of the lessons: how
often each word and pair of words stands in right and in wrong options (naive Bayes). Then it answers the questions
that count, of which it sees the options alone and takes the one whose words lean most to the right ones. Questions
with several right answers are left out. Printed are, for each quiz, how many it answers rightly and how many luck
would; how likely luck alone would do as well (one-sided, normal); and the words that give most away, for authors.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import erfc, log, sqrt

from trainer.authoring.release import read_folder, release_of
from trainer.curriculum.course import course_of
from trainer.items.values import Item, ItemKind
from trainer.quizzes.bank import banks_of
from trainer.quizzes.pools import counted_pool, practice_pool
from trainer.settings import ROOT

SHOWN = 12
"""So many words that give most away are printed, for right and for wrong options each."""
SEEN = 5
"""Words that stand in fewer options are not printed: they say little."""


def features(text: str) -> frozenset[str]:
    """Return the words of an option, and its pairs of neighbours."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return frozenset((*words, *map(" ".join, pairwise(words))))


@dataclass
class Cues:
    """In how many right and wrong options each word stands."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    options: Counter[bool] = field(default_factory=Counter)

    def learn(self, options: Iterable[tuple[str, bool]]) -> None:
        """Keep the words of options that were shown with their key."""
        for text, is_right in options:
            self.options[is_right] += 1
            (self.right if is_right else self.wrong).update(features(text))

    def lean(self, word: str) -> float:
        """Say how far a word leans to right options: above 0, or to wrong ones: below."""
        right = (self.right[word] + 0.5) / (self.options[True] + 1)
        return log(right) - log((self.wrong[word] + 0.5) / (self.options[False] + 1))

    def choice(self, texts: Sequence[str]) -> int:
        """Return the option whose words lean most to right ones."""
        known = self.right.keys() | self.wrong.keys()
        return max(range(len(texts)), key=lambda place: sum(map(self.lean, sorted(features(texts[place]) & known))))

    def telling(self) -> list[str]:
        """Return the words seen often enough, from those that lean most to wrong options to the right ones."""
        seen = [word for word, count in (self.right + self.wrong).items() if count >= SEEN]
        return sorted(seen, key=lambda word: (self.lean(word), word))


def tell(name: str, items: Sequence[Item], cues: Cues) -> None:
    """Print one line: how many of these questions the script answers rightly, and how many luck would."""
    right = sum(cues.choice([option.text for option in item.options]) in item.key for item in items)
    chances = [Fraction(1, len(item.options)) for item in items]
    luck, spread = float(sum(chances)), float(sum(one * (1 - one) for one in chances))
    by_luck = erfc((right - luck) / sqrt(2 * spread)) / 2
    print(
        f"{name:12} {right:4} of {len(items):3} right ({right / len(items):6.1%}), luck {luck:5.1f}, p = {by_luck:.2g}"
    )


def main() -> None:
    release = release_of(read_folder(ROOT / "content"))
    banks, cues = banks_of(release), Cues()
    for bank in banks.values():
        for item in practice_pool(bank):
            cues.learn((option.text, option.right) for option in item.options)
    for module in course_of(release).modules:
        for lesson in module.lessons:
            for check in lesson.checks:
                cues.learn((option.text, option.right) for option in check.options)
    print(f"Learnt from {cues.options.total()} options that everybody is shown with their key.")
    counted = {
        bank.slug: [item for item in counted_pool(bank) if item.kind is ItemKind.SINGLE] for bank in banks.values()
    }
    for slug, items in counted.items():
        tell(slug, items, cues)
    tell("together", [item for items in counted.values() for item in items], cues)
    words = cues.telling()
    print("Most in wrong options:", ", ".join(words[:SHOWN]))
    print("Most in right options:", ", ".join(reversed(words[-SHOWN:])))


if __name__ == "__main__":
    main()
