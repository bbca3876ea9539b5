"""Check a certificate from pinned keys alone: no database, no network.

What it proves is as old as the checkpoint in the file: that we signed the file and its credential, and that the
credential stood in the log. What was decided later cannot be seen from here, and the answer says so.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from trainer.certificates.claim import Claim
from trainer.certificates.credential import BadCredential, read_credential
from trainer.registry.entries import Kind, entry
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.notes import BadNote, cosigners_of, time_of
from trainer.registry.proofs import BadProof, read_proof, verify_proof
from trainer.registry.status import Status, by_dates
from trainer.verify import file_check
from trainer.verify.cms_check import BadSignature
from trainer.verify.reference import CredentialText, read_credential_text
from trainer.verify.sandbox import Attached, read_attachments
from trainer.verify.signature_check import PaperSignature, check_signature
from trainer.verify.trust import PinnedKey, Trust, kid_in
from trainer.verify.verdict import (
    Check,
    Doubt,
    Verdict,
    beside_dates,
    day,
    sentence_about,
    unlogged,
    within_dates,
)

SIGNED = "Is everything in this file, but for the signature itself, as we signed it?"
LOGGED = "Is it in the public log?"
FACTS = "Are the facts shown here those that were certified?"


class _Doubtful(Exception):
    """The check ends here, with this verdict."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.sentence)
        self.verdict = verdict


@dataclass(frozen=True, kw_only=True)
class _Inside:
    """A credential of ours that was found in the log.

    Attributes:
        size: of the log at the checkpoint, and `at` the moment that was signed with it.
        checks: of the facts, the log, and its witnesses.
    """

    claim: Claim
    size: int
    at: datetime
    checks: tuple[Check, ...]


def verify_offline(
    content: bytes, trust: Trust, now: datetime, *, read: Callable[[bytes], Attached] = read_attachments
) -> Verdict:
    """Say what can be known about a file, or a credential as text, from the pinned keys alone."""
    try:
        if (verdict := file_check.polyglot(content, now)) is not None:
            return verdict
        text = None if content.startswith(b"%PDF-") else read_credential_text(content)
        if text is not None:
            return _credential_alone(content, text, trust, now)
        if (verdict := file_check.unreadable(content, now)) is not None:
            return verdict
        return _signed_file(content, _check(content, trust), trust, now, read)
    except BadSignature as error:
        return _not_our_file(content, str(error), trust, now, read)
    except _Doubtful as doubt:
        return doubt.verdict


def _check(content: bytes, trust: Trust) -> PaperSignature:
    return check_signature(
        content,
        root=trust.root,
        pinned=trust.certificates,
        stamping=trust.stamping,
        timestampers=trust.timestampers,
    )


def _signed_file(
    content: bytes, signature: PaperSignature, trust: Trust, now: datetime, read: Callable[[bytes], Attached]
) -> Verdict:
    signer = PinnedKey(kid=kid_in(signature.signer), certificate=signature.signer)
    keys = {signer.kid: signer, **trust.keys}
    inside = _inside(read(content), keys, trust, now)
    issued_at = datetime.combine(inside.claim.issued_on, time.min, UTC)
    status = _by_dates(inside.claim, now)
    whole = _whole(signature, keys[signer.kid])
    return Verdict(
        status=status.word,
        sentence=_sentence(status, inside, vouched=whole.holds),
        checked_at=now,
        checks=(whole, *inside.checks, within_dates(issued_at, inside.claim.ends_at, now)),
        facts=inside.claim.plain(),
        since=status.since,
        public_id=inside.claim.public_id,
        file_seen=whole.holds,
    )


