"""How answers are rated: which steps hold, how many people rate one answer, and what it comes to.

The rules are a convention of ours (decision 56); no source settles them. One person rates each answer. A second one is
asked for every tenth by lot, and wherever the first found a critical criterion not met. Where the two disagree a third
rates, and of each criterion the middle step of the three holds.
"""

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from operator import sub
from statistics import median_low

from trainer.accounts.words import Role
from trainer.written.task import ALL_STEPS, WrittenTask

RATERS = (Role.SUPERVISOR, Role.DIRECTOR)
"""Whoever rates the answers of a programme."""
RATING_RULE = "1"
"""Changes whenever equal ratings would come to something else."""
ONE_IN = 10
"""So many answers share one that two people rate by lot."""

Steps = tuple[int, ...]
"""What one person gave, or what holds: a step for each criterion, in the order of the rubric."""


def share_of(task: WrittenTask, steps: Steps) -> Fraction:
    """Return what the steps come to, from 0 to 1."""
    return Fraction(sum(steps), task.best)


def critical_failures(task: WrittenTask, steps: Steps) -> tuple[str, ...]:
    """Return the names of the critical criteria that are not met."""
    return tuple(
        criterion.name
        for criterion, step in zip(task.rubric, steps, strict=True)
        if criterion.critical and step == ALL_STEPS[0]
    )


def holds(task: WrittenTask, steps: Steps) -> bool:
    """Say whether an answer holds: the share is reached, and no critical criterion is at 0."""
    return share_of(task, steps) >= task.pass_share and not critical_failures(task, steps)


def drawn_by_lot(answer_id: str) -> bool:
    """Say whether two people rate this answer by lot: one in ten, by the hash of its id."""
    return int(hashlib.sha256(answer_id.encode()).hexdigest(), 16) % ONE_IN == 0


def raters_agree(task: WrittenTask, first: Steps, second: Steps) -> bool:
    """Say whether two people come to the same end, and stand nowhere two steps apart."""
    apart = max(abs(difference) for difference in map(sub, first, second))
    return holds(task, first) == holds(task, second) and apart < ALL_STEPS[-1]


def settled(task: WrittenTask, answer_id: str, given: Sequence[Steps]) -> Steps | None:
    """Return the steps that hold; None while one more rating is wanted.

    Args:
        given: what people gave, in the order in which they did. Where two of them agree, the first stands.
    """
    if not given:
        return None
    first = given[0]
    if len(given) == 1:
        return None if drawn_by_lot(answer_id) or critical_failures(task, first) else first
    if len(given) == 2:
        return first if raters_agree(task, first, given[1]) else None
    return tuple(median_low(steps) for steps in zip(*given, strict=True))
