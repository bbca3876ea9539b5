"""How many tries somebody has had, and when the next one may begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from trainer.chances.granted import NONE, Chances
from trainer.items.grading import written_points
from trainer.quizzes.values import Bank


@dataclass(frozen=True, kw_only=True)
class SentAttempt:
    """One counted attempt that was sent; `credit` is what it earned, from 0 to `out_of`."""

    attempt_id: str
    number: int
    credit: Fraction
    out_of: int
    passed: bool
    failed_critical: int
    submitted_at: datetime

    @property
    def share(self) -> Fraction:
        """Return the share of points, from 0 to 1."""
        return self.credit / self.out_of

    @property
    def mark(self) -> str:
        """Return the points as people read them."""
        return f"{written_points(self.credit)} of {self.out_of}"


@dataclass(frozen=True, kw_only=True)
class Tries:
    """Where somebody stands with one quiz.

    Attributes:
        sent: counted attempts that were sent, in order.
        left: how many more there are; 0 once it is passed.
        next_at: the next one may begin from this moment; None when it may begin now or never.
        spent: the tries that everybody has are used up and none passed, so only a director's grant leads further.
        elsewhere: how many tries of other places in the same programme count here.
    """

    sent: tuple[SentAttempt, ...]
    left: int
    next_at: datetime | None
    spent: bool = False
    elsewhere: int = 0

    @property
    def passed(self) -> SentAttempt | None:
        """Return the first attempt that passed."""
        return next((attempt for attempt in self.sent if attempt.passed), None)

    @property
    def best(self) -> SentAttempt | None:
        """Return the passed attempt, or else the one with the highest mark."""
        return self.passed or max(self.sent, key=lambda attempt: attempt.share, default=None)

    @property
    def open_key(self) -> bool:
        """Say whether nothing need be held back: this person can be asked none of these questions again.

        Whoever has no tries left may be granted one.
        """
        return self.passed is not None


def tries(
    bank: Bank,
    sent: Sequence[SentAttempt],
    *,
    now: datetime,
    chances: Chances = NONE,
    elsewhere: Sequence[SentAttempt] = (),
) -> Tries:
    """Say how many tries are left, those that a director granted among them, and when the next may begin.

    Args:
        elsewhere: failed tries of other places in the same programme. They count as far as everybody has tries: those
            that were granted there were used there.
    """
    passed = any(attempt.passed for attempt in sent)
    before = min(len(elsewhere), bank.attempts)
    used = before + len(sent)
    left = 0 if passed else max(0, bank.attempts + chances.further - used)
    next_at = None
    if left and used:
        again = max(attempt.submitted_at for attempt in (*sent, *elsewhere)) + bank.wait
        if chances.not_before and used >= bank.attempts:
            again = max(again, chances.not_before)
        next_at = again if again > now else None
    spent = not passed and used >= bank.attempts
    return Tries(sent=tuple(sent), left=left, next_at=next_at, spent=spent, elsewhere=before)
