"""Append to the log from a process of its own; it loads no other test."""

from datetime import UTC, datetime
from pathlib import Path

from trainer.db import Database
from trainer.registry.entries import EntryKind, entry
from trainer.registry.keys import key_in
from trainer.registry.log.leaves import LogLeaf
from trainer.registry.log.services import append

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def leaves(count: int, first: int = 0) -> list[LogLeaf]:
    """Leaves about nobody."""
    return [
        LogLeaf(
            kind=EntryKind.ISSUE, data=entry(EntryKind.ISSUE, number.to_bytes(32, "big"), b"\x01" * 32), public_id=None
        )
        for number in range(first, first + count)
    ]


def append_in_a_process(url: str, instance: str, times: int) -> None:
    """Append one entry after the other, each in a transaction."""
    database, signer = Database(url), key_in(Path(instance), base_url="http://localhost")
    for _turn in range(times):
        with database.transaction() as session:
            append(session, leaves=leaves(1), log=signer, now=NOW)
    database.close()
