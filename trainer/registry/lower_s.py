"""The one way in which we write an ECDSA signature on P-256.

Whoever has a signature (r, s) can also write (r, n − s), which is as good and made without the key. Of the two, ours
is the one with the lower s; the same rule keeps Bitcoin's transactions from being written in two ways (BIP 62).
"""

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

ORDER = 0xFFFFFFFF_00000000_FFFFFFFF_FFFFFFFF_BCE6FAAD_A7179E84_F3B9CAC2_FC632551
"""The order n of the group of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3)."""


def lowered(signature: bytes) -> bytes:
    """Return the signature (DER) with the lower s; files and tokens may give either.

    Raises:
        ValueError: it is no ECDSA signature in DER.
    """
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, ORDER - s))
