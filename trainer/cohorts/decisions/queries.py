"""What was decided about somebody's way to the certificate: who, when and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.certificates.models import Certificate, Conferral, ConferralWithdrawal
from trainer.certificates.queries import certificate_of, waiting
from trainer.certificates.words import Occasion
from trainer.chances.granted import GrantedChance
from trainer.chances.queries import granted_by_enrolment
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing
from trainer.lifecycle.queries import Past, decisions_after_issue
from trainer.registry.queries import status_at
from trainer.registry.status import FINAL, Reason, Status, Word


class DecisionMade(StrEnum):
    """What somebody decided."""

    CONFERRED = "conferred"
    CONFERRED_AGAIN = "conferred again"
    RENEWED = "renewed"
    CORRECTED = "name corrected"
    TAKEN_BACK = "decision taken back"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    LIFTED = "suspension lifted"
    SURRENDERED = "surrendered"
    TO_BE_REVOKED = "to be revoked"
    TO_BE_SURRENDERED = "to be surrendered"
    REVOCATION_RECALLED = "revocation recalled"
    SURRENDER_RECALLED = "surrender recalled"
    GRANTED = "further tries"
    WAIVED = "waived"
    PROPOSED = "waiver proposed"
    DECLINED = "waiver declined"
    UNPROPOSED = "proposal taken back"


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One decision about a certificate or about a requirement.

    Attributes:
        about: the number of the certificate, or the title of the requirement.
        certificate: the public id of the certificate that followed; "" where none did, and for a requirement.
        reason: "" where none was asked for.
        is_read: whether everybody who sees the record reads the reason, as the trainee does; others are for the
            directors who may decide.
    """

    what: DecisionMade
    about: str
    by: str
    at: datetime
    reason: str
    certificate: str = ""
    is_read: bool = False


_OCCASIONS = {
    Occasion.FIRST: DecisionMade.CONFERRED,
    Occasion.AGAIN: DecisionMade.CONFERRED_AGAIN,
    Occasion.RENEWAL: DecisionMade.RENEWED,
    Occasion.CORRECTION: DecisionMade.CORRECTED,
}


