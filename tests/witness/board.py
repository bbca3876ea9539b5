"""A state board that watches over a log of tests, and what a log asks of it."""

from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.registry.conftest import NOW
from trainer.registry.merkle import consistency, from_leaves, leaf_hash, root
from trainer.registry.notes import (
    Checkpoint,
    Signer,
    Verifier,
    sign_note,
)
from trainer.registry.submission import Submission
from trainer.witness.counter import Counter
from trainer.witness.growth import Refusal
from trainer.witness.memory import witness_in

AT = int(NOW.timestamp())
SOON = NOW + timedelta(minutes=1)
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(40)]
OTHERS = [*LEAVES[:10], *(leaf_hash(b"another %d" % number) for number in range(30))]
LOG = Signer("trainer.example/log", Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))
STRANGER = Signer("trainer.example/log", Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))


def note(size: int, hashes: list[bytes] = LEAVES, *, signer: Signer = LOG, at: int = AT) -> str:
    top = root(size, from_leaves(hashes[:size]))
    return sign_note(Checkpoint(origin=LOG.name, size=size, root=top).text(), signer, at=at)


def asked(old: int, new: int, hashes: list[bytes] = LEAVES) -> Submission:
    proof = consistency(old, new, from_leaves(hashes)) if old else []
    return Submission(old=old, proof=tuple(proof), note=note(new, hashes))


class Board:
    """A state board with a key, a memory, and a counter that answers at an address."""

    def __init__(self, folder: Path, *logs: Verifier, name: str = "board.example/witness") -> None:
        folder.mkdir(exist_ok=True)
        self.said: list[str] = []
        self.signer, self.memory = witness_in(folder / "key", folder / "state", name=name)
        self.counter = Counter(self.signer, self.memory, logs, say=self.said.append, clock=lambda: SOON)
        self.key = self.signer.witness

    def answer(self, submission: Submission) -> int:
        """Give the status, 200 when it was cosigned."""
        try:
            self.counter.add_checkpoint(submission.body())
        except Refusal as error:
            return error.status
        return 200
