"""Practising until it holds: which version comes next, and when two in a row were played well."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from trainer.cases.runs.walk import DebriefWalk

_IN_A_ROW = 2
"""So many different variants, passed one after the other, are mastery: the remembered words of an answer fail then."""


@dataclass(frozen=True, kw_only=True)
class EndedRun:
    """One case run that was played to its end.

    Attributes:
        case_hash: the exact text that was played.
        passed: no critical failure, every duty done, every competency at its mark.
        walk: how far its debrief was gone through; None where that is not kept, or not asked.
        run_id: the run; empty where only its result matters.
    """

    case: str
    case_hash: str
    variant: str
    passed: bool
    ended_at: datetime
    walk: DebriefWalk | None = None
    run_id: str = ""

    @property
    def debriefed_at(self) -> datetime | None:
        """Return when its debrief was gone through to its end; None while it was not."""
        return self.walk.at if self.walk and self.walk.has_ended else None


@dataclass(frozen=True)
class Mastery:
    """How far somebody is; `done` passes of different variants in a row, of `needed`, which is 1 or 2."""

    done: int
    needed: int

    @property
    def met(self) -> bool:
        """Whether the case is mastered."""
        return self.done >= self.needed


def mastered(played: Sequence[EndedRun], variants: Collection[str]) -> Mastery:
    """Say how far somebody is, from their practice on one text, the earliest first.

    What is once mastered stays so; a run that was not passed begins the row again.
    """
    needed = min(_IN_A_ROW, len(variants))
    row: list[str] = []
    for run in played:
        if not run.passed or run.variant not in variants:
            row = []
        elif run.variant not in row:
            row.append(run.variant)
        else:
            row = [run.variant]
        if len(row) >= needed:
            return Mastery(needed, needed)
    return Mastery(len(row), needed)


def own_order(person: str, slug: str, variants: Collection[str]) -> tuple[str, ...]:
    """Return the variants in the order in which this person meets them: as if by chance, and always the same."""
    return tuple(sorted(variants, key=lambda variant: blake2b(f"{person}\0{slug}\0{variant}".encode()).digest()))


def next_variant(order: Sequence[str], last: str) -> str:
    """Return the variant after the last one played (empty: none yet); the same again only if there is no other."""
    return order[(order.index(last) + 1) % len(order)] if last in order else order[0]
