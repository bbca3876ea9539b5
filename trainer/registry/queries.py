"""Read the log: checkpoints, tiles, proofs; and recompute all of it."""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.errors import Broken, Missing
from trainer.registry import merkle
from trainer.registry.entries import Kind, entry, status_digest
from trainer.registry.models import LogCheckpoint, LogEntry, LogTile, RegistryEntry, StatusChange
from trainer.registry.notes import BadNote, Verifier, checkpoint_in, read_checkpoint, time_of
from trainer.registry.proofs import LogProof
from trainer.registry.tiles import WIDTH, bundle, hashes_at, nodes_of, split

_SIZE = select(LogCheckpoint.size).order_by(LogCheckpoint.size.desc()).limit(1)


@dataclass(frozen=True, kw_only=True)
class Logged:
    """Whether a certificate stands in the log, as proved just now.

    Attributes:
        index: its place in the log, or None when it has none.
        size: of the log at its newest checkpoint; 0 when there is none.
        holds: the hashes lead from the certificate to the signed root.
    """

    index: int | None
    size: int
    holds: bool


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
    )
    return Leaf(kind=Kind.STATUS, data=entry(Kind.STATUS, change.salt, digest), public_id=change.public_id)


def newest_checkpoint(session: Session) -> LogCheckpoint | None:
    """Return the newest checkpoint, or None while the log is empty."""
    return session.scalar(select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))


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
    """Return the nodes of the log as it was at that size; a tile is read once."""
    read: dict[tuple[int, int], Sequence[bytes]] = {}

    def hashes_of(level: int, index: int) -> Sequence[bytes]:
        if (level, index) not in read:
            width = min(WIDTH, hashes_at(level, size) - index * WIDTH)
            read[level, index] = _hashes(session, level, index, width)
        return read[level, index]

    return nodes_of(hashes_of)


def proof_of(session: Session, *, index: int, extra: bytes = b"") -> LogProof:
    """Return the proof that an entry is in the log, under the newest checkpoint.

    Raises:
        Missing: no checkpoint covers this entry.
    """
    checkpoint = newest_checkpoint(session)
    if checkpoint is None or index >= checkpoint.size:
        raise Missing("The log has no such entry.")
    hashes = merkle.inclusion(index, checkpoint.size, nodes(session, size=checkpoint.size))
    return LogProof(index=index, hashes=tuple(hashes), checkpoint=checkpoint.note, extra=extra)


def consistency_of(session: Session, *, old: int, new: int) -> list[bytes]:
    """Return the proof that the log of `new` entries begins with the log of `old` entries.

    Raises:
        Missing: the log has never been that large.
    """
    if not 1 <= old <= new <= log_size(session):
        raise Missing("The log has no such sizes.")
    return merkle.consistency(old, new, nodes(session, size=new))


def prove_logged(session: Session, *, registered: RegistryEntry, verifier: Verifier | None) -> Logged:
    """Prove afresh that a certificate and every change of its status stand in the log, or say that they do not.

    A change that was taken out of the registry is missed here, as its entry stays in the log. What is proved
    about the claim is its fingerprint in the registry: the caller compares it with the facts shown.

    Raises:
        Broken: there is a log, but not its key; that says nothing about the certificate.
    """
    changes, logged = _history(session, registered.public_id)
    checkpoint = newest_checkpoint(session)
    size = checkpoint.size if checkpoint else 0
    index = logged[0].index if logged else None
    if checkpoint is None:
        return Logged(index=index, size=size, holds=False)
    if verifier is None:
        raise Broken("The key of the log is missing, so nothing can be proved; restore the log folder from a backup.")
    of_the_log = nodes(session, size=size)
    try:
        if any(_audit_registered(registered, changes, logged, size)):
            return Logged(index=index, size=size, holds=False)
        leaves = (*leaves_of(registered), *(leaf_of_change(change) for change in changes))
        signed = read_checkpoint(checkpoint.note, verifier)
        holds = signed.size == size and all(
            merkle.verify_inclusion(
                index=there.index,
                size=size,
                leaf=merkle.leaf_hash(leaf.data),
                proof=merkle.inclusion(there.index, size, of_the_log),
                expected_root=signed.root,
            )
            for leaf, there in zip(leaves, logged, strict=True)
        )
    except (BadNote, ValueError, IndexError):  # a log that was tampered with may lack anything
        holds = False
    return Logged(index=index, size=size, holds=holds)


def in_doubt(session: Session, *, public_ids: Collection[str]) -> frozenset[str]:
    """Return those of these certificates that the entries of the log do not bear out, in four queries.

    Each entry is recomputed and compared with the stored one. That those lead to the signed root is left to
    `prove_logged`, for one certificate, and to the audit, for all.
    """
    changes: dict[str, list[StatusChange]] = defaultdict(list)
    logged: dict[str, list[LogEntry]] = defaultdict(list)
    changed = select(StatusChange).where(StatusChange.public_id.in_(public_ids)).order_by(StatusChange.id)
    for change in session.scalars(changed):
        changes[change.public_id].append(change)
    entered = select(LogEntry).where(LogEntry.public_id.in_(public_ids)).order_by(LogEntry.index)
    for there in session.scalars(entered):
        logged[there.public_id or ""].append(there)
    size = log_size(session)
    registered = session.scalars(select(RegistryEntry).where(RegistryEntry.public_id.in_(public_ids)))
    return frozenset(
        one.public_id
        for one in registered
        if any(_audit_registered(one, changes[one.public_id], logged[one.public_id], size))
    )


