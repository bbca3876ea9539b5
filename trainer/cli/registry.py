"""Look after the public log."""

import sys

import click

from trainer.cli.bars import audit_bar
from trainer.clock import utc_now
from trainer.errors import Missing
from trainer.installation import Installation, opened
from trainer.registry.audit.queries import (
    witnesses_unknown,
)
from trainer.registry.cosigning.errands import witnesses_of
from trainer.registry.log.queries import log_key, log_size
from trainer.registry.services import log_what_is_older
from trainer.verify.audit.queries import misfits
from trainer.verify.trust.queries import trust_file


@click.group()
def registry() -> None:
    """Look after the registry and its public log."""


@registry.command()
def audit() -> None:
    """Recompute the log and compare it with every certificate and decision. Exit 0 if all fits, 1 otherwise."""
    with opened() as installation, installation.database.reading() as session:
        with audit_bar() as tell:
            wrong = misfits(session, settings=installation.settings, tell=tell)
        size = log_size(session)
        witnesses = [named.witness for named in witnesses_of(installation.settings)]
        for name in witnesses_unknown(session, witnesses=witnesses):
            click.echo(f"Note: the cosignatures of {name} were not checked, since no key is named for it.", err=True)
    for sentence in wrong:
        click.echo(sentence)
    if not wrong:
        click.echo(f"The log of {size} entries, its checkpoints and every certificate fit together.")
    sys.exit(1 if wrong else 0)


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


def begin_with_what_is_older(installation: Installation) -> None:
    """Begin the log with what was issued before there was one, and say so."""
    settings = installation.settings
    with installation.database.transaction() as session:
        count = log_what_is_older(session, instance=settings.instance, base_url=settings.base_url, now=utc_now())
    if count:
        click.echo(f"The log begins with {count} entries about what was issued before.")
