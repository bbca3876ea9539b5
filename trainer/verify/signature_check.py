"""Check the signature of a paper as we sign it, without a PDF parser and with no mercy for any other shape.

What is signed is found by bytes alone: one revision, one signature, and a range that leaves out nothing but the
signature itself. The signature is CMS (RFC 5652) with ESSCertIDv2 (RFC 5035), by ECDSA P-256 over SHA-256; a
timestamp (RFC 3161) in its unsigned attributes must be about it. PDF readers are more lenient, and are fooled:
C. Mainka et al., "1 Trillion Dollar Refund", CCS 2019.

Most of a CMS structure is not signed, and anybody can write it anew without breaking the signature: in another order,
with parts left out or added, with the other s. So it is composed again from what is signed, and must be the same.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from trainer.certificates.signing.cms import DATA, TIMESTAMP_TOKEN, TST_INFO, attribute, composed_der, sequence
from trainer.certificates.signing.cms_check import HASHES, BadSignature, certificates_in, leads_to, only_value, verified
from trainer.certificates.signing.timestamps import OUR_POLICY
from trainer.registry.lower_s import lowered

HEAD, END = b"%PDF-1.7\n", b"%%EOF\n"
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
LARGEST_HOLE = 10 * 1024
"""So many bytes of a signature are parsed at all: our papers leave room for no more (decision 0012)."""
_PLACE = re.compile(rb"/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] {0,40}/Contents <([0-9a-f]{4,})>")


@dataclass(frozen=True, kw_only=True)
class PaperSignature:
    """Who signed a paper.

    Attributes:
        signer: the certificate of the key.
        timestamped: the moment that its timestamp vouches for, or None without one.
        covers: how many bytes are signed: all but the signature itself, in its angle brackets.
    """

    signer: x509.Certificate
    timestamped: datetime | None
    covers: int


def check_signature(
    content: bytes,
    *,
    root: x509.Certificate,
    pinned: Collection[x509.Certificate] = (),
    stamping: Collection[x509.Certificate] = (),
    timestampers: Sequence[x509.Certificate] = (),
) -> PaperSignature:
    """Return who signed a paper, when it is whole and by a pinned key or one that the root vouches for.

    `stamping` are the pinned keys that never sign without a timestamp; `timestampers` are the roots of trusted
    timestamps, beside our own.

    Raises:
        BadSignature: any other case; the message says which.
    """
    with _strictly():
        ranged, written = _signed_part(content)
        signed = _signed_data(written)
        signer, _ = _signer_of(signed, ranged, root, pinned)
        info = signed["signer_infos"][0]
        token = _token_in(info)
        if token is None and signer in stamping:
            raise BadSignature("The timestamp is missing, which the key of this signature always adds.")
        unsigned = attribute(TIMESTAMP_TOKEN, sequence(token.contents)) if token else b""
        if written != _composed(info, (signer, root), kind=DATA, unsigned=unsigned):
            raise BadSignature("The signature is not written as ours are.")
        timestamped = _timestamp(token, info["signature"].native, root, timestampers) if token else None
        return PaperSignature(signer=signer, timestamped=timestamped, covers=len(ranged))


def signed_bytes(
    content: bytes, *, root: x509.Certificate, pinned: Collection[x509.Certificate] = ()
) -> tuple[x509.Certificate, bytes]:
    """Return whose key signed a paper, and what it signed, however the signature is written.

    Raises:
        BadSignature: no key that is trusted here signed it.
    """
    with _strictly():
        ranged, written = _signed_part(content)
        signer, _ = _signer_of(_signed_data(written), ranged, root, pinned)
        return signer, ranged


def without_signature(content: bytes) -> bytes:
    """Return the bytes of a paper of ours that its signature is about; of anything else, all of it."""
    try:
        return _signed_part(content)[0]
    except (BadSignature, IndexError):
        return content


@contextmanager
def _strictly() -> Iterator[None]:
    """Take whatever a hostile structure makes a parser say for what it is: no signature of ours."""
    try:
        yield
    except BadSignature:
        raise
    except Exception as error:
        raise BadSignature("The signature is not written as ours are.") from error


def _signer_of(
    signed: cms.SignedData, ranged: bytes, root: x509.Certificate, pinned: Collection[x509.Certificate]
) -> tuple[x509.Certificate, cms.CMSAttributes]:
    if signed["encap_content_info"]["content"].native is not None:
        raise BadSignature("The signature brings its own text instead of being about the file.")
    signer, attributes = verified(signed, ranged, only=("sha256",))
    _check_named(attributes, signer)
    if signer not in pinned and not leads_to(signer, certificates_in(signed), [root], _DOCUMENT_SIGNING):
        raise BadSignature("No authority that is trusted here vouches for the signer.")
    return signer, attributes


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
    if len(place[4]) % 2:  # asked here: a pattern of pairs takes a hundred bytes of memory for each of them
        raise BadSignature("The signature is not written as ours are.")
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


def _check_named(attributes: cms.CMSAttributes, signer: x509.Certificate) -> None:
    """Let a signature pass whose signed attributes name the very certificate, and by SHA-256 (ESSCertIDv2)."""
    key = signer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadSignature("The signature is by another kind of key than ours.")
    named = only_value(attributes, "signing_certificate_v2")["certs"][0]
    digest = hashlib.sha256(signer.public_bytes(Encoding.DER)).digest()
    if named["hash_algorithm"]["algorithm"].native != "sha256" or named["cert_hash"].native != digest:
        raise BadSignature("The signature names another certificate than the one it brings.")


def _composed(info: cms.SignerInfo, certificates: Sequence[x509.Certificate], **parts: bytes) -> bytes:
    """Return the one way in which we write down what was signed."""
    return composed_der(
        certificates,
        attributes=info["signed_attrs"].contents,
        signature=encode_dss_signature(*decode_dss_signature(info["signature"].native)),
        **parts,
    )


def _token_in(info: cms.SignerInfo) -> cms.ContentInfo | None:
    """Return the timestamp beside a signature, or None without one."""
    tokens = [
        attribute["values"][0]
        for attribute in info["unsigned_attrs"]
        if attribute["type"].native == "signature_time_stamp_token"
    ]
    if len(tokens) != len(info["unsigned_attrs"]) or len(tokens) > 1:
        raise BadSignature("The signature has more beside it than one timestamp.")
    return tokens[0] if tokens else None


def _timestamp(
    token: cms.ContentInfo, signature: bytes, root: x509.Certificate, others: Sequence[x509.Certificate]
) -> datetime:
    """Return the moment of the timestamp on a signature.

    One of an authority that is unknown here is refused: it could not be told from one that was tampered with.
    """
    signed = token["content"]
    carried = signed["encap_content_info"]["content"]
    stated: tsp.TSTInfo = carried.parsed
    imprint = stated["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    expected = hashlib.new(algorithm, signature).digest() if algorithm in HASHES else b""
    if imprint["hashed_message"].native != expected:
        raise BadSignature("The timestamp is about another signature.")
    authority, _ = verified(signed, carried.contents)
    pool = certificates_in(signed)
    if leads_to(authority, pool, [root], ExtendedKeyUsageOID.TIME_STAMPING):
        _check_own(token, signed, authority, root, policy=stated["policy"].dotted)
    elif not leads_to(authority, pool, others, ExtendedKeyUsageOID.TIME_STAMPING):
        raise BadSignature("No authority that is trusted here vouches for the timestamp.")
    moment: datetime = stated["gen_time"].native
    return moment


def _check_own(
    token: cms.ContentInfo, signed: cms.SignedData, authority: x509.Certificate, root: x509.Certificate, *, policy: str
) -> None:
    """Let a token of ours pass that is written in the one way in which we write them."""
    info, content = signed["signer_infos"][0], signed["encap_content_info"]["content"].contents
    signature = info["signature"].native
    if sequence(token.contents) != _composed(info, (authority, root), kind=TST_INFO, content=content) or (
        policy == OUR_POLICY and signature != lowered(signature)
    ):
        raise BadSignature("The timestamp is not written as ours are.")
