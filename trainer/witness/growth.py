"""A witness vouches for a log only as long as the log grows by appending (C2SP tlog-witness)."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

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
    with_lines,
)
from trainer.registry.proofs import MOST_HASHES
from trainer.registry.submission import Submission

LONGEST_SUBMISSION = 128 * 1024  # of a submission, in bytes
MOST_REFUSED = 100  # notes of each log that are kept; the first ones tell the story
MOST_UNPROVED = MOST_REFUSED // 2  # of them may be good ones with a bad proof, which anybody can submit
_OLD = re.compile(r"old (0|[1-9]\d{0,18})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class LogSeen:
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


def check_growth(submission: Submission, checkpoint: Checkpoint, seen: LogSeen | None) -> None:
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


def cosigned(note: str, *, log: Verifier, signer: Signer, at: int) -> tuple[LogSeen, str]:
    """Cosign a checkpoint that has passed: return what is to be remembered, and the line to answer with.

    Lines of strangers are not remembered: anybody can add them.
    """
    checkpoint = read_checkpoint(note, log)
    line = cosignature(text_in(note), signer, at=at)
    note = with_lines(alone(note, log), [line])
    seen = LogSeen(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root, note=note, at=at)
    return seen, line
