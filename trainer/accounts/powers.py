"""Who may give and end which role, and about whom nobody decides: one rule, in one place.

`docs/rights.md` shows it as a table, and a test holds the table against the running site, cell by cell.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from trainer.accounts.words import Role

STAFF = frozenset({Role.SUPERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR})
"""Whoever has one of these acts for a programme. In one programme a person has only one of them: a wall between
teaching, deciding and administering (ISO/IEC 17024:2012, 4.3 and 5.2)."""
GIVEN_BY: Mapping[Role, frozenset[Role]] = {
    Role.TRAINEE: frozenset({Role.DIRECTOR, Role.ADMINISTRATOR}),
    Role.SUPERVISOR: frozenset({Role.DIRECTOR}),
    Role.DIRECTOR: frozenset({Role.DIRECTOR}),
    Role.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
}
"""Who gives a role, and ends it for others. The first director and the first administrator come by the command line."""
NEVER_WITHOUT = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR})
"""Once a programme has one of these, only the command line ends the last of them."""


@dataclass(frozen=True)
class Official:
    """Somebody who gives or ends a role in a programme.

    Attributes:
        person_id: who it is, or None for whoever runs the site, by the command line.
        roles: what they hold in this programme now.
    """

    person_id: str | None
    roles: frozenset[Role] = frozenset()

    @property
    def runs_the_site(self) -> bool:
        """Say whether it is nobody in the programme, but the command line."""
        return self.person_id is None


def roles_given_by(official: Official) -> frozenset[Role]:
    """Return the roles that somebody may give to others."""
    if official.runs_the_site:
        return STAFF
    return frozenset(role for role, givers in GIVEN_BY.items() if official.roles & givers)


def objection_to_giving(official: Official, role: Role, *, to: str | None, holding: Collection[Role]) -> str | None:
    """Say in a sentence why this role may not be given, or None where it may.

    Args:
        to: the id of the person, or None for somebody who has no account yet.
        holding: what they hold in the programme now.
    """
    if role not in roles_given_by(official):
        return f"You cannot make anybody {a(role)}. {_who_can(role)}"
    if to is not None and to == official.person_id:
        return "Nobody gives themselves a role. Somebody else who may give it must."
    if role in STAFF & set(holding):  # a trainee may study in a further cohort
        return f"This person is {a(role)} of the programme already."
    if role in STAFF and (others := STAFF & set(holding)):
        has = " and ".join(a(role_held) for role_held in Role if role_held in others)
        return f"This person is {has} of the programme, and nobody is {a(role)} beside that. End the other role first."
    return None


def objection_to_ending(official: Official, role: Role, *, of: str, left: int) -> str | None:
    """Say in a sentence why this role may not be ended, or None where it may.

    Args:
        of: the id of the person who holds it.
        left: how many others hold the same role in the programme.
    """
    if official.runs_the_site:
        return None
    own = of == official.person_id and role in STAFF
    if not own and not official.roles & GIVEN_BY[role]:
        return f"You cannot end the role of {a(role)}. {_who_can(role)}"
    if left == 0 and role in NEVER_WITHOUT:
        return (
            f"This is the last {role.value} of the programme, which is never left without one. "
            "Give the role to somebody else first; only whoever runs this site can end the last one."
        )
    return None


def stands_aside_from(person_id: str, appointments: Collection[tuple[str | None, str]]) -> frozenset[str]:
    """Return the people about whom somebody decides nothing.

    That is themselves, whoever owes them a staff role, and whomever they owe theirs to, also when it has ended since.
    A role is owed to whoever gave it, and to whom that person owes theirs: otherwise somebody could decide about
    themselves by the hand of a second account that a first one appointed.

    Args:
        appointments: who gave a staff role to whom, all of them; None is the command line.
    """
    given = [(giver, receiver) for giver, receiver in appointments if giver is not None]
    taken = [(receiver, giver) for giver, receiver in given]
    return _reached(person_id, given) | _reached(person_id, taken)


def _reached(start: str, steps: Collection[tuple[str, str]]) -> frozenset[str]:
    reached, fresh = {start}, {start}
    while fresh:
        fresh = {end for begin, end in steps if begin in fresh} - reached
        reached |= fresh
    return frozenset(reached)


def a(role: Role) -> str:
    """Return the role with its article."""
    return f"{'an' if role is Role.ADMINISTRATOR else 'a'} {role.value}"


def _who_can(role: Role) -> str:
    givers = " or ".join(a(giver) for giver in Role if giver in GIVEN_BY[role])
    return f"That is for {givers} of the programme, or for whoever runs this site."
