"""Certificates as holders have them: a signed paper that carries its credential and the proof of the log."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.certificates.conftest import BASE_URL, ISSUED
from trainer.certificates.archival import Attached, Relationship
from trainer.certificates.authority import Authority
from trainer.certificates.claim import Claim
from trainer.certificates.credential import credential_jwt, credential_of
from trainer.certificates.paper import unsigned_paper
from trainer.certificates.signature import signed
from trainer.registry import merkle
from trainer.registry.did import did_of
from trainer.registry.entries import Kind, entry
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.notes import Checkpoint, Signer, sign
from trainer.registry.proofs import LogProof
from trainer.verify.trust import PinnedKey, Trust, kid_in

LOG = Signer("localhost", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
WITNESSES = [
    Signer(f"board{number}.example", Ed25519PrivateKey.from_private_bytes(bytes((number,)) * 32))
    for number in (1, 2, 3)
]
SALT = b"s" * 32


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A finished file and what is in it."""

    pdf: bytes
    jwt: str
    proof: str


def credential_text(claim: Claim, authority: Authority) -> str:
    """The credential of a claim, signed."""
    return credential_jwt(
        credential_of(claim, base_url=BASE_URL, status_index=7), authority=authority, base_url=BASE_URL
    )


def leaf_of(jwt: str, salt: bytes = SALT) -> bytes:
    """The entry that commits to a credential."""
    return entry(Kind.CREDENTIAL, salt, hashlib.sha256(jwt.encode()).digest())


def proof_in(
    jwt: str,
    *,
    size: int = 5,
    at: datetime = ISSUED,
    log: Signer = LOG,
    witnesses: Sequence[Signer] = (),
    salt: bytes = SALT,
) -> str:
    """The proof that a credential is the third entry of a log of that size, cosigned by the witnesses."""
    leaves = [merkle.leaf_hash(b"%d" % number) for number in range(size)]
    leaves[2] = merkle.leaf_hash(leaf_of(jwt, salt))
    nodes = merkle.from_leaves(leaves)
    text = Checkpoint(origin=log.name, size=size, root=merkle.root(size, nodes)).text()
    note = sign(text, log, at=int(at.timestamp()))
    for witness in witnesses:
        note += sign(text, witness, at=int(at.timestamp())).rstrip("\n").rpartition("\n")[2] + "\n"
    return LogProof(index=2, hashes=tuple(merkle.inclusion(2, size, nodes)), checkpoint=note, extra=salt).text()


def paper_with(claim: Claim, authority: Authority, attached: Mapping[str, str], at: datetime = ISSUED) -> bytes:
    """The signed paper of a claim with these files attached."""
    files = [
        Attached(
            name=name,
            content=text.encode(),
            media_type="text/plain",
            relationship=Relationship.SUPPLEMENT,
            description="For a test",
        )
        for name, text in sorted(attached.items())
    ]
    return signed(unsigned_paper(claim, base_url=BASE_URL, at=at, attachments=files), authority)


def carried(claim: Claim, authority: Authority, *, at: datetime = ISSUED, **proof: object) -> Carried:
    """A certificate with its credential and proof; `proof` is as in `proof_in`."""
    jwt = credential_text(claim, authority)
    text = proof_in(jwt, **{"at": at, **proof})
    pdf = paper_with(claim, authority, {"credential.jwt": jwt, "credential.tlog-proof": text}, at)
    return Carried(pdf=pdf, jwt=jwt, proof=text)


def trust_for(
    authority: Authority,
    *,
    log: Signer = LOG,
    status: str = "published",
    trusted_size: int | None = None,
    **changes: object,
) -> Trust:
    """What a verifier pins of this authority."""
    kid = kid_in(authority.signer)
    key = PinnedKey(
        kid=kid,
        certificate=authority.signer,
        status=KeyStatus(status),
        trusted_size=trusted_size,
        stamps=authority.timestamps is not None,
    )
    values: dict[str, object] = {
        "base_url": BASE_URL,
        "did": did_of(BASE_URL),
        "issuer": "Trainer test programme",
        "root": authority.root,
        "keys": {kid: key},
        "log": log.verifier,
        "made_at": ISSUED,
    }
    return Trust(**{**values, **changes})
