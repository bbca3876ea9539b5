"""Read the log: what an entry looks like, checkpoints, tiles, proofs, published keys and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from trainer.errors import Broken, Missing
from trainer.registry import merkle
from trainer.registry.entries import Kind, entry, public_entry, status_digest
from trainer.registry.issuer_keys import KeyStatus, PublishedKey
from trainer.registry.models import (
    KeyEvent,
    LogCheckpoint,
    LogCosignature,
    LogEntry,
    LogTile,
    RegistryDocument,
    RegistryEntry,
    StatusChange,
    StatusListVersion,
)
from trainer.registry.notes import (
    with_lines,
)
from trainer.registry.proofs import LogProof
from trainer.registry.status import Word
from trainer.registry.statuslists import Purpose
from trainer.registry.tiles import WIDTH, bundle, hashes_at, nodes_of, split

# written once: building a statement takes longer than running it
_SIZE = select(LogCheckpoint.size).order_by(LogCheckpoint.size.desc()).limit(1)
_NEWEST = select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)
_KEY_EVENTS = select(KeyEvent).order_by(KeyEvent.id)
_LEVEL, _FIRST, _LAST = (bindparam(name, type_=Integer) for name in ("level", "first", "last"))
_TILE = select(LogTile.hashes).where(LogTile.level == _LEVEL, LogTile.index == _FIRST)
_LEAVES = select(LogEntry.leaf_hash).where(LogEntry.index.between(_FIRST, _LAST)).order_by(LogEntry.index)
_ROOTS = (
    select(LogTile.root).where(LogTile.level == _LEVEL, LogTile.index.between(_FIRST, _LAST)).order_by(LogTile.index)
)


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """An entry that is to be appended."""

    kind: Kind
    data: bytes
    public_id: str | None


def leaves_of(registered: RegistryEntry) -> list[Leaf]:
    """Return the leaves of a certificate: its claim, its credential, if it has one, and its paper."""
    return [
        Leaf(kind=kind, data=entry(kind, salt, bytes.fromhex(digest)), public_id=registered.public_id)
        for kind, salt, digest in (
            (Kind.ISSUE, registered.salt, registered.claim_sha256),
            (Kind.CREDENTIAL, registered.credential_salt, registered.credential_sha256),
            (Kind.ARTIFACT, registered.paper_salt, registered.sha256),
        )
        if salt and digest
    ]


def leaf_of_document(document: RegistryDocument) -> Leaf:
    """Return the leaf of a further document about a certificate.

    Raises:
        Broken: the document has lost its salt.
    """
    if document.salt is None:
        raise Broken("A document has no salt, so that its entry cannot be recomputed.")
    data = entry(Kind.ARTIFACT, document.salt, bytes.fromhex(document.sha256))
    return Leaf(kind=Kind.ARTIFACT, data=data, public_id=document.public_id)


def leaf_of_change(change: StatusChange) -> Leaf:
    """Return the leaf of a change of status.

    Raises:
        Broken: the change has lost its salt.
    """
    if change.salt is None:
        raise Broken("A change of status has no salt, so that its entry cannot be recomputed.")
    digest = status_digest(
        public_id=change.public_id,
        status=change.status.value,
        reason_code=change.reason_code,
        public_note=change.public_note,
        private_reason=change.private_reason,
        decided_by=change.decided_by,
        at=change.at,
        salt=change.salt,
        until=change.until,
        successor=change.successor,
    )
    return Leaf(kind=Kind.STATUS, data=entry(Kind.STATUS, change.salt, digest), public_id=change.public_id)


def leaf_of_list(version: StatusListVersion) -> Leaf:
    """Return the leaf of a published status list, open to everybody."""
    data = public_entry(Kind.STATUS_LIST, {"purpose": version.purpose, "sha256": version.sha256})
    return Leaf(kind=Kind.STATUS_LIST, data=data, public_id=None)


def places_given(session: Session) -> tuple[int, int]:
    """Return how many places in the status lists are taken, and the highest of them (-1: none)."""
    places = RegistryEntry.status_index
    count, highest = session.execute(select(func.count(places), func.max(places))).one()
    return count, -1 if highest is None else highest


def listed_statuses(session: Session, *, now: datetime) -> list[tuple[int, Word]]:
    """Return the place and the status of each certificate that was ever acted on; a suspension may have run out."""
    newest = select(func.max(StatusChange.id)).where(StatusChange.at <= now).group_by(StatusChange.public_id)
    changes = (
        select(RegistryEntry.status_index, StatusChange.status, StatusChange.until)
        .join(StatusChange, StatusChange.public_id == RegistryEntry.public_id)
        .where(StatusChange.id.in_(newest), RegistryEntry.status_index.is_not(None))
    )
    return [
        (place, Word.VALID if word is Word.SUSPENDED and until is not None and until <= now else word)
        for place, word, until in session.execute(changes)
        if place is not None
    ]


def newest_list(session: Session, *, purpose: Purpose) -> StatusListVersion | None:
    """Return the status list that was published last, or None."""
    versions = select(StatusListVersion).where(StatusListVersion.purpose == purpose.value)
    return session.scalar(versions.order_by(StatusListVersion.id.desc()).limit(1))


def published_keys(session: Session) -> list[PublishedKey]:
    """Return every issuer key that was ever published, oldest first, each with what was said last."""
    keys: dict[str, PublishedKey] = {}
    for event in session.scalars(_KEY_EVENTS):
        if event.kid in keys and keys[event.kid].status is KeyStatus.COMPROMISED:
            continue  # what was given up is never taken back
        keys[event.kid] = PublishedKey(
            kid=event.kid,
            certificate=event.certificate,
            status=KeyStatus(event.event),
            trusted_size=event.trusted_size,
            since=event.at,
        )
    return list(keys.values())


def leaf_of_key_event(event: KeyEvent) -> Leaf:
    """Return the leaf that tells everybody about an issuer key.

    Raises:
        ValueError: the stored certificate is unreadable.
    """
    certificate = x509.load_pem_x509_certificate(event.certificate.encode())
    fields = {
        "kid": event.kid,
        "event": event.event,
        "certificate": certificate.fingerprint(hashes.SHA256()).hex(),
        "trusted_size": event.trusted_size,
    }
    return Leaf(kind=Kind.KEY, data=public_entry(Kind.KEY, fields), public_id=None)


def newest_checkpoint(session: Session) -> LogCheckpoint | None:
    """Return the newest checkpoint, or None while the log is empty."""
    return session.scalar(_NEWEST)


def cosigned_note(session: Session, checkpoint: LogCheckpoint) -> str:
    """Return a checkpoint with the lines of every witness that cosigned it."""
    lines = select(LogCosignature.line).where(LogCosignature.size == checkpoint.size)
    return with_lines(checkpoint.note, session.scalars(lines.order_by(LogCosignature.at, LogCosignature.witness)))


def size_cosigned_by(session: Session, *, witness: str) -> int:
    """Return the size of the newest checkpoint that a witness cosigned, as far as we know; 0 when there is none."""
    newest = select(func.max(LogCosignature.size)).where(LogCosignature.witness == witness)
    return session.scalar(newest) or 0


def log_size(session: Session) -> int:
    """Return how many entries the newest checkpoint covers."""
    return session.scalar(_SIZE) or 0


def tile(session: Session, *, level: int, index: int, width: int = WIDTH) -> bytes:
    """Return the hashes of a tile, one after the other.

    Raises:
        Missing: no checkpoint covers this much of the log.
    """
    _reach(session, level=level, index=index, width=width)
    return b"".join(_hashes(session, level, index, width))


def entry_bundle(session: Session, *, index: int, width: int = WIDTH) -> bytes:
    """Return the entries under a tile of level 0, as they are served.

    Raises:
        Missing: no checkpoint covers this much of the log.
    """
    _reach(session, level=0, index=index, width=width)
    first = index * WIDTH
    within = LogEntry.index.between(first, first + width - 1)
    return bundle(session.scalars(select(LogEntry.data).where(within).order_by(LogEntry.index)).all())


def nodes(session: Session, *, size: int) -> merkle.Nodes:
    """Return the nodes of the log as it was at that size; a tile is read once, and a node is computed once."""

    @cache
    def hashes_of(level: int, index: int) -> Sequence[bytes]:
        width = min(WIDTH, hashes_at(level, size) - index * WIDTH)
        return _hashes(session, level, index, width)

    return cache(nodes_of(hashes_of))


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


def _reach(session: Session, *, level: int, index: int, width: int) -> None:
    if not 1 <= width <= WIDTH or index * WIDTH + width > hashes_at(level, log_size(session)):
        raise Missing("The log does not reach so far yet.")


def _hashes(session: Session, level: int, index: int, width: int) -> Sequence[bytes]:
    """Return the first hashes of a tile: from its row when it is full, else from what lies below."""
    if width == WIDTH and (full := session.scalar(_TILE, {"level": level, "first": index})) is not None:
        return split(full)
    below = {"first": index * WIDTH, "last": index * WIDTH + width - 1}
    if level == 0:
        return session.scalars(_LEAVES, below).all()
    return session.scalars(_ROOTS, {**below, "level": level - 1}).all()
