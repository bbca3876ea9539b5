"""A signing key on a PKCS#11 token: a hardware module, a card, or SoftHSM. Loaded only where there is one."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from trainer.certificates.signing.keys import PASSPHRASE, SCHEME, SHA256_DIGEST
from trainer.errors import Broken


@dataclass(frozen=True)
class KeyOnToken:
    """A key that never leaves its PKCS#11 token."""

    certificate: x509.Certificate
    handle: Any = field(repr=False)
    turn: threading.Lock = field(default_factory=threading.Lock, repr=False)  # one session, one signature at a time

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256 value; the token gets the value itself, as not every token can hash.

        Raises:
            Broken: the token does not answer, or signs with another key.
        """
        try:
            with self.turn:
                raw = self.handle.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)
            half = len(raw) // 2
            signature = encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
            _public(self.certificate).verify(signature, digest, ec.ECDSA(SHA256_DIGEST))
        except pkcs11.PKCS11Error as error:
            raise Broken(
                f"The token with the signing key does not sign ({_named(error)}); nothing was signed."
            ) from error
        except InvalidSignature as error:
            raise Broken("The key and the certificate on the token do not belong together.") from error
        return signature


def key_on_token(address: str, *, pin: str) -> KeyOnToken:
    """Return the key at an address like `pkcs11:token=NAME;object=LABEL?module-path=/usr/lib/….so`.

    The token holds the private key and its certificate under the same label.

    Raises:
        Broken: the address, the token, the PIN, the key or its certificate is missing or wrong.
    """
    where = _parts(address)
    try:
        token = pkcs11.lib(where["module-path"]).get_token(token_label=where["token"])
        try:
            session = token.open(user_pin=pin)
        except pkcs11.exceptions.UserAlreadyLoggedIn:  # this process has the token open
            session = token.open()
        wanted = {pkcs11.Attribute.LABEL: where["object"]}
        [kept] = list(session.get_objects({**wanted, pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}))
        certificate = x509.load_der_x509_certificate(kept[pkcs11.Attribute.VALUE])
        handle = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=where["object"])
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        raise Broken(
            f"The signing key on token {where['token']!r} cannot be opened ({_named(error)}); check the address "
            f"in TRAINER_SIGNING_KEY and the PIN in {PASSPHRASE}."
        ) from error
    except ValueError as error:
        raise Broken(
            f"Token {where['token']!r} must hold exactly one certificate with the label {where['object']!r}."
        ) from error
    key = KeyOnToken(certificate, handle)
    key.sign(bytes(32))  # a key of another kind, or another one than the certificate's, shows now
    return key


def _public(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise Broken("The certificate on the token must be for an ECDSA key on the curve P-256.")
    return public


def _parts(address: str) -> Mapping[str, str]:
    path, _, query = address.removeprefix(SCHEME).partition("?")
    pairs = (part.partition("=") for part in (*path.split(";"), *query.split("&")) if part)
    where = {name: unquote(value) for name, _, value in pairs}
    if missing := [name for name in ("token", "object", "module-path") if not where.get(name)]:
        raise Broken(
            f"TRAINER_SIGNING_KEY lacks {missing[0]}=…; a token's address needs token, object and module-path."
        )
    return where


def _named(error: Exception) -> str:
    return str(error) or type(error).__name__
