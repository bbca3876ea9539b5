"""Sittings of an examination, the cases drawn for them, and what people decided: appended, never changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, JSONText, JSONValue
from trainer.db.fates import Deleted
from trainer.examinations.words import Zone


class Sitting(Base):
    """One person sitting one examination."""

    __tablename__ = "exam_sitting"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (UniqueConstraint("enrolment_id", "exam", "number", name="uq_exam_sitting_number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    release_hash: Mapped[str] = mapped_column(ForeignKey("content_release.hash"))
    exam: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]  # from 1; the next exists only after the one before has a result
    form: Mapped[int]  # the seed from which the form was drawn
    started_at: Mapped[datetime]


class SittingCase(Base):
    """One case of a form, in its place; its run is there once it has been begun."""

    __tablename__ = "exam_case"
    __erasure__ = Deleted(by="sitting_id")

    sitting_id: Mapped[str] = mapped_column(ForeignKey("exam_sitting.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # from 1
    case_slug: Mapped[str] = mapped_column(String(80))
    case_hash: Mapped[str] = mapped_column(String(64))
    variant: Mapped[str] = mapped_column(String(80))
    seed: Mapped[int]
    warm_up: Mapped[bool]  # played first and not counted


class SittingRun(Base):
    """The run of one case of a form; its keys make a second run of it impossible."""

    __tablename__ = "exam_run"
    __erasure__ = Deleted(by="sitting_id")

    sitting_id: Mapped[str] = mapped_column(ForeignKey("exam_sitting.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"), unique=True)


class Flag(Base):
    """A possible critical failure in an examination; nothing is decided until a person has looked."""

    __tablename__ = "exam_flag"
    __erasure__ = Deleted(by="sitting_id")
    __table_args__ = (UniqueConstraint("run_id", "rule", name="uq_exam_flag_once"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    sitting_id: Mapped[str] = mapped_column(ForeignKey("exam_sitting.id"))
    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"))
    rule: Mapped[str] = mapped_column(String(80))
    raised_at: Mapped[datetime]


class FlagDecision(Base):
    """An examiner confirmed or cleared a flag, once, with a reason."""

    __tablename__ = "exam_flag_decision"
    __erasure__ = Deleted(by="sitting_id")

    flag_id: Mapped[str] = mapped_column(ForeignKey("exam_flag.id"), primary_key=True)
    sitting_id: Mapped[str] = mapped_column(ForeignKey("exam_sitting.id"))
    confirmed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class SittingResult(Base):
    """What the cases of a sitting came to when the last had ended; written once, before people decide anything."""

    __tablename__ = "exam_result"
    __erasure__ = Deleted(by="sitting_id")

    sitting_id: Mapped[str] = mapped_column(ForeignKey("exam_sitting.id"), primary_key=True)
    zone: Mapped[Zone]
    result: Mapped[JSONValue] = mapped_column(JSONText)
    at: Mapped[datetime]


class SittingDecision(Base):
    """What people decided of a sitting in the grey zone, once, with a reason."""

    __tablename__ = "exam_decision"
    __erasure__ = Deleted(by="sitting_id")

    sitting_id: Mapped[str] = mapped_column(ForeignKey("exam_sitting.id"), primary_key=True)
    passed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
