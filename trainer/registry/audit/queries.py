"""Prove that a certificate stands in the log, and recompute all of the log and the registry."""

import hashlib
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, String, bindparam, func, select
from sqlalchemy.orm import Session

from trainer.errors import Broken
from trainer.registry import merkle
from trainer.registry.entries import Kind
from trainer.registry.models import (
    Erasure,
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
    BadNote,
    Verifier,
    Witness,
    checkpoint_in,
    cosignature_of,
    read_checkpoint,
    time_of,
    with_lines,
)
from trainer.registry.queries import (
    Leaf,
    leaf_of_change,
    leaf_of_document,
    leaf_of_key_event,
    leaf_of_list,
    leaves_of,
    log_size,
    newest_checkpoint,
    nodes,
)
from trainer.registry.status import Word
from trainer.registry.tiles import WIDTH, hashes_at

# written once: building a statement takes longer than running it
_ABOUT: ColumnElement[str] = bindparam("about", type_=String)
_CHANGES = select(StatusChange).where(StatusChange.public_id == _ABOUT).order_by(StatusChange.id)
_DOCUMENTS = (
    select(RegistryDocument)
    .where(RegistryDocument.public_id == _ABOUT)
    .order_by(RegistryDocument.at, RegistryDocument.sha256)
)
_LOGGED = select(LogEntry).where(LogEntry.public_id == _ABOUT).order_by(LogEntry.index)


@dataclass(frozen=True, kw_only=True)
class Logged:
    """Whether a certificate stands in the log, as proved just now.

    Attributes:
        index: its place in the log, or None when it has none.
        size: of the log at its newest checkpoint; 0 when there is none.
        holds: the hashes lead from the certificate to the signed root.
        changes: of its status, in their order; they are proved as well.
    """

    index: int | None
    size: int
    holds: bool
    changes: Sequence[StatusChange] = ()


def prove_logged(session: Session, *, registered: RegistryEntry, verifier: Verifier | None) -> Logged:
    """Prove afresh that a certificate and all that was recorded about it stand in the log, or say that they do not.

    What was taken out of the registry is missed here, as its entry stays in the log. What is proved about the claim
    is its fingerprint in the registry: the caller compares it with the facts shown. Of a certificate whose holder was
    erased, the decision to erase is proved, and that the log still has every entry about it.

    Raises:
        Broken: there is a log, but not its key; that says nothing about the certificate.
    """
    erased = registered.salt is None and _is_erased(session, registered)  # whoever still has a salt was not erased
    history = _history(session, registered, erased=erased)
    checkpoint = newest_checkpoint(session)
    size = checkpoint.size if checkpoint else 0
    index = history.logged[0].index if history.logged else None
    if checkpoint is None:
        return Logged(index=index, size=size, holds=False)
    if verifier is None:
        raise Broken("The key of the log is missing, so nothing can be proved; restore the log folder from a backup.")
    of_the_log = nodes(session, size=size)
    try:
        if any(_audit_registered(history, size)):
            return Logged(index=index, size=size, holds=False)
        signed = read_checkpoint(checkpoint.note, verifier)
        holds = signed.size == size and all(
            merkle.verify_inclusion(
                index=there.index,
                size=size,
                leaf=merkle.leaf_hash(there.data),  # which is what the registry gives: that was compared just now
                proof=merkle.inclusion(there.index, size, of_the_log),
                expected_root=signed.root,
            )
            for there in history.logged
        )
    except (BadNote, ValueError, IndexError):  # a log that was tampered with may lack anything
        holds = False
    return Logged(index=index, size=size, holds=holds, changes=history.changes)


@dataclass(frozen=True, kw_only=True)
class _History:
    """What the registry and the log hold about one certificate, each in its own order."""

    registered: RegistryEntry
    changes: Sequence[StatusChange]
    documents: Sequence[RegistryDocument]
    logged: Sequence[LogEntry]
    erased: bool


