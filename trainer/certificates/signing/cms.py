"""Write a CMS signature (RFC 5652): one signer, ECDSA over SHA-256, its certificates, and what it signed.

A paper's signature and a timestamp have the same shape: they differ in what they are over, and whether they carry it.
Whoever checks one composes it again from what is signed, and must get the same bytes (decision 0026).

asn1crypto writes each value, once, and the values are put together here: its own `SignedData` orders the certificates
anew, adds parameters to SHA-256, and writes everything anew in which a length happens to end in 80 (decision 0043).
"""

import hashlib
from collections.abc import Callable, Sequence

from asn1crypto import core
from asn1crypto.algos import DigestAlgorithmId, SignedDigestAlgorithmId
from asn1crypto.tsp import CMSAttributeType, ContentType  # those of asn1crypto.cms, with the names of timestamps
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from trainer.certificates.signing.keys import SigningKey
from trainer.registry.lower_s import lowered


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE of parts that are already written, or of the contents of one that was read."""
    return bytes(core.Sequence(contents=b"".join(parts)).dump())


DATA: bytes = ContentType("data").dump()
TST_INFO: bytes = ContentType("tst_info").dump()
TIMESTAMP_TOKEN: bytes = CMSAttributeType("signature_time_stamp_token").dump()
SHA256 = sequence(DigestAlgorithmId("sha256").dump())  # without parameters (RFC 5754 §2)
_ECDSA_WITH_SHA256 = sequence(SignedDigestAlgorithmId("sha256_ecdsa").dump())
_SIGNED_DATA: bytes = ContentType("signed_data").dump()
_CONTENT_TYPE: bytes = CMSAttributeType("content_type").dump()
_MESSAGE_DIGEST: bytes = CMSAttributeType("message_digest").dump()
_SIGNING_CERTIFICATE_V2: bytes = CMSAttributeType("signing_certificate_v2").dump()


def signature_over(
    digest: bytes,
    *,
    kind: bytes,
    key: SigningKey,
    above: Sequence[x509.Certificate],
    content: bytes | None = None,
    afterwards: Callable[[bytes], bytes] = lambda signature: b"",
) -> bytes:
    """Return a ContentInfo that signs the SHA-256 of something.

    Args:
        digest: that SHA-256.
        kind: the identifier of its content type, written.
        key: signs, and names its certificate.
        above: the certificates that vouch for the signer's, to be carried along.
        content: what was signed, when it travels inside; None when it is elsewhere.
        afterwards: gives an unsigned attribute, once the signature is known, or nothing.
    """
    signer = key.certificate
    issuer, serial = _issuer_and_serial(signer)
    # ESSCertIDv2 (RFC 5035) ties the signature to one certificate; SHA-256 is its default hash.
    signer_hash = _octets(hashlib.sha256(certificate_der(signer)).digest())
    named = sequence(signer_hash, sequence(sequence(_tagged(4, issuer)), serial))
    attributes = sorted(  # as DER orders a SET OF
        (
            attribute(_CONTENT_TYPE, kind),
            attribute(_MESSAGE_DIGEST, _octets(digest)),
            attribute(_SIGNING_CERTIFICATE_V2, sequence(sequence(named))),
        )
    )
    signature = lowered(key.sign(hashlib.sha256(_set(*attributes)).digest()))
    return composed_der(
        [signer, *above],
        kind=kind,
        content=content,
        attributes=b"".join(attributes),
        signature=signature,
        unsigned=afterwards(signature),
    )


def composed_der(
    certificates: Sequence[x509.Certificate],
    *,
    kind: bytes,
    attributes: bytes,
    signature: bytes,
    content: bytes | None = None,
    unsigned: bytes = b"",
) -> bytes:
    """Return the one way in which a signature of ours is written down; its signer's certificate comes first."""
    signer_info = sequence(
        _number(1),
        sequence(*_issuer_and_serial(certificates[0])),
        SHA256,
        _tagged(0, attributes),
        _ECDSA_WITH_SHA256,
        _octets(signature),
        _tagged(1, unsigned) if unsigned else b"",
    )
    signed_data = sequence(
        _number(1 if content is None else 3),
        _set(SHA256),
        sequence(kind, b"" if content is None else _tagged(0, _octets(content))),
        _tagged(0, *map(certificate_der, certificates)),
        _set(signer_info),
    )
    return sequence(_SIGNED_DATA, _tagged(0, signed_data))


def attribute(kind: bytes, value: bytes) -> bytes:
    """Return an attribute with one value."""
    return sequence(kind, _set(value))


def certificate_der(certificate: x509.Certificate) -> bytes:
    """Return a certificate in DER."""
    return certificate.public_bytes(serialization.Encoding.DER)


def _issuer_and_serial(certificate: x509.Certificate) -> tuple[bytes, bytes]:
    return certificate.issuer.public_bytes(), _number(certificate.serial_number)


def _set(*parts: bytes) -> bytes:
    return bytes(core.SetOf(contents=b"".join(parts)).dump())


def _tagged(number: int, *parts: bytes) -> bytes:
    """Return parts under a constructed context-specific tag."""
    return bytes(core.Sequence(contents=b"".join(parts), implicit=number).dump())


def _number(value: int) -> bytes:
    return bytes(core.Integer(value).dump())


def _octets(content: bytes) -> bytes:
    return bytes(core.OctetString(content).dump())
