"""Names for issuer keys, and the log's own key: `<instance>/log/`, made at first use, readable by its owner alone.

The folder also keeps the log's name. It is taken from the public address once and stays when the address
changes, since a log with another name is another log.
"""

import base64
import hashlib
import os
import secrets
import shutil
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trainer.errors import Broken
from trainer.registry.notes import Signer, Verifier, is_name, read_verifier


class KeyStatus(StrEnum):
    """What was last said about an issuer key."""

    PUBLISHED = "published"  # it signs
    RETIRED = "retired"  # it no longer signs; whatever it signed holds
    COMPROMISED = "compromised"  # what it signed holds up to a size of the log


def kid_of(public: ec.EllipticCurvePublicKey) -> str:
    """Return the name of a P-256 key: the RFC 7638 thumbprint of its JWK, 43 characters of base64url.

    Raises:
        ValueError: the key is on another curve.
    """
    if not isinstance(public.curve, ec.SECP256R1):
        raise ValueError("An issuer's key must be on the curve P-256.")
    numbers = public.public_numbers()
    x, y = (_base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    # exactly these members, in this order, without a space (RFC 7638 §3)
    return _base64url(hashlib.sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def has_key(instance: Path) -> bool:
    """Say whether the installation has a log key, whole or damaged."""
    return (instance / "log").exists()


def key_in(instance: Path, *, base_url: str) -> Signer:
    """Return the log's key, making it at first use.

    Two processes that begin at once agree: the first to put its folder into place decides.

    Raises:
        Broken: the folder is damaged or cannot be made, or the address cannot name a log.
    """
    folder = instance / "log"
    if not folder.is_dir():
        name = base_url.split("://", 1)[-1].rstrip("/")
        if not is_name(name):
            raise Broken(f"The address {base_url} cannot name the log: it must have no space and no plus sign.")
        try:
            _establish(folder, name)
        except OSError as error:
            raise Broken(f"The log's key cannot be kept in {instance} ({error.strerror}).") from error
    return _read(folder)


def verifier_in(instance: Path) -> Verifier | None:
    """Return the public half of the log's key, or None when the installation has no log yet.

    Raises:
        Broken: the folder is damaged.
    """
    if not has_key(instance):
        return None
    try:
        return read_verifier((instance / "log" / "public-key").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # no path in the sentence: anybody at the counter may read it
        raise Broken(
            "The log's folder has no readable public key (log/public-key); restore it from a backup."
        ) from error


def _read(folder: Path) -> Signer:
    try:
        key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), password=None)
        name = (folder / "name").read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise Broken(f"{folder} does not hold a readable log key ({error}); restore it from a backup.") from error
    if not isinstance(key, Ed25519PrivateKey) or not is_name(name):
        raise Broken(f"{folder} does not hold an Ed25519 key and a log's name; restore both from a backup.")
    signer = Signer(name, key)
    if signer.verifier != verifier_in(folder.parent):
        raise Broken(f"In {folder} the key, the name and the public key do not belong together; restore all three.")
    return signer


def _establish(folder: Path, name: str) -> None:
    draft = folder.with_name(f"log.{secrets.token_hex(6)}")
    draft.mkdir(mode=0o700, parents=True)
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = Signer(name, key).verifier.text()
    contents = {"key.pem": pem, "name": f"{name}\n".encode(), "public-key": f"{public}\n".encode()}
    try:
        for file_name, content in contents.items():
            descriptor = os.open(draft / file_name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # somebody else was first; theirs counts
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
