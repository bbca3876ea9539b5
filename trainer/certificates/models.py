"""A person's decision to confer, and the certificate that followed from it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, exists, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from trainer.certificates.facts.conferred import Conferred
from trainer.certificates.words import ConsentLevel, Occasion
from trainer.db import Base, Id, JSONText, JSONValue
from trainer.db.fates import Deleted
from trainer.errors import Broken


class Conferral(Base):
    """A director's decision, with the proof as it stood on that day.

    There is one first conferral for each enrolment, and one that replaces a given certificate; each later one names
    the decision that it follows, and only one follows any. It waits until a certificate follows or it is taken back:
    that is the whole queue of the worker.
    """

    __tablename__ = "conferral"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (
        Index("ix_conferral_person", "person_id"),
        Index("ix_conferral_enrolment", "enrolment_id"),
        Index(
            "ix_conferral_first",
            "enrolment_id",
            unique=True,
            sqlite_where=text("occasion = 'first'"),
            postgresql_where=text("occasion = 'first'"),
        ),
        Index(
            "ix_conferral_supersedes",
            "supersedes",
            unique=True,
            sqlite_where=text("follows IS NULL"),
            postgresql_where=text("follows IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(Id, unique=True)  # that the certificate will have
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(80))
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    release_hash: Mapped[str] = mapped_column(String(64))
    proof: Mapped[JSONValue] = mapped_column(JSONText)
    occasion: Mapped[Occasion]
    supersedes: Mapped[str | None] = mapped_column(ForeignKey("registry_entry.public_id"))
    follows: Mapped[str | None] = mapped_column(ForeignKey("conferral.id"), unique=True)  # the decision it comes after
    facts: Mapped[JSONValue] = mapped_column(JSONText)  # see `conferred`; the oldest decisions kept none

    @property
    def conferred(self) -> Conferred:
        """Return what is to be certified, as it stood at the decision.

        Raises:
            Broken: the decision is from a time that did not keep it.
        """
        if not self.facts:
            raise Broken("This decision is from before what was decided was kept beside it.")
        return Conferred.read(self.facts)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone whose days count for what was decided; UTC for the oldest decisions."""
        return self.conferred.zone if self.facts else ZoneInfo("UTC")


class ConferralWithdrawal(Base):
    """A director took a decision back before a certificate had followed from it; none ever will."""

    __tablename__ = "conferral_withdrawal"
    __erasure__ = Deleted(by="conferral_id")

    conferral_id: Mapped[str] = mapped_column(ForeignKey("conferral.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


STANDS = ~exists().where(ConferralWithdrawal.conferral_id == Conferral.id)
"""The decision was not taken back."""


class IssuingProblem(Base):
    """Why a conferred certificate could not be issued at that moment; the worker tries again."""

    __tablename__ = "issuing_problem"
    __erasure__ = Deleted(by="conferral_id")
    __table_args__ = (Index("ix_issuing_problem_conferral", "conferral_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conferral_id: Mapped[str] = mapped_column(ForeignKey("conferral.id"))
    sentence: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Certificate(Base):
    """What was certified, and the exact bytes of the paper. There is one for each conferral."""

    __tablename__ = "certificate"
    __erasure__ = Deleted(by="public_id")

    public_id: Mapped[str] = mapped_column(ForeignKey("registry_entry.public_id"), primary_key=True)
    conferral_id: Mapped[str] = mapped_column(ForeignKey("conferral.id"), unique=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    claim: Mapped[JSONValue] = mapped_column(JSONText)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
    credential: Mapped[str | None] = mapped_column(Text, deferred=True)  # a JWT; none before there were credentials
    has_credential: Mapped[bool] = column_property(credential.is_not(None))


class DocumentOrder(Base):
    """The holder asked for a further document; the worker makes it."""

    __tablename__ = "document_order"
    __erasure__ = Deleted(by="public_id")
    __table_args__ = (Index("ix_document_order_certificate", "public_id", "kind", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(ForeignKey("certificate.public_id"))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class Document(Base):
    """A further signed document about a certificate; its exact bytes."""

    __tablename__ = "document"
    __erasure__ = Deleted(by="public_id")
    __table_args__ = (Index("ix_document_certificate", "public_id", "kind", unique=True),)

    sha256: Mapped[str] = mapped_column(ForeignKey("registry_document.sha256"), primary_key=True)
    public_id: Mapped[str] = mapped_column(ForeignKey("certificate.public_id"))
    kind: Mapped[str] = mapped_column(String(20))
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    at: Mapped[datetime]


class NameChoice(Base):
    """What somebody without a certificate lets the public counter show of their name, once they have one."""

    __tablename__ = "name_choice"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (Index("ix_name_choice_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    level: Mapped[ConsentLevel]
    at: Mapped[datetime]


class Consent(Base):
    """What the holder lets the public counter show, from that moment on."""

    __tablename__ = "consent"
    __erasure__ = Deleted(by="public_id")
    __table_args__ = (Index("ix_consent_certificate", "public_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(ForeignKey("certificate.public_id"))
    level: Mapped[ConsentLevel]
    at: Mapped[datetime]
