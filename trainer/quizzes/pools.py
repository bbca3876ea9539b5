"""Which questions practice asks and which ones count: two pools of one bank that share no question.

The split follows from the bank alone. It is the same for everybody who follows a release, so nobody learns in
practice what somebody else is asked; and it ranks questions by their names, so mending the words of one moves none.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from trainer.curriculum.values import Readiness
from trainer.items.families import NO_ENEMIES, Apart, kept_apart
from trainer.items.values import BlueprintCell, Item
from trainer.quizzes.values import Bank


@dataclass(frozen=True, kw_only=True)
class ItemsMet:
    """What one person has met of a bank, as ids of items.

    Attributes:
        in_tries: in counted attempts that were sent, the oldest first.
        elsewhere: in practice, of which no new round asks what counts, or in an earlier cohort.
    """

    in_tries: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()


NOTHING_MET = ItemsMet()
"""What somebody has met who has just come."""


def counted_pool(bank: Bank) -> tuple[Item, ...]:
    """Return the items that counted forms are drawn from.

    They are as many of each level as all tries of one person ask for, critical ones first as far as forms aim at
    them, or else in their share. Items pending review are among them only where not even one form can do without.
    An examination draws from all that may count, so that fewer people meet the same.
    """
    if bank.is_examination:
        return tuple(item for item in bank.items if not item.never_counts and item.readiness is Readiness.SOLID)
    ranked = sorted((item for item in bank.items if not item.never_counts), key=lambda item: _rank(bank, item))
    solid = [item for item in ranked if item.readiness is Readiness.SOLID]
    chosen: list[Item] = []
    room, critical = wanted(bank, forms=bank.attempts), _critical_wanted(bank, solid)
    # Who has fewer enemies than there are tries can be kept apart from all of them; the others only fill what is left.
    fill(chosen, room, solid, critical=critical, apart=kept_apart(bank.items), beside=bank.attempts - 1)
    fill(chosen, room, solid)
    missing = wanted(bank, forms=1) - Counter(item.cell for item in chosen)
    fill(chosen, missing, ranked)
    return tuple(chosen)


def practice_pool(bank: Bank) -> tuple[Item, ...]:
    """Return the items that practice asks: all that counted forms do not. Where a bank is short there are few.

    What an examination asks is never practised, nor is what would give away a question that counts.
    """
    if bank.is_examination:
        return ()
    counted = {item.id for item in counted_pool(bank)}
    apart = kept_apart(bank.items)
    spare = (item for item in bank.items if item.id not in counted and not item.retired)
    return tuple(item for item in spare if not counted & set(apart.get(item.id, ())))


def countable(bank: Bank, signed: frozenset[str]) -> tuple[Item, ...]:
    """Return the items of the counted pool that may be asked: solid ones, and those that a reviewer has signed."""
    may_count = {item.id for item in bank.counted(signed)}
    return tuple(item for item in counted_pool(bank) if item.id in may_count)


def wanted(bank: Bank, *, forms: int) -> Counter[BlueprintCell]:
    """Return how many items of each cell of the blueprint so many forms hold that share none."""
    return Counter({cell: count * forms for cell, count in bank.cells.items()})


def held_back(bank: Bank, *, signed: frozenset[str], met: ItemsMet, left: int) -> tuple[Item, ...]:
    """Return the items met in tries that a later try may ask again; until then nothing is told about them.

    Where the bank is large enough for the tries that are left, these are none. Elsewhere they are as many as it is
    short of, the first that were met, so that what is held back stays so from try to try.

    Args:
        signed: hashes of pending items that a reviewer has signed.
        left: how many tries there are still.
    """
    pool = {item.id: item for item in countable(bank, signed)}
    again = [pool[item_id] for item_id in met.in_tries if item_id in pool]
    fresh = [item for item in pool.values() if item.id not in met.in_tries]
    held: list[Item] = []
    critical = (bank.critical or 0) * left - sum(item.critical for item in fresh)
    held += [item for item in again if item.critical][: max(0, critical)]
    short = wanted(bank, forms=left) - Counter(item.cell for item in [*fresh, *held])
    fill(held, short, again)
    return tuple(item for item in again if item in held)


def fill(
    chosen: list[Item],
    room: Counter[BlueprintCell],
    pool: Sequence[Item],
    *,
    critical: int | None = None,
    apart: Apart = NO_ENEMIES,
    beside: int = 0,
) -> None:
    """Move items from the pool to the chosen ones, in order, while their cell of the blueprint has room.

    Args:
        critical: so many critical items come first, then those that are not; None to take all as they come.
        apart: for each item the ids of its enemies, of whom at most so many are chosen `beside` it.
    """
    if critical is not None:
        _take(chosen, room, [item for item in pool if item.critical], apart, beside, at_most=critical)
        _take(chosen, room, [item for item in pool if not item.critical], apart, beside)
    _take(chosen, room, pool, apart, beside)


def _take(
    chosen: list[Item],
    room: Counter[BlueprintCell],
    pool: Sequence[Item],
    apart: Apart,
    beside: int,
    at_most: int | None = None,
) -> None:
    taken = 0
    there = {item.id for item in chosen}
    for item in pool:
        wanted_here = item.id not in there and room[item.cell] > 0 and (at_most is None or taken < at_most)
        if wanted_here and len(there & set(apart.get(item.id, ()))) <= beside:
            room[item.cell] -= 1
            chosen.append(item)
            there.add(item.id)
            taken += 1


def _critical_wanted(bank: Bank, solid: Sequence[Item]) -> int:
    if bank.critical is not None:
        return bank.critical * bank.attempts
    share = Fraction(bank.serve * bank.attempts, max(1, len(solid)))
    return ceil(share * sum(item.critical for item in solid))


def _rank(bank: Bank, item: Item) -> str:
    return hashlib.sha256(f"{bank.slug} {item.family or item.id}".encode()).hexdigest()  # clones stay together
