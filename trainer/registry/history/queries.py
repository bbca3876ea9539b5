"""Say whether the log bears out a certificate: proved to the signed root for one, compared for many."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, bindparam, select
from sqlalchemy.orm import Session

from trainer.errors import Broken
from trainer.registry import merkle
from trainer.registry.entries import EntryKind
from trainer.registry.history.comparison import History, mismatches
from trainer.registry.log.queries import log_size, newest_checkpoint, nodes
from trainer.registry.models import Erasure, LogEntry, RegistryDocument, RegistryEntry, StatusChange
from trainer.registry.notes import BadNote, Verifier, read_checkpoint

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
        index: the place of its credential in the log, counted from 0; of its first entry where it has no credential,
            or None when it has none at all.
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
    erased = registered.salt is None and is_erased(session, registered)  # whoever still has a salt was not erased
    history = logged_history(session, registered, erased=erased)
    checkpoint = newest_checkpoint(session)
    size = checkpoint.size if checkpoint else 0
    index = _place_of(history)
    if checkpoint is None:
        return Logged(index=index, size=size, holds=False)
    if verifier is None:
        raise Broken("The key of the log is missing, so nothing can be proved; restore the log folder from a backup.")
    of_the_log = nodes(session, size=size)
    try:
        if any(mismatches(history, size)):
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


def _place_of(history: History) -> int | None:
    """Return the entry that a certificate is known by: that of its credential, which papers carry the proof of."""
    of_credential = (there.index for there in history.logged if there.kind is EntryKind.CREDENTIAL)
    return next(of_credential, history.logged[0].index if history.logged else None)


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
            mismatches(
                History(
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


def logged_history(session: Session, registered: RegistryEntry, *, erased: bool) -> History:
    """Return all that the registry and the log hold about a certificate."""
    about = {"about": registered.public_id}
    return History(
        registered=registered,
        changes=session.scalars(_CHANGES, about).all(),
        documents=session.scalars(_DOCUMENTS, about).all(),
        logged=session.scalars(_LOGGED, about).all(),
        erased=erased,
    )


def is_erased(session: Session, registered: RegistryEntry) -> bool:
    """Say whether the holder of a certificate was erased."""
    return session.get(Erasure, registered.public_id) is not None
