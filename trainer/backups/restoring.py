"""Bring a backup back into an installation that holds nothing yet."""

import os
import shutil
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from trainer.backups import archive
from trainer.backups.archive import ARCHIVE_FOLDER, Manifest
from trainer.backups.keeping import NOT_KEPT
from trainer.backups.services import SQLITE_COMPANIONS, bring_back, file_of, is_empty, kind_of, state_at
from trainer.backups.trial import TrialWatch, audit, compare, room_beside, try_out
from trainer.db import Database
from trainer.db.migrations import is_current
from trainer.errors import Broken, Refused
from trainer.settings import Settings, database_url_in, instance_in


@dataclass(frozen=True)
class Restored:
    """What was brought back, where, and whether its schema is the newest."""

    manifest: Manifest
    instance: Path
    is_current: bool


def restore(file: Path, *, environ: Mapping[str, str], watch: TrialWatch) -> Restored:
    """Bring a backup back into the installation of an environment; nothing is written over.

    Raises:
        Refused: something is there already, or the file is no backup that can be brought back there.
        Broken: it does not hold what it says, or cannot be written.
    """
    instance, url = instance_in(environ), database_url_in(environ)
    manifest = archive.manifest_of(file)
    _check_target(manifest, instance, url)
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Broken(f"The folder {instance} cannot be made ({error.strerror}).") from error
    with room_beside(instance, ".restoring") as place:
        try_out(file, manifest, url=url, place=place, watch=watch)
        archive.unpack_backup(file, database=place / "dump", folder=place / "whole")
        watch.stage("Bringing it back")
        _put_in_place(place, instance, url)
    compare(manifest.state, state_at(url))
    with closing(Database(url)) as database:
        current = is_current(database)
    if current:
        audit(Settings.from_env(environ), watch)
    return Restored(manifest, instance, current)


def _put_in_place(place: Path, instance: Path, url: str) -> None:
    """Move the folder and bring back the database; whatever fails, nothing of it stays."""
    moved: list[Path] = []
    try:
        for found in sorted((place / "whole").iterdir()):
            moved.append(instance / found.name)
            found.rename(moved[-1])
        bring_back(place / "dump", url)
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise


def _check_target(manifest: Manifest, instance: Path, url: str) -> None:
    if manifest.kind != kind_of(url):
        needs = {"sqlite": "sqlite:///…, or leave it unset", "postgresql": "an empty postgresql+psycopg://… database"}
        need = needs.get(manifest.kind, "one of that kind")
        raise Refused(f"The backup is of a {manifest.kind} database: set TRAINER_DATABASE_URL to {need}.")
    if instance.exists() and (found := sorted(path.name for path in instance.iterdir() if path.name not in NOT_KEPT)):
        raise Refused(
            f"{instance} is not empty (it holds {found[0]}), and nothing is written over. Name an empty folder with "
            "--into, or move this one aside."
        )
    if not is_empty(url):
        raise Refused(
            "The database of TRAINER_DATABASE_URL is not empty, and nothing is written over. "
            "Name an empty one, or move this one aside."
        )
    if (file := file_of(url)) is not None and file.is_relative_to(instance):
        inside = ARCHIVE_FOLDER + file.relative_to(instance).as_posix()
        taken = {f"{inside}{end}" for end in ("", *SQLITE_COMPANIONS)} & {part.name for part in manifest.parts}
        if taken:
            raise Refused(f"The backup holds {min(taken)!r}, where the database belongs; nothing was written.")


def environ_for(into: Path | None) -> dict[str, str]:
    """Return this environment, with another instance folder if one is named; its SQLite database lies in that."""
    environ = dict(os.environ)
    if into is not None:
        environ["TRAINER_INSTANCE"] = str(into)
        if kind_of(database_url_in(environ)) == "sqlite":
            environ.pop("TRAINER_DATABASE_URL", None)
    return environ
