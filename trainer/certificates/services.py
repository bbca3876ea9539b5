"""Confer, issue and hand out certificates."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from trainer.accounts.models import Person, Role
from trainer.audit.services import note
from trainer.certificates.authority import Authority
from trainer.certificates.claim import Claim, fingerprint, months_later
from trainer.certificates.gate import check_paper
from trainer.certificates.models import Certificate, Conferral, Occasion
from trainer.certificates.number import number_from
from trainer.certificates.paper import unsigned_paper
from trainer.certificates.signature import signed
from trainer.curriculum.models import Cohort, Enrolment
from trainer.db import new_id
from trainer.errors import Broken, Missing, Refused
from trainer.registry import services as registry
from trainer.registry.notes import Signer
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Proof, as_json


def certificate_of(session: Session, *, enrolment_id: str) -> Certificate | None:
    """Return the certificate of this enrolment, without its paper, or None."""
    query = select(Certificate).join(Conferral, Conferral.id == Certificate.conferral_id)
    return session.scalar(query.where(Conferral.enrolment_id == enrolment_id))


def certificates_of(session: Session, *, person_id: str) -> Sequence[Certificate]:
    """Return a person's certificates, newest first, without their papers."""
    query = select(Certificate).join(Conferral, Conferral.id == Certificate.conferral_id)
    return session.scalars(query.where(Conferral.person_id == person_id).order_by(Certificate.issued_at.desc())).all()


def certificate_by_id(session: Session, *, public_id: str) -> Certificate | None:
    """Return the certificate with this public id, without its paper, or None; for the public counter."""
    return session.get(Certificate, public_id)


def certificate_for(
    session: Session, *, public_id: str, person: Person, paper: bool = False
) -> tuple[Certificate, Conferral]:
    """Return a certificate to its holder, or to a director or administrator of its programme.

    With `paper`, the stored bytes of the paper are read as well.

    Raises:
        Missing: there is no such certificate, or it is none of this person's business.
        Broken: the stored paper is not the one that was issued.
    """
    query = select(Certificate, Conferral).join(Conferral, Conferral.id == Certificate.conferral_id)
    if paper:
        query = query.options(undefer(Certificate.pdf))
    found = session.execute(query.where(Certificate.public_id == public_id)).first()
    if found is not None:
        certificate, conferral = found
        desk = _holds(person, conferral.programme, Role.DIRECTOR, Role.ADMINISTRATOR)
        if conferral.person_id == person.id or desk:
            if paper and hashlib.sha256(certificate.pdf).hexdigest() != certificate.sha256:
                raise Broken(f"The stored paper of {certificate.number} was altered. Restore it from a backup.")
            return certificate, conferral
    raise Missing("There is no such certificate among yours.")


def confer(
    session: Session, *, enrolment: Enrolment, director: Person, release_hash: str, proof: dict[str, Any], now: datetime
) -> Conferral:
    """Append a director's decision, with the proof it rests on.

    Raises:
        Refused: this person does not direct the programme, or it is their own certificate.
    """
    if director.id == enrolment.person_id:
        raise Refused("Nobody confers their own certificate. Another director of the programme must decide.")
    if not _holds(director, enrolment.programme, Role.DIRECTOR):
        raise Refused("Only a director of this programme can confer its certificate.")
    conferral = Conferral(
        id=new_id(),
        public_id=new_id(),
        occasion=Occasion.FIRST,
        facts={},
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        programme=enrolment.programme,
        decided_by=director.id,
        decided_at=now,
        release_hash=release_hash,
        proof=proof,
    )
    session.add(conferral)
    session.flush()
    return conferral


def issue(
    session: Session,
    *,
    conferral: Conferral,
    claim: Claim,
    authority: Authority,
    log: Signer,
    base_url: str,
    now: datetime,
) -> Certificate:
    """Lay out, sign, enter into the registry and its log, and keep the paper of a conferral.

    Raises:
        Refused: a name has signs that our fonts cannot write.
        Broken: the paper did not pass the validator, or the log cannot be continued.
    """
    paper = signed(unsigned_paper(claim, base_url=base_url, at=now), authority)
    check_paper(paper)
    sha256 = hashlib.sha256(paper).hexdigest()
    registry.enter(
        session,
        public_id=claim.public_id,
        number=claim.number,
        sha256=sha256,
        size=len(paper),
        claim_sha256=fingerprint(claim),
        issued_at=now,
        valid_until=claim.ends_at,
        log=log,
    )
    certificate = Certificate(
        public_id=claim.public_id,
        conferral_id=conferral.id,
        number=claim.number,
        claim=claim.plain(),
        pdf=paper,
        sha256=sha256,
        issued_at=now,
    )
    session.add(certificate)
    session.flush()
    return certificate


def confer_and_issue(
    session: Session,
    *,
    enrolment: Enrolment,
    holder: Person,
    director: Person,
    proof: Proof,
    programme: Programme,
    cohort: Cohort,
    covered: Sequence[str],
    hours: Fraction | int,
    authority: Authority,
    log: Signer,
    issuer: str,
    base_url: str,
    now: datetime,
) -> Certificate:
    """Keep the director's decision and issue the certificate, exactly once; a second call finds the first.

    Call it in one write transaction: whatever fails, nothing of it is kept.

    Raises:
        Refused: a requirement is not met, the director is not one or is the holder, or a name cannot be written.
    """
    # Whoever holds this row decides; on SQLite the write transaction itself is the turn.
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    if (already := certificate_of(session, enrolment_id=enrolment.id)) is not None:
        return already
    if not proof.met:
        raise Refused("Some requirements are not met yet, so the certificate cannot be conferred.")
    conferral = confer(
        session,
        enrolment=enrolment,
        director=director,
        release_hash=cohort.release_hash,
        proof=as_json(proof),
        now=now,
    )
    claim = Claim(
        public_id=conferral.public_id,
        number=number_from(secrets.randbits(128)),
        holder=holder.name,
        credential=programme.credential,
        programme=programme.title,
        version=programme.version,
        cohort=cohort.name,
        release=cohort.release_hash,
        issued_on=now.date(),
        valid_until=months_later(now.date(), programme.validity_months),
        conferred_by=director.name,
        issuer=issuer,
        covered=tuple(covered),
        hours=Fraction(hours),
    )
    certificate = issue(
        session, conferral=conferral, claim=claim, authority=authority, log=log, base_url=base_url, now=now
    )
    _note(session, conferral, certificate, actor=director, act="confer", detail=f"for {holder.name}", now=now)
    return certificate


def _holds(person: Person, programme: str, *roles: Role) -> bool:
    return any(held.programme == programme and held.role in roles for held in person.memberships)


def _note(
    session: Session,
    conferral: Conferral,
    certificate: Certificate,
    *,
    actor: Person,
    act: str,
    detail: str,
    now: datetime,
) -> None:
    note(
        session,
        actor_id=actor.id,
        programme=conferral.programme,
        act=act,
        subject=f"certificate {certificate.number}",
        detail=detail,
        now=now,
    )
