"""Run migrations on the engine that the caller brings."""

from alembic import context

from trainer.db import Base, UTCDateTime
from trainer.db.migrations import load_models


def written(kind, thing, _autogenerate):
    """Write our moment type as the plain column it is, so that old migrations never need our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


load_models()
engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=written,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
