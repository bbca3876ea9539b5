"""Read a CMS signature (RFC 5652): whose key signed which content, and whether a root vouches for that key."""

import hashlib
from collections.abc import Collection, Sequence

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ObjectIdentifier

LONGEST_CHAIN = 4
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class BadSignature(ValueError):
    """This is not a paper of ours, unchanged."""


def certificates_in(signed: cms.SignedData) -> list[x509.Certificate]:
    """Return the certificates that a signature brings along; nothing is known of them yet."""
    return [x509.load_der_x509_certificate(one.chosen.dump()) for one in signed["certificates"]]


def verified(
    signed: cms.SignedData, content: bytes, *, only: Collection[str] = tuple(HASHES)
) -> tuple[x509.Certificate, cms.CMSAttributes]:
    """Return the signer's certificate and the signed attributes, when the one signer did sign this content.

    Raises:
        BadSignature: they did not.
    """
    info = signed["signer_infos"][0]
    algorithm, attributes = info["digest_algorithm"]["algorithm"].native, info["signed_attrs"]
    if algorithm not in only:
        raise BadSignature("The signature uses another hash than ours do.")
    if only_value(attributes, "content_type").native != signed["encap_content_info"]["content_type"].native:
        raise BadSignature("The signature is about another kind of content.")
    if only_value(attributes, "message_digest").native != hashlib.new(algorithm, content).digest():
        raise BadSignature("The file was changed after it was signed.")
    sid = info["sid"].chosen
    for certificate in certificates_in(signed):
        written = (certificate.issuer.public_bytes(), certificate.serial_number)
        if written == (sid["issuer"].dump(), sid["serial_number"].native):
            _check_key_signed(certificate, info["signature"].native, b"\x31" + attributes.dump()[1:], algorithm)
            return certificate, attributes
    raise BadSignature("The certificate of the signer is missing.")


def only_value(attributes: cms.CMSAttributes, name: str) -> cms.CMSAttribute:
    """Return the one value of the one attribute of this name.

    Raises:
        BadSignature: there are none, or more.
    """
    values = [one["values"] for one in attributes if one["type"].native == name]
    if len(values) != 1 or len(values[0]) != 1:
        raise BadSignature(f"The signature does not have exactly one attribute {name}.")
    return values[0][0]


def _check_key_signed(certificate: x509.Certificate, signature: bytes, message: bytes, algorithm: str) -> None:
    key, hashed = certificate.public_key(), HASHES[algorithm]
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(hashed))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashed)
        else:
            raise BadSignature("The signature is by another kind of key than ours.")
    except InvalidSignature as error:
        raise BadSignature("The signature does not fit.") from error


def leads_to(
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
        if any(is_issued(seen, root) for root in roots):
            return True
        above = [one for one in pool if one != seen and _may_issue(one) and is_issued(seen, one)]
        if not above:
            return False
        seen = above[0]
    return False


def is_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Say whether the key of one certificate signed the other, which names it as its issuer."""
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
