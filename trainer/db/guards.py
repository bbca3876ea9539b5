"""Triggers that let the database itself keep evidence. Migrations call this; what is kept is never changed.

A row goes only in a transaction that erases a person, which says so by a row in `being_erased`: no other transaction
ever sees that row, since it is gone again before the erasure is kept.
"""

from collections.abc import Collection

from alembic import op

UNLESS_ERASING = "NOT EXISTS (SELECT 1 FROM being_erased)"


def keep_evidence(table: str, *, for_good: Collection[str] = ()) -> None:
    """Refuse to change or delete a row of this table, except while a person is being erased.

    It takes the place of whatever triggers an earlier migration has put there. Call it after any change of the table
    itself: on SQLite a batch change makes the table anew, without its triggers.

    Args:
        for_good: only these columns never change; every column where none is named.
    """
    let_go(table)
    change = f"UPDATE OF {', '.join(for_good)}" if for_good else "UPDATE"
    if op.get_bind().dialect.name == "sqlite":
        for act, name in ((change, "update"), ("DELETE", "delete")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {act} ON {table} WHEN {UNLESS_ERASING} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION append_only_unless_erasing() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {UNLESS_ERASING} THEN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE {change} OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION append_only_unless_erasing()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def let_go(table: str) -> None:
    """Take the triggers away, where there are any."""
    on = "" if op.get_bind().dialect.name == "sqlite" else f" ON {table}"
    for what in ("update", "delete", "change", "truncate"):
        op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}{on}")
