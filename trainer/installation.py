"""An installation: its settings and its database, opened for a command, for the worker or for a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from trainer.db import Database
from trainer.db.migrations import NEWER, is_current, is_newer
from trainer.errors import Refused
from trainer.settings import Settings


@dataclass(frozen=True)
class Installation:
    """An installation that is open."""

    settings: Settings
    database: Database


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Installation]:
    """Open the installation of these settings, or of this environment, and close it at the end.

    Raises:
        Refused: the database is older than the code, or newer.
    """
    settings = settings or Settings.from_env()
    database = Database(settings.database_url)
    try:
        if is_newer(database):
            raise Refused(NEWER)
        if not is_current(database):
            raise Refused("The database is not up to date. Run `trainer db upgrade` (or `make setup`) first.")
        yield Installation(settings, database)
    finally:
        database.close()
