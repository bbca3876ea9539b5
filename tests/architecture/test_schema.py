"""The migrations and the models say the same, on every database."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from trainer.db import Base
from trainer.db.migrations import load_models
def test_x(database):
    load_models()
    with database.engine.connect() as c:
        assert compare_metadata(MigrationContext.configure(c,opts={"compare_type":True,"compare_server_default":True}),Base.metadata)==[]
