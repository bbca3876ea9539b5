"""What an author reads where a limit is broken: the figures, how to mend it, and in which items to begin."""

from collections.abc import Mapping, Sequence

from trainer.testwiseness.guessing import Guesses
from trainer.testwiseness.items import ReviewedItem
from trainer.testwiseness.telltales import RATIO, WordRates
from trainer.testwiseness.word_model import WordModel
from trainer.testwiseness.words import ADVICE, MODEL

_NAMED = 8
"""So many items are named in a message."""


def over(guesses: Guesses, limit: float, where: str) -> str:
    """Say that somebody who knows nothing gets too much.

    Args:
        limit: the share that may be, from 0 to 1.
        where: of which items.
    """
    does = "knows the words of all other banks" if guesses.name == MODEL else ADVICE[guesses.name][0]
    return (
        f"Who {does} and knows nothing else is right in {float(guesses.share):.1%} of {len(guesses.credits)} "
        f"single-answer items ({where}), where luck gets {float(guesses.chance):.1%} and at most {limit:.1%} may be."
    )


def mend(guesses: Guesses, worst: Sequence[ReviewedItem], models: Mapping[str, WordModel]) -> str:
    """Say how to mend it.

    Args:
        models: what the word model had read when it answered each bank.
    """
    if guesses.name != MODEL:
        return f"{ADVICE[guesses.name][1]}, first in {_names(worst)}."
    told = (f"{item.id} ({', '.join(models[item.bank].telling(item))})" for item in worst[:_NAMED])
    return f"Use the words that tell its key in distractors too, first of {'; '.join(told)}."


def uneven(rates: WordRates, where: str, items: Sequence[ReviewedItem]) -> str:
    """Say that a word stands too often on one side, of which items, and how to mend it."""
    fewer, more = ("distractors", "keys") if rates.marks_keys else ("keys", "distractors")
    return (
        f"“{rates.word}” stands in {rates.in_keys} of {rates.keys} keys ({float(rates.key_rate):.1%}) and in "
        f"{rates.in_distractors} of {rates.distractors} distractors ({float(rates.distractor_rate):.1%}) of "
        f"{rates.kind} items ({where}): more than {RATIO} times as often on one side. Use it in {fewer} too, or in "
        f"fewer {more}, first in {_names(items)}."
    )


def enemies(one: ReviewedItem, other: ReviewedItem) -> str:
    """Say that two items of one bank are nearly the same, and how to mend it."""
    return (
        f"“{other.id}” and “{one.id}” (line {one.line}) are nearly the same and may stand in one form. "
        "Name them as enemies or as one family, or ask one of them in another way."
    )


def _names(items: Sequence[ReviewedItem]) -> str:
    named = ", ".join(item.id for item in items[:_NAMED])
    return f"{named} and {len(items) - _NAMED} more" if len(items) > _NAMED else named
