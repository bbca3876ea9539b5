"""A content release: the files a cohort follows, named by the hash of all of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trainer.errors import Refused

FORMAT = 1
"""In which we write content. It rises when what was written before would be read as something else by the new reader,
which then reads both; a key or rule that is merely new does not raise it."""

Files = Mapping[str, bytes]
"""File contents by POSIX path relative to the content folder."""


@dataclass(frozen=True)
class Release:
    """An immutable set of content files.

    Attributes:
        hash: 64 hex digits; equal files have equal hashes, whatever the machine or the order.
        files: the files themselves.
    """

    hash: str
    files: Files = field(compare=False, repr=False)  # the hash says it all


def release_of(files: Files) -> Release:
    """Name the files by the SHA-256 of their sorted paths and contents."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n".encode())
    return Release(hash=whole.hexdigest(), files=dict(files))


def content_folder_of(path: Path) -> tuple[Path, str]:
    """Return the folder of content that a path lies in, and the path within it, "" for the folder itself.

    A folder of content has a folder `programmes`; where none is found, the path is taken for a whole one.

    Raises:
        Refused: it is a file that lies in no folder of content.
    """
    path = path.resolve()
    for folder in (path, *path.parents):
        if (folder / "programmes").is_dir():
            return folder, "" if folder == path else path.relative_to(folder).as_posix()
    if path.is_file():
        raise Refused(f"{path} lies in no folder of content: none above it has a folder “programmes”.")
    return path, ""


def read_folder(folder: Path) -> Files:
    """Read every file below the folder; names that begin with a dot are left out.

    Raises:
        Refused: a name cannot be written down, a link leads out of the folder, or a file cannot be read.
    """
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if any(part.startswith(".") for part in place.parts) or not path.is_file():
            continue
        name = place.as_posix()
        if not name.isprintable():
            raise Refused(f"Rename the content file {name!r}: its name has signs that cannot be written everywhere.")
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Refused(f"The content file {name} is a link that leads out of the folder. Put the file itself there.")
        try:
            files[name] = path.read_bytes()
        except OSError as error:
            raise Refused(f"The content file {name} cannot be read ({error.strerror}).") from error
    return files
