"""Where the issuer's key is kept: in a file, in a PKCS#12 file with a passphrase, or on a PKCS#11 token.

Whichever it is, the key is opened once and held. Only the process that signs reads these settings, so that
no other process of the installation needs the passphrase in its environment.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import pkcs12

from trainer.errors import Broken
from trainer.settings import check_text

PASSPHRASE = "TRAINER_SIGNING_PASSPHRASE"  # noqa: S105 – the name of the variable
SCHEME = "pkcs11:"
SHA256_DIGEST = Prehashed(hashes.SHA256())


class SigningKey(Protocol):
    """A key that signs, and the certificate that says whose it is."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""

    def sign(self, digest: bytes) -> bytes:
        """Return the ECDSA P-256 signature, in DER, of something whose SHA-256 is `digest`.

        Raises:
            Broken: the key cannot be reached.
        """


@dataclass(frozen=True, kw_only=True)
class SigningSettings:
    """What the environment says about signing.

    Attributes:
        key: empty for a key in the authority folder, the path of a PKCS#12 file, or a `pkcs11:` address (RFC 7512).
        passphrase: opens the files with private keys, or is the PIN of the token.
        timestamp_url: of an RFC 3161 authority; empty for the installation's own.
        timestamp_root: the file with the root certificate of that authority, as PEM.
    """

    key: str = ""
    passphrase: str = field(default="", repr=False)
    timestamp_url: str = ""
    timestamp_root: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "SigningSettings":
        """Read `TRAINER_SIGNING_KEY`, `TRAINER_SIGNING_PASSPHRASE` and `TRAINER_TIMESTAMP_URL` and `…_ROOT`.

        Raises:
            Broken: one of them has bytes that are no text.
        """
        check_text(environ)
        return cls(
            key=environ.get("TRAINER_SIGNING_KEY", ""),
            passphrase=environ.get(PASSPHRASE, ""),
            timestamp_url=environ.get("TRAINER_TIMESTAMP_URL", ""),
            timestamp_root=environ.get("TRAINER_TIMESTAMP_ROOT", ""),
        )


def public_timestampers() -> tuple[x509.Certificate, ...]:
    """Return the roots of timestamp authorities other than our own, as the environment names them.

    Raises:
        Broken: the certificate cannot be read.
    """
    root = SigningSettings.from_env().timestamp_root
    return (certificate_in(Path(root)),) if root else ()


@dataclass(frozen=True)
class KeyInMemory:
    """A key that was read from a file; the same digest always gives the same signature (RFC 6979)."""

    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 value."""
        return self.private.sign(digest, ec.ECDSA(SHA256_DIGEST, deterministic_signing=True))


def key_in_files(key: Path, certificate: Path, *, passphrase: str) -> KeyInMemory:
    """Return the key of two PEM files.

    Raises:
        Broken: one of them is missing or unreadable, the passphrase is wrong, or they do not belong together.
    """
    private, vouched = private_key_in(key, passphrase=passphrase), certificate_in(certificate)
    return _matched(private, vouched, where=key.parent)


def key_in_pkcs12(path: Path, *, passphrase: str) -> tuple[KeyInMemory, Sequence[x509.Certificate]]:
    """Return the key of a PKCS#12 file, and the further certificates in it.

    Raises:
        Broken: the file is missing or unreadable, the passphrase is wrong, or key and certificate do not match.
    """
    try:
        bundle = pkcs12.load_pkcs12(path.read_bytes(), passphrase.encode() or None)
    except OSError as error:
        raise Broken(f"The signing key {path} cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise Broken(
            f"{path} is no PKCS#12 file, or {PASSPHRASE} is not its passphrase; nothing can be signed."
        ) from error
    if bundle.key is None or bundle.cert is None:
        raise Broken(f"{path} must hold a private key together with its certificate.")
    others = [other.certificate for other in bundle.additional_certs]
    return _matched(bundle.key, bundle.cert.certificate, where=path), others


def private_key_in(path: Path, *, passphrase: str) -> ec.EllipticCurvePrivateKey:
    """Return the private key of a PEM file; one without a passphrase is read whatever the passphrase.

    Raises:
        Broken: it is missing or unreadable, or the passphrase is missing or wrong.
    """
    try:
        pem = path.read_bytes()
        locked = b"ENCRYPTED" in pem
        if locked and not passphrase:
            raise Broken(f"{path} is protected; put its passphrase into {PASSPHRASE}.")
        key = serialization.load_pem_private_key(pem, passphrase.encode() if locked else None)
    except FileNotFoundError as error:
        raise Broken(f"The key {path} is missing; restore it from a backup.") from error
    except OSError as error:
        raise Broken(f"The key {path} cannot be read ({error.strerror}); its owner must be who runs this.") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        wrong = f", or {PASSPHRASE} is not its passphrase" if locked else ""
        raise Broken(f"{path} is not a readable private key{wrong}; restore it from a backup.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Broken(f"{path} does not hold an ECDSA key.")
    return key


def certificate_in(path: Path) -> x509.Certificate:
    """Return the certificate of a PEM file.

    Raises:
        Broken: it is missing or unreadable.
    """
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Broken(f"{path} does not hold a readable certificate; restore it from a backup.") from error


def _matched(private: object, certificate: x509.Certificate, *, where: Path) -> KeyInMemory:
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise Broken(f"The signing key in {where} must be an ECDSA key on the curve P-256.")
    if private.public_key() != certificate.public_key():
        raise Broken(f"In {where} the key and the certificate of the signer do not belong together.")
    return KeyInMemory(certificate, private)
