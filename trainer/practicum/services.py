"""Sign an attestation, and look up what is signed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.practicum.models import SignedAttestation


def sign(
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


def signed_texts(session: Session, *, enrolment_id: str) -> Mapping[tuple[str, str], SignedAttestation]:
    """Return the signatures by attestation and hash of the text."""
    rows = session.scalars(select(SignedAttestation).where(SignedAttestation.enrolment_id == enrolment_id))
    return {(row.attestation, row.text_hash): row for row in rows}


def signed_by_enrolment(
    session: Session, *, enrolment_ids: Iterable[str]
) -> Mapping[str, Mapping[str, Mapping[str, datetime]]]:
    """Return when each text was signed, by enrolment, then by attestation and hash of the text; one query."""
    found: dict[str, dict[str, dict[str, datetime]]] = defaultdict(lambda: defaultdict(dict))
    signed = SignedAttestation
    query = select(signed.enrolment_id, signed.attestation, signed.text_hash, signed.signed_at)
    for enrolment_id, attestation, text_hash, at in session.execute(
        query.where(signed.enrolment_id.in_(list(enrolment_ids)))
    ):
        found[enrolment_id][attestation][text_hash] = at
    return found
