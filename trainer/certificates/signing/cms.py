"""Write a CMS signature (RFC 5652): one signer, ECDSA over SHA-256, its certificates, and what it signed.

The structure is small and fixed, so it is written out here, with every part in sight. A paper's signature
and a timestamp have the same shape: they differ in what they are over, and whether they carry it.
"""

import hashlib
from collections.abc import Callable, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from trainer.certificates.signing.der import identifier, integer, octets, sequence, set_of, tagged
from trainer.certificates.signing.keys import SigningKey
from trainer.registry.lower_s import lowered

DATA = identifier("1.2.840.113549.1.7.1")
SHA256 = sequence(identifier("2.16.840.1.101.3.4.2.1"))
_SIGNED_DATA = identifier("1.2.840.113549.1.7.2")
_CONTENT_TYPE = identifier("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = identifier("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = identifier("1.2.840.113549.1.9.16.2.47")
_ECDSA_WITH_SHA256 = sequence(identifier("1.2.840.10045.4.3.2"))


def signature_over(
    digest: bytes,
    *,
    kind: bytes,
    key: SigningKey,
    above: Sequence[x509.Certificate],
    content: bytes | None = None,
    afterwards: Callable[[bytes], Sequence[bytes]] = lambda signature: (),
) -> bytes:
    """Return a ContentInfo that signs the SHA-256 of something.

    Args:
        digest: that SHA-256.
        kind: the identifier of its content type, written.
        key: signs, and names its certificate.
        above: the certificates that vouch for the signer's, to be carried along.
        content: what was signed, when it travels inside; None when it is elsewhere.
        afterwards: gives the unsigned attributes, once the signature is known.
    """
    signer = written(key.certificate)
    issuer, serial = key.certificate.issuer.public_bytes(), integer(key.certificate.serial_number)
    # ESSCertIDv2 (RFC 5035) ties the signature to one certificate; SHA-256 is its default hash.
    named = sequence(octets(hashlib.sha256(signer).digest()), sequence(sequence(tagged(4, issuer)), serial))
    attributes = set_of(
        attribute(_CONTENT_TYPE, kind),
        attribute(_MESSAGE_DIGEST, octets(digest)),
        attribute(_SIGNING_CERTIFICATE_V2, sequence(sequence(named))),
    )
    signature = lowered(key.sign(hashlib.sha256(attributes).digest()))
    unsigned = b"".join(sorted(afterwards(signature)))
    signer_info = sequence(
        integer(1),
        sequence(issuer, serial),
        SHA256,
        _tagged_instead(0, attributes),
        _ECDSA_WITH_SHA256,
        octets(signature),
        tagged(1, unsigned) if unsigned else b"",
    )
    signed_data = sequence(
        integer(1 if kind == DATA else 3),
        set_of(SHA256),
        sequence(kind, b"" if content is None else tagged(0, octets(content))),
        tagged(0, b"".join((signer, *map(written, above)))),
        set_of(signer_info),
    )
    return sequence(_SIGNED_DATA, tagged(0, signed_data))


def attribute(kind: bytes, value: bytes) -> bytes:
    """Return an attribute with one value."""
    return sequence(kind, set_of(value))


def written(certificate: x509.Certificate) -> bytes:
    """Return a certificate in DER."""
    return certificate.public_bytes(serialization.Encoding.DER)


def _tagged_instead(number: int, value: bytes) -> bytes:
    """Return a constructed value with its own tag replaced (IMPLICIT)."""
    return bytes((0xA0 | number,)) + value[1:]
