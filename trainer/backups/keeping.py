"""Keep a whole installation in one file, while the server goes on."""

import os
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from trainer.backups import archive
from trainer.backups.archive import ARCHIVE_FOLDER, DATABASE, DatabaseState, Manifest, Part
from trainer.backups.services import SQLITE_COMPANIONS, copy_database, file_of, is_empty, kind_of
from trainer.backups.trial import TrialWatch, room_beside, try_out
from trainer.clock import utc_now
from trainer.db import Database
from trainer.errors import Broken, Refused
from trainer.settings import Settings

NOT_KEPT = (".gitkeep",)


def keep(settings: Settings, file: Path, *, watch: TrialWatch) -> Manifest:
    """Keep the database and the instance folder in a file, which gets its name when it was tried.

    Raises:
        Refused: there is nothing to keep, or the file may not be there.
        Broken: it cannot be written, or what it brings back is not what was there.
    """
    _check_place(file, settings)
    if _holds_nothing(settings):
        raise Refused("There is no installation here to keep: its database does not exist yet.")
    with room_beside(file.parent, f".{file.name}") as place:
        draft, dump = place / "draft", place / "dump"
        with closing(Database(settings.database_url)) as database:
            watch.stage("Copying the database")
            state = copy_database(database, dump)
        watch.stage("Packing")
        parts = [(DATABASE, dump), *_kept(settings, file_of(settings.database_url))]
        about = partial(_manifest, kind=kind_of(settings.database_url), state=state)
        manifest = archive.write(draft, parts=parts, manifest=about)
        dump.unlink()
        try_out(draft, manifest, url=settings.database_url, place=place, watch=watch)
        os.replace(draft, file)
    _sync(file.parent)
    return manifest


def _check_place(file: Path, settings: Settings) -> None:
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent} to keep the backup in.")
    if file.is_relative_to(settings.instance):
        raise Refused(f"{file} would be lost together with what it keeps: name a place outside {settings.instance}.")
    if file.exists():
        try:
            archive.manifest_of(file)
        except Refused as error:
            raise Refused(f"{file} exists and is no backup; name another file.") from error


def _holds_nothing(settings: Settings) -> bool:
    file = file_of(settings.database_url)
    return not file.exists() if file is not None else is_empty(settings.database_url)


def _kept(settings: Settings, database: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield every file of the instance folder but the database, which is copied by itself; links are followed."""
    left_out = {Path(f"{database}{end}") for end in ("", *SQLITE_COMPANIONS)} if database else set()
    seen: set[Path] = set()

    def failed(error: OSError) -> None:
        raise Broken(f"{error.filename} cannot be read ({error.strerror}), so nothing was kept.") from error

    for top, folders, files in os.walk(settings.instance, followlinks=True, onerror=failed):
        here = Path(top).resolve()
        if here in seen:  # a link that leads in a circle
            folders.clear()
            continue
        seen.add(here)
        folders.sort()
        for name in sorted(files):
            path = Path(top) / name
            if path.is_file() and name not in NOT_KEPT and path.resolve() not in left_out:
                yield ARCHIVE_FOLDER + path.relative_to(settings.instance).as_posix(), path


def _manifest(parts: tuple[Part, ...], *, kind: str, state: DatabaseState) -> Manifest:
    made = utc_now().isoformat(timespec="seconds")
    return Manifest(version=_version(), made_at=made, kind=kind, state=state, parts=parts)


def _version() -> str:
    try:
        return version("trainer")
    except PackageNotFoundError:  # it runs from its folder and was not installed
        return "unknown"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
