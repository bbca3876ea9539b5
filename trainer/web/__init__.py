"""What every page stands on: the current application's database and settings, and a turn for what is costly."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import cast

from flask import current_app, request
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session as Session  # for routes, which know no SQLAlchemy of their own

from trainer.costly_work import turn
from trainer.db import Database, cause_of
from trainer.errors import Broken, Busy
from trainer.networks import network_of
from trainer.settings import Settings

COSTLY_AT_ONCE, COSTLY_EACH = 2, 1

log = logging.getLogger(__name__)


def settings() -> Settings:
    """Return the settings of the current application."""
    return cast(Settings, current_app.extensions["trainer.settings"])


def database() -> Database:
    """Return the database of the current application."""
    return cast(Database, current_app.extensions["trainer.database"])


@contextmanager
def transaction() -> Iterator[Session]:
    """Open a session whose changes are kept together when the block ends, or not at all."""
    with _answering(), database().transaction() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session to look things up."""
    with _answering(), database().reading() as session:
        yield session


@contextmanager
def _answering() -> Iterator[None]:
    """Turn what a database says that cannot be reached or used into a sentence for the visitor."""
    try:
        yield
    except (OperationalError, NoConnection) as error:
        log.error("The database does not answer, or cannot keep anything: %s", cause_of(error))
        raise Busy(
            "The database does not answer, or can keep nothing just now. What you had saved before is safe. "
            "Please wait a moment and try again."
        ) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # its kinds are about what was asked, itself is about the file
            raise
        log.error("The database is damaged: %s", cause_of(error))
        raise Broken("The database cannot be read. Whoever operates this site has to look after it.") from error


def costly() -> AbstractContextManager[None]:
    """Return a turn for what costs much: few at once over all processes, one at a time for each network.

    Raises:
        Busy: on entering, when there is no turn within a moment.
    """
    folder = settings().instance / "turns"
    return turn(folder, at_once=COSTLY_AT_ONCE, whose=network_of(request.remote_addr), each=COSTLY_EACH)
