"""What every page stands on: the current application's database and settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session as Session  # for routes, which know no SQLAlchemy of their own

from trainer.db import Database
from trainer.settings import Settings


def settings() -> Settings:
    """Return the settings of the current application."""
    return cast(Settings, current_app.extensions["trainer.settings"])


def database() -> Database:
    """Return the database of the current application."""
    return cast(Database, current_app.extensions["trainer.database"])


@contextmanager
def transaction() -> Iterator[Session]:
    """Open a session whose changes are kept together when the block ends, or not at all."""
    with database().transaction() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session to look things up."""
    with database().reading() as session:
        yield session