def decided_about(session: Session, *, enrolment_id: str, titles: Mapping[tuple[str, str], str]) -> Sequence[Decided]:
    """Return every decision about one enrolment, the newest first.

    Args:
        titles: of the requirements, by kind and slug.
    """
    granted = granted_by_enrolment(session, enrolment_ids=[enrolment_id]).get(enrolment_id, ())
    titled = [(chance, titles.get((chance.kind, chance.slug), chance.slug)) for chance in granted]
    chances = [event for chance, title in titled for event in _chance(chance, title)]
    conferred = _conferrals(session, enrolment_id)
    found = [*chances, *conferred, *_withdrawals(session, enrolment_id), *_statuses(session, conferred)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _conferrals(session: Session, enrolment_id: str) -> Sequence[Decided]:
    query = (
        select(Conferral, Person.name, Certificate.public_id)
        .join(Person, Person.id == Conferral.decided_by)
        .outerjoin(Certificate, Certificate.conferral_id == Conferral.id)
        .where(Conferral.enrolment_id == enrolment_id)
    )
    return [
        Decided(
            what=_OCCASIONS[one.occasion],
            about=str(one.conferred.number if one.facts else ""),
            by=name,
            at=one.decided_at,
            reason=str(one.proof.get("reason", "")),
            certificate=issued or "",
        )
        for one, name, issued in session.execute(query)
    ]


def _withdrawals(session: Session, enrolment_id: str) -> Sequence[Decided]:
    query = (
        select(ConferralWithdrawal, Person.name, Conferral.facts)
        .join(Conferral, Conferral.id == ConferralWithdrawal.conferral_id)
        .join(Person, Person.id == ConferralWithdrawal.decided_by)
        .where(Conferral.enrolment_id == enrolment_id)
    )
    return [
        Decided(
            what=DecisionMade.TAKEN_BACK,
            about=str((facts or {}).get("number", "")),
            by=name,
            at=one.at,
            reason=one.reason,
        )
        for one, name, facts in session.execute(query)
    ]


def _statuses(session: Session, conferred: Sequence[Decided]) -> Sequence[Decided]:
    """Return how certificates were suspended and ended; that one was replaced, its replacement says itself."""
    return [
        Decided(
            what=what,
            about=conferral.about,
            by=past.who,
            at=past.at,
            reason=past.private_reason or "",
            certificate=conferral.certificate,
        )
        for conferral in conferred
        if conferral.certificate
        for past in decisions_after_issue(session, public_id=conferral.certificate)
        if (what := _what(past)) is not None
    ]


def _what(past: Past) -> DecisionMade | None:
    """Return what was decided: until an ending is final the certificate is only suspended, and a recall undoes that."""
    if past.recalled:
        return (
            DecisionMade.SURRENDER_RECALLED if past.recalled is Word.SURRENDERED else DecisionMade.REVOCATION_RECALLED
        )
    if past.becomes:
        return DecisionMade.TO_BE_SURRENDERED if past.becomes is Word.SURRENDERED else DecisionMade.TO_BE_REVOKED
    return {
        Word.REVOKED: DecisionMade.REVOKED,
        Word.SUSPENDED: DecisionMade.SUSPENDED,
        Word.VALID: DecisionMade.LIFTED,
        Word.SURRENDERED: DecisionMade.SURRENDERED,
    }.get(past.word)


def _chance(one: GrantedChance, title: str) -> Sequence[Decided]:
    title = f"{title} ({'examination' if one.kind == 'exam' else one.kind})"  # a module and its quiz may share one
    what = DecisionMade.GRANTED if one.further else DecisionMade.WAIVED if one.holds else DecisionMade.PROPOSED
    about = f"{title}, {one.further} more" if one.further else title
    first = Decided(what=what, about=about, by=" and ".join(one.by), at=one.at, reason=one.reason, is_read=True)
    if one.declined is None:
        return [first]
    no = one.declined
    ended = DecisionMade.UNPROPOSED if no.taken_back else DecisionMade.DECLINED
    return [first, Decided(what=ended, about=title, by=no.by, at=no.at, reason=no.reason, is_read=True)]


@dataclass(frozen=True, kw_only=True)
class Again:
    """Whether a certificate can be conferred again.

    Attributes:
        follows: the decision that a new one would follow, or None.
        why_not: why there can be none although the certificate has ended; "" otherwise.
    """

    follows: Conferral | None = None
    why_not: str = ""


def decision_of(session: Session, *, enrolment: Enrolment, conferral_id: str) -> Conferral:
    """Return a decision about this enrolment.

    Raises:
        Missing: there is no such decision.
    """
    conferral = session.get(Conferral, conferral_id)
    if conferral is None or conferral.enrolment_id != enrolment.id:
        raise Missing("There is no such decision about this person.")
    return conferral


def again(session: Session, *, enrolment: Enrolment, now: datetime) -> Again:
    """Say after which decision a certificate can be conferred again.

    It can once a decision was taken back, and once the newest certificate was surrendered, or revoked as issued in
    error; after any other revocation what was found stands, and the person begins anew.
    """
    certificate = certificate_of(session, enrolment_id=enrolment.id)
    if any(task.enrolment_id == enrolment.id for task in waiting(session, person_id=enrolment.person_id)):
        return Again()
    if certificate is None:
        first = (Conferral.enrolment_id == enrolment.id, Conferral.occasion == Occasion.FIRST)
        return Again(follows=_newest(session, session.scalar(select(Conferral).where(*first))))
    status = status_at(session, public_id=certificate.public_id, now=now)
    if status.word not in FINAL:
        return Again()
    if not _may_follow(status):
        return Again(why_not="It was revoked for a reason other than an error, so none can be conferred again here.")
    return Again(follows=_newest(session, session.get_one(Conferral, certificate.conferral_id)))


def _may_follow(status: Status) -> bool:
    in_error = status.word is Word.REVOKED and status.reason_code == Reason.ISSUED_IN_ERROR
    return in_error or status.word is Word.SURRENDERED


def _newest(session: Session, decision: Conferral | None) -> Conferral | None:
    """Return the last of the decisions that follow each other from this one; all of them came to nothing."""
    while decision is not None and (later := session.scalar(decision_after(decision.id))) is not None:
        decision = later
    return decision if decision is None or _is_over(session, decision) else None


def _is_over(session: Session, decision: Conferral) -> bool:
    withdrawn = session.get(ConferralWithdrawal, decision.id) is not None
    return withdrawn or session.get(Certificate, decision.public_id) is not None


def decision_after(conferral_id: str) -> Select[Conferral]:
    """Return the query for the decision to confer again that follows this one."""
    return select(Conferral).where(Conferral.follows == conferral_id, Conferral.occasion == Occasion.AGAIN)
