"""Close accounts and open them again; each act is written down in the same transaction."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts import services as accounts
from trainer.accounts.models import AccountChange, Person
from trainer.accounts.queries import is_closed, programmes_of
from trainer.audit.services import note
from trainer.errors import Refused, check_seen
from trainer.staff.closing.queries import seen_of_account
from trainer.staff.queries import account_changes
from trainer.staff.services import end_role


def close_account(
    session: Session, *, person: Person, by: str | None, reason: str, seen: str | None = None, now: datetime
) -> None:
    """End every role and every sign-in of somebody, and let nobody sign in with this account; twice is once.

    Raises:
        Refused: no reason is given, one of the roles is not this person's to end, or something was decided since the
            page had been opened.
    """
    if not reason.strip():
        raise Refused("Please give the reason: it is kept with the decision.")
    accounts.lock_account(session, person_id=person.id)
    if _was_decided(session, person, closed=True, by=by, reason=reason):
        return
    _check_seen_of(session, person, seen)
    if is_closed(session, person_id=person.id):
        _check_same(session, person, by=by, reason=reason, decided="closed")
        return
    programmes = programmes_of(session, person_id=person.id)
    for held in list(person.memberships):
        end_role(session, membership=held, by=by, reason=reason, now=now)
    accounts.end_other_sign_ins(session, person_id=person.id, keep=None, now=now)
    _change_account(session, person, programmes, closed=True, by=by, reason=reason, now=now)


def open_account(
    session: Session, *, person: Person, by: str | None, reason: str, seen: str | None = None, now: datetime
) -> None:
    """Let somebody sign in again with an account that was closed. Their roles have ended; each is given again.

    Raises:
        Refused: no reason is given, or something was decided since the page had been opened.
    """
    if not reason.strip():
        raise Refused("Please give the reason: it is kept with the decision.")
    accounts.lock_account(session, person_id=person.id)
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


def _check_seen_of(session: Session, person: Person, seen: str | None) -> None:
    session.refresh(person, ["memberships"])
    changes = account_changes(session, person_id=person.id)
    newest = next(iter(changes), None)
    decided = newest is not None and not (seen or "").startswith(f"{len(changes)}, ")
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
