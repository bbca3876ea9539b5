"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

A checkpoint says how large the log is and what its root is. The log signs it twice with one Ed25519 key:
once plainly, as every reader of notes expects, and once together with the time (`cosignature/v1`), so that
the moment of a checkpoint cannot be changed later either. The type in the key's id keeps the two apart.
Witnesses add lines of their own in the timed form; theirs may also be ML-DSA-44, which is only read here.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

PLAIN, TIMED, TIMED_ML_DSA = 1, 4, 6
KEY_BYTES = {TIMED: 32, TIMED_ML_DSA: 1312}
SIGNATURE_BYTES = {TIMED: 64, TIMED_ML_DSA: 2420}
MOST_SIGNATURES = 64
LONGEST = 64 * 1024  # a note, in characters
_NAME = re.compile(r"[^\s+\x00-\x1f\ud800-\udfff]+")  # half a sign, from bytes that are no text, cannot be hashed
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)
_VERIFIER_KEY = re.compile(r"([^\s+\x00-\x1f\ud800-\udfff]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


class BadNote(ValueError):
    """What was read is not a note that this key signed."""


@dataclass(frozen=True)
class Verifier:
    """The public half of a key that signs notes.

    Attributes:
        name: as in the signature lines; no spaces, no plus.
        key: the Ed25519 public key, 32 bytes.
    """

    name: str
    key: bytes

    def key_id(self, kind: int = PLAIN) -> bytes:
        """Return the four bytes that tell this key and kind of signature from others."""
        return _key_id(self.name, kind, self.key)

    def text(self) -> str:
        """Return the key as others write it down: name, id and key, with plus signs between."""
        return _written(self.name, PLAIN, self.key)

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Say whether this key made the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Witness:
    """The public key of somebody who cosigns the checkpoints of logs.

    Attributes:
        name: as in the signature lines; no spaces, no plus.
        key: 32 bytes of Ed25519, or 1,312 of ML-DSA-44.
        kind: which of the two, as the type in a key's id.
    """

    name: str
    key: bytes
    kind: int = TIMED

    def key_id(self) -> bytes:
        """Return the four bytes that tell this key from others of its name."""
        return _key_id(self.name, self.kind, self.key)

    def text(self) -> str:
        """Return the key as others write it down: name, id and key, with plus signs between."""
        return _written(self.name, self.kind, self.key)

    def signed_at(self, text: str, timed: bytes) -> int | None:
        """Return when this key signed a checkpoint, in seconds since 1970, or None when it did not.

        Args:
            text: of the checkpoint.
            timed: eight bytes of time, and the signature.
        """
        at, signature = int.from_bytes(timed[:8], "big"), timed[8:]
        if len(signature) != SIGNATURE_BYTES[self.kind] or at >> 63:
            return None
        try:
            if self.kind == TIMED:
                Ed25519PublicKey.from_public_bytes(self.key).verify(signature, _timed(text, at))
            else:
                MLDSA44PublicKey.from_public_bytes(self.key).verify(signature, _timed_tree(self.name, text, at))
        except (InvalidSignature, BadNote):
            return None
        return at


@dataclass(frozen=True)
class Signer:
    """A key that signs notes under a name."""

    name: str
    key: Ed25519PrivateKey

    @cached_property
    def verifier(self) -> Verifier:
        """Return the public half."""
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        return Verifier(self.name, self.key.public_key().public_bytes(*raw))

    @property
    def witness(self) -> Witness:
        """Return the public half as that of a witness."""
        return Witness(self.name, self.verifier.key)


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """How large the log is, and its root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


def is_name(text: str) -> bool:
    """Say whether a key may have this name."""
    return _NAME.fullmatch(text) is not None


def read_verifier(text: str) -> Verifier:
    """Read a public key as `Verifier.text` writes it.

    Raises:
        BadNote: it is not written so, or its id is not that of its key.
    """
    name, kind, key = _read_key(text)
    if kind != PLAIN or len(key) != 32:
        raise BadNote("This is not the public key of a log.")
    return Verifier(name, key)


def read_witness(text: str) -> Witness:
    """Read a public key as `Witness.text` writes it.

    Raises:
        BadNote: it is not written so, its id is not that of its key, or keys of this kind cannot be used here.
    """
    name, kind, key = _read_key(text)
    if KEY_BYTES.get(kind) != len(key):
        raise BadNote("This is not the public key of a witness.")
    try:
        if kind == TIMED_ML_DSA:
            MLDSA44PublicKey.from_public_bytes(key)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadNote("Signatures of this kind (ML-DSA-44) cannot be checked on this machine.") from error
    return Witness(name, key, kind)


def _read_key(text: str) -> tuple[str, int, bytes]:
    found = _VERIFIER_KEY.fullmatch(text.strip())
    raw = _bytes_of(found[3]) if found else b""
    if found is None or not raw:
        raise BadNote("This is not a public key as logs and witnesses write it: name+id+key.")
    name, kind, key = found[1], raw[0], raw[1:]
    if _key_id(name, kind, key).hex() != found[2]:
        raise BadNote("The id of this public key is not that of the key.")
    return name, kind, key


def sign_note(text: str, signer: Signer, *, at: int | None = None) -> str:
    """Return the text as a signed note; with `at`, in seconds since 1970, also signed together with that time.

    Raises:
        ValueError: the text does not end with a line, or has control characters.
    """
    if not _is_text(text):
        raise ValueError("A note is lines of text without control characters, ended by a newline.")
    lines = [_line(signer.name, signer.verifier.key_id() + signer.key.sign(text.encode()))]
    if at is not None:
        lines.append(cosignature(text, signer, at=at))
    return text + "\n" + "".join(lines)


def cosignature(text: str, signer: Signer, *, at: int) -> str:
    """Return the line that signs a checkpoint's text together with a time, in seconds since 1970."""
    signature = at.to_bytes(8, "big") + signer.key.sign(_timed(text, at))
    return _line(signer.name, signer.verifier.key_id(TIMED) + signature)


def text_in(note: str) -> str:
    """Return the text of a note, whoever signed it.

    Raises:
        BadNote: it is no note.
    """
    return _parts(note)[0]


def open_note(note: str, verifier: Verifier) -> str:
    """Return the text of a note that this key signed.

    Raises:
        BadNote: it is no note, this key did not sign it, or a signature in this key's name does not fit.
    """
    text, signatures = _parts(note)
    own = [raw for name, raw in signatures if name == verifier.name and raw[:4] == verifier.key_id()]
    if not own:
        raise BadNote("This note was not signed with the expected key.")
    if not all(verifier.signed(text.encode(), raw[4:]) for raw in own):
        raise BadNote("The signature under this note does not fit its text.")
    return text


def time_of(note: str, verifier: Verifier) -> int:
    """Return the moment that was signed together with the note, in seconds since 1970.

    Raises:
        BadNote: this key signed no time, or the signature does not fit.
    """
    found = _cosigned(note, (Witness(verifier.name, verifier.key),))
    if not found:
        raise BadNote("No time was signed with this note.")
    return min(at for at, _ in found.values())


def cosigners_of(note: str, witnesses: Iterable[Witness]) -> list[tuple[str, int]]:
    """Return who of these witnesses cosigned a note, and when, in seconds since 1970; the earliest comes first.

    Lines of anybody else are passed over.

    Raises:
        BadNote: it is no note, or a line in the name of one of these does not fit it.
    """
    found = ((one.name, at) for one, (at, _) in _cosigned(note, witnesses).items())
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def quorum_met(note: str, witnesses: Iterable[Witness], quorum: int) -> bool:
    """Say whether at least so many of these witnesses cosigned a note; a key counts once, whatever its names.

    Raises:
        BadNote: it is no note, or a line in the name of one of these does not fit it.
    """
    return len({line.key for line in _cosigned(note, witnesses)}) >= quorum


def cosignature_of(note: str, witness: Witness) -> tuple[str, int]:
    """Return the line by which this witness cosigned a note, and when.

    Raises:
        BadNote: it is no note, this witness did not cosign it, or its line does not fit.
    """
    found = _cosigned(note, (witness,))
    if not found:
        raise BadNote("This note was not cosigned by the expected witness.")
    at, line = found[witness]
    return line, at


def alone(note: str, verifier: Verifier) -> str:
    """Return a note with the lines of this key alone.

    Raises:
        BadNote: this key did not sign the note.
    """
    text = open_note(note, verifier)
    own = {raw for name, raw in _parts(note)[1] if name == verifier.name and raw[:4] == verifier.key_id()}
    try:
        timed = [cosignature_of(note, Witness(verifier.name, verifier.key))[0]]
    except BadNote:  # not every log signs the time
        timed = []
    return with_lines(text + "\n" + "".join(_line(verifier.name, raw) for raw in sorted(own)), timed)


def with_lines(note: str, lines: Iterable[str]) -> str:
    """Return a note with more signature lines under it; nothing is verified by this."""
    return note + "".join(line for line in lines if line not in note)


def _cosigned(note: str, witnesses: Iterable[Witness]) -> Mapping[Witness, tuple[int, str]]:
    """Return when each of these witnesses first cosigned a note, with its line."""
    text, signatures = _parts(note)
    known = {(witness.name, witness.key_id()): witness for witness in witnesses}
    found: dict[Witness, tuple[int, str]] = {}
    for name, raw in signatures:
        witness = known.get((name, raw[:4]))
        if witness is None:
            continue
        at = witness.signed_at(text, raw[4:])
        if not at:  # no time at all is no cosignature of a whole log
            raise BadNote(f"The line of {name} under this note does not fit it.")
        seen = (at, _line(name, raw))
        found[witness] = min(found.get(witness, seen), seen)
    return found


def read_checkpoint(note: str, verifier: Verifier) -> Checkpoint:
    """Return the checkpoint in a note that this key signed for a log of its own name.

    Raises:
        BadNote: the note is not such a checkpoint.
    """
    checkpoint = checkpoint_in(open_note(note, verifier))
    if checkpoint.origin != verifier.name:
        raise BadNote("This checkpoint is of another log.")
    return checkpoint


def checkpoint_in(text: str) -> Checkpoint:
    """Read the text of a checkpoint.

    Raises:
        BadNote: it is not one.
    """
    lines = text.split("\n")
    root = _bytes_of(lines[2]) if len(lines) >= 4 else b""
    if len(root) != 32 or not lines[0] or not _SIZE.fullmatch(lines[1]) or "" in lines[3:-1]:
        raise BadNote("This note is not the checkpoint of a log.")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def _parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    head, blank, tail = note.rpartition("\n\n")
    text = head + "\n"
    if len(note) > LONGEST or not blank or not _is_text(note) or not head:
        raise BadNote("This is not a signed note.")
    lines = tail.split("\n")[:-1]
    if not 1 <= len(lines) <= MOST_SIGNATURES:
        raise BadNote("A note has at least one signature and not more than 64.")
    return text, [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = _bytes_of(encoded)
    if dash != "—" or not is_name(name) or len(raw) < 5:
        raise BadNote("A line under this note is not a signature.")
    return name, raw


def _line(name: str, raw: bytes) -> str:
    return f"— {name} {_b64(raw)}\n"


def _key_id(name: str, kind: int, key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes((kind,)) + key).digest()[:4]


def _written(name: str, kind: int, key: bytes) -> str:
    return f"{name}+{_key_id(name, kind, key).hex()}+{_b64(bytes((kind,)) + key)}"


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _timed_tree(name: str, text: str, at: int) -> bytes:
    """Return what ML-DSA-44 signs: the names and the tree, but no further line of the checkpoint."""
    checkpoint = checkpoint_in(text)
    names = [raw for raw in (name.encode(), checkpoint.origin.encode()) if 1 <= len(raw) <= 255]
    if len(names) != 2:
        raise BadNote("A name is too long for a signature of this kind.")
    witness, log = (bytes((len(raw),)) + raw for raw in names)
    numbers = at.to_bytes(8, "big"), bytes(8) + checkpoint.size.to_bytes(8, "big")
    return b"subtree/v1\n\0" + witness + numbers[0] + log + numbers[1] + checkpoint.root


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return text.endswith("\n") and not _CONTROL.search(text)


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes_of(text: str) -> bytes:
    """Return what was encoded; nothing when it is not written in the one canonical way."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return content if _b64(content) == text else b""
