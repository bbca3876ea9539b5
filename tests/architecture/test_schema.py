"""The migrations and the models say the same, on every database."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from trainer.db import Base
from trainer.db.migrations import load_models


def test_the_migrations_leave_nothing_to_do(database) -> None:
    load_models()
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
