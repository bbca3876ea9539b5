"""The log and the counter when a million entries are there: what appending, proving and checking cost."""

import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.progress import track
from sqlalchemy import insert

from trainer.db import Database, new_id
from trainer.registry import merkle
from trainer.registry.audit.queries import audit_log
from trainer.registry.entries import EntryKind, entry
from trainer.registry.keys import key_in
from trainer.registry.log.leaves import LogLeaf
from trainer.registry.log.queries import proof_of
from trainer.registry.log.services import append
from trainer.registry.models import LogCheckpoint, LogEntry, LogTile
from trainer.registry.notes import Checkpoint, Signer, sign_note
from trainer.registry.proofs import verify_proof
from trainer.registry.tiles import TILE_WIDTH
from trainer.settings import Settings

ENTRIES = 1_000_000
AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Library:
    """A log of a million entries."""

    database: Database
    log: Signer


def stocked(database: Database, settings: Settings) -> Library:
    """Fill the empty log of an installation."""
    log = key_in(settings.instance, base_url=settings.base_url)
    _fill(database, log)
    return Library(database, log)


def leaf(number: int) -> bytes:
    """Return an entry about nobody."""
    return entry(EntryKind.ISSUE, number.to_bytes(32, "big"), b"\x01" * 32)


def _fill(database: Database, log: Signer) -> None:
    """Write what appending one by one would have written, but for the checkpoints in between."""
    edge: tuple[bytes, ...] = ()
    roots: list[list[bytes]] = [[]]
    for first in track(range(0, ENTRIES, 10_000), description=f"{ENTRIES:,} entries", transient=True):
        rows, tiles = [], []
        for number in range(first, first + 10_000):
            data = leaf(number)
            hashed = merkle.leaf_hash(data)
            rows.append({"index": number, "data": data, "leaf_hash": hashed, "kind": EntryKind.ISSUE, "at": AT})
            edge = merkle.grown(edge, number, hashed)
            tiles += _full_tiles(roots, hashed, number + 1)
        with database.transaction() as session:
            session.execute(insert(LogEntry), rows)
            if tiles:
                session.execute(insert(LogTile), tiles)
    checkpoint = Checkpoint(origin=log.name, size=ENTRIES, root=merkle.edge_root(edge))
    note = sign_note(checkpoint.text(), log, at=int(AT.timestamp()))
    with database.transaction() as session:
        session.add(LogCheckpoint(size=ENTRIES, note=note, edge=b"".join(edge), at=AT))


def _full_tiles(roots: list[list[bytes]], hashed: bytes, size: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    level, above = 0, hashed
    while True:
        roots[level].append(above)
        if len(roots[level]) < TILE_WIDTH:
            return found
        hashes, roots[level] = roots[level], []
        above = merkle.node_above(hashes)
        index = (size // TILE_WIDTH ** (level + 1)) - 1
        found.append({"level": level, "index": index, "hashes": b"".join(hashes), "root": above})
        level += 1
        if level == len(roots):
            roots.append([])


def measure_append(shelf: Library, *, times: int = 1) -> Callable[[], object]:
    """Return the work of appending so many entries, one after the other, in one transaction."""

    def work() -> None:
        with shelf.database.transaction() as session:
            for _ in range(times):
                data = entry(EntryKind.ISSUE, secrets.token_bytes(32), b"\x02" * 32)
                one = LogLeaf(kind=EntryKind.ISSUE, data=data, public_id=new_id())
                append(session, leaves=[one], log=shelf.log, now=datetime.now(UTC))

    return work


def measure_proof(shelf: Library) -> Callable[[], object]:
    """Return the work of proving that some entry is in the log."""
    chance = random.Random(1)

    def work() -> None:
        with shelf.database.reading() as session:
            proof_of(session, index=chance.randrange(ENTRIES))

    return work


def measure_check(shelf: Library) -> Callable[[], object]:
    """Return the work of checking such a proof with nothing but the log's public key."""
    with shelf.database.reading() as session:
        proof = proof_of(session, index=123_456)
    data = leaf(123_456)
    return lambda: verify_proof(proof, entry=data, verifier=shelf.log.verifier)


def seconds_to_audit(shelf: Library) -> float:
    """Return the CPU time of recomputing the whole log, in seconds.

    Raises:
        RuntimeError: the audit found something, so the figure would be of another work.
    """
    begun = time.process_time()
    with shelf.database.reading() as session:
        if wrong := list(audit_log(session, verifier=shelf.log.verifier, step=lambda: None)):
            raise RuntimeError(wrong[0])
    return time.process_time() - begun
