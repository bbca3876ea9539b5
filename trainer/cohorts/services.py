"""Make cohorts, invite people into them, and let the invited in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts import services as accounts
from trainer.accounts.models import Invitation, Person
from trainer.accounts.queries import check_may_decide
from trainer.accounts.words import Role
from trainer.audit.services import note
from trainer.certificates.conferring import services as conferring
from trainer.certificates.conferring.basis import Basis, FollowUp
from trainer.certificates.conferring.queries import check_may_confer
from trainer.certificates.models import Conferral
from trainer.certificates.queries import conferral_of
from trainer.cohorts.queries import changes_of_cohort, changes_of_place, check_name_is_free, seen_of_people
from trainer.db import new_id
from trainer.enrolment.models import Cohort, CohortChange, Enrolment, EnrolmentChange
from trainer.enrolment.queries import cohort_of, has_ended, release_with
from trainer.enrolment.services import enrol
from trainer.errors import Refused, check_seen
from trainer.requirements.catalogue import catalogue_of
from trainer.requirements.hours import learning
from trainer.requirements.queries import programme_of, proof_for
from trainer.requirements.rules import leaves
from trainer.settings import Settings
from trainer.staff import services as staff

PLACE_DECIDED = {
    True: "The place in this cohort has been ended already, for a reason that stands in the record.",
    False: "The place in this cohort is open already.",
}
YEARS_AROUND = 5
"""How far from today a cohort may begin; whatever is further away is a slip of the finger, like the year 0026."""


def create_cohort(
    session: Session, *, programme: str, name: str, release_hash: str, starts_on: date, by: str | None, now: datetime
) -> Cohort:
    """Add a cohort that follows one release for good.

    Raises:
        Refused: the programme has a cohort of this name.
    """
    check_name_is_free(session, programme=programme, name=name)
    cohort = Cohort(
        id=new_id(),
        programme=programme,
        name=name.strip(),
        release_hash=release_hash,
        starts_on=starts_on,
        created_at=now,
    )
    session.add(cohort)
    session.flush()  # enrolments and invitations refer to the cohort
    note(session, actor_id=by, programme=programme, act="create cohort", subject=cohort.name, now=now)
    return cohort


def is_far_off(day: date, *, today: date) -> bool:
    """Say whether a cohort is hardly meant to begin on this day."""
    return abs(day - today) > timedelta(days=366 * YEARS_AROUND)


@dataclass(frozen=True, kw_only=True)
class CohortTerms:
    """What can be changed about a cohort: what it is called, when it begins, and whether it is off the desk."""

    name: str
    starts_on: date
    archived: bool


def change_cohort(
    session: Session, *, cohort: Cohort, to: CohortTerms, reason: str, seen: str | None = None, by: str, now: datetime
) -> None:
    """Call a cohort otherwise, let it begin on another day, put it into the archive or take it out again.

    What certificates say stays: they were signed with the name of their day. Where nothing differs nothing is kept.

    Args:
        seen: how many changes the page showed; None where it is changed without a page.

    Raises:
        Refused: another cohort of the programme has this name, or it was changed since the page had been opened.
    """
    session.execute(select(Cohort.id).where(Cohort.id == cohort.id).with_for_update())
    session.refresh(cohort)
    before = CohortTerms(name=cohort.name, starts_on=cohort.starts_on, archived=cohort.archived_at is not None)
    if before == to:
        return
    changes = changes_of_cohort(session, cohort=cohort)
    check_seen(seen, str(len(changes)), what=_what_changed(before, by=_who(changes)))
    check_name_is_free(session, programme=cohort.programme, name=to.name, but=cohort.id)
    cohort.name, cohort.starts_on = to.name, to.starts_on
    if to.archived is not before.archived:
        cohort.archived_at = now if to.archived else None
    session.add(CohortChange(cohort_id=cohort.id, **asdict(to), reason=reason, decided_by=by, at=now))
    detail = f"{', '.join(_differences(before, to))}: {reason}"
    note(session, actor_id=by, programme=cohort.programme, act="change cohort", subject=to.name, detail=detail, now=now)


def _what_changed(terms: CohortTerms, *, by: str) -> str:
    """Say in a clause who changed a cohort since a page had been opened, and what holds."""
    where = "in the archive" if terms.archived else "not in the archive"
    return (
        f"{by} changed the name, the first day or the archive: it is called “{terms.name}”, begins on "
        f"{terms.starts_on} and is {where}; the fields below are still yours"
    )


def _differences(before: CohortTerms, to: CohortTerms) -> Sequence[str]:
    differs = [f"was called {before.name}"] if to.name != before.name else []
    differs += [f"began on {before.starts_on}"] if to.starts_on != before.starts_on else []
    differs += ["into the archive" if to.archived else "out of the archive"] if to.archived != before.archived else []
    return differs


def decide_place(
    session: Session, *, enrolment: Enrolment, ended: bool, reason: str, seen: str | None = None, by: str, now: datetime
) -> None:
    """End somebody's place in a cohort, or give it back; what they did stays. Deciding it twice is harmless.

    Args:
        seen: how many such decisions the page showed.

    Raises:
        Refused: nobody decides about themselves, nor about somebody to whom they owe an office, nor in sight of a page
            that is older than the newest decision.
    """
    check_may_decide(session, decider_id=by, about_id=enrolment.person_id)
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    changes = changes_of_place(session, enrolment=enrolment)
    if changes and (changes[0][0].ended, changes[0][0].reason, changes[0][0].decided_by) == (ended, reason, by):
        return
    what = "ended the place" if changes and changes[0][0].ended else "gave the place back"
    check_seen(seen, str(len(changes)), what=f"{_who(changes)} {what}")
    if has_ended(session, enrolment) is ended:
        raise Refused(PLACE_DECIDED[ended])
    session.add(EnrolmentChange(enrolment_id=enrolment.id, ended=ended, reason=reason, decided_by=by, at=now))
    person, cohort = session.get_one(Person, enrolment.person_id), cohort_of(session, enrolment)
    act = "end place" if ended else "give place back"
    about = {"subject": person.name, "detail": f"{cohort.name}: {reason}"}
    note(session, actor_id=by, programme=enrolment.programme, act=act, **about, now=now)


def invite_to(
    session: Session, *, cohort: Cohort, name: str, email: str, by: str, now: datetime, although: str = ""
) -> tuple[Invitation, str]:
    """Invite a trainee into a cohort; return the invitation and its secret.

    Args:
        although: the reason for inviting somebody who has a place or a certificate already, for the audit.

    Raises:
        Refused: the cohort is archived, this person may not, or whoever is invited is in it or invited into it already.
    """
    invitee = staff.Invitee(name=name, email=email, role=Role.TRAINEE, cohort=cohort)
    invitation, token = staff.invite(session, programme=cohort.programme, invitee=invitee, by=by, now=now)
    if although:
        act, subject = "invite once more", invitation.email
        note(session, actor_id=by, programme=cohort.programme, act=act, subject=subject, detail=although, now=now)
    return invitation, token


def confer_on_enrolment(
    session: Session,
    *,
    enrolment: Enrolment,
    director: Person,
    settings: Settings,
    now: datetime,
    follow_up: FollowUp | None = None,
    seen: str | None = None,
) -> Conferral:
    """Keep the director's decision; the worker issues the certificate. Doing it again finds the first decision.

    Args:
        seen: what the page showed, see `seen_of_people`.

    Raises:
        Refused: not every requirement is met, the place has ended, this director may not decide, or the name or
            something else about this person was decided since the page had been opened.
    """
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    if follow_up is not None or conferral_of(session, enrolment_id=enrolment.id) is None:
        check_may_confer(session, director, enrolment)  # whoever may not is not told of pages
        _check_seen_of(session, enrolment, seen)
    if has_ended(session, enrolment):
        raise Refused("The place in this cohort has ended. Give it back first, if the certificate is to be conferred.")
    cohort = cohort_of(session, enrolment)
    course = catalogue_of(release_with(session, cohort.release_hash)).course
    programme = programme_of(session, cohort)
    proof = proof_for(session, enrolment=enrolment, now=now)
    met = {(leaf.kind, leaf.slug) for leaf in proof.leaves() if leaf.kind and leaf.met and not leaf.waived}
    return conferring.confer(
        session,
        enrolment=enrolment,
        director=director,
        basis=Basis(programme=programme, proof=proof, learned=learning(course, leaves(programme.needs), met)),
        issuer=settings.issuer,
        now=now,
        follow_up=follow_up,
    )


def _check_seen_of(session: Session, enrolment: Enrolment, seen: str | None) -> None:
    shows = seen_of_people(session, enrolment_ids=[enrolment.id])[enrolment.id]
    name = session.get_one(Person, enrolment.person_id).name
    renamed = not (seen or "").startswith(f"{name}, ")
    check_seen(seen, shows, what=f"the name is “{name}” now" if renamed else "something was decided about this person")


def _who(changes: Sequence[tuple[object, str]]) -> str:
    """Return the name of who decided the newest of some changes."""
    return (changes[0][1] if changes else "") or "somebody else"


def join(session: Session, *, invitation: Invitation, name: str, password_hash: str, now: datetime) -> Person:
    """Make the account of somebody invited, and let them in.

    Raises:
        Refused: there is already an account with this address.
    """
    person = accounts.create_person(session, email=invitation.email, name=name, password_hash=password_hash, now=now)
    admit(session, invitation=invitation, person=person, now=now)
    return person


def admit(session: Session, *, invitation: Invitation, person: Person, now: datetime) -> None:
    """Use the invitation: give the role, and enrol a trainee in the cohort.

    Raises:
        Refused: the invitation does not hold any more.
    """
    staff.accept(session, invitation=invitation, person=person, now=now)
    cohort = session.get(Cohort, invitation.cohort_id) if invitation.cohort_id else None
    if cohort and invitation.role is Role.TRAINEE:
        enrol(session, person_id=person.id, cohort=cohort, now=now)
