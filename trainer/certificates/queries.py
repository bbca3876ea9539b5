"""Decisions, certificates and what holders let the public see: nothing is changed here."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import String, bindparam, exists, func, select
from sqlalchemy.orm import Session, undefer

from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.certificates.models import (
    STANDS,
    Certificate,
    Conferral,
    ConferralWithdrawal,
    Consent,
    IssuingProblem,
    NameChoice,
)
from trainer.certificates.tasks import Waiting
from trainer.certificates.words import ConsentLevel, Occasion
from trainer.enrolment.models import Enrolment
from trainer.errors import Broken, Missing
from trainer.registry import queries as registry
from trainer.registry.models import StatusChange
from trainer.registry.status import FINAL
from trainer.requirements.award import TakenBack

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


# written once: building a statement takes longer than running it
_CERTIFICATE = select(Certificate).where(Certificate.public_id == bindparam("about", type_=String))


def conferral_of(session: Session, *, enrolment_id: str) -> Conferral | None:
    """Return the newest decision to confer on this enrolment that was not taken back, or None; replacements aside."""
    mine = (Conferral.enrolment_id == enrolment_id, Conferral.occasion.in_((Occasion.FIRST, Occasion.AGAIN)))
    newest = select(Conferral).where(*mine, STANDS).order_by(Conferral.decided_at.desc(), Conferral.id.desc())
    return session.scalar(newest.limit(1))


def withdrawn_of(session: Session, *, enrolment_id: str) -> ConferralWithdrawal | None:
    """Return how the newest decision to confer on this enrolment was taken back, or None where none was."""
    mine = (Conferral.enrolment_id == enrolment_id, Conferral.occasion.in_((Occasion.FIRST, Occasion.AGAIN)))
    query = select(ConferralWithdrawal).join(Conferral, Conferral.id == ConferralWithdrawal.conferral_id).where(*mine)
    return session.scalar(query.order_by(ConferralWithdrawal.at.desc(), Conferral.id.desc()).limit(1))


def taken_back_of(session: Session, *, enrolment_id: str) -> TakenBack | None:
    """Return who took the newest decision to confer on this enrolment back, and when, or None where nobody did."""
    withdrawn = withdrawn_of(session, enrolment_id=enrolment_id)
    if withdrawn is None:
        return None
    return TakenBack(by=session.get_one(Person, withdrawn.decided_by).name, at=withdrawn.at)


def enrolments_without(session: Session, *, person_id: str) -> Sequence[Enrolment]:
    """Return where somebody is enrolled and nobody has decided about a certificate yet."""
    decided = exists().where(Conferral.enrolment_id == Enrolment.id, STANDS)
    return session.scalars(select(Enrolment).where(Enrolment.person_id == person_id, ~decided)).all()


def certificate_of(session: Session, *, enrolment_id: str) -> Certificate | None:
    """Return the newest certificate of this enrolment, without its paper, or None."""
    query = select(Certificate).join(Conferral, Conferral.id == Certificate.conferral_id)
    mine = query.where(Conferral.enrolment_id == enrolment_id)
    return session.scalar(mine.order_by(Certificate.issued_at.desc()).limit(1))


def waiting(
    session: Session, *, programmes: frozenset[str] | None = None, person_id: str | None = None
) -> Sequence[Waiting]:
    """Return the decisions that no certificate has followed yet, oldest first, each with its newest problem.

    One that was to replace a certificate which was ended meanwhile waits no more, since it can never be carried out;
    nor does one that was taken back.
    With `programmes` only those of these programmes, with `person_id` only those about this person.
    """
    tries = (
        select(
            IssuingProblem.conferral_id,
            func.count().label("count"),
            func.max(IssuingProblem.id).label("newest"),
        )
        .group_by(IssuingProblem.conferral_id)
        .subquery()
    )
    ended = exists().where(StatusChange.public_id == Conferral.supersedes, StatusChange.status.in_(FINAL))
    query = (
        select(Conferral, func.coalesce(tries.c.count, 0), IssuingProblem)
        .outerjoin(Certificate, Certificate.conferral_id == Conferral.id)
        .outerjoin(tries, tries.c.conferral_id == Conferral.id)
        .outerjoin(IssuingProblem, IssuingProblem.id == tries.c.newest)
        .where(Certificate.public_id.is_(None), ~ended, STANDS)
        .order_by(Conferral.decided_at, Conferral.id)
    )
    if programmes is not None:
        query = query.where(Conferral.programme.in_(programmes))
    if person_id is not None:
        query = query.where(Conferral.person_id == person_id)
    return [_waiting(conferral, count, problem) for conferral, count, problem in session.execute(query)]


def _waiting(conferral: Conferral, tries: int, problem: IssuingProblem | None) -> Waiting:
    return Waiting(
        conferral_id=conferral.id,
        enrolment_id=conferral.enrolment_id,
        holder=conferral.conferred.holder,
        credential=conferral.conferred.credential,
        asked_at=conferral.decided_at,
        tries=tries,
        problem=problem.sentence if problem else "",
        failed_at=problem.at if problem else None,
    )


def certificates_of(session: Session, *, person_id: str) -> Sequence[Certificate]:
    """Return a person's certificates, newest first, without their papers."""
    query = select(Certificate).join(Conferral, Conferral.id == Certificate.conferral_id)
    return session.scalars(query.where(Conferral.person_id == person_id).order_by(Certificate.issued_at.desc())).all()


def certificate_by_id(session: Session, *, public_id: str) -> Certificate | None:
    """Return the certificate with this public id, without its paper, or None; for the public counter."""
    return session.scalar(_CERTIFICATE, {"about": public_id})


def certificate_for(
    session: Session, *, public_id: str, person: Person, paper: bool = False
) -> tuple[Certificate, Conferral]:
    """Return a certificate to its holder, or to a director or administrator of its programme.

    With `paper`, the stored bytes of the paper and the credential are read as well.

    Raises:
        Missing: there is no such certificate, or it is none of this person's business.
        Broken: the stored paper or credential is not the one that was issued.
    """
    query = select(Certificate, Conferral).join(Conferral, Conferral.id == Certificate.conferral_id)
    if paper:
        query = query.options(undefer(Certificate.pdf), undefer(Certificate.credential))
    found = session.execute(query.where(Certificate.public_id == public_id)).first()
    if found is not None:
        certificate, conferral = found
        desk = holds_one_of(person, conferral.programme, Role.DIRECTOR, Role.ADMINISTRATOR)
        if conferral.person_id == person.id or desk:
            if paper and hashlib.sha256(certificate.pdf).hexdigest() != certificate.sha256:
                raise Broken(f"The stored paper of {certificate.number} was altered. Restore it from a backup.")
            if paper:
                check_credential(session, certificate)
            return certificate, conferral
    raise Missing("There is no such certificate among yours.")


def check_credential(session: Session, certificate: Certificate) -> None:
    """Let a stored credential pass if it is the one that was entered.

    Raises:
        Broken: it was altered.
    """
    digest = hashlib.sha256(certificate.credential.encode()).hexdigest() if certificate.credential else None
    entry = registry.entry_by_id(session, public_id=certificate.public_id)
    if entry is None or entry.credential_sha256 != digest:
        raise Broken(f"The stored credential of {certificate.number} was altered. Restore it from a backup.")


def holds_one_of(person: Person, programme: str, *roles: Role) -> bool:
    """Say whether somebody holds one of these roles in a programme."""
    return any(held.programme == programme and held.role in roles for held in person.memberships)
