"""A PostgreSQL server of our own, and one database of it that is emptied between tests."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from trainer.db import Database
from trainer.db.migrations import upgrade

Address = Callable[[str], str]

NO_NEW_SHAPE = """
CREATE FUNCTION no_new_shape() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN RAISE 'This database is shared by all tests of the process: ask for "own_postgres" to change its schema.'; END $$;
CREATE EVENT TRIGGER no_new_shape ON ddl_command_start EXECUTE FUNCTION no_new_shape();
"""
"""Rows are put back after a test, tables are not; so a test that changes a table here fails at once."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Address]:
    """A PostgreSQL server of our own, reached by a socket; gives the address of a named database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    home = Path("/tmp") / f"trainer-pg-{os.getpid()}"
    home.mkdir(mode=0o700)
    user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        subprocess.run([*user, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")

    run(str(programs / "initdb"), "-D", f"{home}/data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8")
    options = f"-c listen_addresses='' -k {home} -c fsync=off -c full_page_writes=off -c max_connections=200"
    run(str(programs / "pg_ctl"), "-D", f"{home}/data", "-l", f"{home}/log", "-w", "-o", options, "start")
    try:
        yield lambda name: f"postgresql+psycopg://postgres@/{name}?host={home}"
    finally:
        run(str(programs / "pg_ctl"), "-D", f"{home}/data", "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: Address) -> str:
    """The name of an empty, migrated PostgreSQL database, to be copied."""
    _on(postgres("postgres"), "CREATE DATABASE empty")
    database = Database(postgres("empty"))
    upgrade(database)
    database.close()
    return "empty"


@pytest.fixture
def own_postgres(postgres: Address, postgres_template: str) -> Iterator[str]:
    """The address of a database that one test has for itself, to change its schema."""
    _on(postgres("postgres"), f"CREATE DATABASE own TEMPLATE {postgres_template}")
    yield postgres("own")
    _on(postgres("postgres"), "DROP DATABASE own WITH (FORCE)")


def _on(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def emptied(postgres: Address, postgres_template: str) -> Iterator["Emptied"]:
    """The database that every test of this process finds as it was migrated."""
    _on(postgres("postgres"), f"CREATE DATABASE shared TEMPLATE {postgres_template}")
    shared = Emptied(postgres("shared"))
    yield shared
    shared.close()


class Emptied:
    """A database whose rows are put back to what was kept; that is 50 times quicker than to copy a whole one."""

    def __init__(self, url: str) -> None:
        self.url = url
        unasked = create_engine(f"{url}&application_name=shared", pool_size=10, max_overflow=30, hide_parameters=True)
        self.database = Database(url, unasked)  # a tenth of all questions would only ask whether the server is there
        self._keeper = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self._keeper.execute("SET session_replication_role = replica")  # past all triggers and references
        self._tables = self._names("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        self._kept: dict[str, str] = {}
        self.keep("empty")
        self._keeper.execute(NO_NEW_SHAPE)

    def keep(self, state: str) -> None:
        """Keep what now stands in the tables under this name."""
        full = [one for one in self._tables if self._names(f"SELECT 'x' FROM {one} LIMIT 1")]
        sequences = self._names(
            "SELECT format('SELECT setval(%L, %s, %L)', sequencename, coalesce(last_value, 1), last_value IS NOT NULL)"
            " FROM pg_sequences WHERE schemaname = 'public'"
        )
        self._keeper.execute(f'CREATE SCHEMA "{state}"')
        for one in full:
            self._keeper.execute(f'CREATE TABLE "{state}".{one} AS TABLE public.{one}')
        back = [f"DELETE FROM {one}" for one in self._tables]
        back += [f'INSERT INTO {one} OVERRIDING SYSTEM VALUE TABLE "{state}".{one}' for one in full]
        self._kept[state] = "; ".join([*back, *sequences])

    def put_back(self, state: str) -> None:
        """Let the tables stand as they were kept; whoever still holds a connection of a test before loses it."""
        self._keeper.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND (application_name <> 'shared' OR state <> 'idle')"
        )
        self._keeper.execute(self._kept[state])

    def close(self) -> None:
        """Give every connection back."""
        self.database.close()
        self._keeper.close()

    def _names(self, question: str) -> list[str]:
        return [name for (name,) in self._keeper.execute(question).fetchall()]
