"""Which promises somebody has signed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.practicum.models import SignedAttestation


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
