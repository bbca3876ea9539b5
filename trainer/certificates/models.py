"""A person's decision to confer, and the certificate that followed from it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id, JSONText, JSONValue


class Conferral(Base):
    """A director's decision, with the proof as it stood on that day. There is one for each enrolment."""

    __tablename__ = "conferral"
    __table_args__ = (Index("ix_conferral_person", "person_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(80))
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    release_hash: Mapped[str] = mapped_column(String(64))
    proof: Mapped[JSONValue] = mapped_column(JSONText)


class Certificate(Base):
    """What was certified, and the exact bytes of the paper. There is one for each conferral."""

    __tablename__ = "certificate"

    public_id: Mapped[str] = mapped_column(ForeignKey("registry_entry.public_id"), primary_key=True)
    conferral_id: Mapped[str] = mapped_column(ForeignKey("conferral.id"), unique=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    claim: Mapped[JSONValue] = mapped_column(JSONText)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
