"""What somebody writes, what they send, how people rate it: appended, never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, JSONText, JSONValue
from trainer.db.fates import Deleted
from trainer.enrolment.models import Hash, SlugText


class WrittenDraft(Base):
    """What somebody has written of an answer and not sent; the newest one counts and the earlier ones stay."""

    __tablename__ = "written_draft"
    __erasure__ = Deleted(by="enrolment_id")
    __table_args__ = (CheckConstraint("seq >= 1", name="seq_from_one"),)

    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    task: Mapped[str] = mapped_column(SlugText, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]


class WrittenAnswer(Base):
    """One version of an answer, sent once; every version stays."""

    __tablename__ = "written_answer"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (UniqueConstraint("enrolment_id", "task", "number", name="uq_written_answer_number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    release_hash: Mapped[str] = mapped_column(ForeignKey("content_release.hash"))  # by whose rubric it is rated
    task: Mapped[str] = mapped_column(SlugText)
    task_hash: Mapped[str] = mapped_column(Hash)
    number: Mapped[int]  # from 1; the next exists only after the one before was rated
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]


class WrittenRating(Base):
    """What one person gave one version, criterion by criterion, once, without knowing whose it is."""

    __tablename__ = "written_rating"
    __erasure__ = Deleted(by="answer_id")
    __table_args__ = (
        UniqueConstraint("answer_id", "rated_by", name="uq_written_rating_once"),
        CheckConstraint("place BETWEEN 1 AND 3", name="place_to_three"),
    )

    answer_id: Mapped[str] = mapped_column(ForeignKey("written_answer.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)  # the first, second or third to rate it
    steps: Mapped[JSONValue] = mapped_column(JSONText)  # a step for each criterion, in the order of the rubric
    comment: Mapped[str] = mapped_column(Text)
    rated_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class WrittenOutcome(Base):
    """What the ratings of one version came to; written once, with the last rating that was wanted."""

    __tablename__ = "written_outcome"
    __erasure__ = Deleted(by="answer_id")

    answer_id: Mapped[str] = mapped_column(ForeignKey("written_answer.id"), primary_key=True)
    steps: Mapped[JSONValue] = mapped_column(JSONText)
    holds: Mapped[bool]
    rule: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
