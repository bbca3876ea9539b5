"""Compare every stored certificate with its entry in the registry."""

import hashlib
from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from trainer.certificates.facts.claim import Claim, fingerprint
from trainer.certificates.models import Certificate, Conferral, Document
from trainer.registry.models import Erasure, RegistryDocument, RegistryEntry


def audit_certificates(session: Session, *, step: Callable[[], None]) -> Iterator[str]:
    """Recompute the hash of every paper and credential and the fingerprint of every claim; say what does not fit.

    Of somebody who was erased nothing may be left; whether the log knows of that erasure is for `audit_registry`.
    """
    together = (
        select(RegistryEntry, Certificate, Conferral, Erasure.at)
        .outerjoin(Certificate, Certificate.public_id == RegistryEntry.public_id)
        .outerjoin(Conferral, Conferral.id == Certificate.conferral_id)
        .outerjoin(Erasure, Erasure.public_id == RegistryEntry.public_id)
        .options(undefer(Certificate.pdf), undefer(Certificate.credential))
        .execution_options(yield_per=50)  # a paper has about 50 kB
    )
    for entry, certificate, conferral, erased_at in session.execute(together):
        if erased_at is None:
            found = _differences(entry, certificate, conferral)
        else:
            found = _left_of_erased(entry, certificate)
        for what in found:
            yield f"Certificate {entry.number}: {what}"
        step()
    yield from _audit_documents(session)


def _left_of_erased(entry: RegistryEntry, certificate: Certificate | None) -> Iterator[str]:
    if certificate is not None or entry.salt or entry.paper_salt or entry.credential_salt or entry.claim_sha256:
        yield "its holder was erased, but not everything that leads to them is gone."


def _audit_documents(session: Session) -> Iterator[str]:
    """Recompute the hash of every further document."""
    together = (
        select(RegistryEntry.number, RegistryDocument, Document)
        .join(RegistryDocument, RegistryDocument.public_id == RegistryEntry.public_id)
        .outerjoin(Document, Document.sha256 == RegistryDocument.sha256)
        .outerjoin(Erasure, Erasure.public_id == RegistryEntry.public_id)
        .where(Erasure.public_id.is_(None))
        .options(undefer(Document.pdf))
        .execution_options(yield_per=50)
    )
    for number, registered, document in session.execute(together):
        if document is None:
            yield f"Certificate {number}: its document “{registered.kind}” is missing."
        elif hashlib.sha256(document.pdf).hexdigest() != registered.sha256 or len(document.pdf) != registered.size:
            yield f"Certificate {number}: its stored document “{registered.kind}” is not the one that was issued."


def _differences(entry: RegistryEntry, certificate: Certificate | None, conferral: Conferral | None) -> Iterator[str]:
    if certificate is None or conferral is None:
        yield "the certificate or the decision behind it is missing."
        return
    if not hashlib.sha256(certificate.pdf).hexdigest() == certificate.sha256 == entry.sha256:
        yield "the stored paper is not the one that was issued."
    credential = certificate.credential
    if (hashlib.sha256(credential.encode()).hexdigest() if credential else None) != entry.credential_sha256:
        yield "the stored credential is not the one that was issued."
    if len(certificate.pdf) != entry.size:
        yield "the stored paper has another size than the one that was issued."
    try:
        claim = Claim.read(certificate.claim)
        claimed = fingerprint(claim)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        yield "the stored facts cannot be read."
        return
    if claimed != entry.claim_sha256:
        yield "the stored facts are not those that were certified."
    if {claim.public_id, certificate.public_id} != {entry.public_id}:
        yield "the facts are about another certificate."
    if {claim.number, certificate.number} != {entry.number}:
        yield "its numbers differ."
    if certificate.issued_at != entry.issued_at or not claim.is_issued_on_the_day_of(entry.issued_at):
        yield "its dates of issue differ."
    if claim.ends_at != entry.valid_until:
        yield "its last day of validity differs."
    if claim.release != conferral.release_hash:
        yield "the decision behind it rests on another release of the content."
    if conferral.facts and not _decided(conferral, claim):  # the oldest decisions kept no facts
        yield "the stored facts are not those that were decided."


def _decided(conferral: Conferral, claim: Claim) -> bool:
    try:
        decided = conferral.conferred.issued_on(claim.issued_on, claim.days)
        return decided == claim and conferral.zone.key == claim.days.name
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return False
