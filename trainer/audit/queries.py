"""Read back who did what."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.audit.models import AuditEntry
from trainer.audit.words import NotedLook

ONE_LOOK = timedelta(hours=1)


def looked_lately(
    session: Session, *, actor_id: str, programme: str, act: str, subject: str, detail: str, now: datetime
) -> bool:
    """Say whether the same look is on record within the last hour."""
    query = select(AuditEntry.id).where(
        AuditEntry.programme == programme,
        AuditEntry.at > now - ONE_LOOK,
        AuditEntry.actor_id == actor_id,
        AuditEntry.act == act,
        AuditEntry.subject == subject,
        AuditEntry.detail == detail,
    )
    return session.scalar(query.limit(1)) is not None


def latest(session: Session, *, programmes: frozenset[str], limit: int = 50) -> Sequence[AuditEntry]:
    """Return the newest entries of these programmes, but for looks: what somebody changed or decided."""
    query = select(AuditEntry).where(AuditEntry.programme.in_(programmes), AuditEntry.act.not_in(list(NotedLook)))
    return session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)).all()
