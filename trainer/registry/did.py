"""Who we are to machines: a `did:web` name and the document that lists our keys under it.

Sources: did:web method specification; W3C Controlled Identifiers 1.0 (`JsonWebKey`, `revoked`); RFC 7517 and
RFC 7638 for keys and their names.
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Any
from urllib.parse import quote, urlsplit

from trainer.registry.issuer_keys import KeyStatus, PublishedKey, jwk_of

_CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1")


def did_of(base_url: str) -> str:
    """Return the did:web name of an installation at this address: a port as `%3A`, a path behind colons.

    `http` addresses get a name too, so that a machine without a domain works; nobody outside can look it up.
    """
    address = urlsplit(base_url)
    parts = (address.netloc.lower(), *(part for part in address.path.split("/") if part))
    return "did:web:" + ":".join(quote(part, safe="") for part in parts)


def did_document(did: str, keys: Sequence[PublishedKey]) -> dict[str, Any]:
    """Return the document under that name, with every key that was ever published.

    A key that was given up stays visible, marked as revoked, but no longer stands among those that may assert
    anything: software that knows nothing of the log cannot tell what was signed before from what was forged.
    """
    methods = [(f"{did}#{published.kid}", published) for published in keys]
    return {
        "@context": list(_CONTEXTS),
        "id": did,
        "verificationMethod": [_method(name, did, published) for name, published in methods],
        "assertionMethod": [name for name, published in methods if published.status is not KeyStatus.COMPROMISED],
    }


def _method(name: str, did: str, published: PublishedKey) -> dict[str, Any]:
    method: dict[str, Any] = {
        "id": name,
        "type": "JsonWebKey",
        "controller": did,
        "publicKeyJwk": {**jwk_of(published.key), "kid": published.kid, "alg": "ES256", "use": "sig"},
    }
    if published.status is KeyStatus.COMPROMISED:
        method["revoked"] = published.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return method
