"""A director decides that somebody is to have a certificate."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.audit.services import note
from trainer.certificates.conferring.basis import Basis, FollowUp
from trainer.certificates.conferring.queries import check_may_confer
from trainer.certificates.facts.claim import hours_certified
from trainer.certificates.facts.conferred import Conferred
from trainer.certificates.facts.number import number_from
from trainer.certificates.models import Conferral
from trainer.certificates.paper.certificate_page import check_claim
from trainer.certificates.queries import conferral_of, withdrawn_of
from trainer.certificates.words import Occasion
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import cohort_of
from trainer.errors import Refused
from trainer.requirements.rules import proof_as_json


def confer(
    session: Session,
    *,
    enrolment: Enrolment,
    director: Person,
    basis: Basis,
    issuer: str,
    now: datetime,
    follow_up: FollowUp | None = None,
) -> Conferral:
    """Keep the director's decision, with all that is to be certified; a second call finds the first.

    The worker signs the certificate that follows. Whether a `follow_up` may be decided is for the caller to say.

    Raises:
        Refused: a requirement is not met, the director is not one or is the holder, or a name cannot be written.
    """
    # Whoever holds this row decides; on SQLite the write transaction itself is the turn.
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    if follow_up is None and (already := conferral_of(session, enrolment_id=enrolment.id)) is not None:
        return already
    check_may_confer(session, director, enrolment)
    if follow_up is None and withdrawn_of(session, enrolment_id=enrolment.id) is not None:
        raise Refused("The decision was taken back before. Confer again from the record, with a reason.")
    if not basis.proof.met:
        raise Refused("Some requirements are not met yet, so the certificate cannot be conferred.")
    conferred = _conferred(session, enrolment, director, basis, issuer)
    check_claim(conferred.issued_at(now))
    conferral = _conferral(enrolment, director, conferred, proof_as_json(basis.proof), follow_up, now)
    session.add(conferral)
    session.flush()
    act, subject = "confer again" if follow_up else "confer", f"certificate {conferred.number}"
    about = f"for {conferred.holder}"
    note(session, actor_id=director.id, programme=conferral.programme, act=act, subject=subject, detail=about, now=now)
    return conferral


def _conferred(session: Session, enrolment: Enrolment, director: Person, basis: Basis, issuer: str) -> Conferred:
    cohort, programme, learned = cohort_of(session, enrolment), basis.programme, basis.learned
    return Conferred(
        public_id=new_id(),
        number=number_from(secrets.randbits(128)),
        holder=session.get_one(Person, enrolment.person_id).name,
        credential=programme.credential,
        programme=programme.title,
        version=programme.version,
        cohort=cohort.name,
        release=cohort.release_hash,
        conferred_by=director.name,
        issuer=issuer,
        covered=tuple(title for title, _ in learned.modules),
        hours=hours_certified(sum(minutes for _, minutes in learned.topics)),
        hours_from=tuple(learned.made_of),
        validity_months=programme.validity_months,
        time_zone=programme.time_zone,
        topics=tuple(learned.topics),
    )


def _conferral(
    enrolment: Enrolment,
    director: Person,
    conferred: Conferred,
    proof: Mapping[str, Any],
    follow_up: FollowUp | None,
    now: datetime,
) -> Conferral:
    return Conferral(
        id=new_id(),
        public_id=conferred.public_id,
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        programme=enrolment.programme,
        decided_by=director.id,
        decided_at=now,
        release_hash=conferred.release,
        proof={**proof, "reason": follow_up.reason.strip()} if follow_up else proof,
        occasion=Occasion.AGAIN if follow_up else Occasion.FIRST,
        follows=follow_up.follows if follow_up else None,
        facts=conferred.plain(),
    )
