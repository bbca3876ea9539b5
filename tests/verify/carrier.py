"""Certificates as holders have them: a signed paper that carries its credential and the proof of the log."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.certificates.conftest import BASE_URL, ISSUED
from trainer.certificates.credential.open_badge import credential_jwt, credential_of
from trainer.certificates.facts.claim import Claim
from trainer.certificates.paper.certificate_page import unsigned_paper
from trainer.certificates.paper.pdfa import Attachment, Relationship
from trainer.certificates.signing.authority import Authority
from trainer.certificates.signing.signature import signed_paper
from trainer.registry import merkle
from trainer.registry.did import did_of
from trainer.registry.entries import EntryKind, entry
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.notes import Checkpoint, Signer, sign_note
from trainer.registry.proofs import LogProof
from trainer.registry.statuslists import LEAST, StatusPurpose, encoded, list_document
from trainer.verify.trust.anchors import FRESH_FOR, Freshness, PinnedKey, Trust, kid_in
from trainer.verify.trust.trust_file import carried_lists, read_trust, trust_text

LOG = Signer("localhost", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
WITNESSES = [
    Signer(f"board{number}.example", Ed25519PrivateKey.from_private_bytes(bytes((number,)) * 32))
    for number in (1, 2, 3)
]
SALT = b"s" * 32
PLACE = 7  # of Mara's certificate in the status lists
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A finished file and what is in it."""

    pdf: bytes
    jwt: str
    proof: str


def credential_text(claim: Claim, authority: Authority) -> str:
    """The credential of a claim, signed."""
    return credential_jwt(
        credential_of(claim, base_url=BASE_URL, status_index=PLACE), authority=authority, base_url=BASE_URL
    )


def leaf_of(jwt: str, salt: bytes = SALT) -> bytes:
    """The entry that commits to a credential."""
    return entry(EntryKind.CREDENTIAL, salt, hashlib.sha256(jwt.encode()).digest())


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
    note = sign_note(text, log, at=int(at.timestamp()))
    for witness in witnesses:
        note += sign_note(text, witness, at=int(at.timestamp())).rstrip("\n").rpartition("\n")[2] + "\n"
    return LogProof(index=2, hashes=tuple(merkle.inclusion(2, size, nodes)), checkpoint=note, extra=salt).text()


def paper_with(claim: Claim, authority: Authority, attached: Mapping[str, str], at: datetime = ISSUED) -> bytes:
    """The signed paper of a claim with these files attached."""
    files = [
        Attachment(
            name=name,
            content=text.encode(),
            media_type="text/plain",
            relationship=Relationship.SUPPLEMENT,
            description="For a test",
        )
        for name, text in sorted(attached.items())
    ]
    return signed_paper(unsigned_paper(claim, base_url=BASE_URL, at=at, attachments=files), authority)


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


def list_text(
    purpose: StatusPurpose,
    authority: Authority,
    taken: Collection[int] = (),
    *,
    at: datetime = ISSUED + HOUR,
    places: int = LEAST,
    base_url: str = BASE_URL,
) -> str:
    """A published status list with these places set."""
    document = list_document(purpose, encoded(taken, places=places), did=did_of(base_url), base_url=base_url, now=at)
    return credential_jwt(document, authority=authority, base_url=base_url)


def lists_of(authority: Authority, *, revoked: Collection[int] = (), suspended: Collection[int] = (), **how: object):
    """Both status lists as they stand in a trust file."""
    return {
        "revocation": list_text(StatusPurpose.REVOCATION, authority, revoked, **how),
        "suspension": list_text(StatusPurpose.SUSPENSION, authority, suspended, **how),
    }


def note_of(size: int = 9, *, root: bytes = b"r" * 32, log: Signer = LOG, at: datetime = ISSUED + HOUR) -> str:
    """A checkpoint of a log of that size."""
    return sign_note(Checkpoint(origin=log.name, size=size, root=root).text(), log, at=int(at.timestamp()))


def trust_written(
    trust: Trust, *, lists: Mapping[str, str] | None = None, note: str = "", until: datetime | None = None, log=LOG
) -> str:
    """The trust file of what is pinned, as its log signs it; without lists, unless some are given."""
    fresh = Freshness(
        until=until or trust.made_at + FRESH_FOR,
        note=note or note_of(log=log),
        checkpoint=Checkpoint(origin=log.name, size=9, root=b"r" * 32),
        lists=carried_lists(trust, lists or {}),
    )
    return trust_text(trust, fresh, log)


def fresh_trust(authority: Authority, *, lists: Mapping[str, str] | None = None, note: str = "", **changes) -> Trust:
    """What a verifier reads from a signed trust file with both lists, made two hours after the certificate."""
    trust = trust_for(authority, **{"made_at": ISSUED + 2 * HOUR, **changes})
    return read_trust(trust_written(trust, lists=lists_of(authority) if lists is None else lists, note=note))


def resigned(written: str, by: Signer = LOG, **changes: object) -> str:
    """A trust file with other values, signed again by the log: what only its owner could write."""
    values = {**json.loads(written), **changes}
    values.pop("signature")
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    values["signature"] = sign_note(f"trainer/trust/v2\n{hashlib.sha256(text.encode()).hexdigest()}\n", by)
    return json.dumps(values)


def yesterdays(trust: Trust) -> str:
    """The same as the unsigned file of version 1 that was handed out until November 2026."""
    values = json.loads(trust_written(trust))
    for name in ("fresh_until", "checkpoint", "lists", "signature"):
        del values[name]
    return json.dumps({**values, "v": 1}, indent=2) + "\n"
