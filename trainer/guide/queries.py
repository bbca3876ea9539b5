"""Whether somebody wants the tour: nothing is changed here."""

from sqlalchemy.orm import Session

from trainer.guide.models import TourSkipped


def wants_no_tour(session: Session, *, person_id: str) -> bool:
    """Say whether somebody has skipped the tour."""
    return session.get(TourSkipped, person_id) is not None
