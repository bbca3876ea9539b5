"""Erase a person: delete or blank everything that leads to them, and keep the log whole."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from trainer.accounts import services as accounts
from trainer.accounts.door.attempt import tried_about
from trainer.accounts.models import IdentityChange, Invitation, Person
from trainer.accounts.queries import invitations_to
from trainer.audit import services as audit
from trainer.certificates.models import STANDS, Certificate, Conferral
from trainer.db.erasing import Roots, erase_rows
from trainer.enrolment.models import Enrolment
from trainer.erasure.farewell import Farewell
from trainer.erasure.queries import check_no_office, every_programme_of, numbers_of
from trainer.errors import Missing, Refused
from trainer.lifecycle.decisions.services import make_final
from trainer.lifecycle.finality import ending_of
from trainer.moments import written
from trainer.practicum.models import SignedAttestation
from trainer.registry.models import Erasure, RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.queries import status_at
from trainer.registry.services import change_status, lock_certificates
from trainer.registry.status import FINAL, Decision, Reason, Word
from trainer.try_limits import tried_hash
from trainer.watches import services as watches
from trainer.web.models import TryCount


def erase_person(session: Session, *, person_id: str, by: str | None, log: Signer, now: datetime) -> Farewell:
    """Delete or blank everything that leads to a person, as its models say; the log stays whole.

    Each of their certificates is recorded as erased, in the registry and in the log, by this same transaction.

    Args:
        by: the id of whoever decided it, or None for the installation itself.

    Raises:
        Missing: there is no such person, or they were erased before.
        Refused: a certificate of theirs has been conferred and not issued yet, or its revocation or surrender can still
            be recalled; or they act for a programme.
        Broken: the log cannot be continued with this key.
    """
    person = _held(session, person_id)
    check_no_office(session, person, by=by)
    public_ids = _certificates_of(session, person, now)
    for public_id in public_ids:
        _end_for_good(session, public_id, log, now)
    farewell = Farewell(email=person.email, name=person.name, numbers=numbers_of(session, person=person))
    known_as, programmes = _known_as(session, person), every_programme_of(session, person) or {""}
    _overwrite_what_is_deleted(session)
    accounts.begin_to_erase(session, person=person)  # the triggers ask for it
    for public_id in public_ids:
        _record(session, public_id=public_id, by=by, log=log, now=now)
    watches.end_all(session, public_ids=public_ids, now=now)
    erase_rows(session, roots=_roots(session, person, public_ids))
    audit.forget_in_audit(session, address=farewell.email, names=known_as, programmes=programmes)
    for programme in sorted(programmes):
        audit.note(session, actor_id=by, programme=programme, act="erase", subject="a person", now=now)
    accounts.end_erasing(session, person=person)
    return farewell


def _held(session: Session, person_id: str) -> Person:
    """Return a person whom nobody else erases meanwhile, nor decides about a certificate of theirs.

    Raises:
        Missing: there is no such person, or they were erased before.
    """
    # not the whole row: whoever decides about a certificate of theirs refers to it while holding the certificate
    person = session.scalar(select(Person).where(Person.id == person_id).with_for_update(key_share=True))
    if person is None or person.is_erased:
        raise Missing("There is no such person.")
    mine = select(Conferral.public_id).where(Conferral.person_id == person.id)
    lock_certificates(session, public_ids=session.scalars(mine).all())
    return person


def _roots(session: Session, person: Person, public_ids: Collection[str]) -> Roots:
    """Return where everything begins that leads to a person."""
    return {
        Person.id: [person.id],
        Invitation.id: [invitation.id for invitation in invitations_to(session, person=person)],
        RegistryEntry.public_id: public_ids,
        TryCount.about: [
            tried_about(person.email),
            *(tried_hash("certificate", public_id) for public_id in public_ids),
        ],
    }


def _certificates_of(session: Session, person: Person, now: datetime) -> Sequence[str]:
    decided = select(Conferral.supersedes, Certificate.public_id).where(Conferral.person_id == person.id, STANDS)
    rows = session.execute(decided.outerjoin(Certificate, Certificate.conferral_id == Conferral.id)).all()
    for supersedes, issued in rows:
        if issued is None and not (supersedes and _is_ended(session, supersedes, now)):
            raise Refused(
                "A certificate of this person is about to be issued. Wait until it has been, or until a director has "
                "taken the decision back, then erase them."
            )
    return [issued for _, issued in rows if issued]


def _end_for_good(session: Session, public_id: str, log: Signer, now: datetime) -> None:
    """Enter an ending that is final by now, so that the erasure does not swallow it.

    Raises:
        Refused: it can still be recalled.
    """
    ending = ending_of(status_at(session, public_id=public_id, now=now), now=now)
    if ending is not None and not ending.over:
        raise Refused(
            f"It was decided that a certificate of this person is {ending.becomes}. That becomes final on "
            f"{written(ending.final_at)}; erase them after that, or once it has been recalled."
        )
    make_final(session, public_id=public_id, log=log, now=now)


def _is_ended(session: Session, public_id: str, now: datetime) -> bool:
    """Say whether a certificate has ended for good, so that nothing will be issued in its place."""
    return status_at(session, public_id=public_id, now=now).word in FINAL


def _known_as(session: Session, person: Person) -> set[str]:
    """Return the person's address and every name that they have gone by here."""
    claims = session.scalars(
        select(Certificate.claim)
        .join(Conferral, Conferral.id == Certificate.conferral_id)
        .where(Conferral.person_id == person.id)
    ).all()
    decided = session.scalars(select(Conferral.facts).where(Conferral.person_id == person.id)).all()
    corrected = select(IdentityChange.before, IdentityChange.after).where(IdentityChange.person_id == person.id)
    changed = {word for change in session.execute(corrected) for word in change}
    signed = session.scalars(
        select(SignedAttestation.name_signed)
        .join(Enrolment, Enrolment.id == SignedAttestation.enrolment_id)
        .where(Enrolment.person_id == person.id)
    )
    invited = [invitation.name for invitation in invitations_to(session, person=person)]
    certified = (str(facts.get("holder", "")) for facts in (*claims, *decided))
    return {person.email, person.name, *certified, *signed, *invited, *changed} - {""}


def _overwrite_what_is_deleted(session: Session) -> None:
    """Let SQLite write zeros over what is deleted, which it would only mark as free."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))


def _record(session: Session, *, public_id: str, by: str | None, log: Signer, now: datetime) -> None:
    """Enter that a certificate is erased, here and in the log."""
    session.add(Erasure(public_id=public_id, at=now))  # first: the triggers ask for it
    session.flush()
    change_status(
        session,
        public_id=public_id,
        decision=Decision(word=Word.ERASED, at=now, reason_code=Reason.ERASURE_ASKED, decided_by=by),
        log=log,
    )
