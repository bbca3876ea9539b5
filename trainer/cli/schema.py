"""Work on the database."""

import click
from alembic import command as alembic

from trainer.cli.opening import opened
from trainer.cli.registry import log_what_is_older
from trainer.db import Database
from trainer.db.migrations import configuration, upgrade
from trainer.settings import Settings


@click.group()
def db() -> None:
    """Work on the database."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Run every migration that has not run yet."""
    database = Database(Settings.from_env().database_url)
    upgrade(database)
    database.close()
    with opened() as trainer:
        log_what_is_older(trainer)


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration from the difference between models and database."""
    database = Database(Settings.from_env().database_url)
    alembic.revision(configuration(database), message, autogenerate=True)
    database.close()
