"""Write down who did what, read it back, and take the name of somebody erased out of it."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from trainer.audit.models import AuditEntry

ONE_LOOK = timedelta(hours=1)


class Look(StrEnum):
    """What changes nothing, and is written down because it is about somebody else."""

    RECORD = "look at record"
    CERTIFICATE = "download certificate"
    FIGURES = "export figures"


def note(
    session: Session, *, actor_id: str | None, programme: str, act: str, subject: str, detail: str = "", now: datetime
) -> None:
    """Append one entry, in the same transaction as the act itself."""
    session.add(AuditEntry(at=now, actor_id=actor_id, programme=programme, act=act, subject=subject, detail=detail))


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
    query = select(AuditEntry).where(AuditEntry.programme.in_(programmes), AuditEntry.act.not_in(list(Look)))
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


def forget(session: Session, *, known_as: Collection[str]) -> None:
    """Put “somebody” in the place of these names and addresses, wherever an entry has one as whole words."""
    if not known_as:
        return
    texts = (AuditEntry.subject, AuditEntry.detail)
    mentioned = or_(*(column.icontains(word, autoescape=True) for column in texts for word in known_as))
    longest_first = sorted(map(re.escape, known_as), key=len, reverse=True)
    whole = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)
    for entry in session.scalars(select(AuditEntry).where(mentioned)):
        entry.subject, entry.detail = whole.sub("somebody", entry.subject), whole.sub("somebody", entry.detail)
