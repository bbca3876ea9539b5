"""States of a database that many tests begin in: each is reached once in a process, and then put back."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import inspect, select

from tests.stage.postgres import Emptied
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.db import Base, Database

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class State:
    """How a database came to be as it is.

    Attributes:
        name: a word or a few, not used twice.
        reach: does in an empty database, and in the folder of its installation, what leads here.
    """

    name: str
    reach: Callable[[Database, Path], Any] = field(compare=False, default=lambda _database, _instance: None)


EMPTY = State("empty")


@pytest.fixture
def state() -> State:
    """The state that the test begins in; rooms whose tests often begin further on have their own."""
    return EMPTY


def only(database: Database, table: type[Row], *where: Any) -> Row:
    """Read the one row there is, whole, as if it had been added a moment ago."""
    with database.reading() as session:
        row = session.scalars(select(table).where(*where)).one()
        for column in inspect(table).column_attrs:
            getattr(row, column.key)
    return row


@pytest.fixture
def mara(state: State, database: Database, person: Callable[..., Person]) -> Person:
    """A trainee; where the test begins further on, she is there already, and so is Dana."""
    if state == EMPTY:
        return person("Mara Vogel", Role.TRAINEE)
    return only(database, Person, Person.name == "Mara Vogel")


@pytest.fixture
def dana(state: State, database: Database, person: Callable[..., Person]) -> Person:
    """The director of `foundations`."""
    if state == EMPTY:
        return person("Dana Rivers", Role.DIRECTOR)
    return only(database, Person, Person.name == "Dana Rivers")


class States:
    """Every state that was reached in this process, as SQLite files and in the shared PostgreSQL database."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self._folder = folder
        self._files = {EMPTY: empty}
        self._reached: set[State] = {EMPTY}

    def copy(self, state: State, path: Path) -> None:
        """Make an SQLite file in this state, and beside it what the installation keeps in its folder."""
        if state not in self._files:
            instance = self._instance(state, "sqlite")
            file = instance / "trainer.sqlite"
            shutil.copy(self._files[EMPTY], file)
            database = Database(f"sqlite:///{file}")
            state.reach(database, instance)
            database.close()
            self._files[state] = file.rename(self._folder / f"{state.name}.sqlite")
        shutil.copy(self._files[state], path)
        self._furnish(state, "sqlite", path.parent)

    def put_back(self, state: State, shared: Emptied, instance: Path) -> None:
        """Bring the shared PostgreSQL database into this state, and the folder of the installation."""
        if state not in self._reached:
            shared.put_back(EMPTY.name)
            state.reach(shared.database, self._instance(state, "postgresql"))
            shared.keep(state.name)
            self._reached.add(state)
        shared.put_back(state.name)
        self._furnish(state, "postgresql", instance)

    def _instance(self, state: State, kind: str) -> Path:
        folder = self._folder / kind / state.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _furnish(self, state: State, kind: str, instance: Path) -> None:
        if state != EMPTY:
            shutil.copytree(self._instance(state, kind), instance, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> States:
    """The states of this process."""
    return States(tmp_path_factory.mktemp("states"), sqlite_template)
