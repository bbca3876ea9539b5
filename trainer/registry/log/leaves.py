"""What becomes a leaf of the log: a certificate's parts, decisions, documents, issuer keys and status lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from trainer.errors import Broken
from trainer.registry.entries import EntryKind, entry, public_entry, status_digest

if TYPE_CHECKING:
    from trainer.registry.models import KeyEvent, RegistryDocument, RegistryEntry, StatusChange, StatusListVersion


@dataclass(frozen=True, kw_only=True)
class LogLeaf:
    """An entry that is to be appended."""

    kind: EntryKind
    data: bytes
    public_id: str | None


def leaves_of(registered: RegistryEntry) -> list[LogLeaf]:
    """Return the leaves of a certificate: its claim, its credential, if it has one, and its paper."""
    return [
        LogLeaf(kind=kind, data=entry(kind, salt, bytes.fromhex(digest)), public_id=registered.public_id)
        for kind, salt, digest in (
            (EntryKind.ISSUE, registered.salt, registered.claim_sha256),
            (EntryKind.CREDENTIAL, registered.credential_salt, registered.credential_sha256),
            (EntryKind.ARTIFACT, registered.paper_salt, registered.sha256),
        )
        if salt and digest
    ]


def leaf_of_document(document: RegistryDocument) -> LogLeaf:
    """Return the leaf of a further document about a certificate.

    Raises:
        Broken: the document has lost its salt.
    """
    if document.salt is None:
        raise Broken("A document has no salt, so that its entry cannot be recomputed.")
    data = entry(EntryKind.ARTIFACT, document.salt, bytes.fromhex(document.sha256))
    return LogLeaf(kind=EntryKind.ARTIFACT, data=data, public_id=document.public_id)


def leaf_of_change(change: StatusChange) -> LogLeaf:
    """Return the leaf of a change of status.

    Raises:
        Broken: the change has lost its salt.
    """
    if change.salt is None:
        raise Broken("A change of status has no salt, so that its entry cannot be recomputed.")
    digest = status_digest(change.public_id, change.decision, salt=change.salt)
    return LogLeaf(kind=EntryKind.STATUS, data=entry(EntryKind.STATUS, change.salt, digest), public_id=change.public_id)


def leaf_of_list(version: StatusListVersion) -> LogLeaf:
    """Return the leaf of a published status list, open to everybody."""
    data = public_entry(EntryKind.STATUS_LIST, {"purpose": version.purpose, "sha256": version.sha256})
    return LogLeaf(kind=EntryKind.STATUS_LIST, data=data, public_id=None)


def leaf_of_key_event(event: KeyEvent) -> LogLeaf:
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
    return LogLeaf(kind=EntryKind.KEY, data=public_entry(EntryKind.KEY, fields), public_id=None)
