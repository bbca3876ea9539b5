"""Whose account may be closed, or opened again."""

from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import programmes_of
from trainer.accounts.words import Role
from trainer.errors import Missing, Refused
from trainer.staff.queries import account_changes, check_may_end


def account_in(session: Session, *, person_id: str, administrator: Person) -> Person:
    """Return somebody whose account this administrator may close and open again.

    Raises:
        Missing: there is no such person in a programme that they administer.
        Refused: it is they themselves, or somebody who has to do with another programme as well.
    """
    person = session.get(Person, person_id)
    administers = {held.programme for held in administrator.memberships if held.role is Role.ADMINISTRATOR}
    programmes = programmes_of(session, person_id=person_id)
    if person is None or not programmes & administers:
        raise Missing("There is no such person in a programme that you administer.")
    if person.id == administrator.id:
        raise Refused("Nobody closes their own account. Another administrator must.")
    if programmes - administers:
        raise Refused(
            "This person has to do with a programme that you do not administer. Ask whoever runs this site, who has "
            "`trainer close-account`."
        )
    return person


def objection_to_closing(session: Session, *, person: Person, by: str) -> str:
    """Say in a sentence why this person may not close an account, or "" where they may."""
    try:
        for held in person.memberships:
            check_may_end(session, membership=held, by=by)
    except Refused as refusal:
        return str(refusal)
    return ""


def seen_of_account(session: Session, *, person: Person) -> str:
    """Return a mark of what a page shows about an account: how often it was decided about, and its roles."""
    changes = len(account_changes(session, person_id=person.id))
    return f"{changes}, {sorted(held.id for held in person.memberships)}"
