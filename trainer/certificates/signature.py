"""Sign a paper: fill the place that was left for it, without a second revision.

The signature is CMS over SHA-256 and ECDSA P-256, at PAdES baseline level B-B (ETSI EN 319 142-1): its
signed attributes name the signing certificate, and the time stands in the signature field's `/M`.
"""

import hashlib

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
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
    contents = _cms(digest, authority).hex().encode()
    return ranged[:hole] + b"<" + contents.ljust(2 * CONTENTS_BYTES, b"0") + b">" + ranged[after:]


def _cms(digest: bytes, authority: Authority) -> bytes:
    signer, root = _asn1(authority.signer), _asn1(authority.root)
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [_names_signer(signer)]}),
        ]
    )
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    signature = authority.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    signer_info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": signer.issuer, "serial_number": signer.serial_number}
                    )
                }
            ),
            "digest_algorithm": sha256,
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": signature,
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms([sha256]),
            "encap_content_info": {"content_type": "data"},
            "certificates": [signer, root],
            "signer_infos": [signer_info],
        }
    )
    written: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    if len(written) > CONTENTS_BYTES:
        raise Broken("The signature needs more room than the paper leaves for it; use a shorter certificate chain.")
    return written


def _names_signer(signer: asn1_x509.Certificate) -> tsp.SigningCertificateV2:
    """Tie the signature to one certificate (RFC 5035), so that no other can be put in its place."""
    fingerprint = hashlib.sha256(signer.dump()).digest()
    return tsp.SigningCertificateV2(
        {
            "certs": [
                tsp.ESSCertIDv2(
                    {
                        "cert_hash": core.OctetString(fingerprint),
                        "issuer_serial": {
                            "issuer": [asn1_x509.GeneralName({"directory_name": signer.issuer})],
                            "serial_number": signer.serial_number,
                        },
                    }
                )
            ]
        }
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
