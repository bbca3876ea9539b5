"""Decide a flag or a sitting in the grey zone: once, by somebody else than the person who played, with a reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.queries import stands_aside
from trainer.audit.services import note
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing, Refused
from trainer.examinations.models import Flag, FlagDecision, Sitting, SittingDecision
from trainer.examinations.queries import Standing, standings

DECIDED_ALREADY = "Somebody has decided this already, and a decision stays as it is. Open the page again to see it."


def flag_for(session: Session, *, flag_id: str, programmes: frozenset[str], by: str) -> tuple[Flag, Sitting]:
    """Return a flag that this examiner may look at, and the sitting in which it was raised.

    Raises:
        Missing: there is none, it belongs to another programme, or the examiner stands aside from who played the
            case. They are not told which: that would say whose it is.
    """
    query = select(Flag, Sitting).join(Sitting, Sitting.id == Flag.sitting_id)
    query = query.join(Enrolment, Enrolment.id == Sitting.enrolment_id)
    aside = stands_aside(session, person_id=by)
    query = query.where(Flag.id == flag_id, Enrolment.programme.in_(programmes), Sitting.person_id.not_in(aside))
    found = session.execute(query).first()
    if found is None:
        raise Missing("There is no such flag among those that you may decide.")
    return found[0], found[1]


def decide_flag(
    session: Session, *, flag_id: str, programmes: frozenset[str], by: str, confirmed: bool, reason: str, now: datetime
) -> FlagDecision:
    """Confirm or clear a flag; sending the same decision twice changes nothing.

    Raises:
        Missing: there is no such flag for this examiner.
        Refused: it has been decided, by somebody else, otherwise, or for another reason.
    """
    flag, sitting = flag_for(session, flag_id=flag_id, programmes=programmes, by=by)
    session.execute(select(Flag.id).where(Flag.id == flag.id).with_for_update())  # of two at once one comes second
    decided = session.get(FlagDecision, flag.id)
    if decided is not None:
        if (decided.decided_by, decided.confirmed, decided.reason) != (by, confirmed, reason.strip()):
            raise Refused(DECIDED_ALREADY)
        return decided
    decision = FlagDecision(
        flag_id=flag.id, sitting_id=sitting.id, confirmed=confirmed, reason=reason.strip(), decided_by=by, at=now
    )
    session.add(decision)
    act = "confirm flag" if confirmed else "clear flag"
    _note(session, sitting, by=by, act=act, detail=flag.rule, now=now)
    return decision


def grey_for(session: Session, *, sitting_id: str, programmes: frozenset[str], by: str) -> Standing:
    """Return a sitting that came to the grey zone, and that this person may look at.

    Raises:
        Missing: there is none, it belongs to another programme, waits for nobody, or it is of somebody from whom they
            stand aside.
    """
    query = select(Sitting).join(Enrolment, Enrolment.id == Sitting.enrolment_id)
    aside = stands_aside(session, person_id=by)
    query = query.where(Sitting.id == sitting_id, Enrolment.programme.in_(programmes), Sitting.person_id.not_in(aside))
    found: Sequence[Standing] = standings(session, sittings=session.scalars(query).all())
    if not found or not (found[0].awaits_people or found[0].decision):
        raise Missing("There is no such sitting among those that you may decide.")
    return found[0]


def decide_sitting(
    session: Session, *, sitting_id: str, programmes: frozenset[str], by: str, passed: bool, reason: str, now: datetime
) -> SittingDecision:
    """Let somebody in the grey zone pass, or not; sending the same decision twice changes nothing.

    Raises:
        Missing: there is no such sitting for this person to decide.
        Refused: it has been decided, by somebody else, otherwise, or for another reason.
    """
    session.execute(select(Sitting.id).where(Sitting.id == sitting_id).with_for_update())
    standing = grey_for(session, sitting_id=sitting_id, programmes=programmes, by=by)
    if (decided := standing.decision) is not None:
        if (decided.decided_by, decided.passed, decided.reason) != (by, passed, reason.strip()):
            raise Refused(DECIDED_ALREADY)
        return decided
    decision = SittingDecision(sitting_id=sitting_id, passed=passed, reason=reason.strip(), decided_by=by, at=now)
    session.add(decision)
    detail = "passed" if passed else "not passed"
    _note(session, standing.sitting, by=by, act="decide examination", detail=detail, now=now)
    return decision


def _note(session: Session, sitting: Sitting, *, by: str, act: str, detail: str, now: datetime) -> None:
    """Write it down without a name: other flags of the same sitting may still wait for eyes that do not know whose."""
    programme = session.get_one(Enrolment, sitting.enrolment_id).programme
    subject = f"{sitting.exam}, sitting {sitting.id[:8]}"
    note(session, actor_id=by, programme=programme, act=act, subject=subject, detail=detail, now=now)
