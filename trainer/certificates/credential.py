"""Read a credential: a compact ES256 JWT, as this house signs them."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from trainer.certificates.claim import Claim


class BadCredential(ValueError):
    """This is not a credential that one of these keys signed."""


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What was signed, and by which key."""

    document: Mapping[str, Any]
    kid: str


def read_credential(jwt: str, *, keys: Mapping[str, x509.Certificate], did: str) -> Credential:
    """Return the credential in a JWT that one of the keys signed.

    Raises:
        BadCredential: it is not one.
    """
    try:
        head, body, tail = jwt.split(".")
        header, document, raw = json.loads(_bytes(head)), json.loads(_bytes(body)), _bytes(tail)
        kid = header.pop("kid").removeprefix(f"{did}#")
        key = keys[kid].public_key()
        if header != {"alg": "ES256", "typ": "JWT"} or len(raw) != 64 or not isinstance(key, ec.EllipticCurvePublicKey):
            raise BadCredential("The credential is not signed as ours are.")
        written = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key.verify(written, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
        if document["iss"] != did:
            raise BadCredential("The credential is by another issuer.")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError, InvalidSignature) as error:
        raise BadCredential("The credential is not signed as ours are.") from error
    return Credential(document=document, kid=kid)


def claim_in(document: Mapping[str, Any]) -> Claim:
    """Return the claim that a credential carries.

    Raises:
        BadCredential: it carries none.
    """
    try:
        values = dict(document["claim"])
        values |= {name: date.fromisoformat(values[name]) for name in ("issued_on", "valid_until")}
        return Claim(**{**values, "covered": tuple(values["covered"]), "hours": Fraction(values["hours"])})
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise BadCredential("The credential does not carry a certificate of ours.") from error


def _bytes(text: str) -> bytes:
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(content).rstrip(b"=").decode() != text:
        raise BadCredential("The credential is not written in the one canonical way.")
    return content
