"""Compare every stored certificate with its entry in the registry; read what holders let the public see."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session, undefer

from trainer.certificates.facts.claim import Claim, claim_from, fingerprint, zone_of
from trainer.certificates.models import Certificate, Conferral, Consent, ConsentLevel, Document, NameChoice
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
    if conferral.facts and not _decided(conferral.facts, claim):  # the oldest decisions kept no facts
        yield "the stored facts are not those that were decided."


def _decided(facts: Mapping[str, Any], claim: Claim) -> bool:
    try:
        decided = claim_from(facts, issued_on=claim.issued_on, days_of=claim.days_of)
        return decided == claim and zone_of(facts).key == claim.days.name
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return False


# written once: building a statement takes longer than running it
_CONSENT = (
    select(Consent.level)
    .where(Consent.public_id == bindparam("about", type_=String))
    .order_by(Consent.id.desc())
    .limit(1)
)


UNASKED = ConsentLevel.MATCHED
"""Until a holder has said who may see their name, the counter only confirms one that somebody types."""


def name_choice_of(session: Session, *, person_id: str) -> ConsentLevel | None:
    """Return what somebody chose before their first certificate, or None when they have not chosen."""
    query = select(NameChoice.level).where(NameChoice.person_id == person_id).order_by(NameChoice.id.desc()).limit(1)
    return session.scalar(query)


def choice_for_next(session: Session, *, person_id: str) -> ConsentLevel | None:
    """Return what a certificate that replaces none says of its holder's name, or None when they were never asked.

    It is what they chose before they had one, or less where they have chosen less for another certificate since.
    """
    newest = select(NameChoice).where(NameChoice.person_id == person_id).order_by(NameChoice.id.desc()).limit(1)
    if (chosen := session.scalar(newest)) is None:
        return None
    since = (
        select(Consent.public_id, Consent.level)
        .join(Certificate, Certificate.public_id == Consent.public_id)
        .join(Conferral, Conferral.id == Certificate.conferral_id)
        .where(Conferral.person_id == person_id, Consent.at > chosen.at)
        .order_by(Consent.id)
    )
    standing = dict(session.execute(since).all())  # the newest for each comes last and counts
    return max((chosen.level, *standing.values()), key=list(ConsentLevel).index)  # they go from most to least


def consent_of(session: Session, *, public_id: str) -> ConsentLevel:
    """Return what the public counter may say about the holder's name, see `UNASKED`."""
    return session.scalar(_CONSENT, {"about": public_id}) or UNASKED


def consents_of(session: Session, *, public_ids: Collection[str]) -> Mapping[str, ConsentLevel]:
    """Return the newest decision for each of these certificates whose holder made one, in one query."""
    query = select(Consent.public_id, Consent.level).where(Consent.public_id.in_(public_ids)).order_by(Consent.id)
    return dict(session.execute(query).all())  # the newest comes last and counts
