"""Sign a paper: fill the place that was left for it, without a second revision.

The signature is CMS over SHA-256 and ECDSA P-256, at PAdES baseline level B-T (ETSI EN 319 142-1): its
signed attributes name the signing certificate, and a timestamp over the signature says when it was there at
the latest. Without a timestamp authority it stays at level B-B, where the time is the issuer's word in `/M`.
"""

import hashlib

from trainer.certificates.signing.authority import Authority
from trainer.certificates.signing.cms import DATA, TIMESTAMP_TOKEN, attribute, signature_over
from trainer.errors import Broken

CONTENTS_BYTES = 10_240
"""Room for the CMS structure, in bytes: ours needs 1,900, our own timestamp 1,600, a public authority's up to 7,000."""
BYTE_RANGE_HOLE = b"[0 0000000000 0000000000 0000000000]"
CONTENTS_HOLE = b"<" + b"0" * (2 * CONTENTS_BYTES) + b">"


def signed_paper(unsigned: bytes, authority: Authority) -> bytes:
    """Return the file with its `/ByteRange` and `/Contents` filled; nothing else changes.

    With a key from a file and without a timestamp, the same file gives the same bytes.

    Raises:
        Broken: the file has no place, or more than one, for a signature; or the key or the timestamp authority fails.
    """
    if unsigned.count(BYTE_RANGE_HOLE) != 1 or unsigned.count(CONTENTS_HOLE) != 1:
        raise Broken("The paper has no single place for a signature; its layout must have gone wrong.")
    hole = unsigned.index(CONTENTS_HOLE)
    after = hole + len(CONTENTS_HOLE)
    written = b"[0 %d %d %d]" % (hole, after, len(unsigned) - after)
    ranged = unsigned.replace(BYTE_RANGE_HOLE, written.ljust(len(BYTE_RANGE_HOLE)))
    contents = signature_of(hashlib.sha256(ranged[:hole] + ranged[after:]).digest(), authority)
    if len(contents) > CONTENTS_BYTES:
        raise Broken("The signature needs more room than the paper leaves for it; use a shorter certificate chain.")
    return ranged[:hole] + b"<" + contents.hex().encode().ljust(2 * CONTENTS_BYTES, b"0") + b">" + ranged[after:]


def signature_of(digest: bytes, authority: Authority) -> bytes:
    """Return the CMS structure over the SHA-256 of the bytes that a paper's signature covers.

    Raises:
        Broken: the key or the timestamp authority fails.
    """

    def timestamp(signature: bytes) -> bytes:
        if authority.timestamps is None:
            return b""
        return attribute(TIMESTAMP_TOKEN, authority.timestamps.stamp(hashlib.sha256(signature).digest()))

    return signature_over(digest, kind=DATA, key=authority.key, above=[authority.root], afterwards=timestamp)
