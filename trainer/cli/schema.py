"""Work on the database."""

import click
from alembic import command as alembic

from trainer.cli.registry import begin_with_what_is_older
from trainer.db import Database
from trainer.db.migrations import configuration, upgrade
from trainer.errors import Broken
from trainer.installation import opened
from trainer.requirements.queries import what_is_unreadable
from trainer.settings import Settings


@click.group()
def db() -> None:
    """Work on the database."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Run every migration that has not run yet, and open every text that a cohort follows."""
    database = Database(Settings.from_env().database_url)
    upgrade(database)
    database.close()
    with opened() as installation:
        begin_with_what_is_older(installation)
        with installation.database.reading() as session:
            said = what_is_unreadable(session)
        if said:
            raise Broken(said)


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration from the difference between models and database."""
    database = Database(Settings.from_env().database_url)
    alembic.revision(configuration(database), message, autogenerate=True)
    database.close()
