"""The credential inside a file: signed by us, entered in the log, seen by witnesses, and how it stands."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from trainer.certificates.credential.open_badge import BadCredential, Credential, read_credential
from trainer.certificates.facts.claim import Claim
from trainer.moments import written
from trainer.registry.entries import Kind, entry
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.notes import BadNote, Checkpoint, cosigners_of, time_of
from trainer.registry.proofs import BadProof, read_proof, verify_proof
from trainer.verify import file_check
from trainer.verify.handed_in.sandbox import Attached
from trainer.verify.offline.standing import Standing, standing_of
from trainer.verify.trust.anchors import PinnedKey, Trust
from trainer.verify.verdict import Check, Doubt, Verdict, unlogged

LOGGED = "Is it in the public log?"
FACTS = "Are the facts shown here those that were certified?"


class Doubtful(Exception):
    """The check ends here, with this verdict."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.sentence)
        self.verdict = verdict


@dataclass(frozen=True, kw_only=True)
class Inside:
    """A credential that we signed.

    Attributes:
        standing: what is known about later decisions.
        checks: of what it says, and after that of the log, its witnesses, and the status lists.
        logged: it is proved to be in the log.
    """

    claim: Claim
    standing: Standing
    checks: tuple[Check, ...]
    logged: bool = True


def inside_of(attached: Attached, keys: Mapping[str, PinnedKey], trust: Trust, now: datetime) -> Inside:
    """Return the credential that a file carries, when the log proves it.

    Raises:
        Doubtful: it carries none, or something about it does not hold.
    """
    if not attached.credential:
        sentence = (
            "This file was signed by us, but carries no credential that can be checked offline. Ask online, or by "
            "its number."
        )
        raise Doubtful(Verdict(status=Doubt.UNREADABLE, sentence=sentence, checked_at=now))
    credential, key = _read_signed(attached.credential, keys, trust, now)
    claim = credential.claim
    try:
        proof = read_proof(attached.proof)
        logged = entry(Kind.CREDENTIAL, proof.extra, hashlib.sha256(attached.credential.encode()).digest())
        checkpoint = verify_proof(proof, entry=logged, verifier=trust.log)
        at = datetime.fromtimestamp(time_of(proof.checkpoint, trust.log), UTC)
    except (BadProof, BadNote, ValueError, OverflowError, OSError) as error:
        check = Check(question=LOGGED, holds=False, evidence=f"The file brings no proof that holds: {error}")
        raise Doubtful(unlogged(check, public_id=claim.public_id, now=now)) from error
    _check_key(key, checkpoint.size, at, claim, now)
    _check_one_history(checkpoint, trust, claim, now)
    standing = standing_of(trust, place=credential.status_index, logged_at=at, now=now)
    checks = (
        Check(question=FACTS, holds=True, evidence=f"They are signed with the issuer's key {key.kid}."),
        Check(
            question=LOGGED,
            holds=True,
            evidence=f"It is entry {proof.index + 1:,} of the {checkpoint.size:,} entries under the checkpoint of "
            f"{written(at)}. Its hash was followed up to the root that the checkpoint signs.",
        ),
        *_witnessed(proof.checkpoint, trust, now),
        *((standing.check,) if standing.check else ()),
    )
    return Inside(claim=claim, standing=standing, checks=checks)


def alone_of(jwt: str, trust: Trust, now: datetime) -> Inside:
    """Return a credential that came without its file, and so without a proof that it was ever entered.

    Raises:
        Doubtful: no key that still counts has signed it.
    """
    credential, key = _read_signed(jwt, trust.keys, trust, now)
    if key.status is KeyStatus.COMPROMISED:
        raise Doubtful(file_check.credential_not_genuine(f"It is signed with the key {key.kid}, given up since.", now))
    begun = credential.claim.begins_at
    standing = standing_of(trust, place=credential.status_index, logged_at=begun, now=now)
    signed = Check(
        question=file_check.SIGNED_QUESTION, holds=True, evidence=f"It is signed with the issuer's key {key.kid}."
    )
    unproved = Check(question=LOGGED, holds=False, evidence="The proof of that is in the certificate file.")
    shown = (standing.check,) if standing.ended and standing.check else ()  # a place that nobody took is free as well
    return Inside(claim=credential.claim, standing=standing, checks=(signed, unproved, *shown), logged=False)


def _check_one_history(checkpoint: Checkpoint, trust: Trust, claim: Claim, now: datetime) -> None:
    """Let a checkpoint pass that does not contradict the one in the trust file.

    Raises:
        Doubtful: of one size there are two roots: the log has shown somebody another history.
    """
    pinned = trust.freshness.checkpoint if trust.freshness else checkpoint
    if pinned.size == checkpoint.size and pinned.root != checkpoint.root:
        evidence = (
            f"Its checkpoint and that of the trust file, both of {checkpoint.size:,} entries, contradict each other."
        )
        check = Check(question=LOGGED, holds=False, evidence=evidence)
        raise Doubtful(unlogged(check, public_id=claim.public_id, now=now))


def _read_signed(jwt: str, keys: Mapping[str, PinnedKey], trust: Trust, now: datetime) -> tuple[Credential, PinnedKey]:
    """Return a credential that one of these keys signed, and the key.

    Raises:
        Doubtful: none did, or it is no credential of ours.
    """
    try:
        credential = read_credential(jwt, keys={kid: key.certificate for kid, key in keys.items()}, did=trust.did)
        return credential, keys[credential.kid]
    except BadCredential as error:
        raise Doubtful(file_check.credential_not_genuine(str(error), now)) from error


def _check_key(key: PinnedKey, size: int, at: datetime, claim: Claim, now: datetime) -> None:
    """Let a key pass that counted when the log had this size, at that moment.

    Raises:
        Doubtful: it did not.
    """
    begins, ends = key.certificate.not_valid_before_utc, key.certificate.not_valid_after_utc
    if not key.trusted_at(size):
        evidence = (
            f"The key {key.kid} was given up. What the log held before stays trusted, but this is only proved at the "
            f"size of {size:,} entries, which came later."
        )
    elif not begins <= at <= ends:
        evidence = (
            f"The key {key.kid} was for use from {written(begins)} to {written(ends)}, "
            f"and this was logged on {written(at)}."
        )
    else:
        return
    sentence = "The key that signed this does not vouch for it. Do not rely on it; ask the issuer."
    check = Check(question="Did the issuer's key count when this was issued?", holds=False, evidence=evidence)
    raise Doubtful(
        Verdict(status=Doubt.NOT_GENUINE, sentence=sentence, checked_at=now, checks=(check,), public_id=claim.public_id)
    )


def _witnessed(note: str, trust: Trust, now: datetime) -> tuple[Check, ...]:
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
    if check.holds:
        return (check,)
    sentence = (
        "Too few witnesses have confirmed the checkpoint in this file, so it cannot be checked offline. Ask online."
    )
    raise Doubtful(Verdict(status=Doubt.UNREADABLE, sentence=sentence, checked_at=now, checks=(check,)))


def _confirmed(note: str, trust: Trust) -> int:
    """Return how many of the known witnesses cosigned; a note with a false line in the name of one counts for none."""
    try:
        names = {name for name, _ in cosigners_of(note, trust.witnesses)}
    except BadNote:
        return 0
    return len({witness.key for witness in trust.witnesses if witness.name in names})  # a key counts once
