"""The registry: one entry for each certificate, and every later change of its status."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id
from trainer.registry.status import Word


class RegistryEntry(Base):
    """A certificate that was issued, known by its id, its number and the hash of its paper."""

    __tablename__ = "registry_entry"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    public_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]  # of the paper, in bytes
    claim_sha256: Mapped[str] = mapped_column(String(64))  # of the claim in its canonical form
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime]  # the first moment that is no longer valid


class StatusChange(Base):
    """One decision about an issued certificate."""

    __tablename__ = "status_change"
    __table_args__ = (Index("ix_status_change_certificate", "public_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(ForeignKey("registry_entry.public_id"))
    status: Mapped[Word]
    reason_code: Mapped[str] = mapped_column(String(40))
    public_note: Mapped[str] = mapped_column(Text)
    private_reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    at: Mapped[datetime]
