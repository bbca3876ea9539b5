"""Read a CMS signature (RFC 5652): whose key signed which content, and whether a root vouches for that key."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ObjectIdentifier
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy, PolicyBuilder, Store, VerificationError

from trainer.certificates.signing.cms import certificate_der, sequence

LONGEST_CHAIN = 4
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class BadSignature(ValueError):
    """This is not a paper of ours, unchanged."""


def certificates_in(signed: cms.SignedData) -> list[x509.Certificate]:
    """Return the certificates that a signature brings along; nothing is known of them yet."""
    return [x509.load_der_x509_certificate(sequence(choice.chosen.contents)) for choice in signed["certificates"]]


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
        named = (certificate.issuer.public_bytes(), certificate.serial_number)
        if named == (sequence(sid["issuer"].chosen.contents), sid["serial_number"].native):
            signed_part = core.SetOf(contents=attributes.contents).dump()  # in its own tag, as it was signed
            _check_key_signed(certificate, info["signature"].native, signed_part, algorithm)
            return certificate, attributes
    raise BadSignature("The certificate of the signer is missing.")


def only_value(attributes: cms.CMSAttributes, name: str) -> cms.CMSAttribute:
    """Return the one value of the one attribute of this name.

    Raises:
        BadSignature: there are none, or more.
    """
    values = [attribute["values"] for attribute in attributes if attribute["type"].native == name]
    if len(values) != 1 or len(values[0]) != 1:
        raise BadSignature(f"The signature does not have exactly one attribute {name}.")
    return values[0][0]


def names(attributes: cms.CMSAttributes, signer: x509.Certificate) -> bool:
    """Say whether each signed attribute that names a certificate names this one (RFC 5035); there may be none."""
    for attribute in attributes:
        if attribute["type"].native in ("signing_certificate", "signing_certificate_v2"):
            named = attribute["values"][0]["certs"][0]
            first = attribute["type"].native == "signing_certificate"  # the first version knows SHA-1 alone
            algorithm = "sha1" if first else named["hash_algorithm"]["algorithm"].native
            if (
                named["cert_hash"].native
                != hashlib.new(algorithm, certificate_der(signer), usedforsecurity=False).digest()
            ):
                return False
    return True


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
        above = [
            certificate
            for certificate in pool
            if certificate != seen and _may_issue(certificate) and is_issued(seen, certificate)
        ]
        if not above:
            return False
        seen = above[0]
    return False


def valid_path(leaf: x509.Certificate, pool: Sequence[x509.Certificate], root: x509.Certificate, at: datetime) -> bool:
    """Say whether a path from a certificate to the root is valid at a moment (RFC 5280 §6), whatever the leaf is for.

    Beside what `leads_to` asks: each certificate is in its time, no constraint on the path is broken, and nothing
    critical in it is unknown.
    """
    authority = (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
        .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _check_signs_certificates)
    )
    policy = PolicyBuilder().store(Store([root])).time(at)
    policy = policy.extension_policies(ca_policy=authority, ee_policy=ExtensionPolicy.permit_all())
    try:
        policy.build_client_verifier().verify(leaf, list(pool))
    except VerificationError:
        return False
    return True


def _check_signs_certificates(_policy: Policy, _holder: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("This key is not for certificates.")


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
