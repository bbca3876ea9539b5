"""What an examiner has in hand: one flag, or one sitting in the grey zone."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.queries import stands_aside
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing
from trainer.examinations.models import Flag, Sitting
from trainer.examinations.queries import SittingRecord, standings


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


def grey_for(session: Session, *, sitting_id: str, programmes: frozenset[str], by: str) -> SittingRecord:
    """Return a sitting that came to the grey zone, and that this person may look at.

    Raises:
        Missing: there is none, it belongs to another programme, waits for nobody, or it is of somebody from whom they
            stand aside.
    """
    query = select(Sitting).join(Enrolment, Enrolment.id == Sitting.enrolment_id)
    aside = stands_aside(session, person_id=by)
    query = query.where(Sitting.id == sitting_id, Enrolment.programme.in_(programmes), Sitting.person_id.not_in(aside))
    found: Sequence[SittingRecord] = standings(session, sittings=session.scalars(query).all())
    if not found or not (found[0].awaits_people or found[0].decision):
        raise Missing("There is no such sitting among those that you may decide.")
    return found[0]
