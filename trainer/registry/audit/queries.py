"""Recompute the whole log, and compare the whole registry with it; one sentence for each thing that does not fit."""

import hashlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.registry import merkle
from trainer.registry.entries import EntryKind
from trainer.registry.history.comparison import mismatches
from trainer.registry.history.queries import is_erased, logged_history
from trainer.registry.log.leaves import leaf_of_key_event, leaf_of_list
from trainer.registry.models import (
    KeyEvent,
    LogCheckpoint,
    LogCosignature,
    LogEntry,
    LogTile,
    RegistryEntry,
    StatusListVersion,
)
from trainer.registry.notes import (
    BadNote,
    Verifier,
    Witness,
    checkpoint_in,
    cosignature_of,
    read_checkpoint,
    time_of,
    with_lines,
)
from trainer.registry.tiles import TILE_WIDTH, hashes_at


def count_for_audit(session: Session) -> int:
    """Return how many steps `audit_log` and `audit_registry` take together."""
    counted = (LogEntry.index, RegistryEntry.public_id)
    return sum(session.scalar(select(func.count(column))) or 0 for column in counted)


def audit_log(session: Session, *, verifier: Verifier | None, step: Callable[[], None]) -> Iterator[str]:
    """Recompute the whole log from its entries; give one sentence for each thing that does not fit.

    Entries are counted from 1, as wherever people read of one; only the `index` of a proof or a tile counts from 0.
    A wrong entry makes every later root wrong, so of the roots only the first wrong one is named.
    """
    checkpoints = session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size).execution_options(yield_per=500))
    entries = session.scalars(select(LogEntry).order_by(LogEntry.index).execution_options(yield_per=500))
    waiting = deque(checkpoints.fetchmany(1))
    edge: tuple[bytes, ...] = ()
    size, sound = 0, True
    levels: list[list[bytes]] = [[]]
    uncovered: list[LogEntry] = []
    for found in entries:
        if found.index != size:
            yield f"Entry {size + 1} of the log is missing."
            size, sound = found.index, False
        hashed = merkle.leaf_hash(found.data)
        if hashed != found.leaf_hash:
            yield f"Entry {size + 1} of the log does not have the hash that is stored for it."
        edge = merkle.grown(edge, size, hashed) if sound else edge
        size += 1
        if sound:
            yield from _audit_tiles(session, levels, hashed, size)
        uncovered.append(found)
        while waiting and waiting[0].size <= size:
            checkpoint = waiting.popleft()
            yield from _audit_checkpoint(checkpoint, verifier)
            if sound and (checkpoint.size != size or not _fits(checkpoint, edge)):
                sound = False
                yield f"The checkpoint of size {checkpoint.size} has another root than its entries; so have later ones."
            yield from _audit_times(uncovered, checkpoint)
            uncovered = []
            waiting.extend(checkpoints.fetchmany(1))
        step()
    for late in uncovered:
        yield f"Entry {late.index + 1} of the log is under no checkpoint."
    for checkpoint in (*waiting, *checkpoints):
        yield f"The checkpoint of size {checkpoint.size} covers more entries than there are."
    yield from _audit_full_tiles(session, size)


