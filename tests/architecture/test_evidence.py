"""What is evidence can only be appended: the database itself refuses to change or delete it, whoever asks."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Table, create_engine, text
from sqlalchemy import types as kinds
from sqlalchemy.exc import DatabaseError

from trainer.accounts.models import Person
from trainer.accounts.services import begin_to_erase, end_erasing
from trainer.curriculum.models import ReadingPlace
from trainer.db import Base, Database, UTCDateTime
from trainer.db.migrations import load_models

MAY_CHANGE = {
    "person": "a new password, and the blanking of somebody erased",
    "sign_in": "it is seen again, and it ends",
    "tally": "it counts wrong passwords and tries of the last hours, and nothing rests on it",
    "heartbeat": "the worker says anew when it last went round, and nothing rests on it",
    "being_erased": "it opens the other tables for one transaction, and is gone at its end",
}
"""Every other table is append-only. Whoever adds one here says why nothing rests on what it said before."""
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def something(kind: Any) -> Any:
    """Return a value that a column of this kind takes."""
    match kind:
        case UTCDateTime():
            return NOW
        case kinds.Enum():
            return kind.python_type(kind.enums[0]) if kind.enum_class else kind.enums[0]
        case kinds.Boolean():
            return True
        case kinds.Integer():
            return 1
        case kinds.LargeBinary():
            return b"x"
        case kinds.Date():
            return NOW.date()
        case kinds.JSON():
            return {}
        case _:
            return "x"


def a_row_for(table: Table) -> dict[str, Any]:
    row = {column.name: something(column.type) for column in table.columns}
    if table.name == "erasure":
        row["public_id"] = "somebody else"  # what is about them alone may be blanked
    if table.name == "sitting_window":
        row["closes_at"] = NOW + datetime.timedelta(hours=1)
    return row


@pytest.fixture
def one_row_in_every_table(database_url: str) -> Iterator[Database]:
    """Every table but the one that opens the others has a row, put there past all references."""
    load_models()
    past_references = create_engine(database_url)
    with past_references.begin() as connection:
        if past_references.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            if table.name != "being_erased":
                connection.execute(table.insert().values(a_row_for(table)))
    past_references.dispose()
    database = Database(database_url)
    yield database
    database.close()


def refuses(database: Database, table: Table, statement: str) -> bool:
    with database.engine.connect() as connection, connection.begin() as attempt:
        try:
            connection.execute(text(statement))
        except DatabaseError as error:
            return f"{table.name} is append-only" in str(error)
        finally:
            attempt.rollback()
    return False


def test_what_is_evidence_can_be_neither_changed_nor_deleted(one_row_in_every_table: Database) -> None:
    lax = set()
    for table in Base.metadata.sorted_tables:
        column = next(iter(table.columns)).name
        change, delete = f'UPDATE "{table.name}" SET "{column}" = "{column}"', f'DELETE FROM "{table.name}"'
        if table.name not in MAY_CHANGE and not all(
            refuses(one_row_in_every_table, table, statement) for statement in (change, delete)
        ):
            lax.add(table.name)
    assert lax == set()
    assert MAY_CHANGE.keys() <= Base.metadata.tables.keys()


def test_whoever_erases_opens_the_tables_for_themselves_alone(one_row_in_every_table: Database) -> None:
    database, table = one_row_in_every_table, Base.metadata.tables["reading_place"]
    delete = "DELETE FROM reading_place"
    with database.transaction() as session:
        sol = session.query(Person).one()
        begin_to_erase(session, person=sol)
        if database.engine.dialect.name == "postgresql":  # on SQLite nobody else writes meanwhile
            assert refuses(database, table, delete)
        assert session.execute(text(delete)).rowcount == 1
        session.add(ReadingPlace(**a_row_for(table)))
        end_erasing(session, person=sol)
    assert refuses(database, table, delete)
