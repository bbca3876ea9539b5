"""Set an installation up."""

import click

from trainer.cli.registry import log_what_is_older
from trainer.cli.schema import unreadable
from trainer.cli.seed import publish_folder, seed_demo, sign_ins
from trainer.clock import utc_now
from trainer.db import Database
from trainer.db.migrations import upgrade
from trainer.installation import opened
from trainer.settings import Settings


@click.command()
@click.option("--empty", is_flag=True, help="Publish the content, but seed no demonstration.")
def setup(empty: bool) -> None:
    """Bring the database to the newest schema and seed the demonstration once."""
    settings = Settings.from_env()
    database = Database(settings.database_url)
    upgrade(database)
    database.close()
    with opened() as installation:
        log_what_is_older(installation)
        if said := unreadable(installation):  # nobody else shall wait for it
            click.echo(f"trainer: {said}", err=True)
        if empty:
            publish_folder(installation, now=utc_now())
        else:
            seed_demo(installation)
            sign_ins(installation)
