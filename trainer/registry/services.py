"""Enter a certificate, change its status, find it, and say what holds; the log grows in the same transaction."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from trainer.db import Base
from trainer.errors import Broken, Missing
from trainer.registry import merkle, notes
from trainer.registry.entries import SALT_BYTES
from trainer.registry.keys import has_key, key_in
from trainer.registry.models import LogCheckpoint, LogEntry, LogTile, RegistryEntry, StatusChange, StatusListVersion
from trainer.registry.notes import BadNote, Checkpoint, Signer
from trainer.registry.queries import (
    Leaf,
    leaf_of_change,
    leaf_of_list,
    leaves_of,
    listed_statuses,
    log_size,
    newest_list,
    places_given,
)
from trainer.registry.status import Reason, Status, Word, by_dates, check_change
from trainer.registry.statuslists import IN_FORCE, Purpose, encoded, list_document, places_for
from trainer.registry.tiles import WIDTH, split

TURN = 0x7261_6E65  # the PostgreSQL lock that whoever appends must hold

# written once: building a statement takes longer than running it
_NEWEST = (
    select(LogCheckpoint.size, LogCheckpoint.note, LogCheckpoint.edge).order_by(LogCheckpoint.size.desc()).limit(1)
)
_ADD_ENTRIES = insert(Base.metadata.tables["log_entry"])
_ADD_CHECKPOINT = insert(Base.metadata.tables["log_checkpoint"])


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
    log: Signer,
) -> RegistryEntry:
    """Append the entry of a new certificate, and commit to its claim and its paper in the log.

    Raises:
        Broken: the log cannot be continued with this key.
    """
    registered = RegistryEntry(
        public_id=public_id,
        number=number,
        sha256=sha256,
        size=size,
        claim_sha256=claim_sha256,
        issued_at=issued_at,
        valid_until=valid_until,
        salt=secrets.token_bytes(SALT_BYTES),
        paper_salt=secrets.token_bytes(SALT_BYTES),
    )
    begin_log(session, log=log, now=issued_at)
    session.add(registered)
    session.flush()
    append(session, leaves=leaves_of(registered), log=log, now=issued_at)
    return registered


def status_at(session: Session, *, public_id: str, now: datetime) -> Status:
    """Say what holds at that moment.

    Raises:
        Missing: no such certificate was entered.
    """
    entry = session.get(RegistryEntry, public_id)
    if entry is None:
        raise Missing("There is no certificate with this id in the registry.")
    return _status(entry, _newest_change(session, public_id=public_id, now=now), now)


def statuses_at(session: Session, *, public_ids: Collection[str], now: datetime) -> Mapping[str, Status]:
    """Say what holds at that moment for each of these that was entered, in two queries."""
    entries = session.scalars(select(RegistryEntry).where(RegistryEntry.public_id.in_(public_ids))).all()
    changes = select(StatusChange).where(StatusChange.public_id.in_(public_ids), StatusChange.at <= now)
    newest = {change.public_id: change for change in session.scalars(changes.order_by(StatusChange.id))}
    return {entry.public_id: _status(entry, newest.get(entry.public_id), now) for entry in entries}


def _status(entry: RegistryEntry, change: StatusChange | None, now: datetime) -> Status:
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
    log: Signer,
    now: datetime,
) -> bool:
    """Append a change of status, here and in the log; say False when the certificate already had that status.

    Raises:
        Missing: no such certificate was entered.
        Refused: this status cannot follow the present one.
        Broken: the log cannot be continued with this key.
    """
    entry = session.scalar(select(RegistryEntry).where(RegistryEntry.public_id == public_id).with_for_update())
    if entry is None:
        raise Missing("There is no certificate with this id in the registry.")
    newest = _newest_change(session, public_id=public_id)
    before = newest.status if newest else Word.VALID
    if before is status:
        return False
    check_change(before, status)
    change = StatusChange(
        public_id=public_id,
        status=status,
        reason_code=reason.value,
        public_note=public_note.strip(),
        private_reason=private_reason.strip(),
        decided_by=decided_by,
        at=now,
        salt=secrets.token_bytes(SALT_BYTES),
    )
    begin_log(session, log=log, now=now)
    session.add(change)
    session.flush()
    append(session, leaves=[leaf_of_change(change)], log=log, now=now)
    return True


def give_status_place(session: Session) -> int:
    """Return a random free place in the status lists, for a certificate that is being issued.

    Two that are issued at the same moment on PostgreSQL could draw the same one; the unique index then refuses
    the second, and issuing it again draws anew.
    """
    places = places_for(*places_given(session))
    while True:  # at most half of the places are taken
        place = secrets.randbelow(places)
        if session.scalar(select(RegistryEntry.public_id).where(RegistryEntry.status_index == place)) is None:
            return place


def publish_status_lists(
    session: Session,
    *,
    sign_jwt: Callable[[Mapping[str, Any]], str],
    did: str,
    base_url: str,
    log: Signer,
    now: datetime,
) -> list[StatusListVersion]:
    """Publish each status list anew whose bits have changed, or that was in force for half its time.

    The hash of every published list goes into the log, so that what was shown when can be proved. Repeating it
    changes nothing.

    Args:
        sign_jwt: signs a document with the issuer's key.

    Raises:
        Broken: the log cannot be continued with this key.
    """
    begin_log(session, log=log, now=now)  # takes the turn, so that two workers do not publish the same list
    statuses = listed_statuses(session, now=now)
    places = places_for(*places_given(session))
    published = []
    for purpose in Purpose:
        bits = encoded((place for place, word in statuses if purpose.shows(word)), places=places)
        newest = newest_list(session, purpose=purpose)
        if newest is not None and newest.encoded == bits and now < newest.at + IN_FORCE / 2:
            continue
        jwt = sign_jwt(list_document(purpose, bits, did=did, base_url=base_url, now=now))
        version = StatusListVersion(
            purpose=purpose.value,
            jwt=jwt,
            sha256=hashlib.sha256(jwt.encode()).hexdigest(),
            encoded=bits,
            at=now,
            valid_until=now + IN_FORCE,
        )
        session.add(version)
        published.append(version)
    session.flush()
    if published:
        append(session, leaves=[leaf_of_list(version) for version in published], log=log, now=now)
    return published


def log_key(session: Session, *, instance: Path, base_url: str) -> Signer:
    """Return the key that signs the log, making it before the first entry.

    Raises:
        Broken: the key is gone, although the log has entries.
    """
    if log_size(session) and not has_key(instance):  # in this order: another process may just be making the first
        raise Broken(
            f"The log's key is missing from {instance}, although the log has entries. "
            "Restore the log folder from a backup; nothing was recorded."
        )
    return key_in(instance, base_url=base_url)


def append(session: Session, *, leaves: Sequence[Leaf], log: Signer, now: datetime) -> int:
    """Append entries and sign one new checkpoint over them; return the index of the first.

    Whoever appends has the log alone until the transaction ends: on SQLite the write transaction is the turn.

    Raises:
        Broken: the newest checkpoint is not of this key, or does not fit what is stored.
    """
    _take_turn(session)
    size, edge = _right_edge(session, log)
    first, rows = size, []
    for leaf in leaves:
        hashed = merkle.leaf_hash(leaf.data)
        rows.append(
            {"index": size, "data": leaf.data, "leaf_hash": hashed, "kind": leaf.kind, "public_id": leaf.public_id}
        )
        edge = merkle.grown(edge, size, hashed)
        size += 1
        if size % WIDTH == 0:
            _keep_entries(session, rows, now)
            _keep_tiles(session, size)
            rows = []
    _keep_entries(session, rows, now)
    checkpoint = Checkpoint(origin=log.name, size=size, root=merkle.edge_root(edge))
    note = notes.sign(checkpoint.text(), log, at=int(now.timestamp()))
    session.connection().execute(_ADD_CHECKPOINT, [{"size": size, "note": note, "edge": b"".join(edge), "at": now}])
    return first


def begin_log(session: Session, *, log: Signer, now: datetime) -> int:
    """Log what was issued and decided before there was a log; return how many entries that made.

    Repeating it changes nothing.
    """
    _take_turn(session)
    if log_size(session):
        return 0
    registered = session.scalars(select(RegistryEntry).order_by(RegistryEntry.issued_at, RegistryEntry.public_id))
    leaves = [leaf for one in registered for leaf in leaves_of(one)]
    leaves += [leaf_of_change(change) for change in session.scalars(select(StatusChange).order_by(StatusChange.id))]
    if leaves:
        append(session, leaves=leaves, log=log, now=now)
    return len(leaves)


def _take_turn(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))


def _right_edge(session: Session, log: Signer) -> tuple[int, tuple[bytes, ...]]:
    newest = session.execute(_NEWEST).first()
    if newest is None:
        return 0, ()
    edge = split(newest.edge)
    try:
        signed = notes.read_checkpoint(newest.note, log.verifier)
    except BadNote as error:
        raise Broken(
            "The log was signed with another key than the one in the log folder; restore that folder from a "
            "backup. Nothing was recorded."
        ) from error
    if signed.size != newest.size or merkle.edge_root(edge) != signed.root:
        raise Broken("The log does not fit its newest checkpoint; run `trainer registry audit`. Nothing was recorded.")
    return newest.size, edge


def _keep_entries(session: Session, rows: list[dict[str, Any]], now: datetime) -> None:
    if rows:
        session.connection().execute(_ADD_ENTRIES, [{**row, "at": now} for row in rows])


def _keep_tiles(session: Session, size: int) -> None:
    """Keep every tile that became full with this entry."""
    level, count = 0, size
    while count and count % WIDTH == 0:
        count //= WIDTH
        first = (count - 1) * WIDTH
        below = (
            select(LogEntry.leaf_hash).where(LogEntry.index >= first).order_by(LogEntry.index)
            if level == 0
            else select(LogTile.root).where(LogTile.level == level - 1, LogTile.index >= first).order_by(LogTile.index)
        )
        hashes = session.scalars(below.limit(WIDTH)).all()
        session.add(LogTile(level=level, index=count - 1, hashes=b"".join(hashes), root=merkle.folded(hashes)))
        session.flush()
        level += 1


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
