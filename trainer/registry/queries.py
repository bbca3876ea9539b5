"""Find a certificate that was entered, and say what holds; the log proves it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, bindparam, func, select
from sqlalchemy.orm import Session

from trainer.errors import Missing
from trainer.registry.entries import EntryKind
from trainer.registry.log.queries import proof_of
from trainer.registry.models import LogCheckpoint, LogEntry, RegistryEntry, StatusChange
from trainer.registry.proofs import LogProof
from trainer.registry.status import Status, status_after

# written once: building a statement takes longer than running it
_ABOUT: ColumnElement[str] = bindparam("about", type_=String)
_ENTRY = select(RegistryEntry).where(RegistryEntry.public_id == _ABOUT)
_ENTRY_OF_PAPER = select(RegistryEntry).where(RegistryEntry.sha256.in_(bindparam("hashes", expanding=True))).limit(1)
_NEWEST_CHANGE = select(StatusChange).where(StatusChange.public_id == _ABOUT).order_by(StatusChange.id.desc()).limit(1)
_CHANGE_BY = _NEWEST_CHANGE.where(StatusChange.at <= bindparam("moment", type_=StatusChange.at.type))


def proof_of_credential(session: Session, *, public_id: str) -> LogProof:
    """Return the proof that the credential of a certificate is in the log, with the salt of its commitment.

    It is the proof of the day of issue: a later checkpoint would show the credential in the log when the key that
    signed it no longer counts.

    Raises:
        Missing: the certificate has no credential in the log.
    """
    entry = session.get(RegistryEntry, public_id)
    there = select(LogEntry.index).where(LogEntry.public_id == public_id, LogEntry.kind == EntryKind.CREDENTIAL)
    index = session.scalar(there)
    if entry is None or entry.credential_salt is None or index is None:
        raise Missing("This certificate has no credential in the log.")
    size = session.scalar(select(func.min(LogCheckpoint.size)).where(LogCheckpoint.size > index))
    return proof_of(session, index=index, extra=entry.credential_salt, size=size)


def status_at(session: Session, *, public_id: str, now: datetime) -> Status:
    """Say what holds at that moment.

    Raises:
        Missing: no such certificate was entered.
    """
    entry = session.get(RegistryEntry, public_id)
    if entry is None:
        raise Missing("There is no certificate with this id in the registry.")
    return _status(entry, newest_change(session, public_id=public_id, now=now), now)


def status_by(changes: Sequence[StatusChange], *, entry: RegistryEntry, now: datetime) -> Status:
    """Say what holds at that moment by all changes of a certificate's status, which are at hand in their order."""
    newest = next((change for change in reversed(changes) if change.at <= now), None)
    return _status(entry, newest, now)


def statuses_at(session: Session, *, public_ids: Collection[str], now: datetime) -> Mapping[str, Status]:
    """Say what holds at that moment for each of these that was entered, in two queries."""
    entries = session.scalars(select(RegistryEntry).where(RegistryEntry.public_id.in_(public_ids))).all()
    changes = select(StatusChange).where(StatusChange.public_id.in_(public_ids), StatusChange.at <= now)
    newest = {change.public_id: change for change in session.scalars(changes.order_by(StatusChange.id))}
    return {entry.public_id: _status(entry, newest.get(entry.public_id), now) for entry in entries}


def _status(entry: RegistryEntry, change: StatusChange | None, now: datetime) -> Status:
    decision = change.decision if change else None
    return status_after(decision, issued_at=entry.issued_at, valid_until=entry.valid_until, now=now)


def newest_change(session: Session, *, public_id: str, now: datetime | None = None) -> StatusChange | None:
    """Return the last change of a certificate's status: of all, or of those up to a moment."""
    if now is None:
        return session.scalar(_NEWEST_CHANGE, {"about": public_id})
    return session.scalar(_CHANGE_BY, {"about": public_id, "moment": now})


def entry_by_id(session: Session, *, public_id: str) -> RegistryEntry | None:
    """Return the entry with this id, or None."""
    return session.scalar(_ENTRY, {"about": public_id})


def anything_entered(session: Session) -> bool:
    """Say whether any certificate has been issued here."""
    return session.scalar(select(RegistryEntry.public_id).limit(1)) is not None


def entry_by_number(session: Session, *, number: str) -> RegistryEntry | None:
    """Return the entry with this number, written as on the paper, or None."""
    return session.scalar(select(RegistryEntry).where(RegistryEntry.number == number))


def entry_by_sha256(session: Session, *, hashes: Collection[str]) -> RegistryEntry | None:
    """Return the entry whose paper has one of these SHA-256 values (hexadecimal), or None."""
    return session.scalar(_ENTRY_OF_PAPER, {"hashes": hashes})
