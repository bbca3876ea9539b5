"""Keep a whole installation in one file, and bring it back. Both count only when the result was audited."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
from rich.console import Console

from trainer.backups import archive
from trainer.backups.archive import DATABASE, FOLDER, Manifest, Part, State
from trainer.backups.services import (
    BESIDE,
    bring_back,
    copy_database,
    file_of,
    is_empty,
    kind_of,
    somewhere_else,
    state_at,
)
from trainer.cli.registry import log_what_is_older, misfits
from trainer.clock import utc_now
from trainer.db import Database
from trainer.db.migrations import is_current, is_known, upgrade
from trainer.errors import Broken, Refused
from trainer.installation import Installation, opened
from trainer.settings import Settings, database_url_in, instance_in

NOT_KEPT = (".gitkeep",)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Keep the database and the instance folder in FILE, while the server goes on. Exit 0 only when that was tried.

    The file is brought back beside the installation and audited there before it gets its name. Keep it like the keys
    it holds.
    """
    settings = Settings.from_env()
    file = file.resolve()
    _check_place(file, settings)
    if _holds_nothing(settings):
        raise Refused("There is no installation here to keep: its database does not exist yet.")
    with _beside(file.parent, f".{file.name}") as place:
        draft, dump = place / "draft", place / "dump"
        with closing(Database(settings.database_url)) as database:
            _say("Copying the database")
            state = copy_database(database, dump)
        _say("Packing")
        parts = [(DATABASE, dump), *_kept(settings, file_of(settings.database_url))]
        about = partial(_manifest, kind=kind_of(settings.database_url), state=state)
        manifest = archive.write(draft, parts=parts, manifest=about)
        dump.unlink()
        _try(draft, manifest, url=settings.database_url, place=place)
        os.replace(draft, file)
    _sync(file.parent)
    click.echo(f"{file} holds {_summary(manifest)}. It was brought back beside this installation and audited.")
    _say_what_is_not_in_it()


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Another, empty instance folder.")
def restore(file: Path, into: Path | None) -> None:
    """Bring FILE back into an installation that holds nothing yet. Exit 0 only when the result was audited."""
    environ = _environ(into)
    instance, url = instance_in(environ), database_url_in(environ)
    manifest = archive.manifest_of(file)
    _check_target(manifest, instance, url)
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Broken(f"The folder {instance} cannot be made ({error.strerror}).") from error
    with _beside(instance, ".restoring") as place:
        _try(file, manifest, url=url, place=place)
        archive.unpack(file, database=place / "dump", folder=place / "whole")
        _say("Bringing it back")
        moved: list[Path] = []
        try:
            for one in sorted((place / "whole").iterdir()):
                moved.append(instance / one.name)
                one.rename(moved[-1])
            bring_back(place / "dump", url)
        except BaseException:
            for one in moved:
                shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)
            raise
    _compare(manifest.state, state_at(url))
    with closing(Database(url)) as database:
        current = is_current(database)
    if current:
        _audit(Settings.from_env(environ))
    click.echo(f"{instance} holds again {_summary(manifest)}, kept on {manifest.made_at}. It was audited.")
    if not current:
        click.echo("The backup is older than this version: run `trainer db upgrade` before you start the server.")
    _say_what_is_not_in_it()


def _try(file: Path, manifest: Manifest, *, url: str, place: Path) -> None:
    """Bring a backup back beside everything, to its newest schema, and audit it there.

    Raises:
        Refused: it is damaged, or made by a newer version.
        Broken: it does not hold what it says, or does not fit together.
    """
    _say("Trying the backup beside the installation")
    folder = place / "tried"
    archive.unpack(file, database=place / "tried.dump", folder=folder)
    with somewhere_else(url, place) as other:
        bring_back(place / "tried.dump", other)
        _compare(manifest.state, state_at(other))
        with closing(Database(other)) as database:
            if not is_known(database, manifest.state.schema):
                raise Refused(
                    f"The backup was made by a newer version ({manifest.version}, schema {manifest.state.schema}). "
                    "Install that version first."
                )
            older = not is_current(database)
            upgrade(database)
        settings = Settings.from_env({**os.environ, "TRAINER_INSTANCE": str(folder), "TRAINER_DATABASE_URL": other})
        if older and not manifest.state.log_size:  # it is from before there was a log
            with opened(settings) as installation:
                log_what_is_older(installation)
        _audit(settings)
    shutil.rmtree(folder)
    for end in ("tried.dump", "tried.sqlite", *(f"tried.sqlite{one}" for one in BESIDE)):
        (place / end).unlink(missing_ok=True)


