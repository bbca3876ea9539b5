"""People, the roles they hold, the invitations they follow and the places they are signed in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.db import Base, Id

ERASED = "@erased.invalid"
"""The end of an address that never was one (RFC 2606): its person was erased."""


class Role(StrEnum):
    """What a person may do in one programme."""

    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"


class Person(Base):
    """Somebody with an account."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # folded to lower case
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    memberships: Mapped[list["Membership"]] = relationship(back_populates="person", lazy="selectin")

    @property
    def is_erased(self) -> bool:
        """Say whether nothing is left of them but this row, to which their decisions about others point."""
        return self.email.endswith(ERASED)


class Membership(Base):
    """One role of one person in one programme, from the day it was granted."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "programme", "role", name="uq_membership_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role]
    granted_at: Mapped[datetime]
    person: Mapped[Person] = relationship(back_populates="memberships")


class Invitation(Base):
    """A link that lets one person in, once. Only the link's hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (Index("ix_invitation_cohort", "cohort_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(80))
    programme: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role]
    cohort_id: Mapped[str | None] = mapped_column(ForeignKey("cohort.id"))
    invited_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class InvitationUse(Base):
    """The one use of an invitation; its key makes a second use impossible."""

    __tablename__ = "invitation_use"

    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitation.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime]


class InvitationWithdrawal(Base):
    """An invitation that was taken back before anybody used it."""

    __tablename__ = "invitation_withdrawal"

    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitation.id"), primary_key=True)
    withdrawn_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime]


class SignIn(Base):
    """One place where a person is signed in; ended by the person, by time, or by a new password."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person", "person_id"), Index("ix_sign_in_seen_at", "seen_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    browser: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
