"""Run migrations on the engine that the caller brings."""

from alembic import context

from trainer.db import Base
from trainer.db.migrations import load_models

load_models()
engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
