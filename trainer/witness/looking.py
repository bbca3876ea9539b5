"""Go and look whether a log only grew, with nothing but its public address and key."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from trainer.moments import written
from trainer.registry import merkle
from trainer.registry.notes import (
    BadNote,
    Verifier,
    read_checkpoint,
    time_of,
)
from trainer.registry.submission import SUBMISSION_SKEW
from trainer.registry.tiles import TILE_WIDTH, hashes_at, nodes_of, split_hashes, tile_path, unbundled
from trainer.witness.growth import LogSeen

Fetch = Callable[[str], bytes]


_Step = Callable[[int, int], None]  # how many entries of how many were counted again


class Wrong(ValueError):
    """What a log shows cannot be believed; the text is one sentence for whoever watches over it."""


def look(
    fetch: Fetch, *, log: Verifier, seen: LogSeen | None, now: int, whole: bool = False, step: _Step = lambda *_: None
) -> LogSeen:
    """Look at a log through its public address, and return what is to be remembered of it.

    Nothing is taken on trust: the hashes that lead from what was seen to the new root are computed from the
    log's own tiles, and with `whole` every entry is hashed again.

    Args:
        fetch: gives what the log answers under a path such as `tile/0/000`, or raises `Wrong`.

    Raises:
        Wrong: the log is not what it was, or does not fit together.
    """
    new = _newest(fetch, log, now)
    if seen and new.size < seen.size:
        raise Wrong(
            f"The log shows {new.size} entries, but on {_day(seen.at)} it had {seen.size}: its end was cut off, "
            "or an older backup was restored."
        )
    if seen and new.size == seen.size and new.root != seen.root:
        raise Wrong(f"The log has another root for its {seen.size} entries than on {_day(seen.at)}: it was rewritten.")
    if seen and new.size == seen.size and time_of(new.note, log) != time_of(seen.note, log):
        raise Wrong(f"The checkpoint of size {seen.size} was signed a second time, with another date.")
    nodes = nodes_of(_Tiles(fetch, new.size))
    try:
        if merkle.root(new.size, nodes) != new.root:
            raise Wrong("The tiles of the log do not lead to the root that it signed.")
        if seen and seen.size:
            _check_continued(seen, new, merkle.consistency(seen.size, new.size, nodes), log)
    except IndexError as error:
        raise Wrong("A tile of the log has fewer hashes than its size demands.") from error
    if whole:
        _count_again(fetch, new, step)
    return new if seen is None or new.size > seen.size else replace(seen, at=now)


def _newest(fetch: Fetch, log: Verifier, now: int) -> LogSeen:
    try:
        note = fetch("checkpoint").decode()
        checkpoint = read_checkpoint(note, log)
        if time_of(note, log) > now + SUBMISSION_SKEW:
            raise Wrong("The newest checkpoint of the log is dated in the future.")
    except UnicodeDecodeError as error:
        raise Wrong("What the log shows as its checkpoint is not text.") from error
    except BadNote as error:
        raise Wrong(f"The checkpoint is not genuine: {error}") from error
    if checkpoint.size == 0 and checkpoint.root != merkle.EMPTY_ROOT:
        raise Wrong("The log claims to be empty, but has another root than an empty log.")
    return LogSeen(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root, note=note, at=now)


def _check_continued(seen: LogSeen, new: LogSeen, proof: Sequence[bytes], log: Verifier) -> None:
    if not merkle.verify_consistency(old=seen.size, new=new.size, proof=proof, old_root=seen.root, new_root=new.root):
        raise Wrong(f"The log does not begin with the {seen.size} entries that it had on {_day(seen.at)}.")
    if new.size > seen.size and (signed := time_of(new.note, log)) < seen.at - SUBMISSION_SKEW:
        raise Wrong(
            f"The checkpoint of size {new.size} is dated {_day(signed)}, but on {_day(seen.at)} the log had "
            f"only {seen.size} entries: it was dated back."
        )


def _count_again(fetch: Fetch, new: LogSeen, step: _Step) -> None:
    edge: tuple[bytes, ...] = ()
    for size, entry in enumerate(_entries(fetch, new.size), 1):
        edge = merkle.grown(edge, size - 1, merkle.leaf_hash(entry))
        if size % TILE_WIDTH == 0 or size == new.size:
            step(size, new.size)
    if merkle.edge_root(edge) != new.root:
        raise Wrong("The entries of the log do not lead to the root that it signed.")


def _entries(fetch: Fetch, size: int) -> Iterable[bytes]:
    for first in range(0, size, TILE_WIDTH):
        width = min(TILE_WIDTH, size - first)
        path = f"tile/entries/{tile_path(first // TILE_WIDTH, width)}"
        try:
            entries = unbundled(fetch(path))
        except ValueError as error:
            raise error if isinstance(error, Wrong) else Wrong(f"{path}: {error}") from error
        if len(entries) != width:
            raise Wrong(f"{path} has {len(entries)} entries instead of {width}.")
        yield from entries


class _Tiles:
    """The tiles of a log of that size; each is fetched once."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._known: dict[tuple[int, int], Sequence[bytes]] = {}

    def __call__(self, level: int, index: int) -> Sequence[bytes]:
        if (level, index) not in self._known:
            width = min(TILE_WIDTH, hashes_at(level, self._size) - index * TILE_WIDTH)
            path = f"tile/{level}/{tile_path(index, width)}"
            hashes = split_hashes(self._fetch(path))
            if [len(tile_hash) for tile_hash in hashes] != [merkle.HASH_BYTES] * width:
                raise Wrong(f"{path} does not have the {width} hashes that it should.")
            self._known[level, index] = hashes
        return self._known[level, index]


def _day(at: int) -> str:
    return written(datetime.fromtimestamp(at, UTC))
