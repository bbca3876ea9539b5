"""Promises that trainees sign: which text, in which version, under which name, when."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id
from trainer.db.fates import Deleted


class SignedAttestation(Base):
    """One text signed by one trainee; a changed text has another hash and must be signed again."""

    __tablename__ = "signed_attestation"
    __erasure__ = Deleted(by="enrolment_id")
    __table_args__ = (UniqueConstraint("enrolment_id", "attestation", "text_hash", name="uq_signed_attestation_once"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    attestation: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(20))
    text_hash: Mapped[str] = mapped_column(String(64))
    name_signed: Mapped[str] = mapped_column(String(80))
    signed_at: Mapped[datetime]
