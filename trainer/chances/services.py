"""Grant further tries, waive a requirement, agree to one or decline it. The caller says whether there is a need."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import check_may_decide, others_who_decide
from trainer.audit.services import note
from trainer.chances.granted import NOT_WAIVED, Need, Wish, named
from trainer.chances.models import Chance, ChanceAgreement, ChanceRefusal
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing, Refused, check_seen
from trainer.notices.services import tell
from trainer.notices.words import Channel


def decide_chance(
    session: Session, *, enrolment: Enrolment, need: Need, wish: Wish, seen: str | None, by: str, now: datetime
) -> Chance:
    """Keep a director's decision about one requirement of one trainee, and tell the trainee once it holds.

    Args:
        seen: how many such decisions about this person the page had shown; None where it is decided without a page.
            Sending the same page again decides nothing.

    Raises:
        Refused: no reason, another decision was taken meanwhile, nobody is stuck, only doing it counts, or this
            director decides nothing about this person.
    """
    check_may_decide(session, decider_id=by, about_id=enrolment.person_id)
    wish.check_whole()
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    newest = session.scalar(
        select(Chance).where(Chance.enrolment_id == enrolment.id).order_by(Chance.number.desc()).limit(1)
    )
    count = newest.number if newest else 0
    if newest and seen == str(count - 1) and _same(newest, need, wish, by):
        return newest
    check_seen(seen, str(count), what="another decision about this person was kept meanwhile")
    if (open_one := _open_waiver(session, enrolment, need)) is not None and not wish.further:
        whose = "you proposed" if open_one.decided_by == by else "another director proposed"
        raise Refused(f"A waiver of this that {whose} waits already. Decide about that one first.")
    wish.check(need, now=now)
    others: Sequence[str] = ()
    if not wish.further:
        others = others_who_decide(session, programme=enrolment.programme, about_id=enrolment.person_id, but=by)
    chance = _chance(enrolment, need, wish, number=count + 1, takes_two=bool(others), by=by, now=now)
    session.add(chance)
    session.flush()
    _write_down(session, enrolment, chance, need, now)
    if others:
        _ask(session, others, need.named, now)
    else:
        _tell(session, enrolment, need.named, now)
    return chance


def _chance(
    enrolment: Enrolment, need: Need, wish: Wish, *, number: int, takes_two: bool, by: str, now: datetime
) -> Chance:
    return Chance(
        id=new_id(),
        enrolment_id=enrolment.id,
        number=number,
        kind=need.kind,
        slug=need.slug,
        further=wish.further,
        plan=wish.plan.strip(),
        not_before=wish.not_before,
        reason=wish.reason.strip(),
        takes_two=takes_two,
        decided_by=by,
        at=now,
    )


def _write_down(session: Session, enrolment: Enrolment, chance: Chance, need: Need, now: datetime) -> None:
    act, detail = "grant further tries", f"{need.named}, {chance.further} more"
    if not chance.further:
        act, detail = "propose a waiver" if chance.takes_two else "waive a requirement", need.named
    _note(session, enrolment, act=act, detail=detail, by=chance.decided_by, now=now)


def agree(
    session: Session, *, enrolment: Enrolment, chance_id: str, title: str, waivable: bool, by: str, now: datetime
) -> None:
    """Let a second director agree to a waiver; agreeing again changes nothing.

    Args:
        waivable: whether the requirement may still be waived: more may be on record than when this was proposed.

    Raises:
        Missing: no such waiver waits about this person.
        Refused: this director proposed it, or decides nothing about this person, it was declined, or only doing it
            counts by now.
    """
    chance = _proposed(session, enrolment, chance_id, by)
    if session.get(ChanceAgreement, chance_id) is not None:
        return
    if (refusal := session.get(ChanceRefusal, chance_id)) is not None:
        raise Refused(_came_to_nothing(session, chance, refusal))
    if chance.decided_by == by:
        raise Refused("You proposed this waiver. Another director of the programme must agree.")
    if not waivable:
        raise Refused(NOT_WAIVED)
    session.add(ChanceAgreement(chance_id=chance_id, agreed_by=by, at=now))
    session.flush()
    _note(session, enrolment, act="agree to a waiver", detail=named(chance.kind, title), by=by, now=now)
    _tell(session, enrolment, named(chance.kind, title), now)


def decline(
    session: Session, *, enrolment: Enrolment, chance_id: str, title: str, reason: str, by: str, now: datetime
) -> None:
    """Let a second director decline a waiver, or let whoever proposed it take it back. It can be proposed again.

    Raises:
        Missing: no such waiver waits about this person.
        Refused: no reason, somebody else has decided meanwhile, or this director decides nothing about this person.
    """
    chance = _proposed(session, enrolment, chance_id, by)
    if not reason.strip():
        raise Refused("Please give the reason: it is kept with the decision.")
    if (agreement := session.get(ChanceAgreement, chance_id)) is not None:
        who = session.get_one(Person, agreement.agreed_by).name
        raise Refused(f"This changed since you opened it: {who} agreed to the waiver meanwhile, so it holds.")
    if (refusal := session.get(ChanceRefusal, chance_id)) is not None:
        if (refusal.decided_by, refusal.reason) == (by, reason.strip()):
            return
        raise Refused(_came_to_nothing(session, chance, refusal))
    session.add(ChanceRefusal(chance_id=chance_id, reason=reason.strip(), decided_by=by, at=now))
    session.flush()
    act = "take back a waiver" if chance.decided_by == by else "decline a waiver"
    _note(session, enrolment, act=act, detail=named(chance.kind, title), by=by, now=now)
    _tell(session, enrolment, named(chance.kind, title), now)
    if chance.decided_by != by:
        what = named(chance.kind, title)
        _write(
            session,
            chance.decided_by,
            f"The waiver of {what} was declined",
            f"Another director did not agree to the waiver of {what} that you proposed. Why, stands on the record. "
            "You can propose it again, or decide otherwise.",
            now,
        )


def _proposed(session: Session, enrolment: Enrolment, chance_id: str, by: str) -> Chance:
    """Take the turn of this person, and return a waiver about them that takes two."""
    check_may_decide(session, decider_id=by, about_id=enrolment.person_id)
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    chance = session.get(Chance, chance_id)
    if chance is None or chance.enrolment_id != enrolment.id or not chance.takes_two:
        raise Missing("There is no such waiver that waits.")
    return chance


def _came_to_nothing(session: Session, chance: Chance, refusal: ChanceRefusal) -> str:
    who = session.get_one(Person, refusal.decided_by).name
    what = "took the proposal back" if refusal.decided_by == chance.decided_by else "declined the waiver"
    return f"This changed since you opened it: {who} {what} meanwhile, because: {refusal.reason.rstrip('.')}."


def _open_waiver(session: Session, enrolment: Enrolment, need: Need) -> Chance | None:
    about = (Chance.enrolment_id == enrolment.id, Chance.kind == need.kind, Chance.slug == need.slug, Chance.takes_two)
    decided = exists().where(ChanceAgreement.chance_id == Chance.id) | exists().where(
        ChanceRefusal.chance_id == Chance.id
    )
    return session.scalar(select(Chance).where(*about, ~decided))


def _same(newest: Chance, need: Need, wish: Wish, by: str) -> bool:
    sent = (need.kind, need.slug, wish.further, wish.plan.strip(), wish.reason.strip(), by)
    return (newest.kind, newest.slug, newest.further, newest.plan, newest.reason, newest.decided_by) == sent


def _note(session: Session, enrolment: Enrolment, *, act: str, detail: str, by: str, now: datetime) -> None:
    subject = session.get_one(Person, enrolment.person_id).name
    note(session, actor_id=by, programme=enrolment.programme, act=act, subject=subject, detail=detail, now=now)


def _tell(session: Session, enrolment: Enrolment, what: str, now: datetime) -> None:
    words = f"A director of your programme has decided about {what}. "
    where = "What was decided, and why, stands on your path beside it."
    _write(session, enrolment.person_id, f"A decision about {what}", words + where, now)


def _ask(session: Session, directors: Sequence[str], what: str, now: datetime) -> None:
    """Tell those of whom one must agree; no letter names a trainee, see `trainer.notices.services.tell`."""
    for director in directors:
        _write(
            session,
            director,
            f"A waiver of {what} waits for your decision",
            f"Another director proposes to waive {what} for somebody in your programme. It holds once one more "
            "director agrees. Sign in and open the desk: it stands under “Waiting for your decision”, with the reason. "
            "You can agree to it or decline it.",
            now,
        )


def _write(session: Session, recipient: str, subject: str, body: str, now: datetime) -> None:
    tell(session, channel=Channel.MAIL, recipient=recipient, subject=subject, body=body, now=now)
