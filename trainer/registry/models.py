"""The registry: one entry for each certificate, every later change of its status, and the log of both."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id
from trainer.db.fates import AboutNobody, Blanked, Kept
from trainer.registry.entries import EntryKind
from trainer.registry.status import Decision, Word


class RegistryEntry(Base):
    """A certificate that was issued, known by its id, its number and the hash of its paper."""

    __tablename__ = "registry_entry"
    __erasure__ = Blanked(  # a fingerprint of facts can be guessed; one of signed bytes cannot
        by="public_id",
        to={"claim_sha256": "", "credential_sha256": None}
        | dict.fromkeys(("salt", "paper_salt", "credential_salt"), None),
        why="its number, its dates, the hash of the paper and the place in the status lists prove that we issued it",
    )
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        Index("ix_registry_entry_status_index", "status_index", unique=True),
    )

    public_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]  # of the paper, in bytes
    claim_sha256: Mapped[str] = mapped_column(String(64))  # of the claim in its canonical form
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime]  # the first moment that is no longer valid
    # salts are never empty unless the person was erased
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # of the commitment to the claim
    paper_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # of the commitment to the paper
    # what was issued before there were credentials has neither of these three
    credential_sha256: Mapped[str | None] = mapped_column(String(64))  # of the credential, as the text of a JWT
    credential_salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    status_index: Mapped[int | None]  # its random place in the status lists


class StatusChange(Base):
    """One decision about an issued certificate."""

    __tablename__ = "status_change"
    __erasure__ = Blanked(
        by="public_id",
        to={"reason_code": "", "public_note": "", "private_reason": "", "decided_by": None, "salt": None},
        unless={"status": Word.ERASED},
        why="the word and its moment stay; of the erasure itself everything, so that it can be proved",
    )
    __table_args__ = (
        Index("ix_status_change_certificate", "public_id", "at"),
        Index("ix_status_change_final_at", "final_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(ForeignKey("registry_entry.public_id"))
    status: Mapped[Word]
    reason_code: Mapped[str] = mapped_column(String(40))
    public_note: Mapped[str] = mapped_column(Text)
    private_reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    at: Mapped[datetime]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # never empty, as above
    until: Mapped[datetime | None]  # of a suspension: the first moment at which it no longer holds
    successor: Mapped[str | None] = mapped_column(Id)  # of a replaced certificate: the id of the new one
    becomes: Mapped[Word | None]  # of a suspension that is to become final: what it becomes
    final_at: Mapped[datetime | None]  # and from when on; until then it can be recalled

    @property
    def decision(self) -> Decision:
        """Return what is recorded here, as the rules take it."""
        return Decision(
            word=self.status,
            at=self.at,
            until=self.until,
            successor=self.successor,
            reason_code=self.reason_code,
            public_note=self.public_note,
            becomes=self.becomes,
            final_at=self.final_at,
            private_reason=self.private_reason,
            decided_by=self.decided_by,
        )


class RegistryDocument(Base):
    """A further signed document about a certificate: a transcript, or the paper in another size."""

    __tablename__ = "registry_document"
    __erasure__ = Blanked(by="public_id", to={"salt": None}, why="the hash proves that we issued it")
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        Index("ix_registry_document_certificate", "public_id", "kind", unique=True),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_id: Mapped[str] = mapped_column(ForeignKey("registry_entry.public_id"))
    kind: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]  # in bytes
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    at: Mapped[datetime]


class Erasure(Base):
    """A person was erased at their request: what led to them is gone, what was proved stays provable."""

    __tablename__ = "erasure"
    __erasure__ = Kept("it proves that the certificate was erased, and when")

    public_id: Mapped[str] = mapped_column(ForeignKey("registry_entry.public_id"), primary_key=True)
    at: Mapped[datetime]


class KeyEvent(Base):
    """A key of ours was published, retired or given up; each is an entry of the log."""

    __tablename__ = "key_event"
    __erasure__ = AboutNobody()
    __table_args__ = (Index("ix_key_event_kid", "kid", "event", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kid: Mapped[str] = mapped_column(String(64))  # RFC 7638 thumbprint of the public key, base64url
    event: Mapped[str] = mapped_column(String(20))  # published, retired, compromised
    certificate: Mapped[str] = mapped_column(Text)  # of the key, as PEM
    trusted_size: Mapped[int | None]  # of a compromise: what the log held up to this size stays trusted
    at: Mapped[datetime]


class StatusListVersion(Base):
    """A status list as it was published; the hash of each is an entry of the log."""

    __tablename__ = "status_list_version"
    __erasure__ = AboutNobody()
    __table_args__ = (Index("ix_status_list_version_purpose", "purpose", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))  # revocation, suspension
    jwt: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))  # of that text
    encoded: Mapped[str] = mapped_column(Text)  # the bits alone, to see whether they changed
    at: Mapped[datetime]
    valid_until: Mapped[datetime]


class LogCosignature(Base):
    """A witness saw that the log of this size begins with every earlier one it saw."""

    __tablename__ = "log_cosignature"
    __erasure__ = AboutNobody()

    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoint.size"), primary_key=True)
    witness: Mapped[str] = mapped_column(String(200), primary_key=True)  # the name of its key
    line: Mapped[str] = mapped_column(Text)  # as it stands under the note
    at: Mapped[datetime]


class LogEntry(Base):
    """One leaf of the log. Which certificate it is about is known here and never published."""

    __tablename__ = "log_entry"
    __erasure__ = Kept("it is a commitment whose salt is gone")
    __table_args__ = (
        CheckConstraint('"index" >= 0', name="index_from_zero"),
        Index("ix_log_entry_certificate", "public_id", "index"),
    )

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 0, without a gap
    data: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[EntryKind]
    public_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime]


class LogTile(Base):
    """A full tile of 256 hashes, and the one hash above them."""

    __tablename__ = "log_tile"
    __erasure__ = AboutNobody()

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary(8192))
    root: Mapped[bytes] = mapped_column(LargeBinary(32))


class LogCheckpoint(Base):
    """What the log signed when it had that size; there is never a second one of the same size."""

    __tablename__ = "log_checkpoint"
    __erasure__ = AboutNobody()
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    edge: Mapped[bytes] = mapped_column(LargeBinary)  # the tree's right edge, see `merkle.grown`
    at: Mapped[datetime]
