"""Releases of the content; cohorts that follow one; who has a place in them."""

from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    exists,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from trainer.db import Base, Id
from trainer.db.fates import AboutNobody, Deleted, Kept

Hash = String(64)
SlugText = String(80)


class ContentRelease(Base):
    """All content files of one moment, kept for ever under the hash of them."""

    __tablename__ = "content_release"
    __erasure__ = AboutNobody()
    __table_args__ = (Index("ix_content_release_published_at", "published_at"),)

    hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    archive: Mapped[bytes] = mapped_column(LargeBinary)  # a zip file; the same files give the same bytes
    format: Mapped[int] = mapped_column(server_default="1")  # in which the files are written: `release.FORMAT`
    published_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)


class Cohort(Base):
    """People who follow one programme and one release together.

    Its name, first day and archive are what they are today; `CohortChange` keeps how they came to be.
    """

    __tablename__ = "cohort"
    __erasure__ = AboutNobody()
    __table_args__ = (
        UniqueConstraint("programme", "name", name="uq_cohort_programme_name"),
        Index("ix_cohort_release", "release_hash"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme: Mapped[str] = mapped_column(SlugText)
    name: Mapped[str] = mapped_column(String(120))
    release_hash: Mapped[str] = mapped_column(ForeignKey("content_release.hash"))
    starts_on: Mapped[date]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]  # since when it is off the desk, and only read


class CohortChange(Base):
    """What a cohort was called from then on, when it began, and whether it was in the archive."""

    __tablename__ = "cohort_change"
    __erasure__ = Kept("it is about the cohort; who decided it is the id of a blanked row")
    __table_args__ = (Index("ix_cohort_change_cohort", "cohort_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohort.id"))
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    archived: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    at: Mapped[datetime]


class Enrolment(Base):
    """One person's place in one cohort."""

    __tablename__ = "enrolment"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (
        UniqueConstraint("person_id", "cohort_id", name="uq_enrolment_person_cohort"),
        Index("ix_enrolment_cohort", "cohort_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohort.id"))
    programme: Mapped[str] = mapped_column(SlugText)
    enrolled_at: Mapped[datetime]
    cohort: Mapped[Cohort] = relationship()


class EnrolmentChange(Base):
    """A place that has ended, or was taken up again; the newest of an enrolment's rows holds."""

    __tablename__ = "enrolment_change"
    __erasure__ = Deleted(by="enrolment_id")
    __table_args__ = (Index("ix_enrolment_change_enrolment", "enrolment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    ended: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    at: Mapped[datetime]


_LATER = aliased(EnrolmentChange)
PLACE_ENDED: ColumnElement[bool] = exists().where(
    EnrolmentChange.enrolment_id == Enrolment.id,
    EnrolmentChange.ended,
    ~exists().where(_LATER.enrolment_id == EnrolmentChange.enrolment_id, _LATER.id > EnrolmentChange.id),
)
"""What a query asks of an enrolment that does not count today."""
