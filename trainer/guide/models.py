"""Who wants no tour."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base
from trainer.db.fates import Deleted


class TourSkipped(Base):
    """Somebody wants no tour, on no device; its key makes a double click harmless."""

    __tablename__ = "tour_skipped"
    __erasure__ = Deleted(by="person_id")

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]
