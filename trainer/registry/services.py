"""Enter a certificate, change its status, find it, and say what holds."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.errors import Missing
from trainer.registry.models import RegistryEntry, StatusChange
from trainer.registry.status import Reason, Status, Word, by_dates, check_change


def enter(
    session: Session,
    *,
    public_id: str,
    number: str,
    sha256: str,
    size: int,
    claim_sha256: str,
    issued_at: datetime,
    valid_until: datetime,
) -> RegistryEntry:
    """Append the entry of a new certificate."""
    entry = RegistryEntry(
        public_id=public_id,
        number=number,
        sha256=sha256,
        size=size,
        claim_sha256=claim_sha256,
        issued_at=issued_at,
        valid_until=valid_until,
    )
    session.add(entry)
    session.flush()
    return entry


def status_at(session: Session, *, public_id: str, now: datetime) -> Status:
    """Say what holds at that moment.

    Raises:
        Missing: no such certificate was entered.
    """
    entry = session.get(RegistryEntry, public_id)
    if entry is None:
        raise Missing("There is no certificate with this id in the registry.")
    change = _newest_change(session, public_id=public_id, now=now)
    if change is None or change.status is Word.VALID:
        return by_dates(issued_at=entry.issued_at, valid_until=entry.valid_until, now=now)
    return Status(word=change.status, since=change.at, reason_code=change.reason_code, public_note=change.public_note)


def change_status(
    session: Session,
    *,
    public_id: str,
    status: Word,
    reason: Reason,
    public_note: str,
    private_reason: str,
    decided_by: str | None,
    now: datetime,
) -> bool:
    """Append a change of status; say False when the certificate already had that status.

    Raises:
        Missing: no such certificate was entered.
        Refused: this status cannot follow the present one.
    """
    entry = session.scalar(select(RegistryEntry).where(RegistryEntry.public_id == public_id).with_for_update())
    if entry is None:
        raise Missing("There is no certificate with this id in the registry.")
    newest = _newest_change(session, public_id=public_id)
    before = newest.status if newest else Word.VALID
    if before is status:
        return False
    check_change(before, status)
    session.add(
        StatusChange(
            public_id=public_id,
            status=status,
            reason_code=reason.value,
            public_note=public_note.strip(),
            private_reason=private_reason.strip(),
            decided_by=decided_by,
            at=now,
        )
    )
    session.flush()
    return True


def _newest_change(session: Session, *, public_id: str, now: datetime | None = None) -> StatusChange | None:
    query = select(StatusChange).where(StatusChange.public_id == public_id)
    if now is not None:
        query = query.where(StatusChange.at <= now)
    return session.scalar(query.order_by(StatusChange.id.desc()).limit(1))


def entry_by_id(session: Session, *, public_id: str) -> RegistryEntry | None:
    """Return the entry with this id, or None."""
    return session.get(RegistryEntry, public_id)


def anything_entered(session: Session) -> bool:
    """Say whether any certificate has been issued here."""
    return session.scalar(select(RegistryEntry.public_id).limit(1)) is not None


def entry_by_number(session: Session, *, number: str) -> RegistryEntry | None:
    """Return the entry with this number, written as on the paper, or None."""
    return session.scalar(select(RegistryEntry).where(RegistryEntry.number == number))


def entry_by_sha256(session: Session, *, hashes: Collection[str]) -> RegistryEntry | None:
    """Return the entry whose paper has one of these SHA-256 values (hexadecimal), or None."""
    return session.scalar(select(RegistryEntry).where(RegistryEntry.sha256.in_(hashes)).limit(1))