def _history(session: Session, registered: RegistryEntry, *, erased: bool) -> _History:
    about = {"about": registered.public_id}
    return _History(
        registered=registered,
        changes=session.scalars(_CHANGES, about).all(),
        documents=session.scalars(_DOCUMENTS, about).all(),
        logged=session.scalars(_LOGGED, about).all(),
        erased=erased,
    )


def _is_erased(session: Session, registered: RegistryEntry) -> bool:
    return session.get(Erasure, registered.public_id) is not None


def in_doubt(session: Session, *, public_ids: Collection[str]) -> frozenset[str]:
    """Return those of these certificates that the entries of the log do not bear out, in a handful of queries.

    Each entry is recomputed and compared with the stored one. That those lead to the signed root is left to
    `prove_logged`, for one certificate, and to the audit, for all.
    """
    changes: dict[str, list[StatusChange]] = defaultdict(list)
    documents: dict[str, list[RegistryDocument]] = defaultdict(list)
    logged: dict[str, list[LogEntry]] = defaultdict(list)
    changed = select(StatusChange).where(StatusChange.public_id.in_(public_ids)).order_by(StatusChange.id)
    for change in session.scalars(changed):
        changes[change.public_id].append(change)
    for document in session.scalars(select(RegistryDocument).where(RegistryDocument.public_id.in_(public_ids))):
        documents[document.public_id].append(document)
    entered = select(LogEntry).where(LogEntry.public_id.in_(public_ids)).order_by(LogEntry.index)
    for there in session.scalars(entered):
        logged[there.public_id or ""].append(there)
    gone = set(session.scalars(select(Erasure.public_id).where(Erasure.public_id.in_(public_ids))))
    size = log_size(session)
    return frozenset(
        one.public_id
        for one in session.scalars(select(RegistryEntry).where(RegistryEntry.public_id.in_(public_ids)))
        if any(
            _audit_registered(
                _History(
                    registered=one,
                    changes=changes[one.public_id],
                    documents=documents[one.public_id],
                    logged=logged[one.public_id],
                    erased=one.public_id in gone,
                ),
                size,
            )
        )
    )


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
        history = _history(session, registered, erased=_is_erased(session, registered))
        yield from _audit_registered(history, began)
        step()
    known = select(RegistryEntry.public_id)
    orphans = select(LogEntry.index).where(LogEntry.public_id.is_not(None), LogEntry.public_id.not_in(known))
    for index in session.scalars(orphans.order_by(LogEntry.index)):
        yield f"Entry {index} of the log is about a certificate that the registry no longer holds."
    yield from _audit_public(session)


def _audit_public(session: Session) -> Iterator[str]:
    """Compare what is open to everybody with the log; whatever else is about no certificate does not belong there."""
    expected: dict[tuple[Kind, bytes], list[tuple[str, datetime]]] = defaultdict(list)
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
        elif logged.kind is Kind.KEY:
            yield f"Entry {logged.index} of the log is about a key, and nothing stored belongs to it."
        else:
            yield f"Entry {logged.index} of the log is about no certificate."
    for waiting in expected.values():
        for name, _ in waiting:
            yield f"{name} is not in the log."


def _name_of(version: StatusListVersion) -> str:
    return f"Status list {version.id} ({version.purpose})"


@dataclass(frozen=True, kw_only=True)
class _Expected:
    """A leaf that the log must hold, the moment it must have, and what to call it."""

    leaf: Leaf
    at: datetime
    name: str