def _audit_full_tiles(session: Session, size: int) -> Iterator[str]:
    kept = session.scalar(select(func.count()).select_from(LogTile)) or 0
    full = sum(hashes_at(level, size) // TILE_WIDTH for level in range(8))
    if kept > full:
        yield f"There are {kept} full tiles, where the log has {full}."


def _audit_times(covered: Iterable[LogEntry], checkpoint: LogCheckpoint) -> Iterator[str]:
    for logged in covered:
        if logged.at != checkpoint.at:
            yield f"Entry {logged.index + 1} of the log has another time than the checkpoint that covers it."


def _audit_checkpoint(checkpoint: LogCheckpoint, verifier: Verifier | None) -> Iterator[str]:
    try:
        if verifier is None:
            raise BadNote("The log's key is missing.")
        signed = read_checkpoint(checkpoint.note, verifier)
        if signed.size != checkpoint.size:
            yield f"The checkpoint stored for size {checkpoint.size} was signed for size {signed.size}."
        if time_of(checkpoint.note, verifier) != int(checkpoint.at.timestamp()):
            yield f"The checkpoint of size {checkpoint.size} has another time than the one signed."
    except BadNote as error:
        yield f"The checkpoint of size {checkpoint.size} is not genuine: {error}"


def _fits(checkpoint: LogCheckpoint, edge: Sequence[bytes]) -> bool:
    try:
        signed = checkpoint_in(checkpoint.note.rpartition("\n\n")[0] + "\n")
    except BadNote:
        return False
    return signed.root == merkle.edge_root(edge) and checkpoint.edge == b"".join(edge)


def _audit_tiles(session: Session, levels: list[list[bytes]], hashed: bytes, size: int) -> Iterator[str]:
    """Compare each tile that this entry fills with the stored one."""
    levels[0].append(hashed)
    level = 0
    while len(levels[level]) == TILE_WIDTH:
        index = hashes_at(level, size) // TILE_WIDTH - 1
        above = merkle.node_above(levels[level])
        stored = session.get(LogTile, (level, index))
        if stored is None or stored.hashes != b"".join(levels[level]) or stored.root != above:
            yield f"Tile {index} of level {level} is not the one its entries make."
        levels[level] = []
        level += 1
        if level == len(levels):
            levels.append([])
        levels[level].append(above)


def audit_cosignatures(session: Session, *, witnesses: Iterable[Witness]) -> Iterator[str]:
    """Check every stored cosignature; give one sentence for each that does not fit the checkpoint beside it.

    A log that was rewritten and signed again fails here too, as long as the lines of its witnesses were left.
    Lines of witnesses that are not named any more cannot be checked: see `witnesses_unknown`.
    """
    known = {witness.name: witness for witness in witnesses}
    stored = select(LogCosignature, LogCheckpoint).outerjoin(LogCheckpoint, LogCheckpoint.size == LogCosignature.size)
    rows = session.execute(
        stored.order_by(LogCosignature.size, LogCosignature.witness).execution_options(yield_per=500)
    )
    for cosignature, checkpoint in rows:
        what = f"The cosignature of {cosignature.witness} for size {cosignature.size}"
        if checkpoint is None:
            yield f"{what} has no checkpoint beside it."
        elif witness := known.get(cosignature.witness):
            try:
                line, _ = cosignature_of(with_lines(checkpoint.note, [cosignature.line]), witness)
            except BadNote:
                line = ""
            if line != cosignature.line:
                yield f"{what} does not fit the checkpoint beside it."


def witnesses_unknown(session: Session, *, witnesses: Iterable[Witness]) -> Sequence[str]:
    """Return the names of those whose stored cosignatures cannot be checked, since their keys are not named."""
    known = [witness.name for witness in witnesses]
    others = select(LogCosignature.witness).where(LogCosignature.witness.not_in(known)).distinct()
    return session.scalars(others.order_by(LogCosignature.witness)).all()


def audit_registry(session: Session, *, step: Callable[[], None]) -> Iterator[str]:
    """Compare every registered certificate, its documents, every change of its status and every key with the log."""
    began = session.scalar(select(func.min(LogCheckpoint.size))) or 0
    for registered in session.scalars(select(RegistryEntry).execution_options(yield_per=200)):
        history = logged_history(session, registered, erased=is_erased(session, registered))
        yield from mismatches(history, began)
        step()
    known = select(RegistryEntry.public_id)
    orphans = select(LogEntry.index).where(LogEntry.public_id.is_not(None), LogEntry.public_id.not_in(known))
    for index in session.scalars(orphans.order_by(LogEntry.index)):
        yield f"Entry {index + 1} of the log is about a certificate that the registry no longer holds."
    yield from _audit_public(session)


def _audit_public(session: Session) -> Iterator[str]:
    """Compare what is open to everybody with the log; whatever else is about no certificate does not belong there."""
    expected: dict[tuple[EntryKind, bytes], list[tuple[str, datetime]]] = defaultdict(list)
    for event in session.scalars(select(KeyEvent).order_by(KeyEvent.id)):
        try:
            leaf = leaf_of_key_event(event)
        except ValueError:
            yield f"Key {event.kid}: the certificate stored with its event {event.event!r} cannot be read."
            continue
        expected[leaf.kind, leaf.data].append((f"Key {event.kid}: its event {event.event!r}", event.at))
    for version in session.scalars(select(StatusListVersion).order_by(StatusListVersion.id)):
        leaf = leaf_of_list(version)
        expected[leaf.kind, leaf.data].append((_name_of(version), version.at))
        if hashlib.sha256(version.jwt.encode()).hexdigest() != version.sha256:
            yield f"{_name_of(version)} is not the text that was published."
    unlinked = select(LogEntry).where(LogEntry.public_id.is_(None)).order_by(LogEntry.index)
    for logged in session.scalars(unlinked.execution_options(yield_per=500)):
        if waiting := expected[logged.kind, logged.data]:
            name, at = waiting.pop(0)
            if logged.at != at:
                yield f"{name} is dated {at}, but was logged {logged.at}."
        elif logged.kind is EntryKind.KEY:
            yield f"Entry {logged.index + 1} of the log is about a key, and nothing stored belongs to it."
        else:
            yield f"Entry {logged.index + 1} of the log is about no certificate."
    for waiting in expected.values():
        for name, _ in waiting:
            yield f"{name} is not in the log."


def _name_of(version: StatusListVersion) -> str:
    return f"Status list {version.id} ({version.purpose})"
