"""Take back a decision that was never issued; confer again where an earlier decision came to nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import serves_wholly
from trainer.audit.services import note
from trainer.certificates.conferring.basis import FollowUp
from trainer.certificates.conferring.services import check_may_confer
from trainer.certificates.models import Certificate, Conferral, ConferralWithdrawal
from trainer.certificates.queries import certificate_of, waiting
from trainer.certificates.words import Occasion
from trainer.cohorts.services import confer
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing, Refused, Stale
from trainer.registry.services import status_at
from trainer.registry.status import FINAL, Reason, Status, Word
from trainer.settings import Settings
from trainer.staff.correcting.services import bring_back_name


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


def take_back(
    session: Session, *, enrolment: Enrolment, conferral_id: str, director: Person, reason: str, now: datetime
) -> None:
    """Take a decision back that no certificate has followed yet; doing it again changes nothing.

    Raises:
        Missing: there is no such decision about this person.
        Refused: the certificate has been issued, somebody else took the decision back meanwhile, or this director
            decides nothing about this person.
    """
    # whoever holds this row issues the certificate or takes the decision back, never both
    session.execute(select(Conferral.id).where(Conferral.id == conferral_id).with_for_update())
    conferral = decision_of(session, enrolment=enrolment, conferral_id=conferral_id)
    check_may_confer(session, director, enrolment)
    if (already := session.get(ConferralWithdrawal, conferral.id)) is not None:
        if (already.decided_by, already.reason) == (director.id, reason.strip()):
            return
        who = session.get_one(Person, already.decided_by).name
        raise Stale.because(f"{who} took this decision back, because: {already.reason.rstrip('.')}")
    if session.get(Certificate, conferral.public_id) is not None:
        raise Stale.because(
            "the certificate was issued meanwhile, so the decision can no longer be taken back. "
            "The certificate can be revoked or corrected on its own page"
        )
    session.add(ConferralWithdrawal(conferral_id=conferral.id, reason=reason.strip(), decided_by=director.id, at=now))
    session.flush()
    ours = serves_wholly(session, official=director, person_id=conferral.person_id)
    if conferral.occasion is Occasion.CORRECTION and ours:
        _give_name_back(session, correction=conferral, director=director, now=now)
    note(
        session,
        actor_id=director.id,
        programme=enrolment.programme,
        act="take back a decision",
        subject=f"certificate {conferral.conferred.number}",
        detail=f"for {conferral.conferred.holder}",
        now=now,
    )


def _give_name_back(session: Session, *, correction: Conferral, director: Person, now: datetime) -> None:
    """Let the account bear the name of the certificate that stays, unless it was corrected once more since."""
    stays = session.get_one(Certificate, correction.supersedes)
    bring_back_name(
        session,
        person=session.get_one(Person, correction.person_id),
        wrong=correction.conferred.holder,
        right=stays.claim["holder"],
        reason=f"The correction of certificate {stays.number} was taken back.",
        by=director.id,
        now=now,
    )


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


def confer_again(
    session: Session,
    *,
    enrolment: Enrolment,
    follows: str,
    director: Person,
    reason: str,
    settings: Settings,
    now: datetime,
    seen: str = "",
) -> Conferral:
    """Keep a new decision that follows an earlier one; sent twice it finds the first.

    Args:
        seen: what the page showed about this person, see `trainer.cohorts.queries.seen_of_people`.

    Raises:
        Refused: nothing can be conferred again, something was decided meanwhile, a requirement is not met, or this
            director decides nothing about this person.
    """
    check_may_confer(session, director, enrolment)
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    if (already := session.scalar(_after(follows))) is not None and already.enrolment_id == enrolment.id:
        if (already.decided_by, already.proof.get("reason")) == (director.id, reason.strip()):
            return already
        raise Stale.because(f"{session.get_one(Person, already.decided_by).name} conferred the certificate again")
    earlier = again(session, enrolment=enrolment, now=now)
    if earlier.follows is None or earlier.follows.id != follows:
        if earlier.why_not:
            raise Refused(earlier.why_not)
        raise Stale.because("something was decided about the certificate")
    return confer(
        session,
        enrolment=enrolment,
        director=director,
        settings=settings,
        now=now,
        follow_up=FollowUp(follows=earlier.follows.id, reason=reason),
        seen=seen,
    )


def _may_follow(status: Status) -> bool:
    in_error = status.word is Word.REVOKED and status.reason_code == Reason.ISSUED_IN_ERROR
    return in_error or status.word is Word.SURRENDERED


def _newest(session: Session, decision: Conferral | None) -> Conferral | None:
    """Return the last of the decisions that follow each other from this one; all of them came to nothing."""
    while decision is not None and (later := session.scalar(_after(decision.id))) is not None:
        decision = later
    return decision if decision is None or _is_over(session, decision) else None


def _is_over(session: Session, decision: Conferral) -> bool:
    withdrawn = session.get(ConferralWithdrawal, decision.id) is not None
    return withdrawn or session.get(Certificate, decision.public_id) is not None


def _after(conferral_id: str) -> Select[Conferral]:
    return select(Conferral).where(Conferral.follows == conferral_id, Conferral.occasion == Occasion.AGAIN)
