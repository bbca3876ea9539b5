"""A content release: the files a cohort follows, named by the hash of all of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

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


def read_folder(folder: Path) -> Files:
    """Read every file below the folder; names that begin with a dot are left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
