"""Look after what has been played."""

import sys

import click

from trainer.cases.afterwards.queries import compared
from trainer.installation import opened


@click.group()
def cases() -> None:
    """Work on cases that have been played."""


@cases.command("rescore")
@click.option("--check", is_flag=True, required=True, help="Compare only; nothing is ever changed from here.")
def rescore_command(check: bool) -> None:
    """Score every ended run again from its transcript, in its own text, and compare with what is stored.

    Exit 0 when every result is the same to the byte, 1 otherwise. Deciding about a newer text is a director's
    work, on the pages.
    """
    with opened() as installation, installation.database.reading() as session:
        runs = list(compared(session))
    different = [run for run in runs if run.why]
    for run in different:
        click.echo(f"{run.run_id} ({run.case}): {run.why}")
    click.echo(f"{len(runs)} ended runs, {len(different)} differ.", err=True)
    sys.exit(1 if different else 0)
