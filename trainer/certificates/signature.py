"""Sign a paper: fill the place that was left for it, without a second revision.

The signature is CMS (RFC 5652) over SHA-256 and ECDSA P-256, at PAdES baseline level B-B (ETSI EN
319 142-1): its signed attributes name the signing certificate, and the time stands in the field's `/M`.
The structure is small and fixed, so it is written out here, with every part in sight.
"""

import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from trainer.certificates.authority import Authority
from trainer.errors import Broken

CONTENTS_BYTES = 4096
"""Room for the CMS structure, in bytes; ours needs about 1,900."""
BYTE_RANGE_HOLE = b"[0 0000000000 0000000000 0000000000]"
CONTENTS_HOLE = b"<" + b"0" * (2 * CONTENTS_BYTES) + b">"


def signed(unsigned: bytes, authority: Authority) -> bytes:
    """Return the file with its `/ByteRange` and `/Contents` filled; nothing else changes.

    The same file and key give the same bytes, as the ECDSA nonce is derived (RFC 6979).

    Raises:
        Broken: the file has no place, or more than one, for a signature.
    """
    if unsigned.count(BYTE_RANGE_HOLE) != 1 or unsigned.count(CONTENTS_HOLE) != 1:
        raise Broken("The paper has no single place for a signature; its layout must have gone wrong.")
    hole = unsigned.index(CONTENTS_HOLE)
    after = hole + len(CONTENTS_HOLE)
    written = b"[0 %d %d %d]" % (hole, after, len(unsigned) - after)
    ranged = unsigned.replace(BYTE_RANGE_HOLE, written.ljust(len(BYTE_RANGE_HOLE)))
    digest = hashlib.sha256(ranged[:hole] + ranged[after:]).digest()
    contents = _cms(digest, authority)
    if len(contents) > CONTENTS_BYTES:
        raise Broken("The signature needs more room than the paper leaves for it; use a shorter certificate chain.")
    return ranged[:hole] + b"<" + contents.hex().encode().ljust(2 * CONTENTS_BYTES, b"0") + b">" + ranged[after:]


def _cms(digest: bytes, authority: Authority) -> bytes:
    """Return the ContentInfo with one signer and both certificates (RFC 5652 §5)."""
    signer, root = _written(authority.signer), _written(authority.root)
    issuer, serial = authority.signer.issuer.public_bytes(), _integer(authority.signer.serial_number)
    # ESSCertIDv2 (RFC 5035) ties the signature to one certificate; SHA-256 is its default hash.
    named = _sequence(_octets(hashlib.sha256(signer).digest()), _sequence(_sequence(_tagged(4, issuer)), serial))
    attributes = b"".join(
        sorted(  # a DER set is ordered by its parts' bytes
            (
                _sequence(_CONTENT_TYPE, _set(_DATA)),
                _sequence(_MESSAGE_DIGEST, _set(_octets(digest))),
                _sequence(_SIGNING_CERTIFICATE_V2, _set(_sequence(_sequence(named)))),
            )
        )
    )
    signature = authority.key.sign(_set(attributes), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    signer_info = _sequence(
        _integer(1),
        _sequence(issuer, serial),
        _sequence(_SHA256),
        _tagged(0, attributes),
        _sequence(_ECDSA_WITH_SHA256),
        _octets(signature),
    )
    signed_data = _sequence(
        _integer(1),
        _set(_sequence(_SHA256)),
        _sequence(_DATA),
        _tagged(0, signer + root),
        _set(signer_info),
    )
    return _sequence(_SIGNED_DATA, _tagged(0, signed_data))


def _der(tag: int, content: bytes) -> bytes:
    """Return one value in DER (X.690): tag, length, content."""
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _der(0x30, b"".join(parts))


def _set(content: bytes) -> bytes:
    return _der(0x31, content)


def _octets(content: bytes) -> bytes:
    return _der(0x04, content)


def _tagged(number: int, content: bytes) -> bytes:
    return _der(0xA0 | number, content)


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _identifier(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = bytearray((40 * first + second,))
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.insert(0, number & 0x7F | 0x80)
        content += bytes(groups)
    return _der(0x06, bytes(content))


def _written(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


_DATA = _identifier("1.2.840.113549.1.7.1")
_SIGNED_DATA = _identifier("1.2.840.113549.1.7.2")
_CONTENT_TYPE = _identifier("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = _identifier("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = _identifier("1.2.840.113549.1.9.16.2.47")
_SHA256 = _identifier("2.16.840.1.101.3.4.2.1")
_ECDSA_WITH_SHA256 = _identifier("1.2.840.10045.4.3.2")
