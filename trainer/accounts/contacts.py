"""Whom somebody asks: the people who act for their programmes, each of them once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trainer.accounts.words import Role

_CALLED = {
    Role.SUPERVISOR: "supervisor",
    Role.DIRECTOR: "programme director",
    Role.ADMINISTRATOR: "administrator",
}


class Office(NamedTuple):
    """One role of one person; `open` says whether who asks is in that programme now, and so may have their address."""

    person_id: str
    name: str
    email: str
    role: Role
    open: bool


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody to turn to.

    Attributes:
        roles: what they do, in the order of `Role`.
        address: their e-mail address; "" for who is in none of their programmes any more.
    """

    name: str
    roles: Sequence[Role]
    address: str

    @property
    def does(self) -> str:
        """Return what they do, in words."""
        return " and ".join(_CALLED[role] for role in self.roles)

    @property
    def directs(self) -> bool:
        """Say whether they decide about tries and certificates."""
        return Role.DIRECTOR in self.roles

    @property
    def corrects(self) -> bool:
        """Say whether they can correct a name or an address."""
        return self.directs or Role.ADMINISTRATOR in self.roles


def contacts_in(offices: Iterable[Office]) -> Sequence[Contact]:
    """Return everybody who holds one of these offices, by name."""
    held: dict[str, list[Office]] = {}
    for office in offices:
        held.setdefault(office.person_id, []).append(office)
    found = [
        Contact(
            name=theirs[0].name,
            roles=[role for role in Role if any(office.role is role for office in theirs)],
            address=theirs[0].email if any(office.open for office in theirs) else "",
        )
        for theirs in held.values()
    ]
    return sorted(found, key=lambda contact: contact.name)
