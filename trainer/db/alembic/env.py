"""Run migrations on the engine that the caller brings."""

from alembic import context

from trainer.db import Base, UTCDateTime
from trainer.db.migrations import load_models


def _written(kind, thing, _autogenerate):
    """Write our moment type as the plain column it is, so that old migrations never need our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


load_models()
engine = context.config.attributes["engine"]
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":  # rebuilding a table that others refer to; ends with this connection
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_written,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"A migration left {len(broken)} rows that refer to nothing; nothing was changed.")
    connection.commit()
    connection.detach()
