"""One database, reached in two ways: to read, or to change something in one transaction."""

import base64
import enum
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, sessionmaker
from sqlalchemy.orm import Session as Session  # for files that know no SQLAlchemy of their own

from trainer.db.fates import Fate

JSONValue = Any
JSONText = JSON()
BUSY_TIMEOUT_MS = 15_000
DatabaseFault = DBAPIError
"""Whatever a database complains of; for files that know no SQLAlchemy of their own."""


def new_id() -> str:
    """Return a fresh random id for use in addresses: 26 lower-case letters and digits, 128 bits."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on every database; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment: nobody could say when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table.

    Attributes:
        __erasure__: what becomes of the table's rows when a person is erased. There is no table that does not say it.
    """

    __erasure__: ClassVar[Fate]

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        enum.Enum: Enum(
            enum.Enum,
            values_callable=lambda kind: [member.value for member in kind],
            native_enum=False,
            length=40,
        ),
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Write the fate into the table, where a walk through all tables finds it.

        Raises:
            TypeError: the model does not say what becomes of its rows.
        """
        if "__erasure__" not in vars(cls):
            raise TypeError(f"Say in {cls.__name__}.__erasure__ what becomes of it, in the words of trainer.db.fates.")
        super().__init_subclass__(**kwargs)
        cls.metadata.tables[cls.__tablename__].info["erasure"] = cls.__erasure__


class Database:
    """The engine and its two doors.

    `engine` is one that an earlier `Database` opened and that is used on; without it, one is made.
    """

    def __init__(self, url: str, engine: Engine | None = None) -> None:
        self.url = url
        self.engine = engine or _engine(url)
        looking = self.engine
        if self.engine.dialect.name == "postgresql":  # whoever reads sees one moment, as on SQLite
            looking = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._reading = sessionmaker(looking, expire_on_commit=False, autoflush=False)
        self._writing = sessionmaker(self.engine.execution_options(writes=True), expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session to look things up as they stood at one moment; whatever it changed would be thrown away."""
        with self._reading() as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session whose changes are kept together at the end, or not at all."""
        with self._writing.begin() as session:
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_pre_ping=url.startswith("postgresql"),
        pool_size=10,
        max_overflow=30,
        hide_parameters=True,  # what people wrote has no place in a log
    )
    if engine.dialect.name == "sqlite":
        _tame_sqlite(engine)
    return engine


def outage_in(error: Exception) -> str | None:
    """Return why the database cannot be used, None when the error says something else, as a mistake of ours."""
    return cause_of(error) if type(error) in (OperationalError, DatabaseError) else None


def cause_of(error: Exception) -> str:
    """Return what a database complains of, without the values it may repeat: PostgreSQL quotes them."""
    cause = getattr(error, "orig", None) or error
    if state := getattr(cause, "sqlstate", None):
        return f"{type(cause).__name__} ({state})"
    return next(iter(str(cause).splitlines()), type(cause).__name__)


def _tame_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",  # a saved answer survives a power cut, not only a crash
            "foreign_keys=ON",
            "recursive_triggers=ON",  # or INSERT OR REPLACE would delete past the triggers that forbid it
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its turn at the beginning; upgrading a read lock later would fail at once.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


Id = String(26)
