"""What the bytes of an upload say by themselves: nothing is parsed, and nothing looked up.

A paper of ours is one revision: it ends at its only `%%EOF`, and nothing may follow. So the hash of the
whole file decides; if it is unknown, the hash of each beginning that ends at an `%%EOF` shows whether our
file is still inside, with something added. Only then is the plain-text metadata searched for our address
(C. Mainka et al., "Shadow Attacks", NDSS 2021: every such attack needs an appended revision).
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from trainer.verify.handed_in.reference import id_at_the_end

END = b"%%EOF\n"
MOST_BEGINNINGS = 16
LARGEST_FILE = 8 * 1024 * 1024
"""Bytes; no certificate of ours is larger."""
_IDENTIFIER = re.compile(rb"<dc:identifier>([^<>\s]{1,300})</dc:identifier>")


@dataclass(frozen=True, kw_only=True)
class FileHashes:
    """The hashes of a file.

    Attributes:
        size: in bytes.
        whole: SHA-256 of all of it, hexadecimal.
        beginnings: SHA-256 of each shorter beginning that ends at an `%%EOF` line, with its length in bytes.
    """

    size: int
    whole: str
    beginnings: Mapping[str, int]


def hashes_of_file(content: bytes) -> FileHashes:
    """Return the hashes of a file and of its first beginnings."""
    running = hashlib.sha256()
    beginnings: dict[str, int] = {}
    done = 0
    while len(beginnings) < MOST_BEGINNINGS and (at := content.find(END, done)) >= 0:
        running.update(content[done : at + len(END)])
        done = at + len(END)
        if done < len(content):
            beginnings[running.hexdigest()] = done
    running.update(content[done:])
    return FileHashes(size=len(content), whole=running.hexdigest(), beginnings=beginnings)


def named_in(content: bytes) -> str | None:
    """Return the id of the certificate that the file's metadata name, or None. It proves nothing by itself."""
    found = _IDENTIFIER.search(content)
    return id_at_the_end(found[1].decode("ascii", "replace")) if found else None
