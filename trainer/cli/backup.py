"""Keep a whole installation in one file, and bring it back. Both count only when the result was audited."""

import os
from pathlib import Path

import click
from rich.console import Console

from trainer.backups.archive import Manifest
from trainer.backups.keeping import keep
from trainer.backups.restoring import environ_for
from trainer.backups.restoring import restore as restore_into
from trainer.backups.trial import TrialWatch
from trainer.cli.bars import audit_bar
from trainer.settings import Settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Keep the database and the instance folder in FILE, while the server goes on. Exit 0 only when that was tried.

    The file is brought back beside the installation and audited there before it gets its name. Keep it like the keys
    it holds.
    """
    file = file.resolve()
    manifest = keep(Settings.from_env(), file, watch=_watch())
    click.echo(f"{file} holds {_summary(manifest)}. It was brought back beside this installation and audited.")
    _say_what_is_not_in_it()


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Another, empty instance folder.")
def restore(file: Path, into: Path | None) -> None:
    """Bring FILE back into an installation that holds nothing yet. Exit 0 only when the result was audited."""
    done = restore_into(file, environ=environ_for(into), watch=_watch())
    click.echo(
        f"{done.instance} holds again {_summary(done.manifest)}, kept on {done.manifest.made_at}. It was audited."
    )
    if not done.is_current:
        click.echo("The backup is older than this version: run `trainer db upgrade` before you start the server.")
    _say_what_is_not_in_it()


def _watch() -> TrialWatch:
    console = Console(stderr=True)
    return TrialWatch(
        stage=lambda what: console.print(f"{what} …"),
        fault=lambda sentence: click.echo(sentence, err=True),
        audit=audit_bar,
    )


def _summary(manifest: Manifest) -> str:
    rows = manifest.state.rows
    return (
        f"{sum(rows.values()):,} rows, {rows.get('registry_entry', 0):,} certificates among them, a log of "
        f"{manifest.state.log_size:,} entries and {len(manifest.parts) - 1:,} files"
    )


def _say_what_is_not_in_it() -> None:
    named = [name for name in ("TRAINER_SECRET_KEY", "TRAINER_SIGNING_KEY") if os.environ.get(name)]
    if named:
        click.echo(f"Not in it: what {' and '.join(named)} give from elsewhere. Keep that by itself.")
