"""Read what belongs to a certificate beyond the verdict."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.api.answers import CertificateLinks
from trainer.certificates.models import Certificate, Conferral
from trainer.registry.entries import EntryKind
from trainer.registry.log.queries import newest_checkpoint, proof_of
from trainer.registry.models import LogEntry, RegistryEntry, StatusChange
from trainer.registry.status import Word


def further_of(session: Session, *, public_id: str, show_credential: bool) -> CertificateLinks:
    """Return what it replaces, what replaces it, and the proofs."""
    related = (
        select(Conferral.supersedes, Certificate.credential, RegistryEntry.credential_salt)
        .select_from(RegistryEntry)
        .join(Certificate, Certificate.public_id == RegistryEntry.public_id)
        .join(Conferral, Conferral.id == Certificate.conferral_id)
        .where(RegistryEntry.public_id == public_id)
    )
    found = session.execute(related).first()
    if found is None:
        return CertificateLinks()
    replaced = (
        select(StatusChange.successor)
        .where(StatusChange.public_id == public_id, StatusChange.status == Word.SUPERSEDED)
        .order_by(StatusChange.id.desc())
    )
    checkpoint = newest_checkpoint(session)
    provable = show_credential and found.credential and found.credential_salt
    return CertificateLinks(
        supersedes=found.supersedes,
        superseded_by=session.scalar(replaced.limit(1)),
        credential=found.credential if show_credential else None,
        tlog_proof=_proof(session, public_id, found.credential_salt) if provable else None,
        checkpoint=checkpoint.note if checkpoint else None,
    )


def _proof(session: Session, public_id: str, salt: bytes) -> str | None:
    place = select(LogEntry.index).where(LogEntry.public_id == public_id, LogEntry.kind == EntryKind.CREDENTIAL)
    index = session.scalar(place.limit(1))
    return proof_of(session, index=index, extra=salt).text() if index is not None else None
