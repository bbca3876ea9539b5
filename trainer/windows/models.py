"""What directors decided about the windows for sittings of a cohort: appended, never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id
from trainer.db.fates import Kept


class SittingWindow(Base):
    """A window for sittings that was set, changed or withdrawn; the newest of a window's rows holds."""

    __tablename__ = "sitting_window"
    __erasure__ = Kept("it is about a cohort; who decided it is the id of a blanked row")
    __table_args__ = (
        Index("ix_sitting_window_cohort", "cohort_id", "number", unique=True),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohort.id"))
    number: Mapped[int]  # of the decision within the cohort, from 1: of two directors at once one is told
    window_number: Mapped[int]  # which window: the number of the decision that set it
    exam: Mapped[str] = mapped_column(String(80))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    withdrawn: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)  # of a change or a withdrawal; empty where it was set
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
