"""What a witness keeps: a key in one small file, and what it has seen in another, an SQLite database.

What was seen is on the disk before anybody hears of it. The rollback journal is used, so that the memory is
one file; `synchronous=EXTRA` also makes the end of the journal durable, or a power cut could undo what was
already answered.
"""

import base64
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trainer.errors import Broken
from trainer.registry.notes import TIMED, Signer, is_name
from trainer.witness.growth import LogSeen

ONLOOKER = ""  # owns the memory of somebody who only looks, and has no key
_PATIENCE = 10  # until it is one's turn, in seconds
_SCHEMA = """
CREATE TABLE IF NOT EXISTS owner (key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refused (
    note_sha256 BLOB PRIMARY KEY, origin TEXT NOT NULL, note TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL);
"""


class WitnessMemory:
    """The memory of a witness, or of somebody who only looks."""

    def __init__(self, path: Path, *, owner: str) -> None:
        """Open the memory, making it at first use.

        Raises:
            Broken: the file cannot be used, or belongs to somebody else.
        """
        self._path = path
        with self._open() as connection:
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            connection.execute("BEGIN IMMEDIATE")
            found = connection.execute("SELECT key FROM owner").fetchone()
            if found is None:
                connection.execute("INSERT INTO owner VALUES (?)", (owner,))
            connection.execute("COMMIT")
        if found is not None and found[0] != owner:
            raise Broken(f"{path} is the memory of another witness; name a file of its own with --state.")

    def seen(self, origin: str) -> LogSeen | None:
        """Return the newest checkpoint remembered of a log."""
        with self._open() as connection:
            return _seen(connection, origin)

    @contextmanager
    def turn(self, origin: str) -> Iterator["Turn"]:
        """Have the memory of a log alone; what was remembered is on the disk when this ends without an error."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            turn = Turn(connection, _seen(connection, origin))
            try:
                yield turn
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def keep_refused(self, *, origin: str, note: str, why: str, at: int, room: int) -> None:
        """Keep what a log signed and nobody should have cosigned: it may prove what the log did.

        Args:
            room: how many notes of that log may be kept, this one among them.
        """
        key = hashlib.sha256(note.encode()).digest()
        with self._open() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO refused SELECT ?, ?, ?, ?, ? "
                "WHERE (SELECT COUNT(*) FROM refused WHERE origin = ?) < ?",
                (key, origin, note, why, at, origin, room),
            )

    def refused(self, origin: str) -> list[tuple[str, str]]:
        """Return what was refused of a log, with the reasons, the oldest first."""
        with self._open() as connection:
            found = connection.execute("SELECT note, why FROM refused WHERE origin = ? ORDER BY at", (origin,))
            return found.fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous=EXTRA")
                yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise Broken(f"{self._path} cannot be used as a memory ({error}).") from error


class Turn:
    """What one has of a log while nobody else can change it."""

    def __init__(self, connection: sqlite3.Connection, seen: LogSeen | None) -> None:
        self._connection = connection
        self.seen = seen

    def remember(self, seen: LogSeen) -> None:
        """Put this in the place of what was seen before."""
        row = (seen.origin, seen.size, seen.root, seen.note, seen.at)
        self._connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", row)


def _seen(connection: sqlite3.Connection, origin: str) -> LogSeen | None:
    row = connection.execute("SELECT origin, size, root, note, at FROM seen WHERE origin = ?", (origin,)).fetchone()
    return LogSeen(origin=row[0], size=row[1], root=row[2], note=row[3], at=row[4]) if row else None


def witness_in(key: Path, state: Path, *, name: str) -> tuple[Signer, WitnessMemory]:
    """Return the key and the memory of a witness, making both at first use.

    The key is put into place last, so that a key always has a memory. A key without one may have cosigned what
    nobody remembers; it is not used again.

    Args:
        name: of a new witness; an old one keeps the name in its file.

    Raises:
        Broken: one of the two cannot be used, or the memory is gone.
    """
    if not key.exists():
        if state.exists():
            raise Broken(f"There is a memory in {state}, but no key in {key}; restore the key or name another --state.")
        return _establish(key, state, name)
    signer = _read(key)
    if not state.exists():
        raise Broken(
            f"{state} is missing, but the key in {key} has been used: without its memory it could vouch for a second "
            "history. Restore the memory, or begin again with a new key."
        )
    return signer, WitnessMemory(state, owner=signer.witness.text())


def _establish(path: Path, state: Path, name: str) -> tuple[Signer, WitnessMemory]:
    if not is_name(name):
        raise Broken(f"{name!r} cannot name a witness: it must have no space and no plus sign.")
    signer = Signer(name, Ed25519PrivateKey.generate())
    secret = base64.b64encode(bytes((TIMED,)) + signer.key.private_bytes_raw()).decode()
    memory = WitnessMemory(state, owner=signer.witness.text())
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(f"PRIVATE+KEY+{name}+{signer.witness.key_id().hex()}+{secret}\n")
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        raise Broken(f"The key of the witness cannot be kept in {path} ({error.strerror}).") from error
    return signer, memory


def _read(path: Path) -> Signer:
    try:
        if path.stat().st_mode & 0o077:
            raise ValueError("others can read it; run chmod 600 on it")
        first, second, name, hint, secret = path.read_text(encoding="utf-8").strip().split("+", 4)
        raw = base64.b64decode(secret, validate=True)
        signer = Signer(name, Ed25519PrivateKey.from_private_bytes(raw[1:]))
        if (first, second, raw[0], hint) != ("PRIVATE", "KEY", TIMED, signer.witness.key_id().hex()):
            raise ValueError("it is not the key of a witness")
    except (OSError, ValueError, IndexError) as error:
        raise Broken(f"The key of the witness in {path} cannot be used: {error}.") from error
    return signer
