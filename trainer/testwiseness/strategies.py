"""Ways to answer that need no knowledge of the subject, only the look of the options.

Most follow the National Board of Medical Examiners' list of flaws that help the testwise (as tabulated in BMC Medical
Education 2016, doi 10.1186/s12909-016-0559-7), each as a rule that a program can follow; commas and cautious words are
what readers of our own banks went by. All see the options alone, except grammar and the words of the question.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from trainer.testwiseness.guessing import Guesses, Strategy, guess
from trainer.testwiseness.items import ReviewedItem, words_of
from trainer.testwiseness.words import ABSOLUTE, AFTER_THE_NOUN, CAUTIOUS, COMMON


def strategies(items: Sequence[ReviewedItem]) -> Mapping[str, Guesses]:
    """Let every strategy answer these single-answer items; names as in `ADVICE`."""
    ways: Mapping[str, Strategy] = {**BY_LOOK, "position": _one_place(items)}
    return {name: guess(name, way, items) for name, way in ways.items()}


def longest_option(item: ReviewedItem) -> frozenset[int]:
    """Take the option of most letters."""
    return most([len(text) for text in item.texts])


def shortest_option(item: ReviewedItem) -> frozenset[int]:
    """Take the option of fewest letters."""
    return most([-len(text) for text in item.texts])


def most_commas(item: ReviewedItem) -> frozenset[int]:
    """Take the option of most commas."""
    return most([text.count(",") for text in item.texts])


def most_cautious(item: ReviewedItem) -> frozenset[int]:
    """Take the option of most cautious words."""
    return most([sum(word in CAUTIOUS for word in words_of(text)) for text in item.texts])


def fewest_absolutes(item: ReviewedItem) -> frozenset[int]:
    """Take the option of fewest absolute words."""
    return most([-sum(word in ABSOLUTE for word in words_of(text)) for text in item.texts])


def odd_one_out(item: ReviewedItem) -> frozenset[int]:
    """Take the option that shares least with the others: the lowest sum of shared words over all words of each pair."""
    bags = [frozenset(words_of(text)) for text in item.texts]
    likeness = [Fraction()] * len(bags)
    for one, other in combinations(range(len(bags)), 2):
        if common := bags[one] & bags[other]:
            alike = Fraction(len(common), len(bags[one] | bags[other]))
            likeness[one] += alike
            likeness[other] += alike
    return most([-alike for alike in likeness])


def shared_words(item: ReviewedItem) -> frozenset[int]:
    """Take the option that holds most words of the question, common ones aside."""
    asked = _telling(item.stem)
    return most([len(asked & _telling(text)) for text in item.texts])


def fits_by_grammar(item: ReviewedItem) -> frozenset[int]:
    """Take what agrees with the last word of the question: a or an, one or several; all options where none does."""
    fits = frozenset(_agreeing(item))
    return fits or frozenset(range(len(item.options)))


def most(values: Sequence[int] | Sequence[Fraction]) -> frozenset[int]:
    """Return the places of the highest value."""
    highest = max(values)
    return frozenset(place for place, value in enumerate(values) if value == highest)


def _agreeing(item: ReviewedItem) -> Iterator[int]:
    last = next(reversed(words_of(item.stem)), None)
    for place, text in enumerate(item.texts):
        if last in ("a", "an"):
            fits = bool(re.match(r"\W*[aeiou]", text, re.IGNORECASE)) == (last == "an")
        elif last in ("are", "were", "these", "those"):
            fits = _is_plural(text)
        else:
            fits = last in ("is", "was", "this") and not _is_plural(text)
        if fits:
            yield place


def _is_plural(text: str) -> bool:
    """Say whether the word before the first preposition is a plural: near enough for the noun of a short answer."""
    words = words_of(text)
    ends = (place for place, word in enumerate(words) if place and word in AFTER_THE_NOUN)
    end = next(ends, len(words))
    return any(word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")) for word in words[end - 1 : end])


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in words_of(text) if len(word) > 3) - COMMON


def _one_place(items: Sequence[ReviewedItem]) -> Strategy:
    """Return the place where most keys of these items stand; where an item has no such place, it says nothing."""
    keys = Counter(place for item in items for place, (_, right) in enumerate(item.options) if right)

    def there(item: ReviewedItem) -> frozenset[int]:
        ((place, _),) = keys.most_common(1)
        return frozenset({place} if place < len(item.options) else range(len(item.options)))

    return there


BY_LOOK: Mapping[str, Strategy] = {
    "longest": longest_option,
    "shortest": shortest_option,
    "commas": most_commas,
    "cautious": most_cautious,
    "absolutes": fewest_absolutes,
    "odd": odd_one_out,
    "grammar": fits_by_grammar,
    "shared": shared_words,
}
