"""What an author should mend although the bank can be read: too few items, or too many that are kept apart.

What gives answers away is for `trainer.testwiseness` to say.
"""

from collections import Counter
from dataclasses import replace

from trainer.authoring.messages import Message
from trainer.errors import Broken
from trainer.items.families import kept_apart
from trainer.items.values import Item
from trainer.quizzes.form import draw_quiz
from trainer.quizzes.pools import NOTHING_MET, counted_pool, practice_pool
from trainer.quizzes.values import Bank

DRAWN_FOR = 6
"""So many people take all their tries of a bank before it is called sound."""


def lint_bank(path: str, bank: Bank) -> tuple[Message, ...]:
    """Return what is wrong with the bank as a whole."""
    if too_few := _too_few(path, bank):
        return tuple(too_few)
    found = undrawable(bank)
    return (Message(path, found[0].line, found[1]),) if found else ()


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


def undrawable(bank: Bank) -> tuple[Item, str] | None:
    """Return where somebody's tries come to no end, as what is left may not stand side by side; None if nowhere."""
    apart = kept_apart(bank.items)
    for person in range(DRAWN_FOR if apart else 0):
        try:
            _take_all_tries(bank, person)
        except Broken:
            most = sorted(bank.items, key=lambda item: -len(apart.get(item.id, ())))[:3]
            names = ", ".join(f"“{item.id}”" for item in most)
            return most[0], f"Families and enemies leave somebody without a form. Keep fewer apart, first of {names}."
    return None


def _take_all_tries(bank: Bank, person: int) -> None:
    met = NOTHING_MET
    for left in range(bank.attempts, 0, -1):
        form = draw_quiz(bank, seed=f"{person} {left}", met=met, left=left)
        met = replace(met, in_tries=(*met.in_tries, *(question.item_id for question in form)))
