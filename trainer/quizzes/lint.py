"""What an author should mend although the bank can be read: too few items, and answers that give themselves away."""

from collections import Counter

from trainer.authoring.messages import Message
from trainer.items.values import Item, ItemKind
from trainer.quizzes.pools import counted_pool, practice_pool
from trainer.quizzes.values import Bank

LONGEST_SHARE = 0.45
PLACE_SHARE = 0.5
_ENOUGH = 8
"""Below so many single-answer items a share says nothing."""


def lint_bank(path: str, bank: Bank) -> tuple[Message, ...]:
    """Return what is wrong with the bank as a whole."""
    return (*_too_few(path, bank), *_gives_away(path, bank))


def _too_few(path: str, bank: Bank) -> list[Message]:
    solid = Counter(item.level for item in bank.counted())
    found = [
        Message(
            path,
            1,
            f"The blueprint asks for {needed} items of level “{level.value}”, but only {solid[level]} are solid.",
        )
        for level, needed in bank.blueprint.items()
        if solid[level] < needed
    ]
    critical = sum(item.critical for item in bank.counted())
    if bank.critical is not None and critical < bank.critical:
        found.append(
            Message(path, 1, f"A form asks for {bank.critical} critical items, but only {critical} are solid.")
        )
    return found


def shortages(path: str, bank: Bank) -> tuple[Message, ...]:
    """Say where all tries of a person, or a round of practice, take more questions than there are; nothing is wrong."""
    there = Counter(item.level for item in counted_pool(bank))
    found = [
        Message(
            path,
            1,
            f"{bank.attempts} tries that share nothing take {count * bank.attempts} questions of level "
            f"“{level.value}”, and {there[level]} can count. The later ones ask some again, and nothing is told about "
            "those in between.",
        )
        for level, count in bank.blueprint.items()
        if there[level] < count * bank.attempts
    ]
    spare = len(practice_pool(bank))
    if spare < bank.serve:
        words = f"Practice has {spare} questions to itself, fewer than the {bank.serve} of a try. Write more of them."
        found.append(Message(path, 1, words))
    return tuple(found)


def _gives_away(path: str, bank: Bank) -> list[Message]:
    single = [item for item in bank.items if item.kind is ItemKind.SINGLE]
    if len(single) < _ENOUGH:
        return []
    found = []
    longest = [item for item in single if _right_is_longest(item)]
    if len(longest) > LONGEST_SHARE * len(single):
        lines = ", ".join(str(item.line) for item in longest[:12])
        found.append(
            Message(
                path,
                longest[0].line,
                f"The right option is the longest in {len(longest)} of {len(single)} items ({lines} …); even them out.",
            )
        )
    place, count = Counter(min(item.key) for item in single).most_common(1)[0]
    if count > PLACE_SHARE * len(single):
        found.append(
            Message(path, 1, f"The right option is number {place + 1} in {count} of {len(single)} items; move some.")
        )
    return found


def _right_is_longest(item: Item) -> bool:
    lengths = [len(option.text) for option in item.options]
    right = min(item.key)
    return lengths[right] > max(length for n, length in enumerate(lengths) if n != right)
