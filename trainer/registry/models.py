"""The registry: one entry for each certificate, every later change of its status, and the log of both."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id
from trainer.registry.entries import Kind
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
    # never empty; nullable only because SQLite cannot add such a column to a table that others refer to
    salt: Mapped[bytes] = mapped_column(LargeBinary(32), nullable=True)  # of the commitment to the claim
    paper_salt: Mapped[bytes] = mapped_column(LargeBinary(32), nullable=True)  # of the commitment to the paper


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
    salt: Mapped[bytes] = mapped_column(LargeBinary(32), nullable=True)  # never empty, as above


class LogEntry(Base):
    """One leaf of the log. Which certificate it is about is known here and never published."""

    __tablename__ = "log_entry"
    __table_args__ = (
        CheckConstraint('"index" >= 0', name="index_from_zero"),
        Index("ix_log_entry_certificate", "public_id", "index"),
    )

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 0, without a gap
    data: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[Kind]
    public_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime]


class LogTile(Base):
    """A full tile of 256 hashes, and the one hash above them."""

    __tablename__ = "log_tile"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary(8192))
    root: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogCheckpoint(Base):
    """What the log signed when it had that size; there is never a second one of the same size."""

    __tablename__ = "log_checkpoint"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    edge: Mapped[bytes] = mapped_column(LargeBinary)  # the tree's right edge, see `merkle.grown`
    at: Mapped[datetime]
