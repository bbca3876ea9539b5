"""Take back a decision that was never issued; confer again where an earlier decision came to nothing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import serves_wholly
from trainer.audit.services import note
from trainer.certificates.conferring.basis import FollowUp
from trainer.certificates.conferring.queries import check_may_confer
from trainer.certificates.models import Certificate, Conferral, ConferralWithdrawal
from trainer.certificates.words import Occasion
from trainer.cohorts.decisions.queries import again, decision_after, decision_of
from trainer.cohorts.services import confer_on_enrolment
from trainer.enrolment.models import Enrolment
from trainer.errors import Refused, Stale
from trainer.settings import Settings
from trainer.staff.correcting.services import bring_back_name


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


def confer_again(
    session: Session,
    *,
    enrolment: Enrolment,
    follow_up: FollowUp,
    director: Person,
    settings: Settings,
    now: datetime,
    seen: str | None = None,
) -> Conferral:
    """Keep a new decision that follows an earlier one; sent twice it finds the first.

    Args:
        follow_up: why, and which decision it follows as the page showed it.
        seen: what the page showed about this person, see `trainer.cohorts.queries.seen_of_people`.

    Raises:
        Refused: nothing can be conferred again, something was decided meanwhile, a requirement is not met, or this
            director decides nothing about this person.
    """
    check_may_confer(session, director, enrolment)
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    already = session.scalar(decision_after(follow_up.follows))
    if already is not None and already.enrolment_id == enrolment.id:
        if (already.decided_by, already.proof.get("reason")) == (director.id, follow_up.reason.strip()):
            return already
        raise Stale.because(f"{session.get_one(Person, already.decided_by).name} conferred the certificate again")
    earlier = again(session, enrolment=enrolment, now=now)
    if earlier.follows is None or earlier.follows.id != follow_up.follows:
        if earlier.why_not:
            raise Refused(earlier.why_not)
        raise Stale.because("something was decided about the certificate")
    return confer_on_enrolment(
        session, enrolment=enrolment, director=director, settings=settings, now=now, follow_up=follow_up, seen=seen
    )
