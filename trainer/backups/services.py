"""Copy a database while others write into it, bring a copy back, and say what a database holds."""

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic.migration import MigrationContext
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DatabaseError

from trainer.backups.archive import DatabaseState
from trainer.db import Database, cause_of
from trainer.errors import Broken, Refused

SQLITE, POSTGRESQL = "sqlite", "postgresql"
SQLITE_COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside its file."""


def kind_of(url: str) -> str:
    """Say which database an address leads to."""
    return make_url(url).get_backend_name()


def file_of(url: str) -> Path | None:
    """Return the file of an SQLite database, or None for another one."""
    name = make_url(url).database or ""
    return None if kind_of(url) != SQLITE else Path(name.removeprefix("file:")).resolve()


def state_of(connection: Connection) -> DatabaseState:
    """Say what the database holds, at whichever schema it is."""
    tables = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    quote = connection.dialect.identifier_preparer.quote
    rows = {name: connection.scalar(text(f"SELECT count(*) FROM {quote(name)}")) or 0 for name in tables}
    size, root = 0, ""
    newest = text("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1")
    if "log_checkpoint" in tables and (found := connection.execute(newest).first()):
        size, root = int(found[0]), str(found[1]).split("\n")[2]
    revision = MigrationContext.configure(connection).get_current_revision() or ""
    return DatabaseState(schema=revision, rows=rows, log_size=size, log_root=root)


def state_at(url: str) -> DatabaseState:
    """Say what the database at an address holds."""
    with closing(Database(url)) as database, database.engine.connect() as connection:
        return state_of(connection)


def copy_database(database: Database, target: Path) -> DatabaseState:
    """Copy the database as it stands at one moment, while others go on writing, and say what it held then.

    Raises:
        Broken: there is no room for it, or PostgreSQL's own programs are missing or cannot do it.
    """
    engine = database.engine
    if engine.dialect.name == SQLITE:
        return _copy_sqlite(engine, target)
    look = engine.execution_options(isolation_level="REPEATABLE READ")
    with look.connect() as connection:
        state = state_of(connection)
        moment = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run("pg_dump", make_url(database.url), f"--snapshot={moment}", "--format=custom", f"--file={target}")
    target.chmod(0o600)
    return state


def _copy_sqlite(engine: Engine, target: Path) -> DatabaseState:
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with engine.connect() as connection:  # the transaction that counts is the one that is copied
        state = state_of(connection)
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        with closing(sqlite3.connect(target)) as copy:
            try:
                source.backup(copy)  # in one step: in WAL mode it keeps nobody from writing
            except sqlite3.OperationalError as error:
                raise Broken(f"The database cannot be copied to {target.parent.parent} ({error}).") from error
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    return state


def bring_back(dump: Path, url: str) -> None:
    """Bring a copied database back to an address that holds nothing yet; all of it, or none.

    Raises:
        Broken: PostgreSQL's own programs are missing, or cannot do it.
    """
    if (file := file_of(url)) is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(6)}")
        shutil.copyfile(dump, draft)
        draft.chmod(0o600)
        os.replace(draft, file)
        return
    _run("pg_restore", make_url(url), "--single-transaction", "--exit-on-error", str(dump))


def is_empty(url: str) -> bool:
    """Say whether nothing is at this address that could be lost."""
    if (file := file_of(url)) is not None:
        return not any(Path(f"{file}{end}").exists() for end in ("", *SQLITE_COMPANIONS))
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return not inspect(connection).get_table_names()
    finally:
        engine.dispose()


@contextmanager
def somewhere_else(url: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database of the same kind, for as long as it is needed.

    Raises:
        Refused: this user may make no database on that server.
    """
    if kind_of(url) == SQLITE:
        yield f"sqlite:///{folder / 'tried.sqlite'}"
        return
    name = f"trainer_try_{secrets.token_hex(6)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            try:
                connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
            except DatabaseError as error:
                raise Refused(
                    f"No second database can be made to try the backup in ({cause_of(error)}). Allow it once, as the "
                    f"server's administrator: ALTER ROLE {make_url(url).username or 'trainer'} CREATEDB."
                ) from error
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()


def _run(program: str, url: URL, *words: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise Broken(f"{program} is not on the PATH; install PostgreSQL's client programs (postgresql-client).")
    given = url.translate_connect_args(username="user", database="dbname") | dict(url.query)
    secret = given.pop("password", None)
    command = [found, f"--dbname={make_conninfo(**given)}", "--no-owner", "--no-privileges", "--no-password", *words]
    environ = {**os.environ, **({"PGPASSWORD": str(secret)} if secret is not None else {})}
    ended = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip().splitlines() or ["it gave no reason"]
        raise Broken(f"{said[0].removesuffix('.')}. Nothing was kept.")
