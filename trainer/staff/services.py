"""Give roles and end them; each act is written down in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts import services as accounts
from trainer.accounts.email_addresses import spellings
from trainer.accounts.models import Invitation, Membership, MembershipEnd, Person
from trainer.accounts.offers import OfferedRole
from trainer.accounts.powers import STAFF, Official, a, objection_to_giving, roles_given_by
from trainer.accounts.queries import is_closed, person_by_email
from trainer.accounts.words import Role
from trainer.audit.services import note
from trainer.certificates.paper.acceptance import check_person
from trainer.certificates.paper.scripts import tidy
from trainer.enrolment.models import PLACE_ENDED, Cohort, Enrolment
from trainer.errors import Missing, Refused
from trainer.moments import written
from trainer.staff.queries import check_may_end, official_in, trainee_role_of, unused_invitations


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """Who is invited, and as what; a trainee is invited into a cohort."""

    name: str
    email: str
    role: Role
    cohort: Cohort | None = None


def invite(
    session: Session, *, programme: str, invitee: Invitee, by: str | None, now: datetime
) -> tuple[Invitation, str]:
    """Invite somebody; return the invitation and its secret.

    Raises:
        Refused: this person may not give the role, the cohort is archived, or whoever is invited has the role, is in
            the cohort, or is invited. The command line alone, which takes no invitation back, may write a second one.
            Or the name cannot stand on a certificate.
    """
    check_person(name := tidy(invitee.name))
    _check_may_come(session, invitee, programme=programme, by=by)
    if by is not None:
        _check_not_invited(session, invitee, programme=programme, now=now)
    role, cohort = invitee.role, invitee.cohort
    invitation, token = accounts.make_invitation(
        session,
        email=invitee.email,
        name=name,
        into=OfferedRole(programme=programme, role=role, cohort_id=cohort.id if cohort else None),
        invited_by=by,
        now=now,
    )
    detail = f"{role.value} in {cohort.name}" if cohort else role.value
    note(session, actor_id=by, programme=programme, act="invite", subject=invitation.email, detail=detail, now=now)
    return invitation, token


def _check_may_come(session: Session, invitee: Invitee, *, programme: str, by: str | None) -> None:
    official = official_in(session, person_id=by, programme=programme)
    known, cohort = person_by_email(session, invitee.email), invitee.cohort
    _check_giving(session, official, role=invitee.role, to=known, programme=programme)
    if known and is_closed(session, person_id=known.id):
        raise Refused("This account is closed. An administrator of the programme must open it again first.")
    if cohort and cohort.archived_at:
        raise Refused("This cohort is in the archive. Take it out first, then invite people into it.")
    if known and cohort and _studies_in(session, known, cohort):
        raise Refused(f"{known.name} is in this cohort already.")


def _check_not_invited(session: Session, invitee: Invitee, *, programme: str, now: datetime) -> None:
    waiting = unused_invitations(now=now).where(
        Invitation.email.in_(spellings(invitee.email)),
        Invitation.programme == programme,
        Invitation.role == invitee.role,
        Invitation.cohort_id == (invitee.cohort.id if invitee.cohort else None),
    )
    if (before := session.scalars(waiting).first()) is not None:
        raise Refused(
            f"{before.name} is invited already, until {written(before.expires_at)}. If the link was lost, write a new "
            "one under “Open invitations”; if the name is wrong, take that invitation back first."
        )


def withdraw_invitation(
    session: Session, *, invitation_id: str, programmes: frozenset[str], by: str, now: datetime
) -> Invitation:
    """Take an invitation back. Doing it again changes nothing.

    Raises:
        Missing: there is no such invitation into these programmes.
        Refused: somebody has used it already, or it is for a role that this person does not give.
    """
    invitation = session.scalar(select(Invitation).where(Invitation.id == invitation_id).with_for_update())
    if invitation is None or invitation.programme not in programmes:
        raise Missing("There is no such invitation into your programmes.")
    if invitation.role not in roles_given_by(official_in(session, person_id=by, programme=invitation.programme)):
        raise Refused(f"You do not make anybody {a(invitation.role)}, so you cannot take this invitation back.")
    if accounts.take_invitation_back(session, invitation=invitation, by=by, now=now):
        act, subject = "withdraw invitation", invitation.email
        note(session, actor_id=by, programme=invitation.programme, act=act, subject=subject, now=now)
    return invitation


def accept(session: Session, *, invitation: Invitation, person: Person, now: datetime) -> None:
    """Use an invitation, which gives its role, and write it down.

    Raises:
        Refused: whoever wrote it may no longer give this role, or the person has one that does not go with it.
    """
    programme, role = invitation.programme, invitation.role
    accounts.lock_account(session, person_id=person.id)
    _hold_roles(session, programme)
    official = official_in(session, person_id=invitation.invited_by, programme=programme)
    holding = official_in(session, person_id=person.id, programme=programme).roles
    if role in STAFF and objection_to_giving(official, role, to=person.id, holding=holding):
        raise Refused(
            "This invitation does not hold any more: whoever wrote it does not give this role now, or you have one "
            "that does not go with it. Ask a director of the programme."
        )
    accounts.use_invitation(session, invitation=invitation, person=person, now=now)
    act = "accept invitation"
    note(session, actor_id=person.id, programme=programme, act=act, subject=person.name, detail=role.value, now=now)


def give(session: Session, *, person: Person, programme: str, role: Role, by: str | None, now: datetime) -> None:
    """Give a role for a programme to somebody whom it knows.

    Raises:
        Refused: this person may not give it, whoever would get it has it or another, or their account is closed.
    """
    accounts.lock_account(session, person_id=person.id)
    _hold_roles(session, programme)
    _check_giving(
        session, official_in(session, person_id=by, programme=programme), role=role, to=person, programme=programme
    )
    if is_closed(session, person_id=person.id):
        raise Refused("This account is closed. An administrator of the programme must open it again first.")
    accounts.grant(session, person=person, programme=programme, role=role, by=by, now=now)
    note(session, actor_id=by, programme=programme, act="give role", subject=person.name, detail=role.value, now=now)


def end_role(session: Session, *, membership: Membership, by: str | None, reason: str, now: datetime) -> None:
    """End a role from this moment on, in open sign-ins as well. What was decided by it stays.

    Raises:
        Refused: no reason is given, this person may not, or it is the last that the programme needs.
    """
    if not reason.strip():
        raise Refused("Please give the reason: it is kept with the decision.")
    _hold_roles(session, membership.programme)
    if session.scalar(select(MembershipEnd.membership_id).where(MembershipEnd.membership_id == membership.id)):
        return
    check_may_end(session, membership=membership, by=by)
    person = session.get_one(Person, membership.person_id)
    session.add(MembershipEnd(membership_id=membership.id, reason=reason.strip(), ended_by=by, ended_at=now))
    session.flush()
    session.expire(person, ["memberships"])
    note(
        session,
        actor_id=by,
        programme=membership.programme,
        act="end role",
        subject=person.name,
        detail=f"{membership.role.value}: {reason.strip()}",
        now=now,
    )


def _check_giving(session: Session, official: Official, *, role: Role, to: Person | None, programme: str) -> None:
    holding = official_in(session, person_id=to.id, programme=programme).roles if to else ()
    objection = objection_to_giving(official, role, to=to.id if to else None, holding=holding)
    if objection:
        raise Refused(objection)


def _studies_in(session: Session, person: Person, cohort: Cohort) -> bool:
    """Say whether the person is in the cohort; whose role or place has ended may be invited again."""
    place = select(Enrolment.id).where(Enrolment.person_id == person.id, Enrolment.cohort_id == cohort.id, ~PLACE_ENDED)
    held = trainee_role_of(session, person_id=person.id, programme=cohort.programme)
    return held is not None and session.scalar(place) is not None


def _hold_roles(session: Session, programme: str) -> None:
    """Let nobody else end or give a role of the programme until this transaction ends: of two at once one comes second.

    Two directors who end each other at the same moment would otherwise leave none.
    """
    held = select(Membership.id).where(Membership.programme == programme, Membership.role.in_(STAFF))
    session.execute(held.order_by(Membership.id).with_for_update())
