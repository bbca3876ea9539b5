"""A signed document as one line of text: a compact JWT with ES256, as Open Badges 3.0 prescribes it (§8.2).

The payload is the document itself and the five registered claims that repeat parts of it. The signature covers
every byte, so that nothing can be added. We write and read this one shape and no other: one algorithm, three
header members, no key that a token brings along. joserfc checks signatures, also those of receipts; ours are put
together here, since the key may lie in hardware. Sources: RFC 7515, RFC 7519, RFC 8725.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from trainer.errors import Broken
from trainer.registry.issuer_keys import jwk_of, kid_of
from trainer.registry.lower_s import lowered

LIMIT = 256 * 1024
"""The longest text that is read at all, in characters; a credential has about 5,000."""
REGISTERED = ("iss", "jti", "nbf", "exp", "sub")
_HALF = 32  # bytes of r, and of s
_ES256 = ec.ECDSA(Prehashed(hashes.SHA256()))
_RULES = jws.JWSRegistry(algorithms=["ES256"])
_RULES.max_header_length = _RULES.max_payload_length = LIMIT


class JwsSigner(Protocol):
    """Whatever holds the private key: a file, or hardware that never lets it out."""

    @property
    def certificate(self) -> x509.Certificate:
        """Return the certificate of the key."""

    def sign(self, digest: bytes) -> bytes:
        """Return the ECDSA signature (DER) over a SHA-256 value of 32 bytes."""


Key = x509.Certificate | ec.EllipticCurvePublicKey | Mapping[str, Any]
"""A public key as somebody pinned it: in a certificate, bare, or as a JWK."""


class BadToken(ValueError):
    """The text is not a document signed by the issuer; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """A document whose signature was checked.

    Attributes:
        document: without the registered claims, which agree with it.
        kid: the name of the key that signed.
    """

    document: dict[str, Any]
    kid: str


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A signed text whose signature was checked, read."""

    header: dict[str, Any]
    payload: dict[str, Any]


def signed_text(document: Mapping[str, Any], *, key: JwsSigner, did: str) -> str:
    """Return the document as a signed text.

    Raises:
        ValueError: the document is not of this issuer, holds a registered claim, or lacks what they repeat.
        Broken: the key gave a signature that its own certificate does not confirm.
    """
    claims = registered_claims(document)
    if claims["iss"] != did or any(name in document for name in REGISTERED):
        raise ValueError(f"Only documents of {did} without registered claims are signed.")
    public = _public(key.certificate)
    header = {"alg": "ES256", "kid": f"{did}#{kid_of(public)}", "typ": "JWT"}
    signing_input = f"{_packed(header)}.{_packed({**document, **claims})}"
    return f"{signing_input}.{_signature(signing_input, key)}"


def detached(content: bytes, *, key: JwsSigner, did: str) -> str:
    """Return the signature of content that travels beside it: `header..signature` (RFC 7515, appendix F).

    Raises:
        Broken: the key gave a signature that its own certificate does not confirm.
    """
    header = _packed({"alg": "ES256", "kid": f"{did}#{kid_of(_public(key.certificate))}"})
    return f"{header}..{_signature(f'{header}.{_base64(content)}', key)}"


def _signature(signing_input: str, key: JwsSigner) -> str:
    public = _public(key.certificate)
    digest = hashlib.sha256(signing_input.encode()).digest()
    try:
        signature = lowered(key.sign(digest))
        public.verify(signature, digest, _ES256)
        halves = decode_dss_signature(signature)
    except (InvalidSignature, ValueError) as error:
        raise Broken("The signing key and its certificate do not belong together; nothing was signed.") from error
    return _base64(b"".join(half.to_bytes(_HALF, "big") for half in halves))


def read_signed(token: str, *, keys: Mapping[str, Key], did: str) -> Token:
    """Check a signed text against keys that the caller trusts, and return what it says.

    Dates are not judged: whether a document is in force is another question than whether it is genuine.

    Args:
        keys: by their names, see `kid_of`.
        did: whose documents are accepted.

    Raises:
        BadToken: it is not exactly what the issuer signed.
    """

    def known(name: str) -> Key:
        issuer, hash_sign, kid = name.partition("#")
        if issuer != did or not hash_sign:
            raise BadToken("Its key is not one of this issuer's.")
        if kid not in keys:
            raise BadToken("It names a key that is not among the issuer's known keys.")
        if kid_of(_public(keys[kid])) != kid:
            raise BadToken("The key that it names has another name.")
        return keys[kid]

    opened = open_signed(token, known)
    if opened.header["typ"] != "JWT":
        raise BadToken("It is not a JWT signed with ES256.")
    payload, kid = opened.payload, opened.header["kid"].rpartition("#")[2]
    document = {name: value for name, value in payload.items() if name not in REGISTERED}
    _check_claims(payload, document, did)
    return Token(document=document, kid=kid)


def open_signed(token: str, known: Callable[[str], Key]) -> Opened:
    """Return what a signed text of our shape says, when its signature holds.

    Args:
        known: gives the key of a name, or raises BadToken: the caller trusts it, whatever the text says of it.

    Raises:
        BadToken: it has another shape, or is not exactly what that key signed.
    """
    if len(token) > LIMIT:
        raise BadToken("It is too long to be a document of ours.")
    parts = token.split(".")
    if len(parts) != 3:
        raise BadToken("It is not a signed text of three parts.")
    header = _unpacked(parts[0])
    if set(header) != {"alg", "kid", "typ"}:
        raise BadToken("Its header has other members than alg, kid and typ.")
    if header["alg"] != "ES256":
        raise BadToken("It is not a JWT signed with ES256.")
    key = _public(known(str(header["kid"])))
    if len(_bytes(parts[2])) != 2 * _HALF:
        raise BadToken("Its signature has the wrong length.")
    try:
        jws.deserialize_compact(token, ECKey(key, key), registry=_RULES)
    except (JoseError, ValueError) as error:
        raise BadToken("Its signature does not hold: it was changed, or somebody else signed it.") from error
    return Opened(header=header, payload=_unpacked(parts[1]))


def signed_part(token: str) -> str:
    """Return what the signature of a signed text is over: all of it but the signature, which can be written anew."""
    return token.rpartition(".")[0]


def unchecked(token: str) -> dict[str, Any]:
    """Return the document in a signed text that we stored ourselves; nothing is checked by this.

    Raises:
        BadToken: it is no such text.
    """
    parts = token.split(".")
    if len(parts) != 3:
        raise BadToken("It is not a signed text of three parts.")
    return {name: value for name, value in _unpacked(parts[1]).items() if name not in REGISTERED}


def signer_of(token: str) -> str:
    """Return the name of the key that is said to have signed a text that we stored ourselves; nothing is checked.

    Raises:
        BadToken: it is no such text.
    """
    return str(_unpacked(token.partition(".")[0]).get("kid", "")).rpartition("#")[2]


def registered_claims(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the registered claims that repeat what a document says.

    Raises:
        ValueError: the document lacks one of these facts, or has it in another form.
    """
    try:
        issuer = document["issuer"]
        claims = {
            "iss": issuer["id"] if isinstance(issuer, Mapping) else issuer,
            "jti": document["id"],
            "sub": document["credentialSubject"]["id"],
        }
        if not all(isinstance(value, str) for value in claims.values()):
            raise TypeError
        return {**claims, "nbf": _seconds(document["validFrom"]), "exp": _seconds(document["validUntil"])}
    except (KeyError, TypeError) as error:
        raise ValueError("The document lacks its id, issuer, subject or dates.") from error


