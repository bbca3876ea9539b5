"""The pages on which a name or an address is corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.models import IdentityChange, Person
from trainer.certificates.facts.lookalikes import remarks
from trainer.staff.correcting.forms import AddressForm, NameForm, TakeForm
from trainer.staff.correcting.links import AddressOffer
from trainer.web.pages import Page, SeenPage


@dataclass(frozen=True, kw_only=True)
class IdentityPage(SeenPage):
    """Name and address of somebody, and what they were.

    Attributes:
        records: the person's records on my desk: the id of the enrolment, and the cohort.
        objection: why the name is not corrected here, or "".
        certificates: the public ids of those on whose pages I correct it instead.
        link: to the new address, shown this once.
    """

    template: ClassVar[str] = "staff/identity.html"
    person: Person
    objection: str
    certificates: Sequence[str]
    changes: Sequence[tuple[IdentityChange, str]]
    records: Sequence[tuple[str, str]]
    name_form: NameForm
    address_form: AddressForm
    link: str = ""

    @property
    def remarks(self) -> Sequence[str]:
        """Return what may not be seen in the name."""
        return remarks(self.person.name)


@dataclass(frozen=True, kw_only=True)
class TakePage(Page):
    """A new address for my account."""

    template: ClassVar[str] = "staff/take.html"
    offer: AddressOffer
    form: TakeForm