def _audit(settings: Settings) -> None:
    with opened(settings) as installation, installation.database.reading() as session:
        wrong = misfits(Installation(settings, installation.database), session)
    for sentence in wrong:
        click.echo(sentence, err=True)
    if wrong:
        raise Broken(f"The audit of the copy found {len(wrong)} faults, so that it does not count as a backup.")


def _compare(told: State, found: State) -> None:
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


def _manifest(parts: tuple[Part, ...], *, kind: str, state: State) -> Manifest:
    made = utc_now().isoformat(timespec="seconds")
    return Manifest(version=_version(), made_at=made, kind=kind, state=state, parts=parts)


def _version() -> str:
    try:
        return version("trainer")
    except PackageNotFoundError:  # it runs from its folder and was not installed
        return "unknown"


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


def _check_target(manifest: Manifest, instance: Path, url: str) -> None:
    if manifest.kind != kind_of(url):
        needs = {"sqlite": "sqlite:///…, or leave it unset", "postgresql": "an empty postgresql+psycopg://… database"}
        need = needs.get(manifest.kind, "one of that kind")
        raise Refused(f"The backup is of a {manifest.kind} database: set TRAINER_DATABASE_URL to {need}.")
    if instance.exists() and (found := sorted(one.name for one in instance.iterdir() if one.name not in NOT_KEPT)):
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
        inside = FOLDER + file.relative_to(instance).as_posix()
        taken = {f"{inside}{end}" for end in ("", *BESIDE)} & {part.name for part in manifest.parts}
        if taken:
            raise Refused(f"The backup holds {min(taken)!r}, where the database belongs; nothing was written.")


def _environ(into: Path | None) -> dict[str, str]:
    environ = dict(os.environ)
    if into is not None:
        environ["TRAINER_INSTANCE"] = str(into)
        if kind_of(database_url_in(environ)) == "sqlite":
            environ.pop("TRAINER_DATABASE_URL", None)
    return environ


def _holds_nothing(settings: Settings) -> bool:
    file = file_of(settings.database_url)
    return not file.exists() if file is not None else is_empty(settings.database_url)


def _kept(settings: Settings, database: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield every file of the instance folder but the database, which is copied by itself; links are followed."""
    left_out = {Path(f"{database}{end}") for end in ("", *BESIDE)} if database else set()
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
                yield FOLDER + path.relative_to(settings.instance).as_posix(), path


@contextmanager
def _beside(folder: Path, name: str) -> Iterator[Path]:
    """Make a folder of our own for the work, and take it away whatever happens."""
    try:
        place = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=folder))
    except OSError as error:
        raise Broken(f"{folder} cannot be written ({error.strerror}); nothing was kept.") from error
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _summary(manifest: Manifest) -> str:
    rows = manifest.state.rows
    return (
        f"{sum(rows.values()):,} rows, {rows.get('registry_entry', 0):,} certificates among them, a log of "
        f"{manifest.state.log_size:,} entries and {len(manifest.parts) - 1:,} files"
    )


def _say(what: str) -> None:
    Console(stderr=True).print(f"{what} …")


def _say_what_is_not_in_it() -> None:
    named = [name for name in ("TRAINER_SECRET_KEY", "TRAINER_SIGNING_KEY") if os.environ.get(name)]
    if named:
        click.echo(f"Not in it: what {' and '.join(named)} give from elsewhere. Keep that by itself.")
