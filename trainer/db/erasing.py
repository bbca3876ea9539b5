"""Walk through all tables and do to each what its model says becomes of it when a person is erased."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from trainer.db import Base
from trainer.db.fates import Blanked, Deleted, Fate
from trainer.db.migrations import load_models

Roots = Mapping[InstrumentedAttribute[str], Collection[str]]
"""Where the person is found to begin with: in these columns, by these values."""


def fates() -> Mapping[Table, Fate]:
    """Return what becomes of every table, those before that others refer to."""
    load_models()
    return {table: table.info["erasure"] for table in Base.metadata.sorted_tables}


def erase_rows(session: Session, *, roots: Roots) -> None:
    """Blank, then delete, whatever leads to the person, in every table as its model says."""
    leading = _leading({attribute.property.columns[0]: values for attribute, values in roots.items()})
    for table, mine in leading.items():
        if isinstance(fate := table.info["erasure"], Blanked):
            _blank(session, table, fate, mine)
    for table, mine in reversed(list(leading.items())):  # what refers to a row goes before it
        if isinstance(table.info["erasure"], Deleted):
            session.execute(delete(table).where(mine))
    session.expire_all()  # it may remember some of these rows as they were


def _leading(roots: Mapping[Column[Any], Collection[str]]) -> Mapping[Table, ColumnElement[bool]]:
    """Return for each table which of its rows lead to the person: from the roots on, by the columns that fates name."""
    leading: dict[Table, ColumnElement[bool]] = {}
    for table, fate in fates().items():
        if isinstance(fate, Deleted | Blanked):
            column = table.columns[fate.by]
            leading[table] = column.in_(roots[column] if column in roots else _referred_to(column, leading))
    return leading


def _referred_to(column: Column[Any], leading: Mapping[Table, ColumnElement[bool]]) -> Select[tuple[Any]]:
    (key,) = column.foreign_keys
    return select(key.column).where(leading[key.column.table])


def _blank(session: Session, table: Table, fate: Blanked, mine: ColumnElement[bool]) -> None:
    changing = [table.columns[name] != value for name, value in fate.unless.items()]
    for row in session.execute(select(table).where(mine, *changing)).all():
        values = {name: value(row) if callable(value) else value for name, value in fate.to.items()}
        this = [column == row._mapping[column] for column in table.primary_key]
        session.execute(update(table).where(*this).values(values))
