"""Runs and what happened in them: appended, never changed. The transcript is the truth; all else is replayed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, JSONText, JSONValue


class EventKind(StrEnum):
    """What a trainee did in a run."""

    CHOICE = "choice"
    REASON = "reason"
    REACTION = "reaction"


class CaseRun(Base):
    """One person playing one exact text of a case, in one variant, with one seed."""

    __tablename__ = "case_run"
    __table_args__ = (UniqueConstraint("enrolment_id", "case_slug", "number", name="uq_case_run_number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    release_hash: Mapped[str] = mapped_column(ForeignKey("content_release.hash"))
    case_slug: Mapped[str] = mapped_column(String(80))
    case_hash: Mapped[str] = mapped_column(String(64))
    variant: Mapped[str] = mapped_column(String(80))
    seed: Mapped[int]
    number: Mapped[int]  # from 1; the next number exists only after the one before has ended
    started_at: Mapped[datetime]


class CaseEvent(Base):
    """One thing the trainee did; its key makes a double click harmless."""

    __tablename__ = "case_event"

    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)  # from 1
    kind: Mapped[EventKind]
    value: Mapped[str] = mapped_column(Text)  # a choice's id, a reason, or the reaction as JSON
    at: Mapped[datetime]


class CaseEnding(Base):
    """A run that came to its end, with its score; written once, with the last choice."""

    __tablename__ = "case_ending"

    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"), primary_key=True)
    ending: Mapped[str] = mapped_column(String(80))
    passed: Mapped[bool]
    result: Mapped[JSONValue] = mapped_column(JSONText)
    rubric: Mapped[str] = mapped_column(String(20))
    ended_at: Mapped[datetime]
