"""What a director decided where somebody could not go on, and what became of a waiver that takes two."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id
from trainer.db.fates import Deleted


class Chance(Base):
    """One decision: further tries of a quiz, further sittings, or a requirement that is waived. Written once."""

    __tablename__ = "chance"
    __erasure__ = Deleted(by="enrolment_id")
    __table_args__ = (Index("ix_chance_enrolment", "enrolment_id", "number", unique=True),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    number: Mapped[int]  # within the enrolment, from 1: of two directors at once one is told
    kind: Mapped[str] = mapped_column(String(20))  # of the requirement: quiz, exam, module, case, written
    slug: Mapped[str] = mapped_column(String(80))
    further: Mapped[int]  # so many more tries or sittings; 0 where the requirement is waived
    plan: Mapped[str] = mapped_column(Text)  # what is to be done before the next try; may be empty
    not_before: Mapped[datetime | None]  # the next try begins no earlier
    reason: Mapped[str] = mapped_column(Text)
    takes_two: Mapped[bool]  # whether a second director must agree before it holds
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ChanceAgreement(Base):
    """A second director agreed to a waiver."""

    __tablename__ = "chance_agreement"
    __erasure__ = Deleted(by="chance_id")

    chance_id: Mapped[str] = mapped_column(ForeignKey("chance.id"), primary_key=True)
    agreed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ChanceRefusal(Base):
    """A waiver that waited for a second director was declined, or taken back by whoever had proposed it."""

    __tablename__ = "chance_refusal"
    __erasure__ = Deleted(by="chance_id")

    chance_id: Mapped[str] = mapped_column(ForeignKey("chance.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
