"""The credential inside a file: signed by us, entered in the log, seen by witnesses, and how it stands."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from trainer.certificates.credential.open_badge import BadCredential, Credential, read_credential
from trainer.certificates.facts.claim import Claim
from trainer.moments import written
from trainer.registry.entries import EntryKind, entry
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.notes import BadNote, Checkpoint, cosigners_of, time_of
from trainer.registry.proofs import BadProof, read_proof, verify_proof
from trainer.verify.evidence import (
    CREDENTIAL_QUESTION,
    FACTS_QUESTION,
    LOGGED_QUESTION,
    SIGNED_QUESTION,
)
from trainer.verify.handed_in.sandbox import AttachedTexts
from trainer.verify.offline.standing import status_in_trust
from trainer.verify.seen import Doubted, DoubtReason, Inside
from trainer.verify.trust.anchors import PinnedKey, Trust
from trainer.verify.verdict import Check

UNPROVED = Check(question=LOGGED_QUESTION, holds=False, evidence="The proof of that is in the certificate file.")


class Doubtful(Exception):
    """The certificate cannot be relied on."""

    def __init__(self, certificate: Doubted) -> None:
        super().__init__(certificate.reason)
        self.certificate = certificate


class NotOurs(Exception):
    """No key that counts has signed this credential; the message says why."""


@dataclass(frozen=True, kw_only=True)
class _Logged:
    """Where a credential stands in the log, as its proof says.

    Attributes:
        index: its place, counted from 0.
        at: the moment of the checkpoint, in UTC.
        note: the checkpoint as it is signed.
    """

    index: int
    checkpoint: Checkpoint
    at: datetime
    note: str


def inside_of(attached: AttachedTexts, keys: Mapping[str, PinnedKey], trust: Trust, now: datetime) -> Inside | Doubted:
    """Return the credential that a file carries, when the log proves it; else why it cannot be relied on."""
    try:
        return _proved(attached, keys, trust, now)
    except Doubtful as doubt:
        return doubt.certificate


def _proved(attached: AttachedTexts, keys: Mapping[str, PinnedKey], trust: Trust, now: datetime) -> Inside:
    if not attached.credential:
        raise Doubtful(Doubted(reason=DoubtReason.NO_CREDENTIAL))
    try:
        credential, key = _read_signed(attached.credential, keys, trust)
    except NotOurs as error:
        check = Check(question=CREDENTIAL_QUESTION, holds=False, evidence=str(error))
        raise Doubtful(Doubted(reason=DoubtReason.FOREIGN_CREDENTIAL, checks=(check,))) from error
    claim = credential.claim
    logged = _logged(attached, trust, claim)
    _check_key(key, logged, claim)
    _check_one_history(logged.checkpoint, trust, claim)
    standing = status_in_trust(trust, place=credential.status_index, logged_at=logged.at, now=now)
    in_log = (
        f"It is entry {logged.index + 1:,} of the {logged.checkpoint.size:,} entries under the checkpoint of "
        f"{written(logged.at)}. Its hash was followed up to the root that the checkpoint signs."
    )
    return Inside(
        claim=claim,
        signed=Check(question=FACTS_QUESTION, holds=True, evidence=f"They are signed with the issuer's key {key.kid}."),
        checks=(
            Check(question=LOGGED_QUESTION, holds=True, evidence=in_log),
            *_witnessed(logged.note, trust),
            *((standing.check,) if standing.check else ()),
        ),
        standing=standing,
        trust_made_at=_vouched_date(trust),
    )


def _logged(attached: AttachedTexts, trust: Trust, claim: Claim) -> _Logged:
    """Return where the log proves a credential to stand.

    Raises:
        Doubtful: it does not.
    """
    try:
        proof = read_proof(attached.proof)
        committed = entry(EntryKind.CREDENTIAL, proof.extra, hashlib.sha256(attached.credential.encode()).digest())
        checkpoint = verify_proof(proof, entry=committed, verifier=trust.log)
        at = datetime.fromtimestamp(time_of(proof.checkpoint, trust.log), UTC)
    except (BadProof, BadNote, ValueError, OverflowError, OSError) as error:
        raise _unlogged(f"The file brings no proof that holds: {error}", claim) from error
    return _Logged(index=proof.index, checkpoint=checkpoint, at=at, note=proof.checkpoint)


def alone_of(jwt: str, trust: Trust, now: datetime) -> Inside:
    """Return a credential that came without its file, and so without a proof that it was ever entered.

    Raises:
        NotOurs: no key that still counts has signed it.
    """
    credential, key = _read_signed(jwt, trust.keys, trust)
    if key.status is KeyStatus.COMPROMISED:
        raise NotOurs(f"It is signed with the key {key.kid}, given up since.")
    begun = credential.claim.begins_at
    standing = status_in_trust(trust, place=credential.status_index, logged_at=begun, now=now)
    shown = (standing.check,) if standing.ended and standing.check else ()  # a place that nobody took is free as well
    return Inside(
        claim=credential.claim,
        signed=Check(question=SIGNED_QUESTION, holds=True, evidence=f"It is signed with the issuer's key {key.kid}."),
        checks=(UNPROVED, *shown),
        standing=standing,
        logged=False,
        trust_made_at=_vouched_date(trust),
    )


def _vouched_date(trust: Trust) -> datetime | None:
    return trust.made_at if trust.freshness else None


def _unlogged(evidence: str, claim: Claim) -> Doubtful:
    check = Check(question=LOGGED_QUESTION, holds=False, evidence=evidence)
    return Doubtful(Doubted(reason=DoubtReason.UNLOGGED, checks=(check,), public_id=claim.public_id))


def _check_one_history(checkpoint: Checkpoint, trust: Trust, claim: Claim) -> None:
    """Let a checkpoint pass that does not contradict the one in the trust file.

    Raises:
        Doubtful: of one size there are two roots: the log has shown somebody another history.
    """
    pinned = trust.freshness.checkpoint if trust.freshness else checkpoint
    if pinned.size == checkpoint.size and pinned.root != checkpoint.root:
        raise _unlogged(
            f"Its checkpoint and that of the trust file, both of {checkpoint.size:,} entries, contradict each other.",
            claim,
        )


def _read_signed(jwt: str, keys: Mapping[str, PinnedKey], trust: Trust) -> tuple[Credential, PinnedKey]:
    """Return a credential that one of these keys signed, and the key.

    Raises:
        NotOurs: none did, or it is no credential of ours.
    """
    try:
        credential = read_credential(jwt, keys={kid: key.certificate for kid, key in keys.items()}, did=trust.did)
        return credential, keys[credential.kid]
    except BadCredential as error:
        raise NotOurs(str(error)) from error


def _check_key(key: PinnedKey, logged: _Logged, claim: Claim) -> None:
    """Let a key pass that counted when the log had this size, at that moment.

    Raises:
        Doubtful: it did not.
    """
    size, begins, ends = (
        logged.checkpoint.size,
        key.certificate.not_valid_before_utc,
        key.certificate.not_valid_after_utc,
    )
    if not key.trusted_at(size):
        evidence = (
            f"The key {key.kid} was given up. What the log held before stays trusted, but this is only proved at the "
            f"size of {size:,} entries, which came later."
        )
    elif not begins <= logged.at <= ends:
        evidence = (
            f"The key {key.kid} was for use from {written(begins)} to {written(ends)}, "
            f"and this was logged on {written(logged.at)}."
        )
    else:
        return
    check = Check(question="Did the issuer's key count when this was issued?", holds=False, evidence=evidence)
    raise Doubtful(Doubted(reason=DoubtReason.KEY_DOES_NOT_COUNT, checks=(check,), public_id=claim.public_id))


def _witnessed(note: str, trust: Trust) -> tuple[Check, ...]:
    """Return the check of the witnesses, if any are asked for.

    Raises:
        Doubtful: too few have confirmed the checkpoint.
    """
    if not trust.quorum:
        return ()
    seen = _confirmed(note, trust)
    check = Check(
        question="Did enough independent witnesses see this log?",
        holds=seen >= trust.quorum,
        evidence=f"{seen} of {len(trust.witnesses)} known witnesses confirmed the checkpoint; {trust.quorum} must.",
    )
    if not check.holds:
        raise Doubtful(Doubted(reason=DoubtReason.UNWITNESSED, checks=(check,)))
    return (check,)


def _confirmed(note: str, trust: Trust) -> int:
    """Return how many of the known witnesses cosigned; a note with a false line in the name of one counts for none."""
    try:
        names = {name for name, _ in cosigners_of(note, trust.witnesses)}
    except BadNote:
        return 0
    return len({witness.key for witness in trust.witnesses if witness.name in names})  # a key counts once
