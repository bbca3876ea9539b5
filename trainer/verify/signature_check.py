"""Check the signature of a paper as we sign it, without a PDF parser and with no mercy for any other shape.

What is signed is found by bytes alone: one revision, one signature, and a range that leaves out nothing but the
signature itself. The signature is CMS (RFC 5652) with ESSCertIDv2 (RFC 5035), by ECDSA P-256 over SHA-256; a
timestamp (RFC 3161) in its unsigned attributes must be about it. PDF readers are more lenient, and are fooled:
C. Mainka et al., "1 Trillion Dollar Refund", CCS 2019.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

HEAD, END = b"%PDF-1.7\n", b"%%EOF\n"
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
LONGEST_CHAIN = 4
LARGEST_HOLE = 16 * 1024  # bytes of a signature that are parsed at all; papers leave room for 10 KiB (decision 0012)
_PLACE = re.compile(rb"/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] {0,40}/Contents <([0-9a-f]*)>")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_SHA256 = bytes.fromhex("300b0609608648016503040201")
_ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class BadSignature(ValueError):
    """This is not a paper of ours, unchanged."""


@dataclass(frozen=True, kw_only=True)
class PaperSignature:
    """Who signed a paper.

    Attributes:
        signer: the certificate of the key.
        timestamped: the moment that its timestamp vouches for, or None without one.
    """

    signer: x509.Certificate
    timestamped: datetime | None


def check_signature(
    content: bytes,
    *,
    root: x509.Certificate,
    pinned: Collection[x509.Certificate] = (),
    timestampers: Sequence[x509.Certificate] = (),
) -> PaperSignature:
    """Return who signed a paper, when it is whole and by a pinned key or one that the root vouches for.

    `timestampers` are the roots of trusted timestamps, beside our own.

    Raises:
        BadSignature: any other case; the message says which.
    """
    try:
        ranged, written = _signed_part(content)
        signed = _signed_data(written)
        if signed["encap_content_info"]["content"].native is not None:
            raise BadSignature("The signature brings its own text instead of being about the file.")
        signer, attributes = _verified(signed, ranged, only=("sha256",))
        _check_named(attributes, signer)
        _check_shape(written, signed, signer, root)
        if signer not in pinned and not _leads_to(signer, _certificates(signed), [root], DOCUMENT_SIGNING):
            raise BadSignature("No authority that is trusted here vouches for the signer.")
        timestamped = _timestamp(signed["signer_infos"][0], root, timestampers)
    except BadSignature:
        raise
    except Exception as error:  # whatever a hostile structure makes a parser say, it is no signature of ours
        raise BadSignature("The signature is not written as ours are.") from error
    return PaperSignature(signer=signer, timestamped=timestamped)


def _signed_part(content: bytes) -> tuple[bytes, bytes]:
    """Return the bytes that are signed and the signature, when the file has the shape of ours."""
    if not (content.startswith(HEAD) and content.endswith(END) and content.count(b"%%EOF") == 1):
        raise BadSignature("The file is not one single revision.")
    places = list(_PLACE.finditer(content))
    if len(places) != 1 or content.count(b"/ByteRange") != 1:
        raise BadSignature("The file has no single signature of our shape.")
    (place,) = places
    hole, after, rest = int(place[1]), int(place[2]), int(place[3])
    if len(place[4]) > 2 * LARGEST_HOLE:
        raise BadSignature("The signature is longer than any of ours.")
    if hole != place.start(4) - 1 or after != place.end(4) + 1 or after + rest != len(content):
        raise BadSignature("The signature does not cover the whole file.")
    return content[:hole] + content[after:], _without_padding(bytes.fromhex(place[4].decode()))


def _without_padding(padded: bytes) -> bytes:
    """Return the one DER value at the beginning; what fills the hole behind it must be zeros."""
    count = padded[1] & 0x7F if padded[1] & 0x80 else 0
    length = int.from_bytes(padded[2 : 2 + count], "big") if count else padded[1]
    end = 2 + count + length
    if padded[0] != 0x30 or end > len(padded) or any(padded[end:]):
        raise BadSignature("The signature is not written as ours are.")
    return padded[:end]


def _signed_data(written: bytes) -> cms.SignedData:
    info = cms.ContentInfo.load(written, strict=True)
    if info["content_type"].native != "signed_data" or len(info["content"]["signer_infos"]) != 1:
        raise BadSignature("The signature does not have exactly one signer.")
    return info["content"]


def _certificates(signed: cms.SignedData) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(one.chosen.dump()) for one in signed["certificates"]]


def _verified(
    signed: cms.SignedData, content: bytes, *, only: Collection[str] = tuple(_HASHES)
) -> tuple[x509.Certificate, cms.CMSAttributes]:
    """Return the signer's certificate and the signed attributes, when the one signer did sign this content."""
    info = signed["signer_infos"][0]
    algorithm, attributes = info["digest_algorithm"]["algorithm"].native, info["signed_attrs"]
    if algorithm not in only:
        raise BadSignature("The signature uses another hash than ours do.")
    if _value(attributes, "content_type").native != signed["encap_content_info"]["content_type"].native:
        raise BadSignature("The signature is about another kind of content.")
    if _value(attributes, "message_digest").native != hashlib.new(algorithm, content).digest():
        raise BadSignature("The file was changed after it was signed.")
    sid = info["sid"].chosen
    for certificate in _certificates(signed):
        written = (certificate.issuer.public_bytes(), certificate.serial_number)
        if written == (sid["issuer"].dump(), sid["serial_number"].native):
            _check_key_signed(certificate, info["signature"].native, b"\x31" + attributes.dump()[1:], algorithm)
            return certificate, attributes
    raise BadSignature("The certificate of the signer is missing.")


