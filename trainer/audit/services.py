"""Write down who did what, and read it back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.audit.models import AuditEntry


def note(
    session: Session, *, actor_id: str | None, programme: str, act: str, subject: str, detail: str = "", now: datetime
) -> None:
    """Append one entry, in the same transaction as the act itself."""
    session.add(AuditEntry(at=now, actor_id=actor_id, programme=programme, act=act, subject=subject, detail=detail))


def latest(session: Session, *, programmes: frozenset[str], limit: int = 50) -> Sequence[AuditEntry]:
    """Return the newest entries of these programmes."""
    query = select(AuditEntry).where(AuditEntry.programme.in_(programmes))
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()
