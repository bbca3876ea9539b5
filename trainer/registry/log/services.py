"""Let the log grow: entries appended under a signed checkpoint, in the transaction of what they commit to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from trainer.db import Base
from trainer.errors import Broken
from trainer.registry import merkle, notes
from trainer.registry.log.leaves import LogLeaf, leaf_of_change, leaves_of
from trainer.registry.log.queries import log_size
from trainer.registry.models import LogCheckpoint, LogCosignature, LogEntry, LogTile, RegistryEntry, StatusChange
from trainer.registry.notes import BadNote, Checkpoint, Signer
from trainer.registry.tiles import TILE_WIDTH, split_hashes

_TURN = 0x7261_6E65  # the PostgreSQL lock that whoever appends must hold

# written once: building a statement takes longer than running it
_NEWEST = (
    select(LogCheckpoint.size, LogCheckpoint.note, LogCheckpoint.edge).order_by(LogCheckpoint.size.desc()).limit(1)
)
_ADD_ENTRIES = insert(Base.metadata.tables["log_entry"])
_ADD_CHECKPOINT = insert(Base.metadata.tables["log_checkpoint"])


def begin_log(session: Session, *, log: Signer, now: datetime) -> int:
    """Log what was issued and decided before there was a log; return how many entries that made.

    Repeating it changes nothing.
    """
    take_turn(session)
    if log_size(session):
        return 0
    registered = session.scalars(select(RegistryEntry).order_by(RegistryEntry.issued_at, RegistryEntry.public_id))
    leaves = [leaf for entry in registered for leaf in leaves_of(entry)]
    leaves += [leaf_of_change(change) for change in session.scalars(select(StatusChange).order_by(StatusChange.id))]
    if leaves:
        append(session, leaves=leaves, log=log, now=now)
    return len(leaves)


def append(session: Session, *, leaves: Sequence[LogLeaf], log: Signer, now: datetime) -> int:
    """Append entries and sign one new checkpoint over them; return the index of the first.

    Whoever appends has the log alone until the transaction ends: on SQLite the write transaction is the turn.

    Raises:
        Broken: the newest checkpoint is not of this key, or does not fit what is stored.
    """
    take_turn(session)
    size, edge = _right_edge(session, log)
    first, rows = size, []
    for leaf in leaves:
        hashed = merkle.leaf_hash(leaf.data)
        rows.append(
            {"index": size, "data": leaf.data, "leaf_hash": hashed, "kind": leaf.kind, "public_id": leaf.public_id}
        )
        edge = merkle.grown(edge, size, hashed)
        size += 1
        if size % TILE_WIDTH == 0:
            _keep_entries(session, rows, now)
            _keep_tiles(session, size)
            rows = []
    _keep_entries(session, rows, now)
    checkpoint = Checkpoint(origin=log.name, size=size, root=merkle.edge_root(edge))
    note = notes.sign_note(checkpoint.text(), log, at=int(now.timestamp()))
    session.connection().execute(_ADD_CHECKPOINT, [{"size": size, "note": note, "edge": b"".join(edge), "at": now}])
    return first


def keep_cosignature(session: Session, *, size: int, witness: str, line: str, now: datetime) -> bool:
    """Keep the verified line by which a witness cosigned the checkpoint of that size; say False if it had before.

    Repeating it changes nothing: the first line stays.
    """
    take_turn(session)
    if session.get(LogCosignature, (size, witness)) is not None:
        return False
    session.add(LogCosignature(size=size, witness=witness, line=line, at=now))
    return True


def take_turn(session: Session) -> None:
    """Have the log alone until the transaction ends; on SQLite the write transaction is the turn already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))


def _right_edge(session: Session, log: Signer) -> tuple[int, tuple[bytes, ...]]:
    newest = session.execute(_NEWEST).first()
    if newest is None:
        return 0, ()
    edge = split_hashes(newest.edge)
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
    while count and count % TILE_WIDTH == 0:
        count //= TILE_WIDTH
        first = (count - 1) * TILE_WIDTH
        below = (
            select(LogEntry.leaf_hash).where(LogEntry.index >= first).order_by(LogEntry.index)
            if level == 0
            else select(LogTile.root).where(LogTile.level == level - 1, LogTile.index >= first).order_by(LogTile.index)
        )
        hashes = session.scalars(below.limit(TILE_WIDTH)).all()
        session.add(LogTile(level=level, index=count - 1, hashes=b"".join(hashes), root=merkle.node_above(hashes)))
        session.flush()
        level += 1
