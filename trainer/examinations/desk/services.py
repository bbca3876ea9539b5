"""Decide a flag or a sitting in the grey zone: once, by somebody else than the person who played, with a reason."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.audit.services import note
from trainer.enrolment.models import Enrolment
from trainer.errors import Refused
from trainer.examinations.desk.queries import flag_for, grey_for
from trainer.examinations.models import Flag, FlagDecision, Sitting, SittingDecision

DECIDED_ALREADY = "Somebody has decided this already, and a decision stays as it is. Open the page again to see it."


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
