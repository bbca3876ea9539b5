"""What a verifier pins in order to check a certificate without us.

It holds no secret. Whoever has fetched it once, and knows that it is ours, needs us no more: a later one is
believed because the same log signed it (see `succession`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from trainer.registry.issuer_keys import KeyStatus, kid_of
from trainer.registry.notes import Checkpoint, Verifier, Witness
from trainer.registry.statuslists import StatusList, StatusPurpose

FRESH_FOR = timedelta(days=7)
"""How long the keys in a trust file are to be relied on: a key that was given up is known everywhere after so long."""
CLOCK_SKEW = timedelta(minutes=5)
"""So much may two clocks differ."""


class BadTrust(ValueError):
    """What was read is no trust file that we could go by."""


@dataclass(frozen=True, kw_only=True)
class PinnedKey:
    """A key of the issuer.

    Attributes:
        kid: RFC 7638 thumbprint of the public key.
        status: published, retired or compromised.
        trusted_size: of a compromised key: what the log held up to this size stays trusted; None: nothing does.
        stamps: no paper is signed with it without a timestamp; False also where that is not known.
    """

    kid: str
    certificate: x509.Certificate
    status: KeyStatus = KeyStatus.PUBLISHED
    trusted_size: int | None = None
    stamps: bool = False

    def trusted_at(self, size: int) -> bool:
        """Say whether the key counts for what the log of that size already held."""
        return self.status is not KeyStatus.COMPROMISED or (self.trusted_size is not None and size <= self.trusted_size)


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """What a signed trust file says beside the keys.

    Attributes:
        until: the first moment at which its keys are no longer to be relied on.
        note: the signed checkpoint of the log at the time.
        checkpoint: what that note says.
        lists: both status lists by their purpose, or none.
    """

    until: datetime
    note: str
    checkpoint: Checkpoint
    lists: Mapping[StatusPurpose, StatusList] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Trust:
    """All that is pinned.

    Attributes:
        did: the issuer's name in its credentials.
        keys: by their kid.
        log: the public key of the log, which signs the trust file as well.
        witnesses: who may confirm a checkpoint; `quorum` of them must have.
        timestampers: the roots of trusted timestamps, beside `root`.
        freshness: None in a file of version 1: nobody vouches for its date, and no status is known.
    """

    base_url: str
    did: str
    issuer: str
    root: x509.Certificate
    keys: Mapping[str, PinnedKey]
    log: Verifier
    witnesses: tuple[Witness, ...] = ()
    quorum: int = 0
    timestampers: tuple[x509.Certificate, ...] = ()
    made_at: datetime
    freshness: Freshness | None = None

    @property
    def certificates(self) -> list[x509.Certificate]:
        """Return the certificates of all keys of the issuer."""
        return [key.certificate for key in self.keys.values()]

    @property
    def stamping(self) -> list[x509.Certificate]:
        """Return the certificates of those that never sign without a timestamp."""
        return [key.certificate for key in self.keys.values() if key.stamps]


def kid_in(certificate: x509.Certificate) -> str:
    """Return the name of the key in a certificate.

    Raises:
        ValueError: it is not a key that could be the issuer's.
    """
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("Only a P-256 key can be the issuer's.")
    return kid_of(key)
