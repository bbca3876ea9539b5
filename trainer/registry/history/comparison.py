"""Compare what the registry holds about one certificate with what the log holds, and name each difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from trainer.registry.entries import EntryKind
from trainer.registry.log.leaves import LogLeaf, leaf_of_change, leaf_of_document, leaves_of
from trainer.registry.status import Word

if TYPE_CHECKING:
    from trainer.registry.models import LogEntry, RegistryDocument, RegistryEntry, StatusChange


@dataclass(frozen=True, kw_only=True)
class History:
    """What the registry and the log hold about one certificate, each in its own order."""

    registered: RegistryEntry
    changes: Sequence[StatusChange]
    documents: Sequence[RegistryDocument]
    logged: Sequence[LogEntry]
    erased: bool


def mismatches(history: History, began: int) -> Iterator[str]:
    """Give one sentence for each thing that the registry and the log hold differently about a certificate.

    Args:
        began: an entry below this index may be later than what it commits to, which is older than the log.
    """
    differences = _differences_of_erased(history, began) if history.erased else _differences(history, began)
    for what in differences:
        yield f"Certificate {history.registered.number}: {what}"


@dataclass(frozen=True, kw_only=True)
class _Expected:
    """A leaf that the log must hold, the moment it must have, and what to call it."""

    leaf: LogLeaf
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
            yield f"its {expected.name} is not what entry {there.index + 1} of the log commits to."
        for extra in self.free:
            yield f"nothing stored belongs to entry {extra.index + 1} of the log."


def _differences(history: History, began: int) -> Iterator[str]:
    registered = history.registered
    salts = [registered.salt, registered.paper_salt, *(change.salt for change in history.changes)]
    salts += [document.salt for document in history.documents]
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
    order = [there.index for expected, there in matching.found if expected.leaf.kind is EntryKind.STATUS]
    if order != sorted(order):
        yield "its changes of status stand in another order than in the log."


def _expected(history: History) -> Iterator[_Expected]:
    names = {EntryKind.ISSUE: "claim", EntryKind.CREDENTIAL: "credential", EntryKind.ARTIFACT: "paper"}
    for leaf in leaves_of(history.registered):
        yield _Expected(leaf=leaf, at=history.registered.issued_at, name=names[leaf.kind])
    for document in history.documents:
        yield _Expected(leaf=leaf_of_document(document), at=document.at, name=f"document “{document.kind}”")
    for number, change in enumerate(history.changes, start=1):
        yield _Expected(leaf=leaf_of_change(change), at=change.at, name=f"{number}. change of status")


def _differences_of_erased(history: History, began: int) -> Iterator[str]:
    """Compare what is left of a certificate whose holder was erased: no salt but that of the erasure itself."""
    statuses = [there for there in history.logged if there.kind is EntryKind.STATUS]
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
    if kinds[EntryKind.ISSUE] != 1 or kinds[EntryKind.CREDENTIAL] > 1 or kinds[EntryKind.ARTIFACT] != papers:
        yield f"the log does not have the entries of one claim and {papers} papers about it."


def _at_its_time(at: datetime, there: LogEntry, began: int) -> bool:
    return there.at == at or (there.index < began and at < there.at)  # what is older than the log came later
