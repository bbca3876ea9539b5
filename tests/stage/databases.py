"""Fresh databases: a file that is copied, or rows that are put back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.stage.postgres import Emptied
from tests.stage.states import State, States
from trainer.db import Database
from trainer.db.migrations import upgrade


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()  # the last connection folds the log into the file
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, states: States, state: State) -> str:
    """The address of a migrated database in the state the test begins in; each test that asks runs on both kinds.

    The PostgreSQL database is the same for all tests of a process. A test that changes its schema, or needs two at
    once, asks for `own_postgres`.
    """
    if request.param == "postgresql":
        emptied: Emptied = request.getfixturevalue("emptied")
        states.put_back(state, emptied, tmp_path)
        return emptied.url
    path = tmp_path / "trainer.sqlite"
    states.copy(state, path)
    return f"sqlite:///{path}"


class Files:
    """One SQLite engine for whichever file is in use: what it has learnt about our statements is kept."""

    def __init__(self) -> None:
        self._database = Database("sqlite:///none")
        self._path = ""

        @event.listens_for(self._database.engine, "do_connect")
        def where(_dialect: Any, _record: Any, args: list[Any], _options: dict[str, Any]) -> None:
            args[0] = self._path

        @event.listens_for(self._database.engine, "connect")
        def without_the_disk(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF")  # no test pulls the plug

    def at(self, url: str) -> Database:
        """Turn to this file. Who listens to the engine of this database listens to no other."""
        self._path = url.removeprefix("sqlite:///")
        return Database(url, self._database.engine.execution_options())


@pytest.fixture(scope="session")
def sqlite_files() -> Files:
    """The engine of all SQLite files."""
    return Files()


@pytest.fixture
def opened(request: pytest.FixtureRequest, database_url: str) -> Iterator[Database]:
    """The database at `database_url`, opened by an engine that lives as long as the process."""
    if database_url.startswith("sqlite"):
        database = request.getfixturevalue("sqlite_files").at(database_url)
        yield database
        database.close()
        return
    engine = request.getfixturevalue("emptied").database.engine
    yield Database(database_url, engine.execution_options())
    if engine.pool.checkedout():  # somebody did not give a connection back
        engine.dispose()
