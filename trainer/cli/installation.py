"""Set an installation up."""

from functools import partial

import click
from rich.progress import track

from trainer.cli.registry import begin_with_what_is_older
from trainer.cli.sign_ins import sign_ins
from trainer.clock import utc_now
from trainer.db import Database
from trainer.db.migrations import upgrade
from trainer.demo.seed import seed_demo
from trainer.installation import opened
from trainer.publishing.folder import publish_folder
from trainer.requirements.queries import what_is_unreadable
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
        begin_with_what_is_older(installation)
        with installation.database.reading() as session:
            said = what_is_unreadable(session)
        if said:  # nobody else shall wait for it
            click.echo(f"trainer: {said}", err=True)
        if empty:
            publish_folder(installation, now=utc_now())
        else:
            seed_demo(installation, passed=partial(track, description="Seeding the demonstration"))
            sign_ins(installation)
