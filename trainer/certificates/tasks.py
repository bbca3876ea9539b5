"""What waits for the worker: certificates to be issued, documents to be made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_SOON = timedelta(minutes=1)
"""A certificate that waits longer than this without a problem has met no worker."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Task:
    """What the worker is to do.

    Attributes:
        asked_at: when it was decided or asked for.
        tries: how often it has failed.
        problem: why the last try failed, in one sentence; "" before the first.
    """

    conferral_id: str
    asked_at: datetime
    tries: int
    problem: str
    failed_at: datetime | None

    @property
    def next_try(self) -> datetime:
        """Return when it may be tried again: after 10 seconds, and twice as long each time, up to 10 minutes."""
        if self.failed_at is None:
            return self.asked_at
        doubled: timedelta = FIRST_PAUSE * 2 ** min(self.tries - 1, 10)
        return self.failed_at + min(doubled, LONGEST_PAUSE)

    def rests(self, now: datetime) -> bool:
        """Say whether it has just failed; a clock that was ahead then holds nothing up."""
        return self.failed_at is not None and self.failed_at <= now < self.next_try


@dataclass(frozen=True, kw_only=True)
class Waiting(Task):
    """A decision that no certificate has followed yet."""

    enrolment_id: str
    holder: str
    credential: str

    @property
    def decided_at(self) -> datetime:
        """Return when it was decided."""
        return self.asked_at

    def is_late(self, now: datetime) -> bool:
        """Say whether no worker seems to be at work."""
        return now > max(self.next_try, self.decided_at) + _SOON


class DocumentKind(StrEnum):
    """A further signed document about a certificate, which its holder can order."""

    TRANSCRIPT = "transcript"
    A4 = "a4"  # the certificate itself on the other size of paper
    LETTER = "letter"


@dataclass(frozen=True, kw_only=True)
class Ordered(Task):
    """A further document that was asked for and not made yet."""

    order_id: int
    public_id: str
    kind: DocumentKind
