"""Work on the database."""

import click
from alembic import command as alembic

from trainer.cli.registry import log_what_is_older
from trainer.db import Database
from trainer.db.migrations import configuration, upgrade
from trainer.errors import Broken
from trainer.installation import Installation, opened
from trainer.requirements.services import unreadable_cohorts
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
        log_what_is_older(installation)
        if said := unreadable(installation):
            raise Broken(said)


def unreadable(installation: Installation) -> str:
    """Return a sentence about the cohorts whose release this version cannot read, or "" when it can read all."""
    with installation.database.reading() as session:
        found = [f"“{cohort.name}” of {cohort.programme}: {why}" for cohort, why in unreadable_cohorts(session)]
    if not found:
        return ""
    return (
        f"The database is at the newest schema, but this version cannot read {len(found)} of its cohorts. "
        f"{' '.join(found)} Everything in them is kept, and the rest of the site works."
    )


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration from the difference between models and database."""
    database = Database(Settings.from_env().database_url)
    alembic.revision(configuration(database), message, autogenerate=True)
    database.close()
