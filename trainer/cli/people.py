"""Let the first people in, and help somebody who has lost their password."""

import secrets

import click

from trainer.accounts import services as accounts
from trainer.accounts.door.attempt import about
from trainer.accounts.models import Role
from trainer.accounts.passwords import hashed, weakness
from trainer.audit.services import note
from trainer.cli.opening import opened
from trainer.clock import utc_now
from trainer.curriculum.services import newest_release
from trainer.erasure.services import erase_person
from trainer.errors import Missing
from trainer.registry.log.services import log_key
from trainer.requirements.catalogue import catalogue_of
from trainer.web import brakes


@click.command()
@click.option("--email", required=True, help="The person's e-mail address.")
@click.option("--name", required=True, help="The person's full name.")
@click.option("--programme", default="foundations", show_default=True, help="The programme, by its slug.")
@click.option(
    "--role",
    type=click.Choice([Role.DIRECTOR.value, Role.SUPERVISOR.value, Role.ADMINISTRATOR.value]),
    default=Role.DIRECTOR.value,
    show_default=True,
    help="What the person may do in it. Trainees are invited into a cohort, on the desk.",
)
def invite(email: str, name: str, programme: str, role: str) -> None:
    """Write an invitation link, which works once: so the first director of a programme comes in."""
    with opened() as trainer:
        now = utc_now()
        with trainer.database.transaction() as session:
            known = catalogue_of(newest_release(session)).programmes
            if programme not in known:
                raise Missing(f"The newest release has no programme {programme!r}; it has: {', '.join(sorted(known))}.")
            invitation, token = accounts.invite(
                session,
                email=email,
                name=name,
                programme=programme,
                role=Role(role),
                cohort_id=None,
                invited_by=None,
                now=now,
            )
            subject = invitation.email
            note(session, actor_id=None, programme=programme, act="invite", subject=subject, detail=role, now=now)
        click.echo(f"{trainer.settings.base_url}/invitations/{token}")


@click.command("new-password")
@click.argument("email")
def new_password(email: str) -> None:
    """Give the person with this e-mail address a new password, and sign them out everywhere.

    Whatever strangers tried before slows nobody down any more.
    """
    password = secrets.token_urlsafe(12)
    while weakness(password, email=email, name=""):
        password = secrets.token_urlsafe(12)
    password_hash = hashed(password)
    with opened() as trainer, trainer.database.transaction() as session:
        now = utc_now()
        person = accounts.person_by_email(session, email)
        if person is None:
            raise Missing(f"Nobody here has the address {email}.")
        accounts.change_password(session, person_id=person.id, password_hash=password_hash, keep=None, now=now)
        brakes.forget(session, about=about(person.email))
        note(session, actor_id=None, programme="", act="set a new password", subject=person.email, now=now)
    click.echo(f"{password}\nAsk them to change it under their name, at the top of every page.")


@click.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
def erase(email: str, yes: bool) -> None:
    """Erase the person with this e-mail address at their request, in every programme; nobody can undo it."""
    if not yes:
        click.confirm(f"Delete everything about {email}, and their certificates? Nobody can undo it.", abort=True)
    with opened() as trainer, trainer.database.transaction() as session:
        person = accounts.person_by_email(session, email)
        if person is None:
            raise Missing(f"Nobody here has the address {email}.")
        log = log_key(session, instance=trainer.settings.instance, base_url=trainer.settings.base_url)
        farewell = erase_person(session, person_id=person.id, by=None, log=log, now=utc_now())
    held = f" Certificates: {', '.join(farewell.numbers)}." if farewell.numbers else ""
    click.echo(f"Nothing here leads to {farewell.email} any more.{held} Please tell them yourself.")


COMMANDS = (invite, new_password, erase)
