"""Correct a name at once, and an address once the person has followed a link; each is kept with its reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from trainer.accounts import services as accounts
from trainer.accounts.email_addresses import kept
from trainer.accounts.models import IdentityChange, Person
from trainer.accounts.queries import identity_changes, person_by_email, programmes_of
from trainer.audit.services import note
from trainer.certificates.paper.acceptance import check_person
from trainer.errors import Missing, Refused, check_seen
from trainer.staff.correcting.links import AddressOffer
from trainer.staff.correcting.queries import objection_to_renaming


def correct_account_name(
    session: Session, *, person: Person, name: str, reason: str, seen: str | None = None, by: str | None, now: datetime
) -> None:
    """Give an account another name; doing it again changes nothing.

    Args:
        seen: how many corrections the page showed.

    Raises:
        Refused: no certificate could show it, there is one with the name until now, or it was corrected since the page
            had been opened.
    """
    accounts.lock_account(session, person_id=person.id)
    session.refresh(person)
    if person.name == name:
        return
    _check_seen_of(session, person, seen)
    check_person(name)
    if objection := objection_to_renaming(session, person=person, now=now):
        raise Refused(objection)
    before, person.name = person.name, name
    _keep(session, person, _change(person, before, name, reason=reason, by=by, now=now), act="correct name")


def bring_back_name(
    session: Session, *, person: Person, wrong: str, right: str, reason: str, by: str, now: datetime
) -> None:
    """Give an account the name that it had before a correction which came to nothing.

    Args:
        wrong: the name of that correction; where the account has another by now, it was corrected since and keeps it.
        reason: a sentence that the person reads.
    """
    accounts.lock_account(session, person_id=person.id)
    session.refresh(person)
    if person.name == wrong != right:
        person.name = right
        _keep(session, person, _change(person, wrong, right, reason=reason, by=by, now=now), act="correct name")


def offer_address(
    session: Session, *, person: Person, email: str, reason: str, seen: str | None = None, by: str | None, now: datetime
) -> AddressOffer:
    """Return what the link to another address says, and write down that it was given.

    Args:
        seen: how many corrections the page showed.

    Raises:
        Refused: it is the address already, or that of another account, or one of the two was corrected since the page
            had been opened.
    """
    _check_seen_of(session, person, seen)
    _check_free(session, person, email)
    for programme in sorted(programmes_of(session, person_id=person.id)):
        note(session, actor_id=by, programme=programme, act="offer address", subject=person.name, now=now)
    return AddressOffer(person_id=person.id, before=person.email, after=kept(email), reason=reason, by=by)


def take_address(session: Session, *, person_id: str, offer: AddressOffer, now: datetime) -> None:
    """Give the account of whoever followed the link its new address; following it again changes nothing.

    Raises:
        Missing: the link is for somebody else.
        Refused: the address was changed since, or is that of another account by now.
    """
    if offer.person_id != person_id:
        raise Missing("This link is for somebody else. Sign in with the account it was written for.")
    accounts.lock_account(session, person_id=person_id)
    person = session.get_one(Person, person_id, populate_existing=True)
    if person.email == offer.after:
        return
    if person.email != offer.before:
        raise Refused("Your address was changed after this link was written. Ask for a new one.")
    _check_free(session, person, offer.after)
    person.email = offer.after
    change = _change(person, offer.before, offer.after, reason=offer.reason, by=offer.by, now=now)
    _keep(session, person, change, act="change address")


def _check_seen_of(session: Session, person: Person, seen: str | None) -> None:
    changes = identity_changes(session, person_id=person.id)
    what = "something was corrected"
    if changes:
        newest, who = changes[0]
        what = f"{who or 'whoever runs this site'} corrected {newest.before} to {newest.after}"
    check_seen(seen, str(len(changes)), what=what)


def _check_free(session: Session, person: Person, email: str) -> None:
    known = person_by_email(session, email)
    if known and known.id != person.id:
        raise Refused("There is another account with this address.")
    if person.email == kept(email):
        raise Refused("This is the address of the account already.")


def _change(person: Person, before: str, after: str, *, reason: str, by: str | None, now: datetime) -> IdentityChange:
    return IdentityChange(person_id=person.id, before=before, after=after, reason=reason.strip(), decided_by=by, at=now)


def _keep(session: Session, person: Person, change: IdentityChange, *, act: str) -> None:
    session.add(change)
    session.flush()
    detail = f"{change.before} → {change.after}: {change.reason}"
    for programme in sorted(programmes_of(session, person_id=person.id)):
        about = {"act": act, "subject": person.name, "detail": detail}
        note(session, actor_id=change.decided_by, programme=programme, **about, now=change.at)