def _whole(signature: PaperSignature, signer: PinnedKey) -> Check:
    """Return the check of the file itself. A key that was given up vouches for no page: its thief can make any."""
    vouched = signer.status is not KeyStatus.COMPROMISED
    stamped = f"with a timestamp of {day(signature.timestamped)}" if signature.timestamped else "without a timestamp"
    return Check(
        question=SIGNED,
        holds=vouched,
        evidence=f"All of it but the signature itself, {signature.covers:,} bytes, is under one signature of the "
        f"issuer's key {signer.kid}, {stamped}."
        if vouched
        else f"It is signed with the key {signer.kid}, which was given up since. Whoever has that key can make such a "
        "page, so only the facts shown here count, which the log proves.",
    )


def _sentence(status: Status, inside: _Inside, *, vouched: bool) -> str:
    if not vouched:
        sentence = sentence_about(status).replace("is in our registry", "was issued by us")
        return f"{sentence} The page you see is not vouched for: compare it with the facts shown here. {_as_of(inside)}"
    return f"{sentence_about(status, seen='file')} {_as_of(inside)}"


def _as_of(inside: _Inside) -> str:
    return (
        f"This is as of the checkpoint of {day(inside.at)}, {inside.at:%H:%M} UTC; a later revocation cannot be seen "
        "offline."
    )


def _inside(attached: Attached, keys: Mapping[str, PinnedKey], trust: Trust, now: datetime) -> _Inside:
    """Return the credential that a file carries, when the log proves it.

    Raises:
        _Doubtful: it carries none, or something about it does not hold.
    """
    if not attached.credential:
        sentence = (
            "This file was signed by us, but carries no credential that can be checked offline. Ask online, or by "
            "its number."
        )
        raise _Doubtful(Verdict(status=Doubt.UNREADABLE, sentence=sentence, checked_at=now))
    claim, key = _read_claim(attached.credential, keys, trust, now)
    try:
        proof = read_proof(attached.proof)
        written = entry(Kind.CREDENTIAL, proof.extra, hashlib.sha256(attached.credential.encode()).digest())
        checkpoint = verify_proof(proof, entry=written, verifier=trust.log)
        at = datetime.fromtimestamp(time_of(proof.checkpoint, trust.log), UTC)
    except (BadProof, BadNote, ValueError, OverflowError, OSError) as error:
        check = Check(question=LOGGED, holds=False, evidence=f"The file brings no proof that holds: {error}")
        raise _Doubtful(unlogged(check, public_id=claim.public_id, now=now)) from error
    _check_key(key, checkpoint.size, at, claim, now)
    checks = (
        Check(question=FACTS, holds=True, evidence=f"They are signed with the issuer's key {key.kid}."),
        Check(
            question=LOGGED,
            holds=True,
            evidence=f"It is entry {proof.index:,} of the {checkpoint.size:,} entries under the checkpoint of "
            f"{day(at)}, {at:%H:%M} UTC. Its hash was followed up to the root that the checkpoint signs.",
        ),
        *_witnessed(proof.checkpoint, trust, now),
    )
    return _Inside(claim=claim, size=checkpoint.size, at=at, checks=checks)


def _read_claim(jwt: str, keys: Mapping[str, PinnedKey], trust: Trust, now: datetime) -> tuple[Claim, PinnedKey]:
    try:
        credential = read_credential(jwt, keys={kid: key.certificate for kid, key in keys.items()}, did=trust.did)
        return credential.claim, keys[credential.kid]
    except BadCredential as error:
        raise _Doubtful(file_check.credential_not_genuine(str(error), now)) from error


def _check_key(key: PinnedKey, size: int, at: datetime, claim: Claim, now: datetime) -> None:
    """Let a key pass that counted when the log had this size, at that moment.

    Raises:
        _Doubtful: it did not.
    """
    begins, ends = key.certificate.not_valid_before_utc, key.certificate.not_valid_after_utc
    if not key.trusted_at(size):
        evidence = (
            f"The key {key.kid} was given up. What the log held before stays trusted, but this is only proved at the "
            f"size of {size:,} entries, which came later."
        )
    elif not begins <= at <= ends:
        evidence = f"The key {key.kid} was for use from {day(begins)} to {day(ends)}, and this was logged {day(at)}."
    else:
        return
    sentence = "The key that signed this does not vouch for it. Do not rely on it; ask the issuer."
    check = Check(question="Did the issuer's key count when this was issued?", holds=False, evidence=evidence)
    raise _Doubtful(
        Verdict(status=Doubt.NOT_GENUINE, sentence=sentence, checked_at=now, checks=(check,), public_id=claim.public_id)
    )


