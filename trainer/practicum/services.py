"""Sign an attestation."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.practicum.models import SignedAttestation
from trainer.practicum.queries import signed_texts


def sign_attestation(
    session: Session,
    *,
    enrolment_id: str,
    attestation: str,
    version: str,
    text_hash: str,
    name_signed: str,
    now: datetime,
) -> SignedAttestation:
    """Keep the signature; signing the same text again changes nothing."""
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update())  # two clicks at once
    signed = signed_texts(session, enrolment_id=enrolment_id).get((attestation, text_hash))
    if signed is None:
        signed = SignedAttestation(
            id=new_id(),
            enrolment_id=enrolment_id,
            attestation=attestation,
            version=version,
            text_hash=text_hash,
            name_signed=name_signed,
            signed_at=now,
        )
        session.add(signed)
    return signed
