"""What has been read, and which texts a clinician has signed."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from trainer.curriculum.words import ReviewKind
from trainer.db import Base, Id
from trainer.db.fates import Deleted, Kept
from trainer.enrolment.models import Hash, SlugText


class LessonRead(Base):
    """The statement “I have read this”, made once about one version of one lesson."""

    __tablename__ = "lesson_read"
    __erasure__ = Deleted(by="enrolment_id")
    __table_args__ = (
        UniqueConstraint("enrolment_id", "module", "lesson", "lesson_hash", name="uq_lesson_read_once"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    module: Mapped[str] = mapped_column(SlugText)
    lesson: Mapped[str] = mapped_column(SlugText)
    lesson_hash: Mapped[str] = mapped_column(Hash)
    minutes: Mapped[int]  # the contact time this version declared
    read_at: Mapped[datetime]


class ReadingPlace(Base):
    """Where somebody was reading; the latest row of an enrolment is the place to go on from."""

    __tablename__ = "reading_place"
    __erasure__ = Deleted(by="enrolment_id")
    __table_args__ = (Index("ix_reading_place_enrolment_at", "enrolment_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    module: Mapped[str] = mapped_column(SlugText)
    lesson: Mapped[str] = mapped_column(SlugText)
    anchor: Mapped[str] = mapped_column(SlugText)  # the id of a heading, or empty for the top of the page
    at: Mapped[datetime]


class ContentReview(Base):
    """A named clinician's signature under one exact version of an item, a case, a lesson or a task."""

    __tablename__ = "content_review"
    __erasure__ = Kept("it is a signature under a text that others learn from")
    __table_args__ = (
        UniqueConstraint("content_hash", "reviewer_id", name="uq_content_review_once"),
        Index("ix_content_review_content", "kind", "content_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[ReviewKind]
    content_hash: Mapped[str] = mapped_column(Hash)
    content_id: Mapped[str] = mapped_column(String(200))
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reviewer_name: Mapped[str] = mapped_column(String(80))  # as it was on the day
    reviewer_role: Mapped[str] = mapped_column(String(120))
    statement: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]