def _witnessed(note: str, trust: Trust, now: datetime) -> tuple[Check, ...]:
    """Return the check of the witnesses, if any are asked for.

    Raises:
        _Doubtful: too few have confirmed the checkpoint.
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
    raise _Doubtful(Verdict(status=Doubt.UNREADABLE, sentence=sentence, checked_at=now, checks=(check,)))


def _confirmed(note: str, trust: Trust) -> int:
    """Return how many of the known witnesses cosigned; a note with a false line in the name of one counts for none."""
    try:
        names = {name for name, _ in cosigners_of(note, trust.witnesses)}
    except BadNote:
        return 0
    return len({witness.key for witness in trust.witnesses if witness.name in names})  # a key counts once


def _credential_alone(content: bytes, text: CredentialText, trust: Trust, now: datetime) -> Verdict:
    """Say what a credential without its file is worth: it was signed, and nothing shows that it was logged."""
    if not text.jwt:
        return file_check.unsigned_credential(now)
    claim, key = _read_claim(text.jwt, trust.keys, trust, now)
    if key.status is KeyStatus.COMPROMISED:
        raise _Doubtful(file_check.credential_not_genuine(f"It is signed with the key {key.kid}, given up since.", now))
    if not text.alone:
        marks = file_check.marks_of(content)
        inside = file_check.credential_inside(marks, claim=claim, evidence=file_check.BESIDE, now=now)
        return beside_dates(replace(inside, checks=(*inside.checks, _UNPROVED)), _by_dates(claim, now))
    return Verdict(
        status=Doubt.UNREADABLE,
        sentence="This credential was signed by us, but without the certificate file nothing shows offline that it is "
        "in the public log. Check the PDF, or ask online.",
        checked_at=now,
        checks=(
            Check(
                question=file_check.SIGNED_QUESTION,
                holds=True,
                evidence=f"It is signed with the issuer's key {key.kid}.",
            ),
            _UNPROVED,
        ),
        public_id=claim.public_id,
    )


_UNPROVED = Check(question=LOGGED, holds=False, evidence="The proof of that is in the certificate file.")


def _by_dates(claim: Claim, now: datetime) -> Status:
    return by_dates(issued_at=datetime.combine(claim.issued_on, time.min, UTC), valid_until=claim.ends_at, now=now)


def _not_our_file(content: bytes, why: str, trust: Trust, now: datetime, read: Callable[[bytes], Attached]) -> Verdict:
    """Say what of ours may be in a file that we did not sign as it is."""
    marks = file_check.marks_of(content)
    if (length := _ours_at_its_beginning(content, trust)) and (found := _found(content[:length], trust, now, read)):
        claim = found.claim
        added = file_check.added_to(marks, length=length, number=claim.number, public_id=claim.public_id, now=now)
        return beside_dates(added, _by_dates(claim, now))
    if found := _found(content, trust, now, read):
        claim = found.claim
        inside = file_check.data_inside(marks, claim=claim, evidence=why, now=now, also=found.checks[1:])
        return beside_dates(inside, _by_dates(claim, now))
    return file_check.not_genuine(marks, now, why, found="We found nothing in it that our log proves.")


def _ours_at_its_beginning(content: bytes, trust: Trust) -> int:
    """Return the length of a file of ours that this one begins with, or 0."""
    length = content.find(file_check.END) + len(file_check.END)
    try:
        _check(content[:length], trust)
    except BadSignature:
        return 0
    return length


def _found(content: bytes, trust: Trust, now: datetime, read: Callable[[bytes], Attached]) -> _Inside | None:
    try:
        return _inside(read(content), trust.keys, trust, now)
    except _Doubtful:
        return None
