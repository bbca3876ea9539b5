"""Draw a form from a bank, the same one again from the same seed."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from trainer.errors import Broken
from trainer.items.families import Apart, kept_apart, spread
from trainer.items.formats import FORMATS
from trainer.items.forms import ItemForm, Question
from trainer.items.values import Item
from trainer.quizzes.pools import NOTHING_MET, ItemsMet, countable, fill, held_back, practice_pool, wanted
from trainer.quizzes.values import Bank

_DRAWS = 40
"""So many times the pool is shuffled before we say that no form can be drawn from it."""


def draw_quiz(
    bank: Bank, *, seed: str, signed: frozenset[str] = frozenset(), met: ItemsMet = NOTHING_MET, left: int = 1
) -> ItemForm:
    """Draw a counted form: as many items of each level as the blueprint says, from the counted pool.

    What the person has not met comes first, then what they met elsewhere, then what was held back from them after
    a try, which is as much as the bank is short of; nothing else returns.

    Args:
        seed: equal seeds draw equal forms from the same bank.
        signed: hashes of pending items that a reviewer has signed.
        left: how many tries there are still, this one among them.

    Raises:
        Broken: too few items may count.
    """
    random = Random(f"{bank.slug} {seed}")  # a draw, not a secret: the form is kept
    pool = list(countable(bank, signed))
    held = held_back(bank, signed=signed, met=met, left=left)
    complete: list[Item] = []
    for _ in range(_DRAWS):
        random.shuffle(pool)
        chosen = _chosen(bank, pool, held, met=met, left=left, random=random)
        if len(chosen) == bank.serve:
            complete = chosen
            if leaves_enough(bank, chosen, signed=signed, met=met, left=left, random=random):
                break
    if not complete:
        raise Broken(f"The bank “{bank.title}” has too few questions for a form. Its author must add some.")
    random.shuffle(complete)
    return _questions(complete, random)


def leaves_enough(
    bank: Bank, chosen: Sequence[Item], *, signed: frozenset[str], met: ItemsMet, left: int, random: Random
) -> bool:
    """Say whether a form leaves questions for every later try of the same person that may stand side by side."""
    pool = list(countable(bank, signed))
    for later in range(left - 1, 0, -1):
        met = replace(met, in_tries=(*met.in_tries, *(item.id for item in chosen)))
        held = held_back(bank, signed=signed, met=met, left=later)
        random.shuffle(pool)
        chosen = _chosen(bank, pool, held, met=met, left=later, random=random)
        if len(chosen) < bank.serve:
            return False
    return True


def _chosen(
    bank: Bank, pool: Sequence[Item], held: Sequence[Item], *, met: ItemsMet, left: int, random: Random
) -> list[Item]:
    """Choose from a shuffled pool; fewer than a form holds where those left cannot stand beside the chosen ones."""
    fresh = sorted([item for item in pool if item.id not in met.in_tries], key=lambda item: item.id in met.elsewhere)
    apart = kept_apart(pool)
    order = _planned(bank, fresh, held, apart, left, random) if apart else [*fresh, *held]
    chosen: list[Item] = []
    fill(chosen, wanted(bank, forms=1), order, critical=bank.critical, apart=apart)
    return chosen


def _planned(
    bank: Bank, fresh: Sequence[Item], held: Sequence[Item], apart: Apart, left: int, random: Random
) -> Sequence[Item]:
    """Return the items in the order in which this form takes them, with the tries that are left in mind."""
    forms = max(1, left)
    needed: list[Item] = []
    critical = None if bank.critical is None else bank.critical * forms
    fill(needed, wanted(bank, forms=forms), fresh, critical=critical)
    room = [wanted(bank, forms=1)] * forms
    planned = spread(needed, apart, room, random, even=bank.critical is not None)
    now = [item for item in fresh if planned.get(item.id) == 0]
    spare = [item for item in fresh if item.id not in planned]
    later = [item for item in fresh if planned.get(item.id, 0) > 0]
    return [*now, *spare, *held, *later]


def draw_practice(bank: Bank, *, seed: str) -> ItemForm:
    """Draw a form for practice, from items that no counted form asks; none where the bank has none to spare."""
    random = Random(f"{bank.slug} {seed}")  # a draw, not a secret
    pool = practice_pool(bank)
    return _questions(_without_enemies(random.sample(pool, len(pool)), kept_apart(pool))[: bank.serve], random)


def _without_enemies(items: Sequence[Item], apart: Apart) -> list[Item]:
    """Return the items in their order, without those that may not stand beside an earlier one."""
    kept: dict[str, Item] = {}
    for item in items:
        if not kept.keys() & apart.get(item.id, ()):
            kept[item.id] = item
    return list(kept.values())


def _questions(items: Sequence[Item], random: Random) -> ItemForm:
    return tuple(Question(item.id, FORMATS[item.kind].order(item, random)) for item in items)
