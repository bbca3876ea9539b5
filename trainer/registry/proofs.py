"""The proof that an entry is in the log, as a text that can be checked without us (c2sp.org/tlog-proof@v1)."""

import base64
import binascii
import re
from dataclasses import dataclass

from trainer.registry.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from trainer.registry.notes import BadNote, Checkpoint, Verifier, read_checkpoint

_HEAD = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
_INDEX = re.compile(r"index (0|[1-9]\d{0,18})", re.ASCII)


class BadProof(ValueError):
    """What was read does not prove what it should."""


@dataclass(frozen=True, kw_only=True)
class LogProof:
    """An entry's place, the hashes up to the root, and the signed checkpoint with that root.

    Attributes:
        index: of the entry, from 0.
        hashes: the audit path, from the leaf's sibling up.
        checkpoint: the signed note, to the letter.
        extra: what else is needed to compute the entry, such as a salt; nothing vouches for it.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def text(self) -> str:
        """Return the proof as it is handed out."""
        extra = [f"extra {_b64(self.extra)}"] if self.extra else []
        lines = [_HEAD, *extra, f"index {self.index}", *(_b64(step) for step in self.hashes), "", self.checkpoint]
        return "\n".join(lines)


def read_proof(text: str) -> LogProof:
    """Read a proof; nothing is verified by this.

    Raises:
        BadProof: it is not written as the format demands.
    """
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines.pop(0) != _HEAD:
        raise BadProof("This is not a proof of a transparency log.")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = _bytes_of(lines.pop(0).removeprefix("extra "))
    found = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if found is None or len(lines) > MOST_HASHES:
        raise BadProof("This proof names no place in the log, or has too many hashes.")
    hashes = tuple(_bytes_of(line) for line in lines)
    if any(len(step) != HASH_BYTES for step in hashes):
        raise BadProof("A line of this proof is not a hash.")
    return LogProof(index=int(found[1]), hashes=hashes, checkpoint=checkpoint, extra=extra)


def verify_proof(proof: LogProof, *, entry: bytes, verifier: Verifier) -> Checkpoint:
    """Return the checkpoint under which the entry is proved to be in the log; no network is needed.

    Raises:
        BadProof: the checkpoint is not of that log, or the hashes do not lead to its root.
    """
    try:
        checkpoint = read_checkpoint(proof.checkpoint, verifier)
    except BadNote as error:
        raise BadProof(str(error)) from error
    if not verify_inclusion(
        index=proof.index,
        size=checkpoint.size,
        leaf=leaf_hash(entry),
        proof=proof.hashes,
        expected_root=checkpoint.root,
    ):
        raise BadProof("The hashes of this proof do not lead from the entry to the log's root.")
    return checkpoint


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes_of(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadProof("A line of this proof is not base64.") from error
    if _b64(content) != text:
        raise BadProof("A line of this proof is not canonical base64.")
    return content
