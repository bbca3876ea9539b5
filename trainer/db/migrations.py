"""Bring a database to the newest schema, or say how far behind it is."""

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from trainer.db import Database
from trainer.errors import Refused

NEWER = (
    "The database was brought up to date by a newer version, so this one cannot use it. "
    "Take that version again, or restore a backup from before."
)
HERE = Path(__file__).parent / "alembic"
HOUSE = HERE.parents[1]


def load_models() -> None:
    """Import every table, so that the metadata is whole."""
    for path in sorted(HOUSE.rglob("models.py")):
        import_module(".".join(path.relative_to(HOUSE.parent).with_suffix("").parts))


def configuration(database: Database) -> Config:
    """Return Alembic's configuration for this database."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Run every migration that has not run yet; safe to repeat. A new SQLite file is its owner's alone.

    Raises:
        Refused: a newer version has been at work there.
    """
    file = database.engine.url.database or ""
    if database.engine.dialect.name == "sqlite" and file and not file.startswith("file:") and not Path(file).exists():
        Path(file).touch(mode=0o600)
    if is_newer(database):
        raise Refused(NEWER)
    command.upgrade(configuration(database), "head")


def is_current(database: Database) -> bool:
    """Say whether the schema is the newest one."""
    return _revision(database) == ScriptDirectory.from_config(configuration(database)).get_current_head()


def is_newer(database: Database) -> bool:
    """Say whether a version that came later made the schema: this one knows nothing of it."""
    found = _revision(database)
    return found is not None and not is_known(database, found)


def is_known(database: Database, schema: str) -> bool:
    """Say whether this version knows a revision of the schema."""
    scripts = ScriptDirectory.from_config(configuration(database))
    return schema in {revision.revision for revision in scripts.walk_revisions()}


def _revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
