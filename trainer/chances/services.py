"""Grant further tries, waive a requirement, agree to a waiver. Whether there is a need is for the caller to say."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.accounts.models import HELD_NOW, Membership, Person, Role
from trainer.accounts.queries import check_may_decide, stands_aside
from trainer.audit.services import note
from trainer.chances.granted import MOST
from trainer.chances.models import Chance, ChanceAgreement
from trainer.curriculum.models import Enrolment
from trainer.db import new_id
from trainer.errors import Missing, Refused
from trainer.notices.models import Channel
from trainer.notices.services import tell


def decide_chance(
    session: Session,
    *,
    enrolment: Enrolment,
    kind: str,
    slug: str,
    title: str,
    further: int,
    plan: str,
    not_before: datetime | None,
    reason: str,
    seen: int,
    stuck: bool,
    by: str,
    now: datetime,
) -> Chance:
    """Keep a director's decision about one requirement of one trainee, and tell the trainee once it holds.

    Args:
        further: so many more tries or sittings, 1 to 3; 0 to waive the requirement.
        not_before: the next try begins no earlier; it lies ahead.
        seen: how many such decisions about this person the page had shown. Sending the same page again decides nothing.
        stuck: whether no try is left, which is what further tries are for.

    Raises:
        Refused: no reason, another decision was taken meanwhile, nobody is stuck, or this director decides nothing
            about this person.
    """
    check_may_decide(session, decider_id=by, about_id=enrolment.person_id)
    if not reason.strip():
        raise Refused("Please give the reason: it is kept with the decision.")
    if not 0 <= further <= MOST:
        raise Refused(f"Up to {MOST} further tries are granted at once.")
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    newest = session.scalar(
        select(Chance).where(Chance.enrolment_id == enrolment.id).order_by(Chance.number.desc()).limit(1)
    )
    count = newest.number if newest else 0
    if newest and count == seen + 1 and _same(newest, kind, slug, further, plan, reason, by):
        return newest
    if count != seen:
        raise Refused(
            "This changed since you opened it: another decision about this person was kept meanwhile. "
            "Look at it and decide again."
        )
    if further and not stuck:
        raise Refused("There are tries left, so none need be granted.")
    if not_before is not None and not_before <= now:
        raise Refused("The day before which no try begins lies ahead, or is left out.")
    takes_two = not further and _others(session, enrolment=enrolment, but=by)
    chance = Chance(
        id=new_id(),
        enrolment_id=enrolment.id,
        number=count + 1,
        kind=kind,
        slug=slug,
        further=further,
        plan=plan.strip(),
        not_before=not_before,
        reason=reason.strip(),
        takes_two=takes_two,
        decided_by=by,
        at=now,
    )
    session.add(chance)
    session.flush()
    act = ("propose a waiver" if takes_two else "waive a requirement") if not further else "grant further tries"
    _note(session, enrolment, act=act, detail=f"{kind} {slug}" + (f": {further}" if further else ""), by=by, now=now)
    if not takes_two:
        _tell(session, enrolment, title, now)
    return chance


def agree(session: Session, *, enrolment: Enrolment, chance_id: str, title: str, by: str, now: datetime) -> None:
    """Let a second director agree to a waiver; agreeing again changes nothing.

    Raises:
        Missing: no such waiver waits about this person.
        Refused: this director proposed it, or decides nothing about this person.
    """
    check_may_decide(session, decider_id=by, about_id=enrolment.person_id)
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    chance = session.get(Chance, chance_id)
    if chance is None or chance.enrolment_id != enrolment.id or not chance.takes_two:
        raise Missing("There is no such waiver that waits.")
    if session.get(ChanceAgreement, chance_id) is not None:
        return
    if chance.decided_by == by:
        raise Refused("You proposed this waiver. Another director of the programme must agree.")
    session.add(ChanceAgreement(chance_id=chance_id, agreed_by=by, at=now))
    session.flush()
    _note(session, enrolment, act="agree to a waiver", detail=f"{chance.kind} {chance.slug}", by=by, now=now)
    _tell(session, enrolment, title, now)


def _same(newest: Chance, kind: str, slug: str, further: int, plan: str, reason: str, by: str) -> bool:
    sent = (kind, slug, further, plan.strip(), reason.strip(), by)
    return (newest.kind, newest.slug, newest.further, newest.plan, newest.reason, newest.decided_by) == sent


def _others(session: Session, *, enrolment: Enrolment, but: str) -> bool:
    """Say whether another director of the programme could decide about this person."""
    aside = stands_aside(session, person_id=enrolment.person_id)
    query = select(func.count()).where(
        Membership.programme == enrolment.programme,
        Membership.role == Role.DIRECTOR,
        HELD_NOW,
        Membership.person_id.not_in({but, *aside}),
    )
    return bool(session.scalar(query))


def _note(session: Session, enrolment: Enrolment, *, act: str, detail: str, by: str, now: datetime) -> None:
    subject = session.get_one(Person, enrolment.person_id).name
    note(session, actor_id=by, programme=enrolment.programme, act=act, subject=subject, detail=detail, now=now)


def _tell(session: Session, enrolment: Enrolment, title: str, now: datetime) -> None:
    tell(
        session,
        channel=Channel.MAIL,
        recipient=enrolment.person_id,
        subject=f"A decision about “{title}”",
        body=(
            f"Your programme director has decided about “{title}”, so that you can go on. "
            "What was decided, and why, stands on your path beside it."
        ),
        now=now,
    )
