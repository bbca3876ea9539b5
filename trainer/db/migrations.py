"""Bring a database to the newest schema, or say how far behind it is."""

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from trainer.db import Database

HERE = Path(__file__).parent / "alembic"
MODELS = (
    "accounts",
    "audit",
    "registry",
    "curriculum",
    "chances",
    "quizzes",
    "cases",
    "examinations",
    "practicum",
    "certificates",
    "notices",
    "watches",
    "health",
    "web",
)


def load_models() -> None:
    """Import every table, so that the metadata is whole."""
    for room in MODELS:
        import_module(f"trainer.{room}.models")


def configuration(database: Database) -> Config:
    """Return Alembic's configuration for this database."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Run every migration that has not run yet; safe to repeat. A new SQLite file is its owner's alone."""
    file = database.engine.url.database or ""
    if database.engine.dialect.name == "sqlite" and file and not file.startswith("file:") and not Path(file).exists():
        Path(file).touch(mode=0o600)
    command.upgrade(configuration(database), "head")


def is_current(database: Database) -> bool:
    """Say whether the schema is the newest one."""
    head = ScriptDirectory.from_config(configuration(database)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
