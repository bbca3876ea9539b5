"""Keep a reviewer's signature under exactly one version of a text."""

import click

from trainer.accounts.queries import person_by_email
from trainer.clock import utc_now
from trainer.curriculum.reviews import ReviewedText, Reviewer
from trainer.curriculum.services import sign_content
from trainer.curriculum.words import ReviewKind
from trainer.enrolment.queries import newest_release
from trainer.errors import Missing, Refused
from trainer.installation import opened
from trainer.signoff.texts import signable_texts

_LEAST_DIGITS = 8


@click.command("sign")
@click.option("--case", help="The case, by its slug.")
@click.option("--lesson", help="The lesson, by its module and slug, such as ethics/why.")
@click.option("--item", help="The question, by its module and id, such as ethics/oregon-window.")
@click.option("--written", help="The written task, by its module and id, such as session/sbar-water.")
@click.option("--hash", "digits", default="", help="The first digits of the version that was read; another is refused.")
@click.option("--reviewer", required=True, help="The reviewer's e-mail address; they need an account.")
@click.option("--role", required=True, help="In which capacity, for example 'psychiatrist'.")
@click.option("--statement", required=True, help="What exactly the reviewer states.")
def sign_command(**asked: str | None) -> None:
    """Keep a named reviewer's signature under the exact text of a case, lesson, question or written task.

    The page /sign-off/ shows what changed since a text was signed last, and names the hash to be given here.
    """
    named = [(kind, asked[kind.value]) for kind in ReviewKind if asked[kind.value]]
    if len(named) != 1:
        raise click.UsageError(
            "Name one text: --case SLUG, --lesson MODULE/LESSON, --item MODULE/ID or --written MODULE/ID."
        )
    [(kind, text_id)] = named
    with opened() as installation, installation.database.transaction() as session:
        person = person_by_email(session, asked["reviewer"] or "")
        if person is None:
            raise Missing(f"Nobody here has the address {asked['reviewer']}. Invite the reviewer first.")
        text = signable_texts(newest_release(session)).get((kind, text_id or ""))
        if text is None:
            raise Missing(f"The newest release has no {kind} {text_id!r}.")
        _same_version(text.hash, asked["digits"] or "")
        sign_content(
            session,
            text=ReviewedText(kind=kind, id=text.id, hash=text.hash),
            reviewer=Reviewer(person_id=person.id, name=person.name, role=asked["role"] or ""),
            statement=asked["statement"] or "",
            now=utc_now(),
        )
        click.echo(f"{person.name} signed the {kind} {text.id} ({text.hash[:12]}).")


def _same_version(version: str, digits: str) -> None:
    """Refuse to sign another version than the one that was read.

    Raises:
        Refused: it is another, or too few digits were given to tell.
    """
    if digits and len(digits) < _LEAST_DIGITS:
        raise Refused(f"Give at least {_LEAST_DIGITS} digits of the hash.")
    if not version.startswith(digits.lower()):
        raise Refused(
            f"The newest release holds another version, {version[:12]}. Read what changed, then sign that one."
        )
