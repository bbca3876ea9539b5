"""What is known about the worker, and whether that is well."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.health.models import Heartbeat

SILENT = timedelta(minutes=2)
"""A worker that has not gone round for longer is not at work: it does so every 15 seconds, or after 40 certificates."""


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """What the worker last said.

    Attributes:
        age: since then; None when no worker has ever been at work.
        letters: how many letters waited then.
        waits: what kept notices from arriving then; "" when nothing did.
    """

    age: timedelta | None
    letters: int = 0
    waits: str = ""

    @property
    def is_silent(self) -> bool:
        """Say whether no worker is at work."""
        return self.age is None or self.age > SILENT

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what whoever operates the site should know, a sentence each."""
        silent = "since it was set up" if self.age is None else f"for {round(self.age.total_seconds() / 60)} minutes"
        said = (
            f"No worker has been at work {silent}: nothing is signed and no letter is sent. Start `trainer serve` "
            "anew, or `trainer worker`; its log says why it ended."
        )
        return ((said,) if self.is_silent else ()) + ((self.waits,) if self.waits else ())


def pulse(session: Session, *, now: datetime) -> Pulse:
    """Return what the worker last said; of several, the one that spoke last."""
    newest = session.scalar(select(Heartbeat).order_by(Heartbeat.at.desc()).limit(1))
    if newest is None:
        return Pulse(age=None)
    return Pulse(age=max(now - newest.at, timedelta()), letters=newest.letters, waits=newest.waits)
