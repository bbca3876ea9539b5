"""Runs and what happened in them: appended, never changed. The transcript is the truth; all else is replayed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.cases.runs.words import EventKind, Pace, RunPurpose
from trainer.db import Base, Id, JSONText, JSONValue
from trainer.db.fates import AboutNobody, Deleted


class CaseRun(Base):
    """One person playing one exact text of a case, in one variant, with one seed."""

    __tablename__ = "case_run"
    __erasure__ = Deleted(by="person_id")
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
    purpose: Mapped[RunPurpose]
    pace: Mapped[Pace]
    factor: Mapped[int]  # how much longer than written every limit is, in per cent: 100 as written, 200 twice
    pauses: Mapped[int | None]  # how many pauses can still stop the clock of a moment; None for as many as wanted
    started_at: Mapped[datetime]


class CaseEvent(Base):
    """One thing the trainee did; its key makes a double click harmless."""

    __tablename__ = "case_event"
    __erasure__ = Deleted(by="run_id")

    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)  # from 1
    kind: Mapped[EventKind]
    value: Mapped[str] = mapped_column(Text)  # a choice's id, words, or the reaction as JSON
    at: Mapped[datetime]


class CaseEnding(Base):
    """A run that came to its end, with its score; written once, with the last choice."""

    __tablename__ = "case_ending"
    __erasure__ = Deleted(by="run_id")

    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"), primary_key=True)
    ending: Mapped[str] = mapped_column(String(80))
    passed: Mapped[bool]
    result: Mapped[JSONValue] = mapped_column(JSONText)
    rubric: Mapped[str] = mapped_column(String(20))
    ended_at: Mapped[datetime]


class CaseRescore(Base):
    """A later score of an ended run, beside the first: decided by a person, with a reason, and never instead of it."""

    __tablename__ = "case_rescore"
    __erasure__ = Deleted(by="run_id")
    __table_args__ = (UniqueConstraint("run_id", "case_hash", "rubric", name="uq_case_rescore_once"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"))
    case_hash: Mapped[str] = mapped_column(String(64))  # the text by which it was scored
    rubric: Mapped[str] = mapped_column(String(20))
    passed: Mapped[bool]
    result: Mapped[JSONValue] = mapped_column(JSONText)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class DebriefStep(Base):
    """A moment of a debrief that was gone through; number 0: the debrief has opened, with the first words."""

    __tablename__ = "debrief_step"
    __erasure__ = Deleted(by="run_id")
    __table_args__ = (CheckConstraint("number BETWEEN 0 AND whole", name="number_to_whole"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    whole: Mapped[int]  # how many moments this debrief has
    at: Mapped[datetime]


class CaseNote(Base):
    """What a trainee wrote for themselves after a run; the newest row is the note, the older ones stay."""

    __tablename__ = "case_note"
    __erasure__ = Deleted(by="run_id")

    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)  # from 1
    text: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool]  # with the supervisor; otherwise nobody else sees it
    at: Mapped[datetime]


class CaseComment(Base):
    """A word from a trainee to the authors about one scene."""

    __tablename__ = "case_comment"
    __erasure__ = Deleted(by="run_id")

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("case_run.id"))
    scene: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Accommodation(Base):
    """More time for one trainee, granted by a director for a reason; the newest row counts."""

    __tablename__ = "accommodation"
    __erasure__ = Deleted(by="enrolment_id")

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    factor: Mapped[int]  # in per cent: 100 as written, 150, 200; 0 for no limits at all
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class CaseReport(Base):
    """What the checker proved about one exact text, kept with the release that published it."""

    __tablename__ = "case_report"
    __erasure__ = AboutNobody()

    case_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    checker: Mapped[str] = mapped_column(String(20), primary_key=True)  # the checker's own version
    report: Mapped[JSONValue] = mapped_column(JSONText)
    at: Mapped[datetime]
