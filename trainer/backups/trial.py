"""A backup counts only when what it brings back was compared and audited, beside everything."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from trainer.backups import archive
from trainer.backups.archive import DatabaseState, Manifest
from trainer.backups.services import SQLITE_COMPANIONS, bring_back, somewhere_else, state_at
from trainer.clock import utc_now
from trainer.db import Database
from trainer.db.migrations import is_current, is_known, upgrade
from trainer.errors import Broken, Refused
from trainer.installation import opened
from trainer.registry.services import log_what_is_older
from trainer.settings import Settings
from trainer.verify.audit.queries import Tell, misfits


@dataclass(frozen=True)
class TrialWatch:
    """What whoever waits is told meanwhile.

    Attributes:
        stage: is told what begins now.
        fault: is told each sentence that an audit finds.
        audit: gives what is told how far an audit is.
    """

    stage: Callable[[str], object]
    fault: Callable[[str], object]
    audit: Callable[[], AbstractContextManager[Tell]]


def try_out(file: Path, manifest: Manifest, *, url: str, place: Path, watch: TrialWatch) -> None:
    """Bring a backup back beside everything, to its newest schema, and audit it there.

    Args:
        url: of the database that was kept; another of its kind is made for as long as this takes.
        place: a folder for the work.

    Raises:
        Refused: it is damaged, or made by a newer version.
        Broken: it does not hold what it says, or does not fit together.
    """
    watch.stage("Trying the backup beside the installation")
    folder = place / "tried"
    archive.unpack_backup(file, database=place / "tried.dump", folder=folder)
    with somewhere_else(url, place) as other:
        bring_back(place / "tried.dump", other)
        compare(manifest.state, state_at(other))
        was_older = _brought_up_to_date(other, manifest)
        settings = Settings.from_env({**os.environ, "TRAINER_INSTANCE": str(folder), "TRAINER_DATABASE_URL": other})
        if was_older and not manifest.state.log_size:  # it is from before there was a log
            _begin_log(settings)
        audit(settings, watch)
    shutil.rmtree(folder)
    for end in ("tried.dump", "tried.sqlite", *(f"tried.sqlite{beside}" for beside in SQLITE_COMPANIONS)):
        (place / end).unlink(missing_ok=True)


def _brought_up_to_date(url: str, manifest: Manifest) -> bool:
    """Bring a database to the newest schema; say whether it was older."""
    with closing(Database(url)) as database:
        if not is_known(database, manifest.state.schema):
            raise Refused(
                f"The backup was made by a newer version ({manifest.version}, schema {manifest.state.schema}). "
                "Install that version first."
            )
        was_older = not is_current(database)
        upgrade(database)
    return was_older


def _begin_log(settings: Settings) -> None:
    with opened(settings) as installation, installation.database.transaction() as session:
        log_what_is_older(session, instance=settings.instance, base_url=settings.base_url, now=utc_now())


def audit(settings: Settings, watch: TrialWatch) -> None:
    """Let an installation pass in which everything fits together.

    Raises:
        Broken: something does not.
    """
    with opened(settings) as installation, installation.database.reading() as session, watch.audit() as tell:
        wrong = misfits(session, settings=settings, tell=tell)
    for sentence in wrong:
        watch.fault(sentence)
    if wrong:
        raise Broken(f"The audit of the copy found {len(wrong)} faults, so that it does not count as a backup.")


def compare(told: DatabaseState, found: DatabaseState) -> None:
    """Let what was brought back pass if it is what was copied.

    Raises:
        Broken: it is not; the sentence names the first difference.
    """
    if told.schema != found.schema:
        raise Broken(f"What was brought back has the schema {found.schema}, not {told.schema}.")
    for name in sorted({*told.rows, *found.rows}):
        if told.rows.get(name) != found.rows.get(name):
            raise Broken(f"What was brought back has {found.rows.get(name)} rows in {name}, not {told.rows.get(name)}.")
    if (told.log_size, told.log_root) != (found.log_size, found.log_root):
        raise Broken("What was brought back ends with another checkpoint of the log than was kept.")


@contextmanager
def room_beside(folder: Path, name: str) -> Iterator[Path]:
    """Make a folder of our own for the work, and take it away whatever happens.

    Raises:
        Broken: the disk lets us write nothing there.
    """
    try:
        place = Path(mkdtemp(prefix=f"{name}.", dir=folder))
    except OSError as error:
        raise Broken(f"{folder} cannot be written ({error.strerror}); nothing was kept.") from error
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