def _value(attributes: cms.CMSAttributes, name: str) -> cms.CMSAttribute:
    values = [one["values"] for one in attributes if one["type"].native == name]
    if len(values) != 1 or len(values[0]) != 1:
        raise BadSignature(f"The signature does not have exactly one attribute {name}.")
    return values[0][0]


def _check_key_signed(certificate: x509.Certificate, signature: bytes, message: bytes, algorithm: str) -> None:
    key, hashed = certificate.public_key(), _HASHES[algorithm]
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(hashed))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashed)
        else:
            raise BadSignature("The signature is by another kind of key than ours.")
    except InvalidSignature as error:
        raise BadSignature("The signature does not fit.") from error


def _check_named(attributes: cms.CMSAttributes, signer: x509.Certificate) -> None:
    """Let a signature pass whose signed attributes name the very certificate, and by SHA-256 (ESSCertIDv2)."""
    key = signer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadSignature("The signature is by another kind of key than ours.")
    named = _value(attributes, "signing_certificate_v2")["certs"][0]
    digest = hashlib.sha256(signer.public_bytes(Encoding.DER)).digest()
    if named["hash_algorithm"]["algorithm"].native != "sha256" or named["cert_hash"].native != digest:
        raise BadSignature("The signature names another certificate than the one it brings.")


def _check_shape(written: bytes, signed: cms.SignedData, signer: x509.Certificate, root: x509.Certificate) -> None:
    """Let a structure pass that is, to the letter, the one way to write down its signed parts.

    Much of a CMS structure is not signed, so that a file could be changed there without breaking the signature.
    """
    info, about = signed["signer_infos"][0], signed["encap_content_info"]
    others = [one for one in _certificates(signed) if one != signer]
    if any(one != root and not _issued(one, root) for one in others):
        raise BadSignature("The signature brings certificates that nobody asked for.")
    carried = about["content"]
    content = _der(0xA0, _der(0x04, carried.contents)) if carried.native is not None else b""
    signer_info = _der(
        0x30,
        _integer(1),
        _der(0x30, signer.issuer.public_bytes(), info["sid"].chosen["serial_number"].dump()),
        _SHA256,
        _der(0xA0, info["signed_attrs"].contents),
        _ECDSA_WITH_SHA256,
        _der(0x04, info["signature"].native),
        info["unsigned_attrs"].dump() if info["unsigned_attrs"] else b"",
    )
    data = _der(
        0x30,
        _integer(3 if content else 1),
        _der(0x31, _SHA256),
        _der(0x30, about["content_type"].dump(), content),
        _der(0xA0, *(one.chosen.dump() for one in signed["certificates"])),
        _der(0x31, signer_info),
    )
    if written != _der(0x30, _SIGNED_DATA, _der(0xA0, data)):
        raise BadSignature("The signature is not written as ours are.")


def _integer(value: int) -> bytes:
    return bytes((0x02, 0x01, value))


def _der(tag: int, *parts: bytes) -> bytes:
    """Return one value in DER (X.690): tag, length, content."""
    content = b"".join(parts)
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, size) if size < 128 else (tag, 0x80 | len(length), *length)) + content


def _leads_to(
    leaf: x509.Certificate, pool: Sequence[x509.Certificate], roots: Collection[x509.Certificate], use: ObjectIdentifier
) -> bool:
    """Say whether a certificate is meant for this use and leads to one of the roots."""
    try:
        usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    if use not in usage or _may_issue(leaf):
        return False
    seen = leaf
    for _ in range(LONGEST_CHAIN):
        if any(_issued(seen, root) for root in roots):
            return True
        above = [one for one in pool if one != seen and _may_issue(one) and _issued(seen, one)]
        if not above:
            return False
        seen = above[0]
    return False


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _timestamp(info: cms.SignerInfo, root: x509.Certificate, others: Sequence[x509.Certificate]) -> datetime | None:
    """Return the moment of the timestamp on a signature, or None without one.

    One of an authority that is unknown here is refused: it could not be told from one that was tampered with.
    """
    tokens = [one["values"][0] for one in info["unsigned_attrs"] if one["type"].native == "signature_time_stamp_token"]
    if len(tokens) != len(info["unsigned_attrs"]) or len(tokens) > 1:
        raise BadSignature("The signature has more beside it than one timestamp.")
    if not tokens:
        return None
    signed = tokens[0]["content"]
    stated: tsp.TSTInfo = signed["encap_content_info"]["content"].parsed
    imprint = stated["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    expected = hashlib.new(algorithm, info["signature"].native).digest() if algorithm in _HASHES else b""
    if imprint["hashed_message"].native != expected:
        raise BadSignature("The timestamp is about another signature.")
    authority, _ = _verified(signed, signed["encap_content_info"]["content"].contents)
    pool = _certificates(signed)
    if _leads_to(authority, pool, [root], ExtendedKeyUsageOID.TIME_STAMPING):
        _check_shape(tokens[0].dump(), signed, authority, root)  # one of ours, which is written in one way only
    elif not _leads_to(authority, pool, others, ExtendedKeyUsageOID.TIME_STAMPING):
        raise BadSignature("No authority that is trusted here vouches for the timestamp.")
    moment: datetime = stated["gen_time"].native
    return moment
