"""Read the log: its checkpoints, tiles and entries, and the proofs they give."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from trainer.errors import Broken, Missing
from trainer.registry import merkle
from trainer.registry.keys import has_key, key_in
from trainer.registry.models import LogCheckpoint, LogCosignature, LogEntry, LogTile
from trainer.registry.notes import Signer, with_lines
from trainer.registry.proofs import LogProof
from trainer.registry.tiles import TILE_WIDTH, bundle, hashes_at, nodes_of, split_hashes

# written once: building a statement takes longer than running it
_SIZE = select(LogCheckpoint.size).order_by(LogCheckpoint.size.desc()).limit(1)
_NEWEST = select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)
_LEVEL, _FIRST, _LAST = (bindparam(name, type_=Integer) for name in ("level", "first", "last"))
_TILE = select(LogTile.hashes).where(LogTile.level == _LEVEL, LogTile.index == _FIRST)
_LEAVES = select(LogEntry.leaf_hash).where(LogEntry.index.between(_FIRST, _LAST)).order_by(LogEntry.index)
_ROOTS = (
    select(LogTile.root).where(LogTile.level == _LEVEL, LogTile.index.between(_FIRST, _LAST)).order_by(LogTile.index)
)


def newest_checkpoint(session: Session) -> LogCheckpoint | None:
    """Return the newest checkpoint, or None while the log is empty."""
    return session.scalar(_NEWEST)


def log_size(session: Session) -> int:
    """Return how many entries the newest checkpoint covers."""
    return session.scalar(_SIZE) or 0


def cosigned_note(session: Session, checkpoint: LogCheckpoint) -> str:
    """Return a checkpoint with the lines of every witness that cosigned it."""
    lines = select(LogCosignature.line).where(LogCosignature.size == checkpoint.size)
    return with_lines(checkpoint.note, session.scalars(lines.order_by(LogCosignature.at, LogCosignature.witness)))


def size_cosigned_by(session: Session, *, witness: str) -> int:
    """Return the size of the newest checkpoint that a witness cosigned, as far as we know; 0 when there is none."""
    newest = select(func.max(LogCosignature.size)).where(LogCosignature.witness == witness)
    return session.scalar(newest) or 0


def tile(session: Session, *, level: int, index: int, width: int = TILE_WIDTH) -> bytes:
    """Return the hashes of a tile, one after the other.

    Raises:
        Missing: no checkpoint covers this much of the log.
    """
    _reach(session, level=level, index=index, width=width)
    return b"".join(_hashes(session, level, index, width))


def entry_bundle(session: Session, *, index: int, width: int = TILE_WIDTH) -> bytes:
    """Return the entries under a tile of level 0, as they are served.

    Raises:
        Missing: no checkpoint covers this much of the log.
    """
    _reach(session, level=0, index=index, width=width)
    first = index * TILE_WIDTH
    within = LogEntry.index.between(first, first + width - 1)
    return bundle(session.scalars(select(LogEntry.data).where(within).order_by(LogEntry.index)).all())


def _reach(session: Session, *, level: int, index: int, width: int) -> None:
    if not 1 <= width <= TILE_WIDTH or index * TILE_WIDTH + width > hashes_at(level, log_size(session)):
        raise Missing("The log does not reach so far yet.")


def nodes(session: Session, *, size: int) -> merkle.Nodes:
    """Return the nodes of the log as it was at that size; a tile is read once, and a node is computed once."""

    @cache
    def hashes_of(level: int, index: int) -> Sequence[bytes]:
        width = min(TILE_WIDTH, hashes_at(level, size) - index * TILE_WIDTH)
        return _hashes(session, level, index, width)

    return cache(nodes_of(hashes_of))


def _hashes(session: Session, level: int, index: int, width: int) -> Sequence[bytes]:
    """Return the first hashes of a tile: from its row when it is full, else from what lies below."""
    if width == TILE_WIDTH and (full := session.scalar(_TILE, {"level": level, "first": index})) is not None:
        return split_hashes(full)
    below = {"first": index * TILE_WIDTH, "last": index * TILE_WIDTH + width - 1}
    if level == 0:
        return session.scalars(_LEAVES, below).all()
    return session.scalars(_ROOTS, {**below, "level": level - 1}).all()


def proof_of(session: Session, *, index: int, extra: bytes = b"", quorum: int = 0, size: int | None = None) -> LogProof:
    """Return the proof that an entry is in the log, with the lines of every witness that cosigned its checkpoint.

    The checkpoint is the newest one that at least `quorum` witnesses cosigned; while none covers the entry, it is
    the newest of all, and the proof is provisional. With `size` it is the one of that size.

    Raises:
        Missing: no checkpoint covers this entry.
    """
    if size is not None:
        checkpoint = session.get(LogCheckpoint, size)
    else:
        checkpoint = _newest_cosigned(session, beyond=index, quorum=quorum) or newest_checkpoint(session)
    if checkpoint is None or index >= checkpoint.size:
        raise Missing("The log has no such entry.")
    hashes = merkle.inclusion(index, checkpoint.size, nodes(session, size=checkpoint.size))
    note = cosigned_note(session, checkpoint)
    return LogProof(index=index, hashes=tuple(hashes), checkpoint=note, extra=extra)


def _newest_cosigned(session: Session, *, beyond: int, quorum: int) -> LogCheckpoint | None:
    if not quorum:
        return None
    sizes = select(LogCosignature.size).where(LogCosignature.size > beyond).group_by(LogCosignature.size)
    size = session.scalar(sizes.having(func.count() >= quorum).order_by(LogCosignature.size.desc()).limit(1))
    return session.get(LogCheckpoint, size) if size else None


def consistency_of(session: Session, *, old: int, new: int) -> list[bytes]:
    """Return the proof that the log of `new` entries begins with the log of `old` entries.

    Raises:
        Missing: the log has never been that large.
    """
    if not 1 <= old <= new <= log_size(session):
        raise Missing("The log has no such sizes.")
    return merkle.consistency(old, new, nodes(session, size=new))


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
