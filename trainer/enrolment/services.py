"""Give somebody a place in a cohort."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.db import new_id
from trainer.enrolment.models import Cohort, Enrolment, EnrolmentChange
from trainer.enrolment.queries import has_ended


def enrol(session: Session, *, person_id: str, cohort: Cohort, now: datetime) -> Enrolment:
    """Give a person a place in a cohort, or the one they had before it ended; a second time changes nothing."""
    query = select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.cohort_id == cohort.id)
    if (present := session.scalar(query)) is not None:
        if has_ended(session, present):
            again = {"reason": "Invited again.", "decided_by": person_id, "at": now}
            session.add(EnrolmentChange(enrolment_id=present.id, ended=False, **again))
        return present
    enrolment = Enrolment(
        id=new_id(), person_id=person_id, cohort_id=cohort.id, programme=cohort.programme, enrolled_at=now
    )
    session.add(enrolment)
    session.flush()  # what the person does next refers to the enrolment
    return enrolment
