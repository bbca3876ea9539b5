"""Attempts, answers and submissions: appended, never changed."""

from datetime import datetime
from fractions import Fraction

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, JSONText, JSONValue
from trainer.db.fates import Deleted
from trainer.items.grading import written_points


class QuizAttempt(Base):
    """One form in front of one trainee; it holds everything needed to show and grade it again."""

    __tablename__ = "quiz_attempt"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (UniqueConstraint("enrolment_id", "bank", "counted", "number", name="uq_quiz_attempt_number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    release_hash: Mapped[str] = mapped_column(ForeignKey("content_release.hash"))
    bank: Mapped[str] = mapped_column(String(80))
    counted: Mapped[bool]  # False: practice
    number: Mapped[int]  # from 1; the next number exists only after the one before was sent
    seed: Mapped[str] = mapped_column(String(40))
    form: Mapped[JSONValue] = mapped_column(JSONText)
    started_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]


class QuizAnswer(Base):
    """One answer to one item; the newest one counts and the earlier ones stay."""

    __tablename__ = "quiz_answer"
    __erasure__ = Deleted(by="attempt_id")
    __table_args__ = (CheckConstraint("seq >= 1", name="seq_from_one"),)

    attempt_id: Mapped[str] = mapped_column(ForeignKey("quiz_attempt.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(String(160))
    chosen: Mapped[JSONValue] = mapped_column(JSONText)  # authored positions, sorted; or the text of each field
    saved_at: Mapped[datetime]


class QuizSubmission(Base):
    """An attempt that was sent, once, with its grade."""

    __tablename__ = "quiz_submission"
    __erasure__ = Deleted(by="attempt_id")
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND out_of", name="points_in_range"),)

    attempt_id: Mapped[str] = mapped_column(ForeignKey("quiz_attempt.id"), primary_key=True)
    submitted_at: Mapped[datetime]
    points: Mapped[int]  # items that were wholly right
    credit: Mapped[str | None] = mapped_column(String(40))  # an exact fraction; None before parts were credited
    out_of: Mapped[int]
    passed: Mapped[bool]
    failed_critical: Mapped[JSONValue] = mapped_column(JSONText)  # item ids
    grader: Mapped[str] = mapped_column(String(20))

    @property
    def earned(self) -> Fraction:
        """Return what was earned, from 0 to `out_of`."""
        return earned(self.credit, self.points)

    @property
    def share(self) -> Fraction:
        """Return the same as a share of what could be earned, from 0 to 1."""
        return self.earned / self.out_of

    @property
    def written(self) -> str:
        """Return what was earned as people read it."""
        return written_points(self.earned)

    @property
    def mark(self) -> str:
        """Return the same with what could be earned."""
        return f"{self.written} of {self.out_of}"


def earned(credit: str | None, points: int) -> Fraction:
    """Return what an attempt earned: its credit, or its points where nothing was credited in parts."""
    return Fraction(points if credit is None else credit)
