"""What a verifier pins in order to check a certificate without us: the trust file.

It holds no secret. Whoever has fetched it once, and knows that it is ours, needs us no more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from trainer.registry.issuer_keys import KeyStatus, kid_of
from trainer.registry.notes import BadNote, Verifier, Witness, read_verifier, read_witness

VERSION = 1
LONGEST = 1024 * 1024


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
class Trust:
    """All that is pinned.

    Attributes:
        did: the issuer's name in its credentials.
        keys: by their kid.
        log: the public key of the log.
        witnesses: who may confirm a checkpoint; `quorum` of them must have.
        timestampers: the roots of trusted timestamps, beside `root`.
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


def trust_text(trust: Trust) -> str:
    """Return the trust file, as `read_trust` reads it."""
    values: dict[str, Any] = {
        "v": VERSION,
        "base_url": trust.base_url,
        "did": trust.did,
        "issuer": {"name": trust.issuer},
        "root": _pem(trust.root),
        "keys": [
            {
                "kid": key.kid,
                "certificate": _pem(key.certificate),
                "status": key.status,
                "trusted_size": key.trusted_size,
                "stamps": key.stamps,
            }
            for key in trust.keys.values()
        ],
        "log": trust.log.text(),
        "witnesses": [witness.text() for witness in trust.witnesses],
        "quorum": trust.quorum,
        "made_at": trust.made_at.isoformat(),
    }
    if trust.timestampers:
        values["timestampers"] = [_pem(root) for root in trust.timestampers]
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def read_trust(text: str) -> Trust:
    """Read a trust file.

    Raises:
        BadTrust: something in it is missing, or does not fit together.
    """
    try:
        values = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError) as error:
        raise BadTrust("The trust file is not JSON; fetch it anew from the issuer's /trust.json.") from error
    if not isinstance(values, dict) or values.get("v") != VERSION:
        raise BadTrust("This is not a trust file of version 1; fetch it anew from the issuer's /trust.json.")
    try:
        trust = _read(values)
    except KeyError as error:
        raise BadTrust(f"The trust file lacks {error}; fetch it anew from the issuer's /trust.json.") from error
    except BadTrust:
        raise
    except BadNote as error:
        raise BadTrust("A public key of the log or of a witness in the trust file cannot be read.") from error
    except Exception as error:  # a certificate can be wrong in a hundred ways
        raise BadTrust("A certificate, key or date in the trust file cannot be read; fetch it anew.") from error
    if not 0 <= trust.quorum <= len({witness.key for witness in trust.witnesses}):
        raise BadTrust("The trust file asks for more witnesses than it names.")
    return trust


def _read(values: Mapping[str, Any]) -> Trust:
    keys = {key.kid: key for key in map(_read_key, values["keys"])}
    return Trust(
        base_url=str(values["base_url"]),
        did=str(values["did"]),
        issuer=str(values["issuer"]["name"]),
        root=_certificate(values["root"]),
        keys=keys,
        log=read_verifier(values["log"]),
        witnesses=tuple(read_witness(one) for one in values["witnesses"]),
        quorum=int(values["quorum"]),
        timestampers=tuple(_certificate(one) for one in values.get("timestampers", ())),
        made_at=datetime.fromisoformat(values["made_at"]),
    )


def _read_key(values: Mapping[str, Any]) -> PinnedKey:
    certificate, status, size = _certificate(values["certificate"]), values["status"], values["trusted_size"]
    stamps = values.get("stamps", False)  # a trust file of before December 2026 does not say
    if values["kid"] != kid_in(certificate):
        raise BadTrust(f"The trust file names a key {values['kid']!r} that is not the key of its certificate.")
    if status not in set(KeyStatus) or not (size is None or type(size) is int) or type(stamps) is not bool:
        raise BadTrust(f"The trust file does not say clearly how the key {values['kid']} stands.")
    return PinnedKey(
        kid=values["kid"], certificate=certificate, status=KeyStatus(status), trusted_size=size, stamps=stamps
    )


def _certificate(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
