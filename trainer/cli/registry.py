"""Look after the public log."""

import sys

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from trainer.certificates.audit.queries import audit_certificates
from trainer.clock import utc_now
from trainer.errors import Missing
from trainer.installation import Installation, opened
from trainer.registry.audit.queries import (
    audit_cosignatures,
    audit_log,
    audit_registry,
    count_for_audit,
    witnesses_unknown,
)
from trainer.registry.cosigning import witnesses_of
from trainer.registry.keys import verifier_in
from trainer.registry.log.queries import log_size
from trainer.registry.log.services import begin_log, log_key
from trainer.registry.services import anything_entered
from trainer.verify.entered.queries import audit_alarms
from trainer.verify.services import trust_file


@click.group()
def registry() -> None:
    """Look after the registry and its public log."""


@registry.command()
def audit() -> None:
    """Recompute the log and compare it with every certificate and decision. Exit 0 if all fits, 1 otherwise."""
    with opened() as installation, installation.database.reading() as session:
        wrong = misfits(installation, session)
        size = log_size(session)
        witnesses = [one.witness for one in witnesses_of(installation.settings)]
        for name in witnesses_unknown(session, witnesses=witnesses):
            click.echo(f"Note: the cosignatures of {name} were not checked, since no key is named for it.", err=True)
    for sentence in wrong:
        click.echo(sentence)
    if not wrong:
        click.echo(f"The log of {size} entries, its checkpoints and every certificate fit together.")
    sys.exit(1 if wrong else 0)


def misfits(installation: Installation, session: Session) -> list[str]:
    """Recompute the log, compare it with everything, and return a sentence for each thing that does not fit."""
    wrong: list[str] = []
    verifier = verifier_in(installation.settings.instance)
    witnesses = [one.witness for one in witnesses_of(installation.settings)]
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Recomputing the log", total=2 * count_for_audit(session))

        def step() -> None:
            progress.advance(bar, 2)

        try:
            wrong.extend(audit_log(session, verifier=verifier, step=step))
            wrong.extend(audit_cosignatures(session, witnesses=witnesses))
            progress.update(bar, description="Comparing certificates")
            wrong.extend(audit_registry(session, step=lambda: progress.advance(bar)))
            wrong.extend(audit_certificates(session, step=lambda: progress.advance(bar)))
            wrong.extend(list(audit_alarms(session, otherwise_whole=not wrong)))
        except (DBAPIError, TypeError, ValueError) as error:  # a value that no program of ours has written
            wrong.append(f"The audit had to stop, since something stored cannot be read: {str(error)[:200]!r}")
    return wrong


@registry.command()
def key() -> None:
    """Print the public key of the log, for those who check its checkpoints and proofs."""
    with opened() as installation, installation.database.reading() as session:
        signer = log_key(session, instance=installation.settings.instance, base_url=installation.settings.base_url)
    click.echo(signer.verifier.text())


@registry.command()
def trust() -> None:
    """Print what a verifier pins to check certificates without us, signed and dated; keep it as trust.json."""
    with opened() as installation, installation.database.reading() as session:
        pinned = trust_file(session, settings=installation.settings, now=utc_now())
    if pinned is None:
        raise Missing("Nothing has been issued here yet, so there is no key to pin.")
    click.echo(pinned, nl=False)


def log_what_is_older(installation: Installation) -> None:
    """Begin the log with what was issued before there was one; an installation without certificates stays as it is."""
    with installation.database.transaction() as session:
        if anything_entered(session):
            log = log_key(session, instance=installation.settings.instance, base_url=installation.settings.base_url)
            if count := begin_log(session, log=log, now=utc_now()):
                click.echo(f"The log begins with {count} entries about what was issued before.")
