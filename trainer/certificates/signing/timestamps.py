"""Timestamps (RFC 3161): somebody says that these bytes were there at that time.

The installation has an authority of its own, which shows the form but proves nothing against ourselves: a
public one, configured by its address, does (see `public_timestamps`).
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from asn1crypto import tsp
from asn1crypto.algos import DigestAlgorithm
from cryptography import x509

from trainer.certificates.signing.cms import SHA256, TST_INFO, signature_over
from trainer.certificates.signing.keys import SigningKey
from trainer.clock import utc_now

OUR_POLICY = "2.25.1630491557418879981581611770245492953"
"""How our own tokens are made: written in one way only, with the lower s. Made from a random UUID (X.667).

Tokens of 2.25.29986222711486960869983160385012796516, our policy up to November 2026, may have either s.
"""


def imprint_of(digest: bytes) -> tsp.MessageImprint:
    """Return what a timestamp is asked for and is about: a SHA-256 value."""
    return tsp.MessageImprint({"hash_algorithm": DigestAlgorithm.load(SHA256), "hashed_message": digest})


class TimestampAuthority(Protocol):
    """Says when something was there at the latest."""

    def stamp(self, digest: bytes) -> bytes:
        """Return a timestamp token, in DER, over a SHA-256 value.

        Raises:
            Broken: there is no token that can be relied on.
        """


@dataclass(frozen=True)
class OwnTimestamps:
    """The installation's own authority, in this process.

    Attributes:
        key: signs timestamps and nothing else.
        root: vouches for it.
        clock: gives the time.
    """

    key: SigningKey
    root: x509.Certificate
    clock: Callable[[], datetime] = utc_now

    def stamp(self, digest: bytes) -> bytes:
        """Return a timestamp token over a SHA-256 value."""
        return self.token(digest)

    def token(self, digest: bytes, *, nonce: int | None = None) -> bytes:
        """Return a timestamp token that repeats the asker's nonce, if there is one (RFC 3161 §2.4.2)."""
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": OUR_POLICY,
                "message_imprint": imprint_of(digest),
                "serial_number": secrets.randbits(127),
                "gen_time": self.clock().replace(microsecond=0),
                **({} if nonce is None else {"nonce": nonce}),
            }
        ).dump()
        return signature_over(
            hashlib.sha256(info).digest(), kind=TST_INFO, key=self.key, above=[self.root], content=info
        )
