"""Close accounts and open them again; each act is written down in the same transaction."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts import services as accounts
from trainer.accounts.models import AccountChange, Person
from trainer.accounts.queries import is_closed, programmes_of
from trainer.accounts.words import Role
from trainer.audit.services import note
from trainer.errors import Missing, Refused, check_seen
from trainer.staff.queries import account_changes
from trainer.staff.services import check_may_end, end


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


def close_account(
    session: Session, *, person: Person, by: str | None, reason: str, seen: str = "", now: datetime
) -> None:
    """End every role and every sign-in of somebody, and let nobody sign in with this account; twice is once.

    Raises:
        Refused: no reason is given, one of the roles is not this person's to end, or something was decided since the
            page had been opened.
    """
    if not reason.strip():
        raise Refused("Please give the reason: it is kept with the decision.")
    accounts.hold(session, person_id=person.id)
    if _was_decided(session, person, closed=True, by=by, reason=reason):
        return
    _check_seen_of(session, person, seen)
    if is_closed(session, person_id=person.id):
        _check_same(session, person, by=by, reason=reason, decided="closed")
        return
    programmes = programmes_of(session, person_id=person.id)
    for held in list(person.memberships):
        end(session, membership=held, by=by, reason=reason, now=now)
    accounts.end_other_sign_ins(session, person_id=person.id, keep=None, now=now)
    _change_account(session, person, programmes, closed=True, by=by, reason=reason, now=now)


def open_account(
    session: Session, *, person: Person, by: str | None, reason: str, seen: str = "", now: datetime
) -> None:
    """Let somebody sign in again with an account that was closed. Their roles have ended; each is given again.

    Raises:
        Refused: no reason is given, or something was decided since the page had been opened.
    """
    if not reason.strip():
        raise Refused("Please give the reason: it is kept with the decision.")
    accounts.hold(session, person_id=person.id)
    if _was_decided(session, person, closed=False, by=by, reason=reason):
        return
    _check_seen_of(session, person, seen)
    if is_closed(session, person_id=person.id):
        programmes = programmes_of(session, person_id=person.id)
        _change_account(session, person, programmes, closed=False, by=by, reason=reason, now=now)
    else:
        _check_same(session, person, by=by, reason=reason, decided="open")


def _check_same(session: Session, person: Person, *, by: str | None, reason: str, decided: str) -> None:
    """Take a decision that is sent twice, and no other about what has been decided."""
    changes = select(AccountChange).where(AccountChange.person_id == person.id).order_by(AccountChange.id.desc())
    newest = session.scalar(changes.limit(1))
    if newest is not None and (newest.decided_by, newest.reason) != (by, reason.strip()):
        raise Refused(f"This account is {decided} already. Whatever was decided about it stands on its page.")


def _was_decided(session: Session, person: Person, *, closed: bool, by: str | None, reason: str) -> bool:
    """Say whether just this was decided last: then it was sent twice."""
    newest = next(iter(account_changes(session, person_id=person.id)), None)
    if newest is None:
        return False
    change, _ = newest
    return (change.closed, change.decided_by, change.reason) == (closed, by, reason.strip())


def _check_seen_of(session: Session, person: Person, seen: str) -> None:
    session.refresh(person, ["memberships"])
    newest = next(iter(account_changes(session, person_id=person.id)), None)
    decided = newest is not None and not seen.startswith(f"{len(account_changes(session, person_id=person.id))}, ")
    what = "a role was given or ended"
    if newest and decided:
        change, who = newest
        what = f"{who or 'whoever runs this site'} {'closed' if change.closed else 'opened'} the account"
    check_seen(seen, seen_of_account(session, person=person), what=what)


def _change_account(
    session: Session, person: Person, programmes: set[str], *, closed: bool, by: str | None, reason: str, now: datetime
) -> None:
    session.add(AccountChange(person_id=person.id, closed=closed, reason=reason.strip(), decided_by=by, at=now))
    act = "close account" if closed else "open account"
    for programme in sorted(programmes or {""}):
        note(session, actor_id=by, programme=programme, act=act, subject=person.name, detail=reason.strip(), now=now)
