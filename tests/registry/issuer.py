"""An issuer's key as the tests need it, and the world that looks up what we publish."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from flask.testing import FlaskClient

from trainer.registry.did import did_of
from trainer.registry.issuer_keys import kid_of

BASE_URL = "http://localhost"
DID = did_of(BASE_URL)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A key in our hands; hardware would offer the same two things."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def sign(self, digest: bytes) -> bytes:
        return self.private.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))

    @property
    def kid(self) -> str:
        return kid_of(self.private.public_key())

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


@dataclass(frozen=True, kw_only=True)
class Office:
    """As much of an authority as signing a credential needs."""

    key: Held


def held_key(curve: ec.EllipticCurve | None = None) -> Held:
    private = ec.generate_private_key(curve or ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Issuer in a test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2028, 1, 1, tzinfo=UTC))
        .sign(private, hashes.SHA256())
    )
    return Held(private=private, certificate=certificate)


def the_web(browser: FlaskClient) -> Callable[[str], bytes]:
    """The world wide web, as far as it is served by this application."""

    def fetch(url: str) -> bytes:
        path = url.partition("://localhost")[2]
        answer = browser.get(path)
        if answer.status_code != 200:
            raise OSError(f"{url}: {answer.status_code}")
        return answer.data

    return fetch
