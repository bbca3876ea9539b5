"""The rule a witness follows: it vouches for a log only as long as the log grows by appending.

A witness is asked by the log, which sends a checkpoint and the proof that it continues the last one
(C2SP tlog-witness), or it goes and looks itself, with nothing but the log's public address and key.
"""

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from trainer.moments import written
from trainer.registry import merkle
from trainer.registry.notes import (
    BadNote,
    Checkpoint,
    Signer,
    Verifier,
    alone,
    checkpoint_in,
    cosignature,
    read_checkpoint,
    text_in,
    time_of,
    with_lines,
)
from trainer.registry.proofs import MOST_HASHES
from trainer.registry.tiles import WIDTH, hashes_at, nodes_of, place, split, unbundled

LONGEST = 128 * 1024  # of a submission, in bytes
MOST_REFUSED = 100  # notes of each log that are kept; the first ones tell the story
MOST_UNPROVED = MOST_REFUSED // 2  # of them may be good ones with a bad proof, which anybody can submit
SKEW = 15 * 60  # by how much two honest clocks may differ, in seconds
_OLD = re.compile(r"old (0|[1-9]\d{0,18})", re.ASCII)

Fetch = Callable[[str], bytes]
Step = Callable[[int, int], None]  # how many entries of how many were counted again


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The newest checkpoint of a log that a witness vouches for.

    Attributes:
        origin: the log's name.
        note: as the log signed it, with the line of the witness if it cosigned.
        at: when the witness saw it, in seconds since 1970.
    """

    origin: str
    size: int
    root: bytes
    note: str
    at: int


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a log asks: to cosign a checkpoint that continues the one of the size `old`."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def body(self) -> bytes:
        """Return the submission as it is sent."""
        lines = [f"old {self.old}", *(base64.b64encode(step).decode() for step in self.proof), "", self.note]
        return "\n".join(lines).encode()


class Refusal(ValueError):
    """A witness does not cosign.

    Attributes:
        status: the status of its answer (C2SP tlog-witness).
        size: of the newest checkpoint it cosigned, when that is what is asked to be said.
        room: up to how many notes of the log are kept, this one among them; 0 when it speaks against nobody, since
            anybody can submit a good checkpoint in a bad way.
    """

    def __init__(self, status: int, sentence: str, *, size: int | None = None, room: int = 0) -> None:
        super().__init__(sentence)
        self.status = status
        self.size = size
        self.room = room


class Wrong(ValueError):
    """What a log shows cannot be believed; the text is one sentence for whoever watches over it."""


def read_submission(body: bytes) -> Submission:
    """Read what a log asks.

    Raises:
        Refusal: it is not written as the protocol demands.
    """
    try:
        head, blank, note = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise Refusal(400, "A submission is text in UTF-8.") from error
    old, *steps = head.split("\n")
    found = _OLD.fullmatch(old)
    if not blank or found is None or len(steps) > MOST_HASHES:
        raise Refusal(400, "A submission is an old size, up to 63 hashes, an empty line, and a checkpoint.")
    return Submission(old=int(found[1]), proof=tuple(_hash(step) for step in steps), note=note)


def _hash(line: str) -> bytes:
    try:
        found = base64.b64decode(line, validate=True)
    except ValueError as error:
        raise Refusal(400, "A line of the proof is not base64.") from error
    if len(found) != merkle.HASH_BYTES or base64.b64encode(found).decode() != line:
        raise Refusal(400, "A line of the proof is not a hash.")
    return found


def genuine(submission: Submission, logs: Mapping[str, Verifier]) -> Checkpoint:
    """Return the submitted checkpoint, which one of these logs, known by their names, signed.

    Raises:
        Refusal: it is no checkpoint, of no log we know, or not signed by that log.
    """
    try:
        checkpoint = checkpoint_in(text_in(submission.note))
    except BadNote as error:
        raise Refusal(400, str(error)) from error
    log = logs.get(checkpoint.origin)
    if log is None:
        raise Refusal(404, "This witness does not watch over that log.")
    try:
        return read_checkpoint(submission.note, log)
    except BadNote as error:
        raise Refusal(403, str(error)) from error


def check_growth(submission: Submission, checkpoint: Checkpoint, seen: Seen | None) -> None:
    """Let a checkpoint pass that continues the newest one seen, or say what is against it.

    Raises:
        Refusal: it does not continue it, or nothing proves that it does.
    """
    if submission.old > checkpoint.size:
        raise Refusal(400, "The old size is larger than the new one.")
    if submission.old != (known := seen.size if seen else 0):
        raise Refusal(409, f"The newest checkpoint cosigned here has the size {known}.", size=known)
    if checkpoint.size == 0 and checkpoint.root != merkle.EMPTY_ROOT:
        raise Refusal(422, "The log claims to be empty, but has another root than an empty log.", room=MOST_REFUSED)
    if seen is None or seen.size == 0:
        if submission.proof:
            raise Refusal(422, "Nothing is to be proved about the first checkpoint.")
    elif checkpoint.size == seen.size:
        if checkpoint.root != seen.root:
            what = f"The log has another root for the checkpoint of size {seen.size} that was cosigned here."
            raise Refusal(422, what, room=MOST_REFUSED)
        if submission.proof:
            raise Refusal(422, "Nothing is to be proved about a checkpoint that was cosigned here.")
    elif not merkle.verify_consistency(
        old=seen.size, new=checkpoint.size, proof=submission.proof, old_root=seen.root, new_root=checkpoint.root
    ):
        what = f"It is not proved that the log continues the checkpoint of size {seen.size} that was cosigned here."
        raise Refusal(422, what, room=MOST_UNPROVED)


def cosigned(note: str, *, log: Verifier, signer: Signer, at: int) -> tuple[Seen, str]:
    """Cosign a checkpoint that has passed: return what is to be remembered, and the line to answer with.

    Lines of strangers are not remembered: anybody can add them.
    """
    checkpoint = read_checkpoint(note, log)
    line = cosignature(text_in(note), signer, at=at)
    note = with_lines(alone(note, log), [line])
    seen = Seen(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root, note=note, at=at)
    return seen, line


def look(
    fetch: Fetch, *, log: Verifier, seen: Seen | None, now: int, whole: bool = False, step: Step = lambda done, of: None
) -> Seen:
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


def _newest(fetch: Fetch, log: Verifier, now: int) -> Seen:
    try:
        note = fetch("checkpoint").decode()
        checkpoint = read_checkpoint(note, log)
        if time_of(note, log) > now + SKEW:
            raise Wrong("The newest checkpoint of the log is dated in the future.")
    except UnicodeDecodeError as error:
        raise Wrong("What the log shows as its checkpoint is not text.") from error
    except BadNote as error:
        raise Wrong(f"The checkpoint is not genuine: {error}") from error
    if checkpoint.size == 0 and checkpoint.root != merkle.EMPTY_ROOT:
        raise Wrong("The log claims to be empty, but has another root than an empty log.")
    return Seen(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root, note=note, at=now)


def _check_continued(seen: Seen, new: Seen, proof: Sequence[bytes], log: Verifier) -> None:
    if not merkle.verify_consistency(old=seen.size, new=new.size, proof=proof, old_root=seen.root, new_root=new.root):
        raise Wrong(f"The log does not begin with the {seen.size} entries that it had on {_day(seen.at)}.")
    if new.size > seen.size and (signed := time_of(new.note, log)) < seen.at - SKEW:
        raise Wrong(
            f"The checkpoint of size {new.size} is dated {_day(signed)}, but on {_day(seen.at)} the log had "
            f"only {seen.size} entries: it was dated back."
        )


def _count_again(fetch: Fetch, new: Seen, step: Step) -> None:
    edge: tuple[bytes, ...] = ()
    for size, entry in enumerate(_entries(fetch, new.size), 1):
        edge = merkle.grown(edge, size - 1, merkle.leaf_hash(entry))
        if size % WIDTH == 0 or size == new.size:
            step(size, new.size)
    if merkle.edge_root(edge) != new.root:
        raise Wrong("The entries of the log do not lead to the root that it signed.")


def _entries(fetch: Fetch, size: int) -> Iterable[bytes]:
    for first in range(0, size, WIDTH):
        width = min(WIDTH, size - first)
        path = f"tile/entries/{place(first // WIDTH, width)}"
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
            width = min(WIDTH, hashes_at(level, self._size) - index * WIDTH)
            path = f"tile/{level}/{place(index, width)}"
            hashes = split(self._fetch(path))
            if [len(one) for one in hashes] != [merkle.HASH_BYTES] * width:
                raise Wrong(f"{path} does not have the {width} hashes that it should.")
            self._known[level, index] = hashes
        return self._known[level, index]


def _day(at: int) -> str:
    return written(datetime.fromtimestamp(at, UTC))
