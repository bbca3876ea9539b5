"""Set up, serve, migrate."""

import gc
import sys
from contextlib import suppress

import click
from alembic import command as alembic

from trainer import logs
from trainer.app import create_app
from trainer.cli.beside import keep_beside
from trainer.cli.opening import Opened, opened
from trainer.cli.registry import log_what_is_older
from trainer.cli.seed import publish_folder, seed_demo, who_can_sign_in
from trainer.cli.server import PROCESSES, Site
from trainer.cli.worker import work
from trainer.clock import utc_now
from trainer.curriculum.services import newest_release
from trainer.db import Database
from trainer.db.migrations import configuration, upgrade
from trainer.errors import TrainerError
from trainer.requirements.catalogue import catalogue_of
from trainer.settings import Settings


@click.command()
@click.option("--empty", is_flag=True, help="Publish the content, but seed no demonstration.")
def setup(empty: bool) -> None:
    """Bring the database to the newest schema and seed the demonstration once."""
    settings = Settings.from_env()
    database = Database(settings.database_url)
    upgrade(database)
    database.close()
    with opened() as trainer:
        log_what_is_older(trainer)
        if empty:
            publish_folder(trainer, now=utc_now())
        else:
            seed_demo(trainer)


@click.command()
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", default=PROCESSES, show_default=True, help="How many processes answer.")
def serve(port: int, workers: int) -> None:
    """Serve the site on 127.0.0.1 and say how to sign in."""
    with opened() as trainer:
        who_can_sign_in(trainer, port)
        _read_up(trainer)
    logs.begin("web")
    sys.stdout.flush()
    app = create_app(trainer.settings)
    database: Database = app.extensions["trainer.database"]
    gc.collect()
    gc.freeze()  # what is loaded by now stays for good: nobody walks through it, so that its memory stays shared
    keep_beside(lambda keeper: work(beside=keeper))
    Site(app, bind=f"127.0.0.1:{port}", processes=workers, forked=lambda: database.engine.dispose(close=False)).run()


def _read_up(trainer: Opened) -> None:
    """Understand the newest content once, before the processes part, so that they share it."""
    with trainer.database.reading() as session, suppress(TrainerError):  # what is wrong with it, pages will say
        catalogue_of(newest_release(session))


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


COMMANDS = (setup, serve, db)
