"""The keys that sign papers and credentials, as everybody may know them.

Sources: RFC 7517 and RFC 7638 for keys and their names.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec


class KeyStatus(StrEnum):
    """What was last said about an issuer key."""

    PUBLISHED = "published"  # it signs
    RETIRED = "retired"  # it no longer signs; whatever it signed holds
    COMPROMISED = "compromised"  # what it signed holds up to a size of the log


@dataclass(frozen=True, kw_only=True)
class PublishedKey:
    """An issuer key that was published.

    Attributes:
        kid: its RFC 7638 thumbprint.
        certificate: its certificate, as PEM.
        status: what was said last, and `since` when.
        trusted_size: of a compromised key: what the log held up to this size stays trusted.
    """

    kid: str
    certificate: str
    status: KeyStatus
    trusted_size: int | None
    since: datetime

    @property
    def key(self) -> ec.EllipticCurvePublicKey:
        """Return the public key.

        Raises:
            ValueError: the certificate cannot be read, or holds a key of another kind.
        """
        key = x509.load_pem_x509_certificate(self.certificate.encode()).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise ValueError("Only keys on the curve P-256 sign certificates.")
        return key

    def vouches_at(self, index: int) -> bool:
        """Say whether a signature of this key holds when the log has its certificate at this index."""
        return self.status is not KeyStatus.COMPROMISED or index < (self.trusted_size or 0)


def jwk_of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """Return the required members of the public key as a JWK (RFC 7518 §6.2).

    Raises:
        ValueError: the key is not on P-256.
    """
    if not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("Only keys on the curve P-256 sign certificates.")
    point = key.public_numbers()
    return {"crv": "P-256", "kty": "EC", "x": _coordinate(point.x), "y": _coordinate(point.y)}


def kid_of(key: ec.EllipticCurvePublicKey) -> str:
    """Return the name of a key: its RFC 7638 thumbprint, 43 characters of base64url.

    Raises:
        ValueError: the key is not on P-256.
    """
    written = json.dumps(jwk_of(key), sort_keys=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(written).digest()).rstrip(b"=").decode()


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
