"""Let the first people in, and help somebody who has lost their password."""

import click
from sqlalchemy.orm import Session

from trainer.accounts import services as accounts
from trainer.accounts.email_addresses import BadAddress, mailable
from trainer.accounts.models import Person
from trainer.accounts.passwords import fresh_password, hashed
from trainer.accounts.queries import person_at_the_door
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.enrolment.queries import newest_release
from trainer.erasure.services import erase_person
from trainer.errors import Missing, Refused
from trainer.installation import opened
from trainer.moments import written
from trainer.registry.log.queries import log_key
from trainer.requirements.catalogue import catalogue_of
from trainer.staff import services as staff
from trainer.staff.closing import services as closing
from trainer.staff.correcting import services as correcting
from trainer.staff.correcting.links import seal_link
from trainer.staff.queries import is_last, roles_in


@click.command()
@click.option("--email", required=True, help="The person's e-mail address.")
@click.option("--name", required=True, help="The person's full name.")
@click.option("--programme", default="foundations", show_default=True, help="The programme, by its slug.")
@click.option(
    "--role",
    type=click.Choice([Role.DIRECTOR.value, Role.SUPERVISOR.value, Role.ADMINISTRATOR.value]),
    prompt="Role: what may the person do",
    help="What the person may do in it. Trainees are invited into a cohort, on the desk.",
)
def invite(email: str, name: str, programme: str, role: str) -> None:
    """Write an invitation link, which works once: so the first director of a programme comes in."""
    with opened() as installation:
        now = utc_now()
        with installation.database.transaction() as session:
            _check_programme(session, programme)
            invitee = staff.Invitee(name=name, email=email, role=Role(role))
            _, token = staff.invite(session, programme=programme, invitee=invitee, by=None, now=now)
        click.echo(f"{installation.settings.base_url}/invitations/{token}")


@click.command("new-password")
@click.argument("email")
def new_password(email: str) -> None:
    """Give the person with this e-mail address a new password, and sign them out everywhere.

    Whatever strangers tried before slows nobody down any more.
    """
    password = fresh_password(email=email)
    password_hash = hashed(password)
    with opened() as installation, installation.database.transaction() as session:
        person = _person(session, email)
        accounts.replace_password(session, person=person, password_hash=password_hash, now=utc_now())
    click.echo(f"{password}\nAsk them to change it under their name, at the top of every page.")


@click.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
def erase(email: str, yes: bool) -> None:
    """Erase the person with this e-mail address at their request, in every programme; nobody can undo it."""
    if not yes:
        click.confirm(f"Delete everything about {email}, and their certificates? Nobody can undo it.", abort=True)
    with opened() as installation, installation.database.transaction() as session:
        person = _person(session, email)
        log = log_key(session, instance=installation.settings.instance, base_url=installation.settings.base_url)
        farewell = erase_person(session, person_id=person.id, by=None, log=log, now=utc_now())
    held = f" Certificates: {', '.join(farewell.numbers)}." if farewell.numbers else ""
    click.echo(f"Nothing here leads to {farewell.email} any more.{held} Please tell them yourself.")


programme_option = click.option("--programme", default="foundations", show_default=True, help="By its slug.")
reason_option = click.option("--reason", required=True, help="Why; it is kept with the decision.")


@click.command()
@programme_option
def roles(programme: str) -> None:
    """List who acts for a programme: e-mail address, name, role, since when."""
    with opened() as installation, installation.database.reading() as session:
        known = roles_in(session, programme=programme)
        if not known:
            _check_programme(session, programme)
        held = [office for office in known if office.end is None]
    for office in held:
        membership = office.membership
        given = f"{membership.way.value}, {office.giver or 'whoever runs this site'}"
        since = written(membership.granted_at)
        click.echo(f"{office.email}  {office.name}  {membership.role.value}  {since}  {given}")
    if not held:
        click.echo(f"Nobody acts for {programme}. Invite its first director with `trainer invite`.", err=True)


@click.command("end-role")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="Which role ends.")
@programme_option
@reason_option
@click.option("--yes", is_flag=True, help="Do not ask where it is the last of its kind.")
def end_role(email: str, role: str, programme: str, reason: str, yes: bool) -> None:
    """End a role of the person with this e-mail address, at once; even that of the last director of a programme."""
    with opened() as installation, installation.database.transaction() as session:
        person = _person(session, email)
        held = [office for office in person.memberships if office.programme == programme and office.role is Role(role)]
        if not held:
            raise Missing(f"{person.name} is no {role} of {programme}.")
        if not yes and is_last(session, membership=held[0]):
            click.confirm(f"{person.name} is the last {role} of {programme}. End the role all the same?", abort=True)
        staff.end_role(session, membership=held[0], by=None, reason=reason, now=utc_now())
    click.echo(f"{person.name} is no {role} of {programme} any more.")


@click.command("close-account")
@click.argument("email")
@reason_option
def close_account(email: str, reason: str) -> None:
    """End every role and every sign-in of the person with this e-mail address, and let them sign in no more."""
    with opened() as installation, installation.database.transaction() as session:
        person = _person(session, email)
        closing.close_account(session, person=person, by=None, reason=reason, now=utc_now())
    click.echo(f"The account of {person.name} is closed. `trainer open-account` opens it again.")


@click.command("open-account")
@click.argument("email")
@reason_option
def open_account(email: str, reason: str) -> None:
    """Let the person with this e-mail address sign in again; the roles have ended, and each is given again."""
    with opened() as installation, installation.database.transaction() as session:
        person = _person(session, email)
        closing.open_account(session, person=person, by=None, reason=reason, now=utc_now())
    click.echo(f"The account of {person.name} is open.")


@click.command("correct-name")
@click.argument("email")
@click.option("--name", required=True, help="The name as it should be.")
@reason_option
def correct_name(email: str, name: str, reason: str) -> None:
    """Correct the name of the person with this e-mail address, also where two programmes know them."""
    with opened() as installation, installation.database.transaction() as session:
        person = _person(session, email)
        before = person.name
        correcting.correct_account_name(
            session, person=person, name=name.strip(), reason=reason, by=None, now=utc_now()
        )
    click.echo(f"{before} is called {name.strip()} now.")


@click.command("correct-address")
@click.argument("email")
@click.option("--to", required=True, help="The address as it should be.")
@reason_option
def correct_address(email: str, to: str, reason: str) -> None:
    """Write a link by which the person with this e-mail address takes another one; it works for 14 days."""
    with opened() as installation, installation.database.transaction() as session:
        person = _person(session, email)
        try:
            mailable(to)
        except BadAddress as error:
            raise Refused(f"{to[:80]!r} cannot be mailed. {error}") from error
        offer = correcting.offer_address(session, person=person, email=to, reason=reason, by=None, now=utc_now())
        sealed = seal_link(offer, secret=installation.settings.secret_key)
        link = f"{installation.settings.base_url}/account/address/{sealed}"
    click.echo(f"{link}\nGive it to them: they sign in with {email} once more, and with {to} from then on.")


def _check_programme(session: Session, programme: str) -> None:
    known = catalogue_of(newest_release(session)).programmes
    if programme not in known:
        raise Missing(f"The newest release has no programme {programme!r}; it has: {', '.join(sorted(known))}.")


def _person(session: Session, email: str) -> Person:
    person = person_at_the_door(session, email)
    if person is None:
        raise Missing(f"Nobody here has the address {email}.")
    return person
