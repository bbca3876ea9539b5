"""The worker says that it is there."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from trainer.health.models import Heartbeat
from trainer.notices.queries import letters_waiting, what_waits

FORGOTTEN = timedelta(days=1)
"""After which a worker that says nothing any more is not remembered, unless it was the last."""


def beat(session: Session, *, worker: str, has_mail: bool, now: datetime) -> None:
    """Write down that a worker is at work, and what waits."""
    session.merge(
        Heartbeat(
            worker=worker,
            at=now,
            letters=letters_waiting(session),
            waits=what_waits(session, has_mail=has_mail) or "",
        )
    )
    session.execute(delete(Heartbeat).where(Heartbeat.at < now - FORGOTTEN, Heartbeat.worker != worker))
