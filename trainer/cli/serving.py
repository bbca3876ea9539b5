"""Serve the site, with the worker beside it."""

import gc
import sys
from contextlib import suppress

import click

from trainer import logs
from trainer.app import create_app
from trainer.cli.sign_ins import who_can_sign_in
from trainer.db import Database
from trainer.enrolment.queries import newest_release
from trainer.errors import TrainerError
from trainer.installation import Installation, opened
from trainer.requirements.catalogue import catalogue_of
from trainer.serving.beside import keep_beside
from trainer.serving.port import check_free
from trainer.worker import work

HOST = "127.0.0.1"
PROCESSES = 2


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=PROCESSES, show_default=True, help="How many processes answer."
)
def serve(port: int, workers: int) -> None:
    """Serve the site on 127.0.0.1 and say how to sign in."""
    from trainer.serving.server import Site  # noqa: PLC0415 – gunicorn reads every argument, and stumbles over odd ones

    check_free(HOST, port)
    with opened() as installation:
        app = create_app(installation.settings)  # what it refuses is said before anybody is told that it runs
        who_can_sign_in(installation, port)
        _read_up(installation)
    logs.begin("web")
    sys.stdout.flush()
    database: Database = app.extensions["trainer.database"]
    gc.collect()
    gc.freeze()  # what is loaded by now stays for good: nobody walks through it, so that its memory stays shared
    beside = keep_beside(lambda keeper: work(beside=keeper))
    Site(
        app,
        bind=f"{HOST}:{port}",
        processes=workers,
        forked=lambda: database.engine.dispose(close=False),
        looked=beside.look,
    ).run()


def _read_up(installation: Installation) -> None:
    """Understand the newest content once, before the processes part, so that they share it."""
    with installation.database.reading() as session, suppress(TrainerError):  # what is wrong with it, pages will say
        catalogue_of(newest_release(session))
