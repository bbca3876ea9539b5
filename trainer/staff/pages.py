"""Who acts for a programme, and the decisions about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.models import AccountChange, Membership, Person
from trainer.accounts.words import Role
from trainer.staff.forms import GiveForm, ReasonForm
from trainer.staff.invitations.queries import Invited
from trainer.staff.queries import HeldRole
from trainer.web.pages import Page, SeenPage


@dataclass(frozen=True, kw_only=True)
class StaffPage(Page):
    """Who has which role, since when, and given by whom.

    Attributes:
        mine_to_end: the ids of the roles that I may end.
        given: the name of somebody who has just been given a role, or "".
        invited: the name of somebody who has just been invited, or "".
        link: their invitation link, which is shown this once.
    """

    template: ClassVar[str] = "staff/staff.html"
    programme: str
    title: str
    held: Sequence[HeldRole]
    mine_to_end: frozenset[int]
    administers: bool
    me: Person
    invitations: Sequence[Invited]
    gives: frozenset[Role]  # the roles that I may give, and whose invitations are mine to mend
    form: GiveForm
    given: str = ""
    invited: str = ""
    link: str = ""

    @property
    def now(self) -> Sequence[HeldRole]:
        """Return the roles that are held now."""
        return [membership for membership in self.held if membership.end is None]

    @property
    def ended(self) -> Sequence[HeldRole]:
        """Return the roles that have ended, the last one first."""
        return [membership for membership in self.held if membership.end is not None]


@dataclass(frozen=True, kw_only=True)
class EndPage(Page):
    """A grave decision, calmly asked for.

    Attributes:
        leaves_no_examiner: it is the last supervisor, and nobody else decides about possible critical failures.
    """

    template: ClassVar[str] = "staff/end.html"
    membership: Membership
    person: Person
    own: bool
    leaves_no_examiner: bool
    form: ReasonForm


@dataclass(frozen=True, kw_only=True)
class EndedPage(Page):
    """There is nothing to decide any more: the role has ended."""

    template: ClassVar[str] = "staff/ended.html"
    one: HeldRole


@dataclass(frozen=True, kw_only=True)
class CloseAccountPage(SeenPage):
    """Close an account, or open it again."""

    template: ClassVar[str] = "staff/account.html"
    person: Person
    closed: bool
    objection: str  # why I may not close it, or ""
    changes: Sequence[tuple[AccountChange, str]]  # the newest first, each with who decided it
    form: ReasonForm
