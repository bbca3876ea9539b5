"""People, the roles they hold, the invitations they follow and the places they are signed in."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, and_, exists
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainer.accounts.words import NOBODYS, Role, RoleOrigin
from trainer.db import Base, Id
from trainer.db.fates import Blanked, Deleted, Kept

ERASED = "@erased.invalid"
"""The end of an address that never was one (RFC 2606): its person was erased."""


class Person(Base):
    """Somebody with an account.

    Attributes:
        memberships: the roles that the person holds now; one that was ended is not among them.
    """

    __tablename__ = "person"
    __erasure__ = Blanked(
        by="id",
        to={"email": lambda row: f"{row.id}{ERASED}", "name": "(erased)", "password_hash": NOBODYS},
        why="decisions about others point to it",
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # see trainer.accounts.email_addresses
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="person",
        lazy="selectin",
        primaryjoin=lambda: and_(Person.id == Membership.person_id, HELD_NOW),
        order_by=lambda: Membership.id,
    )

    @property
    def is_erased(self) -> bool:
        """Say whether nothing is left of them but this row, to which their decisions about others point."""
        return self.email.endswith(ERASED)


class Membership(Base):
    """One role of one person in one programme, from the day it was given. It is evidence: an end is a row beside it."""

    __tablename__ = "membership"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (UniqueConstraint("person_id", "programme", "role", "number", name="uq_membership_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    programme: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role]
    number: Mapped[int] = mapped_column(default=1)  # the second time that the same role is given it is 2
    granted_at: Mapped[datetime]
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    way: Mapped[RoleOrigin] = mapped_column(default=RoleOrigin.GIVEN)
    person: Mapped[Person] = relationship(back_populates="memberships", foreign_keys=[person_id])


class MembershipEnd(Base):
    """The end of a role, with its reason; its key makes a second end impossible."""

    __tablename__ = "membership_end"
    __erasure__ = Deleted(by="membership_id")

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    ended_at: Mapped[datetime]


HELD_NOW: ColumnElement[bool] = ~exists().where(MembershipEnd.membership_id == Membership.id)
"""What a query asks of a membership that counts today."""


class AccountChange(Base):
    """An account that was closed, or opened again; the newest of a person's rows holds."""

    __tablename__ = "account_change"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (Index("ix_account_change_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    closed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    at: Mapped[datetime]


class IdentityChange(Base):
    """A name or an address that was corrected, what it was before, and why. It is evidence."""

    __tablename__ = "identity_change"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (Index("ix_identity_change_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    before: Mapped[str] = mapped_column(String(254))
    after: Mapped[str] = mapped_column(String(254))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    at: Mapped[datetime]


class Invitation(Base):
    """A link that lets one person in, once. Only the link's hash is kept."""

    __tablename__ = "invitation"
    __erasure__ = Deleted(by="id")  # those to the person; those by the person are about others
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
    __erasure__ = Deleted(by="invitation_id")

    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitation.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime]


class InvitationWithdrawal(Base):
    """An invitation that was taken back before anybody used it."""

    __tablename__ = "invitation_withdrawal"
    __erasure__ = Deleted(by="invitation_id")

    invitation_id: Mapped[str] = mapped_column(ForeignKey("invitation.id"), primary_key=True)
    withdrawn_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime]


class SignIn(Base):
    """One place where a person is signed in; ended by the person, by time, or by a new password."""

    __tablename__ = "sign_in"
    __erasure__ = Deleted(by="person_id")
    __table_args__ = (Index("ix_sign_in_person", "person_id"), Index("ix_sign_in_seen_at", "seen_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    browser: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BeingErased(Base):
    """Somebody who is being erased by the transaction that sees this row; nobody else ever sees one.

    The triggers that keep evidence ask for it before they let a row go.
    """

    __tablename__ = "being_erased"
    __erasure__ = Kept("it is there only while the person is being erased, and gone at the end of that")

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
