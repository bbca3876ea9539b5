"""Check a certificate from pinned keys alone: no database, no network.

What the file proves is as old as its checkpoint: that we signed the file and its credential, and that the credential
stood in the log. What was decided later is known up to the date of the status lists that the trust file carries, or not
at all, and the answer says which.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time

from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.status import Status, Word, by_dates
from trainer.verify import file_check
from trainer.verify.inside import LOGGED, Doubtful, Inside, inside_of, read_signed
from trainer.verify.reference import read_credential_text
from trainer.verify.sandbox import Attached, read_attachments
from trainer.verify.signature_check import BadSignature, check_signature
from trainer.verify.standing import Standing, is_behind, moment, standing_of
from trainer.verify.trust import PinnedKey, Trust, kid_in
from trainer.verify.verdict import Check, Doubt, Verdict, sentence_about, within_dates


def verify_offline(
    content: bytes, trust: Trust, now: datetime, *, read: Callable[[bytes], Attached] = read_attachments
) -> Verdict:
    """Say what can be known about a file, or a credential as text, from the pinned keys alone."""
    try:
        jwt = None if content.startswith(b"%PDF-") else read_credential_text(content)
        if jwt is not None:
            return _credential_alone(jwt, trust, now)
        if (verdict := file_check.unreadable(content, now)) is not None:
            return verdict
        signer = _check(content, trust)
        return _signed_file(content, signer, trust, now, read)
    except BadSignature as error:
        return _not_our_file(content, str(error), trust, now, read)
    except Doubtful as doubt:
        return doubt.verdict


def _check(content: bytes, trust: Trust) -> PinnedKey:
    signature = check_signature(content, root=trust.root, pinned=trust.certificates, timestampers=trust.timestampers)
    return PinnedKey(kid=kid_in(signature.signer), certificate=signature.signer)


def _signed_file(
    content: bytes, signer: PinnedKey, trust: Trust, now: datetime, read: Callable[[bytes], Attached]
) -> Verdict:
    keys = {signer.kid: signer, **trust.keys}
    inside = inside_of(read(content), keys, trust, now)
    whole = _whole(content, keys[signer.kid])
    issued_at, standing = datetime.combine(inside.claim.issued_on, time.min, UTC), inside.standing
    if standing.word is None and is_behind(trust, now):
        raise Doubtful(_clock_is_behind(trust, inside, (whole, *inside.checks), now))
    status = by_dates(issued_at=issued_at, valid_until=inside.claim.ends_at, now=now)
    return Verdict(
        status=standing.word or status.word,
        sentence=_sentence(status, standing, vouched=whole.holds),
        checked_at=now,
        checks=(whole, *inside.checks, within_dates(issued_at, inside.claim.ends_at, now)),
        facts=inside.claim.plain(),
        since=None if standing.word else status.since,
        public_id=inside.claim.public_id,
        file_seen=whole.holds,
        as_of=standing.as_of,
        fresh=standing.fresh,
    )


def _clock_is_behind(trust: Trust, inside: Inside, checks: tuple[Check, ...], now: datetime) -> Verdict:
    return Verdict(
        status=Doubt.UNREADABLE,
        sentence=f"The clock of this machine says {moment(now)}, but the trust file was made later, on "
        f"{moment(trust.made_at)}, so no date can be judged. Set the clock right, then check again.",
        checked_at=now,
        checks=checks,
        public_id=inside.claim.public_id,
        as_of=inside.standing.as_of,
        fresh=False,
    )


def _whole(content: bytes, signer: PinnedKey) -> Check:
    """Return the check of the file itself. A key that was given up vouches for no page: its thief can make any."""
    vouched = signer.status is not KeyStatus.COMPROMISED
    return Check(
        question=file_check.QUESTION,
        holds=vouched,
        evidence=f"All of its {len(content):,} bytes are under one signature of the issuer's key {signer.kid}."
        if vouched
        else f"It is signed with the key {signer.kid}, which was given up since. Whoever has that key can make such a "
        "page, so only the facts shown here count, which the log proves.",
    )


def _sentence(status: Status, standing: Standing, *, vouched: bool) -> str:
    subject = "This file is the one we issued" if vouched else "This certificate was issued by us"
    if isinstance(standing.word, Word):
        about = f"{subject}, but {'the certificate' if vouched else 'it'}"
    elif standing.word:
        about = f"{subject}."
    elif status.word is Word.VALID and not standing.fresh:  # more than its dates is not known of today
        about = f"{subject}, and {'the certificate' if vouched else 'it'} is within its dates."
    else:
        about = sentence_about(status, seen="file" if vouched else "").replace("is in our registry", "was issued by us")
    shown = "" if vouched else " The page you see is not vouched for: compare it with the facts shown here."
    return f"{about} {standing.sentence}{shown}"


def _credential_alone(jwt: str, trust: Trust, now: datetime) -> Verdict:
    """Say what a credential without its file is worth: it was signed, and nothing shows that it was logged."""
    if not jwt:
        return file_check.unsigned_credential(now)
    credential, key = read_signed(jwt, trust.keys, trust, now)
    claim = credential.claim
    if key.status is KeyStatus.COMPROMISED:
        raise Doubtful(file_check.credential_not_genuine(f"It is signed with the key {key.kid}, given up since.", now))
    begun = datetime.combine(claim.issued_on, time.min, UTC)
    standing = standing_of(trust, place=credential.status_index, logged_at=begun, now=now)
    ended = standing.word if isinstance(standing.word, Word) else None
    return Verdict(
        status=ended or Doubt.UNREADABLE,
        sentence=f"This credential was signed by us, but the certificate {standing.sentence}"
        if ended
        else "This credential was signed by us, but without the certificate file nothing shows offline that it is "
        "in the public log. Check the PDF, or ask online.",
        checked_at=now,
        checks=(
            Check(
                question=file_check.CREDENTIAL_QUESTION,
                holds=True,
                evidence=f"It is signed with the issuer's key {key.kid}.",
            ),
            Check(question=LOGGED, holds=False, evidence="The proof of that is in the certificate file."),
            *((standing.check,) if ended and standing.check else ()),
        ),
        public_id=claim.public_id,
        as_of=standing.as_of,
        fresh=standing.fresh,
    )


def _not_our_file(content: bytes, why: str, trust: Trust, now: datetime, read: Callable[[bytes], Attached]) -> Verdict:
    """Say what of ours may be in a file that we did not sign as it is."""
    marks = file_check.marks_of(content)
    if (length := _ours_at_its_beginning(content, trust)) and (found := _found(content[:length], trust, now, read)):
        claim = found.claim
        return file_check.added_to(marks, length=length, number=claim.number, public_id=claim.public_id, now=now)
    if found := _found(content, trust, now, read):
        said = file_check.data_inside(marks, claim=found.claim, evidence=why, now=now, also=_about_data(found, now))
        sentence = f"{said.sentence} {_present(found.standing)}"
        return replace(said, sentence=sentence, as_of=found.standing.as_of, fresh=found.standing.fresh)
    return file_check.not_genuine(marks, now, why)


def _about_data(found: Inside, now: datetime) -> tuple[Check, ...]:
    issued_at = datetime.combine(found.claim.issued_on, time.min, UTC)
    return (*found.checks[1:], within_dates(issued_at, found.claim.ends_at, now))


def _present(standing: Standing) -> str:
    return f"That certificate {standing.sentence}" if isinstance(standing.word, Word) else standing.sentence


def _ours_at_its_beginning(content: bytes, trust: Trust) -> int:
    """Return the length of a file of ours that this one begins with, or 0."""
    length = content.find(file_check.END) + len(file_check.END)
    try:
        _check(content[:length], trust)
    except BadSignature:
        return 0
    return length


def _found(content: bytes, trust: Trust, now: datetime, read: Callable[[bytes], Attached]) -> Inside | None:
    try:
        return inside_of(read(content), trust.keys, trust, now)
    except Doubtful:
        return None