@dataclass
class _Matching:
    """What the registry expects, laid beside what the log holds.

    Entries about one certificate come in any order, so that each leaf finds its entry by what it commits to.
    """

    free: list[LogEntry]
    found: list[tuple[_Expected, LogEntry]] = field(default_factory=list)
    missed: list[_Expected] = field(default_factory=list)

    def lay(self, expected: _Expected) -> None:
        """Find the entry of one leaf."""
        sought = (expected.leaf.data, expected.leaf.kind)
        there = next((entry for entry in self.free if (entry.data, entry.kind) == sought), None)
        if there is None:
            self.missed.append(expected)
            return
        self.free.remove(there)
        self.found.append((expected, there))

    def differences(self) -> Iterator[str]:
        """Say what has no counterpart; of one kind, the first that is left on each side belong together."""
        for expected in self.missed:
            there = next((entry for entry in self.free if entry.kind is expected.leaf.kind), None)
            if there is None:
                yield f"its {expected.name} is not in the log."
                continue
            self.free.remove(there)
            yield f"its {expected.name} is not what entry {there.index} of the log commits to."
        for extra in self.free:
            yield f"nothing stored belongs to entry {extra.index} of the log."


def _audit_registered(history: _History, began: int) -> Iterator[str]:
    differences = _differences_of_erased(history, began) if history.erased else _differences(history, began)
    for what in differences:
        yield f"Certificate {history.registered.number}: {what}"


def _differences(history: _History, began: int) -> Iterator[str]:
    registered = history.registered
    salts = [registered.salt, registered.paper_salt, *(one.salt for one in history.changes)]
    salts += [one.salt for one in history.documents]
    if registered.credential_sha256:
        salts.append(registered.credential_salt)
    if not all(salts):
        yield "a salt is missing, so that its entries cannot be recomputed."
        return
    matching = _Matching(free=list(history.logged))
    for expected in _expected(history):
        matching.lay(expected)
    yield from matching.differences()
    for expected, there in matching.found:
        if not _at_its_time(expected.at, there, began):
            yield f"its {expected.name} is dated {expected.at}, but was logged {there.at}."
    order = [there.index for expected, there in matching.found if expected.leaf.kind is Kind.STATUS]
    if order != sorted(order):
        yield "its changes of status stand in another order than in the log."


def _expected(history: _History) -> Iterator[_Expected]:
    names = {Kind.ISSUE: "claim", Kind.CREDENTIAL: "credential", Kind.ARTIFACT: "paper"}
    for leaf in leaves_of(history.registered):
        yield _Expected(leaf=leaf, at=history.registered.issued_at, name=names[leaf.kind])
    for document in history.documents:
        yield _Expected(leaf=leaf_of_document(document), at=document.at, name=f"document “{document.kind}”")
    for number, change in enumerate(history.changes, start=1):
        yield _Expected(leaf=leaf_of_change(change), at=change.at, name=f"{number}. change of status")


def _differences_of_erased(history: _History, began: int) -> Iterator[str]:
    """Compare what is left of a certificate whose holder was erased: no salt but that of the erasure itself."""
    statuses = [there for there in history.logged if there.kind is Kind.STATUS]
    last = history.changes[-1] if history.changes else None
    if last is None or last.status is not Word.ERASED or last.salt is None:
        yield "its holder is said to be erased, but no decision says so."
        return
    if not statuses or statuses[-1].data != leaf_of_change(last).data:
        yield "its holder is said to be erased, but the log has no such decision."
    if len(statuses) != len(history.changes):
        yield f"{len(history.changes)} changes of status are stored, but {len(statuses)} are in the log."
    for number, (change, there) in enumerate(zip(history.changes, statuses, strict=False), start=1):
        if not _at_its_time(change.at, there, began):
            yield f"its {number}. change of status is dated {change.at}, but was logged {there.at}."
    kinds = Counter(there.kind for there in history.logged)
    papers = 1 + len(history.documents)
    if kinds[Kind.ISSUE] != 1 or kinds[Kind.CREDENTIAL] > 1 or kinds[Kind.ARTIFACT] != papers:
        yield f"the log does not have the entries of one claim and {papers} papers about it."


def _at_its_time(at: datetime, there: LogEntry, began: int) -> bool:
    return there.at == at or (there.index < began and at < there.at)  # what is older than the log came later


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