def document_time(at: datetime) -> str:
    """Return a moment as it is written in documents: UTC, to the second."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def read_moment(text: str) -> datetime:
    """Read back what `document_time` wrote.

    Raises:
        ValueError: it is written in any other way.
    """
    at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if document_time(at) != text:
        raise ValueError(f"{text} is not a moment in its one written form.")
    return at


def _seconds(text: str) -> int:
    return int(read_moment(text).timestamp())


def _check_claims(payload: Mapping[str, Any], document: Mapping[str, Any], did: str) -> None:
    try:
        expected = registered_claims(document)
    except ValueError as error:
        raise BadToken(str(error)) from error
    stated = {name: payload.get(name) for name in REGISTERED}
    if _json(stated) != _json({name: expected[name] for name in REGISTERED}):  # as text: 1, 1.0 and true differ
        raise BadToken("Its claims iss, jti, nbf, exp and sub do not repeat what the document says.")
    if expected["iss"] != did:
        raise BadToken("It is a document of another issuer.")


def _public(key: Key) -> ec.EllipticCurvePublicKey:
    if not isinstance(key, Mapping):
        inside = key.public_key() if isinstance(key, x509.Certificate) else key
        if not isinstance(inside, ec.EllipticCurvePublicKey) or not isinstance(inside.curve, ec.SECP256R1):
            raise BadToken("The known key is not on the curve P-256.")
        return inside
    try:
        public = ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")}).public_key
        written = jwk_of(public)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise BadToken("The known key is not a point on P-256.") from error
    if any(key.get(name) != value for name, value in written.items()):
        raise BadToken("The known key is not a P-256 key in its one written form.")
    return public


def _packed(values: Mapping[str, Any]) -> str:
    return _base64(_json(values).encode())


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(part: str) -> bytes:
    """Decode base64url in its one written form, so that a signed text cannot be spelled in two ways."""
    try:
        content = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadToken("A part of it is not base64url.") from error
    if _base64(content) != part:
        raise BadToken("A part of it is not base64url in its one written form.")
    return content


def _unpacked(part: str) -> dict[str, Any]:
    try:
        values = json.loads(_bytes(part).decode(), object_pairs_hook=_each_once, parse_constant=_no_constant)
        _json(values).encode()  # a lone surrogate or an endless number cannot be written again
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadToken):
            raise
        raise BadToken("A part of it is not JSON that we could have written.") from error
    if not isinstance(values, dict):
        raise BadToken("A part of it is not a JSON object.")
    return values


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):  # readers disagree on which of two equal names counts
        raise BadToken("It says something twice under one name.")
    return values


def _no_constant(name: str) -> Any:
    raise BadToken(f"{name} is not a number in JSON.")
