"""The file itself: a ZIP archive of parts, and a manifest that names each with its size and hash.

Nothing in it is believed before it is looked at: a part that the manifest does not name, a name that leads out of the
folder, a link, or more bytes than were announced, and the file is refused before anything is written elsewhere.
"""

import hashlib
import json
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from trainer.errors import Broken, Refused

_FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
ARCHIVE_FOLDER = "instance/"
MOST_PARTS = 200_000
LONGEST_MANIFEST = 64 * 1024 * 1024
_AT_ONCE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part: its name in the archive, its size in bytes and the SHA-256 of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class DatabaseState:
    """What a database holds, as far as two of them can be compared.

    Attributes:
        schema: the revision of the schema.
        rows: how many rows each table has.
        log_size: how many entries the newest checkpoint covers; 0 without a log.
        log_root: the root hash that checkpoint states, in Base64; "" without a log.
    """

    schema: str
    rows: Mapping[str, int]
    log_size: int
    log_root: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        version: of the program that made it.
        made_at: when, in ISO 8601 with UTC.
        kind: of its database, `sqlite` or `postgresql`.
    """

    version: str
    made_at: str
    kind: str
    state: DatabaseState
    parts: tuple[Part, ...]

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps({"format": _FORMAT, **asdict(self)}, indent=1, sort_keys=True)

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        """Read it back.

        Raises:
            Refused: it is none.
        """
        try:
            plain: dict[str, Any] = json.loads(text)
            if plain["format"] != _FORMAT:
                raise Refused(f"This backup has the format {plain['format']!r}; this version reads {_FORMAT} only.")
            rows = {str(name): int(count) for name, count in plain["state"]["rows"].items()}
            parts = tuple(
                Part(name=str(part["name"]), size=int(part["size"]), sha256=str(part["sha256"]))
                for part in plain["parts"]
            )
            state = DatabaseState(
                schema=str(plain["state"]["schema"]),
                rows=rows,
                log_size=int(plain["state"]["log_size"]),
                log_root=str(plain["state"]["log_root"]),
            )
            words = {key: str(plain[key]) for key in ("version", "made_at", "kind")}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Refused("The file's manifest cannot be read, so it is no backup of this program.") from error
        return cls(**words, state=state, parts=parts)


def write(file: Path, *, parts: Iterable[tuple[str, Path]], manifest: Any) -> Manifest:
    """Write an archive that its owner alone may read, and have it on the disk before this returns.

    Args:
        parts: each with its name in the archive; one that has vanished meanwhile is left out.
        manifest: makes the manifest from the parts that were written.
    """
    written: list[Part] = []
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, path in parts:
                try:
                    source = path.open("rb")
                except FileNotFoundError:  # a draft of somebody who has finished it by now
                    continue
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (stat.S_IFREG | 0o600) << 16
                with source, archive.open(entry, "w", force_zip64=True) as target:
                    size, sha256 = _copied(source, target)
                written.append(Part(name=name, size=size, sha256=sha256))
            made: Manifest = manifest(tuple(written))
            archive.writestr(MANIFEST, made.text())
        raw.flush()
        os.fsync(raw.fileno())
    return made


def manifest_of(file: Path) -> Manifest:
    """Read what a backup says of itself.

    Raises:
        Refused: the file is no backup, or names what no backup of ours has.
    """
    with _opened(file) as archive:
        return _manifest(archive)


def unpack_backup(file: Path, *, database: Path, folder: Path) -> Manifest:
    """Write its database to one file and its other parts into a new folder, and compare each with the manifest.

    Raises:
        Refused: it is no backup, or is damaged; what was written until then is to be thrown away.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive)
        _check_room(manifest, folder.parent)
        folder.mkdir(mode=0o700)
        for part in manifest.parts:
            path = database if part.name == DATABASE else folder / part.name.removeprefix(ARCHIVE_FOLDER)
            try:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            except (FileExistsError, NotADirectoryError) as error:
                raise Refused(f"In the backup, {part.name!r} stands where another part is.") from error
            with os.fdopen(descriptor, "wb") as target:
                _unpack(archive, part, target)
        return manifest


def _unpack(archive: zipfile.ZipFile, part: Part, target: IO[bytes]) -> None:
    try:
        with archive.open(part.name) as source:
            size, sha256 = _copied(source, target, most=part.size)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise Refused(f"The backup is damaged: {part.name!r} cannot be read. Take an earlier one.") from error
    if (size, sha256) != (part.size, part.sha256):
        raise Refused(f"The backup is damaged: {part.name!r} is not what was written. Take an earlier one.")


def _copied(source: IO[bytes], target: IO[bytes], most: int | None = None) -> tuple[int, str]:
    """Copy, and return size and SHA-256; one byte too many ends it."""
    size, digest = 0, hashlib.sha256()
    while block := source.read(_AT_ONCE):
        size += len(block)
        if most is not None and size > most:
            break
        digest.update(block)
        target.write(block)
    return size, digest.hexdigest()


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise Refused(f"There is no file {file}.") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused(f"{file} is no backup of this program, or it was cut off.") from error
    except OSError as error:
        raise Broken(f"{file} cannot be read ({error.strerror}).") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if names.count(MANIFEST) != 1 or len(names) > MOST_PARTS:
        raise Refused("The file holds no manifest, so it is no backup of this program.")
    about = archive.getinfo(MANIFEST)
    if about.file_size > LONGEST_MANIFEST:
        raise Refused("The file's manifest is longer than any of ours.")
    try:
        with archive.open(about) as source:
            manifest = Manifest.read(source.read(LONGEST_MANIFEST))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise Refused("The file's manifest is damaged. Take an earlier backup.") from error
    listed = [part.name for part in manifest.parts]
    if len(set(listed)) != len(listed) or sorted([*listed, MANIFEST]) != sorted(names) or DATABASE not in listed:
        raise Refused("The file does not hold the parts that its manifest names. Take an earlier backup.")
    sizes = {entry.filename: entry.file_size for entry in entries}
    for part in manifest.parts:
        if part.name != DATABASE and not _is_inside(part.name):
            raise Refused(f"In the backup, {part.name[:80]!r} leads out of the folder; nothing was written.")
        if part.size != sizes[part.name]:
            raise Refused(f"The backup is damaged: {part.name!r} is not as long as was written. Take an earlier one.")
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise Refused(f"In the backup, {entry.filename[:80]!r} is no plain file; nothing was written.")
    return manifest


def _is_inside(name: str) -> bool:
    """Say whether a name stays within the folder on every system."""
    inner = name.removeprefix(ARCHIVE_FOLDER)
    return (
        name.startswith(ARCHIVE_FOLDER)
        and len(name) <= 1000
        and not re.search(r"[\x00-\x1f\\]", inner)
        and all(word not in ("", ".", "..") for word in inner.split("/"))
    )


def _check_room(manifest: Manifest, place: Path) -> None:
    needed = sum(part.size for part in manifest.parts)
    free = shutil.disk_usage(place).free
    if needed > free:
        raise Refused(f"The backup needs {needed // 2**20 + 1} MiB in {place}, and {free // 2**20} MiB are free.")
