"""A log with things in it, and certificates of the room above to be compared with it."""

from collections.abc import Callable

import pytest

from tests.registry.appending import NOW, leaves
from tests.stage.certified import *  # noqa: F403
from trainer.db import Database
from trainer.registry.log.services import append
from trainer.registry.notes import Signer


@pytest.fixture
def grow(database: Database, log: Signer) -> Callable[[int], int]:
    """Append entries under one checkpoint: `grow(300)` gives the index of the first."""
    done = 0

    def append_some(count: int) -> int:
        nonlocal done
        first = grown(database, log, count, done)
        done += count
        return first

    return append_some


def grown(database: Database, log: Signer, count: int, done: int = 0) -> int:
    """Append entries after so many that are done; return the index of the first."""
    with database.transaction() as session:
        return append(session, leaves=leaves(count, done), log=log, now=NOW)
