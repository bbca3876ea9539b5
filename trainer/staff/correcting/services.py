"""Correct a name at once, and an address once the person has followed a link; each is kept with its reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts import services as accounts
from trainer.accounts.addresses import kept
from trainer.accounts.models import IdentityChange, Person
from trainer.accounts.queries import check_may_decide, identity_changes, programmes_of
from trainer.accounts.words import Role
from trainer.audit.services import note
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.paper.acceptance import check_person
from trainer.certificates.queries import certificates_of, waiting
from trainer.enrolment.models import Cohort, Enrolment
from trainer.errors import Missing, Refused, check_seen
from trainer.registry.services import statuses_at
from trainer.registry.status import FINAL
from trainer.staff.correcting.links import AddressOffer


def person_for(session: Session, *, person_id: str, official: Person) -> Person:
    """Return somebody whose name and address this director or administrator may correct.

    Raises:
        Missing: there is no such person in a programme whose desk they see.
        Refused: it is they themselves, one of the two owes the other an office, or the person has to do with another
            programme as well.
    """
    person = session.get(Person, person_id)
    mine = {held.programme for held in official.memberships if held.role in (Role.DIRECTOR, Role.ADMINISTRATOR)}
    programmes = programmes_of(session, person_id=person_id)
    if person is None or person.is_erased or not programmes & mine:
        raise Missing("There is no such person in your programmes.")
    check_may_decide(session, decider_id=official.id, about_id=person.id)
    if programmes - mine:
        raise Refused(
            "This person has to do with a programme that is not yours. Ask whoever runs this site: they can correct it."
        )
    return person


def records_of(session: Session, *, person: Person, official: Person) -> Sequence[tuple[str, str]]:
    """Return the person's records on the desk of this director or administrator: id of the enrolment, and cohort."""
    mine = {held.programme for held in official.memberships if held.role in (Role.DIRECTOR, Role.ADMINISTRATOR)}
    query = select(Enrolment.id, Cohort.name).join(Cohort, Cohort.id == Enrolment.cohort_id)
    query = query.where(Enrolment.person_id == person.id, Enrolment.programme.in_(mine))
    return [(one, cohort) for one, cohort in session.execute(query.order_by(Enrolment.enrolled_at, Enrolment.id))]


def objection_to_renaming(session: Session, *, person: Person, now: datetime) -> str:
    """Say in a sentence why a name is not corrected here, or "" where it is.

    A certificate that has ended for good keeps nobody from being called rightly on the next one.
    """
    if waiting(session, person_id=person.id):
        return (
            "A certificate with this name is about to be issued. Wait until it has been, then correct it on its page."
        )
    if _standing(session, person, now):
        return "There is a certificate with this name. Correct it on the certificate's page: that issues a new one."
    return ""


def certificates_to_correct(session: Session, *, person: Person, official: Person, now: datetime) -> Sequence[str]:
    """Return the public ids of the certificates that bear the name and whose pages this director may open."""
    mine = {held.programme for held in official.memberships if held.role is Role.DIRECTOR}
    query = select(Certificate.public_id).join(Conferral, Conferral.id == Certificate.conferral_id)
    of_mine = set(session.scalars(query.where(Conferral.person_id == person.id, Conferral.programme.in_(mine))))
    return [one for one in _standing(session, person, now) if one in of_mine]


def _standing(session: Session, person: Person, now: datetime) -> Sequence[str]:
    certificates = [one.public_id for one in certificates_of(session, person_id=person.id)]
    standing = statuses_at(session, public_ids=certificates, now=now)
    return [one for one in certificates if standing[one].word not in FINAL]


def correct_name(
    session: Session, *, person: Person, name: str, reason: str, seen: str = "", by: str | None, now: datetime
) -> None:
    """Give an account another name; doing it again changes nothing.

    Args:
        seen: how many corrections the page showed.

    Raises:
        Refused: no certificate could show it, there is one with the name until now, or it was corrected since the page
            had been opened.
    """
    accounts.hold(session, person_id=person.id)
    session.refresh(person)
    if person.name == name:
        return
    _check_seen_of(session, person, seen)
    check_person(name)
    if objection := objection_to_renaming(session, person=person, now=now):
        raise Refused(objection)
    before, person.name = person.name, name
    _keep(session, person, before, name, act="correct name", reason=reason, by=by, now=now)


def bring_back_name(
    session: Session, *, person: Person, wrong: str, right: str, reason: str, by: str, now: datetime
) -> None:
    """Give an account the name that it had before a correction which came to nothing.

    Args:
        wrong: the name of that correction; where the account has another by now, it was corrected since and keeps it.
        reason: a sentence that the person reads.
    """
    accounts.hold(session, person_id=person.id)
    session.refresh(person)
    if person.name == wrong != right:
        person.name = right
        _keep(session, person, wrong, right, act="correct name", reason=reason, by=by, now=now)


def offer_address(
    session: Session, *, person: Person, email: str, reason: str, seen: str = "", by: str | None, now: datetime
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
    accounts.hold(session, person_id=person_id)
    person = session.get_one(Person, person_id, populate_existing=True)
    if person.email == offer.after:
        return
    if person.email != offer.before:
        raise Refused("Your address was changed after this link was written. Ask for a new one.")
    _check_free(session, person, offer.after)
    person.email = offer.after
    _keep(session, person, offer.before, offer.after, act="change address", reason=offer.reason, by=offer.by, now=now)


def _check_seen_of(session: Session, person: Person, seen: str) -> None:
    changes = identity_changes(session, person_id=person.id)
    what = "something was corrected"
    if changes:
        newest, who = changes[0]
        what = f"{who or 'whoever runs this site'} corrected {newest.before} to {newest.after}"
    check_seen(seen, str(len(changes)), what=what)


def _check_free(session: Session, person: Person, email: str) -> None:
    known = accounts.person_by_email(session, email)
    if known and known.id != person.id:
        raise Refused("There is another account with this address.")
    if person.email == kept(email):
        raise Refused("This is the address of the account already.")


def _keep(
    session: Session, person: Person, before: str, after: str, *, act: str, reason: str, by: str | None, now: datetime
) -> None:
    session.add(
        IdentityChange(person_id=person.id, before=before, after=after, reason=reason.strip(), decided_by=by, at=now)
    )
    session.flush()
    for programme in sorted(programmes_of(session, person_id=person.id)):
        detail = f"{before} → {after}: {reason.strip()}"
        note(session, actor_id=by, programme=programme, act=act, subject=person.name, detail=detail, now=now)
