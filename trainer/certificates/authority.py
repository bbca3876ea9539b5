"""The installation's own authority: a root that vouches for one signing key.

The folder `<instance>/authority/` is made at first use and holds four files, readable by their owner
alone. A real programme replaces them with a key and certificate of its own; nothing else changes.
"""

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from trainer.errors import Broken

ROOT_YEARS, SIGNER_YEARS = 20, 2
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336


@dataclass(frozen=True, kw_only=True)
class Authority:
    """Who signs.

    Attributes:
        key: the signing key, ECDSA P-256.
        signer: the certificate of that key.
        root: the certificate that vouches for it; a verifier pins this one.
    """

    key: ec.EllipticCurvePrivateKey
    signer: x509.Certificate
    root: x509.Certificate

    @property
    def root_pem(self) -> bytes:
        """Return the root certificate as text, for those who want to trust it."""
        return self.root.public_bytes(serialization.Encoding.PEM)


def is_established(instance: Path) -> bool:
    """Say whether the installation has an authority, whole or damaged."""
    return (instance / "authority").exists()


def authority_in(instance: Path, *, issuer: str, now: datetime) -> Authority:
    """Return the installation's authority, making it at first use.

    Two processes that begin at once agree: the first to put its folder into place decides.

    Raises:
        Broken: the folder is damaged or cannot be made, or the signing certificate has run out.
    """
    folder = instance / "authority"
    if not folder.is_dir():
        try:
            _establish(folder, issuer=issuer, now=now)
        except OSError as error:
            raise Broken(f"The signing keys cannot be kept in {instance} ({error.strerror}).") from error
    authority = _read(folder)
    if now > authority.signer.not_valid_after_utc:
        raise Broken(
            f"The signing certificate in {folder} ended on {authority.signer.not_valid_after_utc:%-d %B %Y}; "
            "put a new signer-key.pem and signer.pem there before issuing."
        )
    return authority


def _read(folder: Path) -> Authority:
    try:
        key = serialization.load_pem_private_key((folder / "signer-key.pem").read_bytes(), password=None)
        signer = x509.load_pem_x509_certificate((folder / "signer.pem").read_bytes())
        root = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
    except (OSError, ValueError) as error:
        raise Broken(f"{folder} does not hold a readable authority ({error}); restore it from a backup.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != signer.public_key():
        raise Broken(f"In {folder} the key and the certificate of the signer do not belong together.")
    try:
        signer.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise Broken(f"In {folder} the signer's certificate was not issued by root.pem; put both back.") from error
    return Authority(key=key, signer=signer, root=root)


def _establish(folder: Path, *, issuer: str, now: datetime) -> None:
    draft = folder.with_name(f"authority.{secrets.token_hex(6)}")
    draft.mkdir(mode=0o700, parents=True)
    try:
        for name, content in _generate(issuer, now).items():
            descriptor = os.open(draft / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
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


def _generate(issuer: str, now: datetime) -> dict[str, bytes]:
    begins = now - timedelta(days=1)  # clocks differ
    root_key, signer_key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, signer_name = _name(issuer, "Root"), _name(issuer, "Certificates")
    root = (
        _builder(root_name, root_name, root_key.public_key(), begins, ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .sign(root_key, hashes.SHA384())
    )
    signer = (
        _builder(signer_name, root_name, signer_key.public_key(), begins, SIGNER_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        # with document signing alone, widespread PDF readers do not know what the certificate is for
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA384())
    )
    return {
        "root-key.pem": _private(root_key),
        "root.pem": root.public_bytes(serialization.Encoding.PEM),
        "signer-key.pem": _private(signer_key),
        "signer.pem": signer.public_bytes(serialization.Encoding.PEM),
    }


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=round(365.25 * years)))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(issuer: str, role: str) -> x509.Name:
    parts = ((NameOID.ORGANIZATION_NAME, issuer[:64]), (NameOID.COMMON_NAME, f"{issuer[:48]} – {role}"))
    return x509.Name([x509.NameAttribute(kind, words) for kind, words in parts])


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
