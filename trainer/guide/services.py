"""The tour is skipped."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.guide.models import TourSkipped


def skip_tour(session: Session, *, person_id: str, now: datetime) -> None:
    """Keep that somebody wants no tour; a second time changes nothing."""
    session.execute(
        select(Person.id).where(Person.id == person_id).with_for_update()
    )  # two clicks, one after the other
    if session.get(TourSkipped, person_id) is None:
        session.add(TourSkipped(person_id=person_id, at=now))
