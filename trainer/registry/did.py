"""Who we are to machines: a `did:web` name and the document that lists our keys under it.

Sources: did:web method specification; W3C Controlled Identifiers 1.0 (`JsonWebKey`, `revoked`); RFC 7517 and
RFC 7638 for keys and their names.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1")


@dataclass(frozen=True, kw_only=True)
class PublishedKey:
    """A key of ours that the world may know.

    Attributes:
        given_up_at: since when nothing more is to be believed on the strength of this key alone; None for a
            key in use and for a retired one, whose signatures stay good.
    """

    key: ec.EllipticCurvePublicKey
    given_up_at: datetime | None = None


def did_of(base_url: str) -> str:
    """Return the did:web name of an installation at this address: a port as `%3A`, a path behind colons.

    `http` addresses get a name too, so that a machine without a domain works; nobody outside can look it up.
    """
    address = urlsplit(base_url)
    parts = (address.netloc.lower(), *(part for part in address.path.split("/") if part))
    return "did:web:" + ":".join(quote(part, safe="") for part in parts)


def jwk_of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """Return the required members of the public key as a JWK (RFC 7518 §6.2).

    Raises:
        ValueError: the key is not on P-256.
    """
    if not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("Only keys on the curve P-256 sign credentials.")
    point = key.public_numbers()
    return {"crv": "P-256", "kty": "EC", "x": _coordinate(point.x), "y": _coordinate(point.y)}


def kid_of(key: ec.EllipticCurvePublicKey) -> str:
    """Return the name of a key: its RFC 7638 thumbprint, 43 characters of base64url.

    Raises:
        ValueError: the key is not on P-256.
    """
    written = json.dumps(jwk_of(key), sort_keys=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(written).digest()).rstrip(b"=").decode()


def did_document(did: str, keys: Sequence[PublishedKey]) -> dict[str, Any]:
    """Return the document under that name, with every key that was ever published.

    A key that was given up stays visible, marked as revoked, but no longer stands among those that may assert
    anything: software that knows nothing of the log cannot tell what was signed before from what was forged.
    """
    methods = [(f"{did}#{kid_of(published.key)}", published) for published in keys]
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": [_method(name, did, published) for name, published in methods],
        "assertionMethod": [name for name, published in methods if published.given_up_at is None],
    }


def _method(name: str, did: str, published: PublishedKey) -> dict[str, Any]:
    method: dict[str, Any] = {
        "id": name,
        "type": "JsonWebKey",
        "controller": did,
        "publicKeyJwk": {**jwk_of(published.key), "kid": kid_of(published.key), "alg": "ES256", "use": "sig"},
    }
    if published.given_up_at is not None:
        method["revoked"] = published.given_up_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return method


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
