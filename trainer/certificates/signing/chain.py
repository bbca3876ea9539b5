"""What our certificates say: a root that vouches for signing keys and for a timestamp key."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

_LONGEST_NAME = 64  # of an organisation, and of what is certified (RFC 5280, appendix A.1); counted as bytes of UTF-8
ROOT_YEARS, SIGNER_YEARS, TIMESTAMP_YEARS = 20, 2, 10
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
# with document signing alone, widespread PDF readers do not know what the certificate is for
_SIGNS_PAPERS = x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
_SIGNS_TIMESTAMPS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])


def root_certificate(key: ec.EllipticCurvePrivateKey, *, issuer: str, begins: datetime) -> x509.Certificate:
    """Return the certificate in which a root vouches for itself."""
    name = _name(issuer, "Root")
    return (
        _builder(name, name, key.public_key(), begins, ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .sign(key, hashes.SHA384())
    )


def signer_certificate(
    public: ec.EllipticCurvePublicKey,
    *,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    issuer: str,
    begins: datetime,
) -> x509.Certificate:
    """Return the certificate in which the root vouches for a key that signs papers and credentials."""
    builder = _builder(_name(issuer, "Certificates"), root.subject, public, begins, SIGNER_YEARS)
    return _below(builder, root_key).add_extension(_SIGNS_PAPERS, critical=False).sign(root_key, hashes.SHA384())


def timestamp_certificate(
    public: ec.EllipticCurvePublicKey,
    *,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    issuer: str,
    begins: datetime,
) -> x509.Certificate:
    """Return the certificate in which the root vouches for a key that signs timestamps and nothing else."""
    builder = _builder(_name(issuer, "Timestamps"), root.subject, public, begins, TIMESTAMP_YEARS)
    # RFC 3161 §2.3 asks for exactly this purpose, marked critical
    return _below(builder, root_key).add_extension(_SIGNS_TIMESTAMPS, critical=True).sign(root_key, hashes.SHA384())


def _below(builder: x509.CertificateBuilder, root_key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
    )


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
    common = _cut(issuer, _LONGEST_NAME - len(f" – {role}".encode())) + f" – {role}"
    parts = ((NameOID.ORGANIZATION_NAME, _cut(issuer, _LONGEST_NAME)), (NameOID.COMMON_NAME, common))
    return x509.Name([x509.NameAttribute(kind, words) for kind, words in parts])


def _cut(words: str, size: int) -> str:
    """Return as many letters as find room in this many bytes of UTF-8."""
    return words.encode()[:size].decode(errors="ignore")


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
