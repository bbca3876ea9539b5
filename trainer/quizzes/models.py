"""Attempts, answers and submissions: appended, never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, JSONText, JSONValue
from trainer.db.fates import Deleted


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
    chosen: Mapped[JSONValue] = mapped_column(JSONText)  # authored positions, sorted
    saved_at: Mapped[datetime]


class QuizSubmission(Base):
    """An attempt that was sent, once, with its grade."""

    __tablename__ = "quiz_submission"
    __erasure__ = Deleted(by="attempt_id")
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND out_of", name="points_in_range"),)

    attempt_id: Mapped[str] = mapped_column(ForeignKey("quiz_attempt.id"), primary_key=True)
    submitted_at: Mapped[datetime]
    points: Mapped[int]
    out_of: Mapped[int]
    passed: Mapped[bool]
    failed_critical: Mapped[JSONValue] = mapped_column(JSONText)  # item ids
    grader: Mapped[str] = mapped_column(String(20))