def _history(session: Session, public_id: str) -> tuple[Sequence[StatusChange], Sequence[LogEntry]]:
    changes = select(StatusChange).where(StatusChange.public_id == public_id).order_by(StatusChange.id)
    logged = select(LogEntry).where(LogEntry.public_id == public_id).order_by(LogEntry.index)
    return session.scalars(changes).all(), session.scalars(logged).all()


def _reach(session: Session, *, level: int, index: int, width: int) -> None:
    if not 1 <= width <= WIDTH or index * WIDTH + width > hashes_at(level, log_size(session)):
        raise Missing("The log does not reach so far yet.")


def _hashes(session: Session, level: int, index: int, width: int) -> Sequence[bytes]:
    """Return the first hashes of a tile: from its row when it is full, else from what lies below."""
    full = session.scalar(select(LogTile.hashes).where(LogTile.level == level, LogTile.index == index))
    if full is not None:
        return split(full)[:width]
    first = index * WIDTH
    if level == 0:
        below = select(LogEntry.leaf_hash).where(LogEntry.index.between(first, first + width - 1))
        return session.scalars(below.order_by(LogEntry.index)).all()
    roots = select(LogTile.root).where(LogTile.level == level - 1, LogTile.index.between(first, first + width - 1))
    return session.scalars(roots.order_by(LogTile.index)).all()


def count_for_audit(session: Session) -> int:
    """Return how many steps `audit_log` and `audit_registry` take together."""
    counted = (LogEntry.index, RegistryEntry.public_id)
    return sum(session.scalar(select(func.count(column))) or 0 for column in counted)


def audit_log(session: Session, *, verifier: Verifier | None, step: Callable[[], None]) -> Iterator[str]:
    """Recompute the whole log from its entries; give one sentence for each thing that does not fit.

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
            yield f"Entry {size} of the log is missing."
            size, sound = found.index, False
        hashed = merkle.leaf_hash(found.data)
        if hashed != found.leaf_hash:
            yield f"Entry {size} of the log does not have the hash that is stored for it."
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
            for covered in uncovered:
                if covered.at != checkpoint.at:
                    yield f"Entry {covered.index} of the log has another time than the checkpoint that covers it."
            uncovered = []
            waiting.extend(checkpoints.fetchmany(1))
        step()
    for late in uncovered:
        yield f"Entry {late.index} of the log is under no checkpoint."
    for checkpoint in (*waiting, *checkpoints):
        yield f"The checkpoint of size {checkpoint.size} covers more entries than there are."
    kept = session.scalar(select(func.count()).select_from(LogTile)) or 0
    full = sum(hashes_at(level, size) // WIDTH for level in range(8))
    if kept > full:
        yield f"There are {kept} full tiles, where the log has {full}."


def audit_registry(session: Session, *, step: Callable[[], None]) -> Iterator[str]:
    """Compare every registered certificate and every change of its status with the log."""
    began = session.scalar(select(func.min(LogCheckpoint.size))) or 0
    for registered in session.scalars(select(RegistryEntry).execution_options(yield_per=200)):
        changes, logged = _history(session, registered.public_id)
        yield from _audit_registered(registered, changes, logged, began)
        step()
    known = select(RegistryEntry.public_id)
    orphans = select(LogEntry.index).where(LogEntry.public_id.is_not(None), LogEntry.public_id.not_in(known))
    for index in session.scalars(orphans.order_by(LogEntry.index)):
        yield f"Entry {index} of the log is about a certificate that the registry no longer holds."
    unlinked = select(LogEntry.index).where(LogEntry.public_id.is_(None)).order_by(LogEntry.index)
    for index in session.scalars(unlinked.execution_options(yield_per=500)):
        yield f"Entry {index} of the log is about no certificate."


def _audit_registered(
    registered: RegistryEntry, changes: Sequence[StatusChange], logged: Sequence[LogEntry], began: int
) -> Iterator[str]:
    if not (registered.salt and registered.paper_salt and all(change.salt for change in changes)):
        yield f"Certificate {registered.number}: a salt is missing, so that its entries cannot be recomputed."
        return
    claim, paper = leaves_of(registered)
    expected = [(claim, registered.issued_at), (paper, registered.issued_at)]
    expected += [(leaf_of_change(change), change.at) for change in changes]
    what = {Kind.ISSUE: "claim", Kind.ARTIFACT: "paper"}
    for number, (leaf, at) in enumerate(expected):
        name = what.get(leaf.kind) or f"{number - 1}. change of status"
        if number >= len(logged):
            yield f"Certificate {registered.number}: its {name} is not in the log."
            continue
        there = logged[number]
        if (there.data, there.kind) != (leaf.data, leaf.kind):
            yield f"Certificate {registered.number}: its {name} is not what entry {there.index} of the log commits to."
        elif there.at != at and not (there.index < began and at < there.at):  # what is older than the log came later
            yield f"Certificate {registered.number}: its {name} is dated {at}, but was logged {there.at}."
    for extra in logged[len(expected) :]:
        yield f"Certificate {registered.number}: nothing stored belongs to entry {extra.index} of the log."


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
    while len(levels[level]) == WIDTH:
        index = hashes_at(level, size) // WIDTH - 1
        above = merkle.folded(levels[level])
        stored = session.get(LogTile, (level, index))
        if stored is None or stored.hashes != b"".join(levels[level]) or stored.root != above:
            yield f"Tile {index} of level {level} is not the one its entries make."
        levels[level] = []
        level += 1
        if level == len(levels):
            levels.append([])
        levels[level].append(above)
