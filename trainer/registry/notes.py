"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

A checkpoint says how large the log is and what its root is. The log signs it twice with one Ed25519 key:
once plainly, as every reader of notes expects, and once together with the time (`cosignature/v1`), so that
the moment of a checkpoint cannot be changed later either. The type in the key's id keeps the two apart.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PLAIN, TIMED = 1, 4
MOST_SIGNATURES = 64
LONGEST = 64 * 1024  # a note, in characters
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)
_VERIFIER_KEY = re.compile(r"([^\s+\x00-\x1f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


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
        return hashlib.sha256(self.name.encode() + b"\n" + bytes((kind,)) + self.key).digest()[:4]

    def text(self) -> str:
        """Return the key as others write it down: name, id and key, with plus signs between."""
        return f"{self.name}+{self.key_id().hex()}+{_b64(bytes((PLAIN,)) + self.key)}"

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Say whether this key made the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


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
    found = _VERIFIER_KEY.fullmatch(text.strip())
    raw = _bytes_of(found[3]) if found else b""
    if found is None or len(raw) != 33 or raw[0] != PLAIN:
        raise BadNote("This is not the public key of a log.")
    verifier = Verifier(found[1], raw[1:])
    if verifier.key_id().hex() != found[2]:
        raise BadNote("The id of this public key is not that of the key.")
    return verifier


def sign(text: str, signer: Signer, *, at: int | None = None) -> str:
    """Return the text as a signed note; with `at`, in seconds since 1970, also signed together with that time.

    Raises:
        ValueError: the text does not end with a line, or has control characters.
    """
    if not _is_text(text):
        raise ValueError("A note is lines of text without control characters, ended by a newline.")
    lines = [_line(signer.verifier, PLAIN, signer.key.sign(text.encode()))]
    if at is not None:
        signature = at.to_bytes(8, "big") + signer.key.sign(_timed(text, at))
        lines.append(_line(signer.verifier, TIMED, signature))
    return text + "\n" + "".join(lines)


def opened(note: str, verifier: Verifier) -> str:
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
    text, signatures = _parts(note)
    for name, raw in signatures:
        if name == verifier.name and raw[:4] == verifier.key_id(TIMED):
            at = int.from_bytes(raw[4:12], "big")
            if len(raw) != 76 or not verifier.signed(_timed(text, at), raw[12:]):
                raise BadNote("The time under this note was not signed with it.")
            return at
    raise BadNote("No time was signed with this note.")


def read_checkpoint(note: str, verifier: Verifier) -> Checkpoint:
    """Return the checkpoint in a note that this key signed for a log of its own name.

    Raises:
        BadNote: the note is not such a checkpoint.
    """
    checkpoint = checkpoint_in(opened(note, verifier))
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


def _line(verifier: Verifier, kind: int, signature: bytes) -> str:
    return f"— {verifier.name} {_b64(verifier.key_id(kind) + signature)}\n"


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


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
