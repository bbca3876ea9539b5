"""Check a certificate from pinned keys alone: no database, no network.

What the file proves is as old as its checkpoint: that we signed the file and its credential, and that the credential
stood in the log. What was decided later is known up to the date of the status lists that the trust file carries, or not
at all, and the answer says which, also beside a file that is not as we signed it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from trainer.certificates.facts.claim import Claim
from trainer.certificates.signing.cms_check import BadSignature
from trainer.moments import written
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.status import Status, Word, by_dates
from trainer.verify import file_check
from trainer.verify.handed_in.reference import CredentialText, read_credential_text
from trainer.verify.handed_in.sandbox import Attached, read_attachments
from trainer.verify.offline.inside import Doubtful, Inside, alone_of, inside_of
from trainer.verify.offline.standing import Standing, is_behind
from trainer.verify.signatures.signature_check import PaperSignature, check_signature
from trainer.verify.trust.anchors import PinnedKey, Trust, kid_in
from trainer.verify.verdict import Check, Doubt, Verdict, in_words, sentence_about, within_dates

SIGNED = "Is everything in this file, but for the signature itself, as we signed it?"


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
    except Doubtful as doubt:
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
    inside = inside_of(read(content), keys, trust, now)
    whole, standing = _whole(signature, keys[signer.kid]), inside.standing
    if standing.word is None and is_behind(trust, now):
        raise Doubtful(_clock_is_behind(trust, inside, (whole, *inside.checks), now))
    status = _by_dates(inside.claim, now)
    return Verdict(
        status=standing.word or status.word,
        sentence=_sentence(status, standing, vouched=whole.holds),
        checked_at=now,
        checks=(whole, *inside.checks, _within_dates(inside.claim, now)),
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
        sentence=_set_the_clock(trust, now),
        checked_at=now,
        checks=checks,
        public_id=inside.claim.public_id,
        as_of=inside.standing.as_of,
        fresh=False,
    )


def _set_the_clock(trust: Trust, now: datetime) -> str:
    return (
        f"The clock of this machine says {written(now)}, but the trust file was made later, on "
        f"{written(trust.made_at)}, so no date can be judged. Set the clock right, then check again."
    )


def _whole(signature: PaperSignature, signer: PinnedKey) -> Check:
    """Return the check of the file itself. A key that was given up vouches for no page: its thief can make any."""
    vouched = signer.status is not KeyStatus.COMPROMISED
    stamped = (
        f"with a timestamp of {written(signature.timestamped)}" if signature.timestamped else "without a timestamp"
    )
    return Check(
        question=SIGNED,
        holds=vouched,
        evidence=f"All of it but the signature itself, {signature.covers:,} bytes, is under one signature of the "
        f"issuer's key {signer.kid}, {stamped}."
        if vouched
        else f"It is signed with the key {signer.kid}, which was given up since. Whoever has that key can make such a "
        "page, so only the facts shown here count, which the log proves.",
    )


def _sentence(status: Status, standing: Standing, *, vouched: bool) -> str:
    subject = "This file is the one we issued" if vouched else "This certificate was issued by us"
    if standing.ended:
        about = f"{subject}, but {'the certificate' if vouched else 'it'}"
    elif standing.word:
        about = f"{subject}."
    elif status.word is Word.VALID and not standing.fresh:  # more than its dates is not known of today
        about = f"{subject}, and {'the certificate' if vouched else 'it'} is within its dates."
    else:
        about = sentence_about(status, seen="file" if vouched else "").replace("is in our registry", "was issued by us")
    shown = "" if vouched else " The page you see is not vouched for: compare it with the facts shown here."
    return f"{about} {standing.sentence}{shown}"


def _credential_alone(content: bytes, text: CredentialText, trust: Trust, now: datetime) -> Verdict:
    """Say what a credential without its file is worth: it was signed, and nothing shows that it was logged."""
    if not text.jwt:
        return file_check.unsigned_credential(now)
    inside = alone_of(text.jwt, trust, now)
    if not text.alone:
        marks = file_check.marks_of(content)
        altered = file_check.credential_inside(marks, claim=inside.claim, evidence=file_check.BESIDE, now=now)
        return _beside(altered, inside, trust, now)
    ended = inside.standing.ended
    return Verdict(
        status=ended or Doubt.UNREADABLE,
        sentence=f"This credential was signed by us, but the certificate {inside.standing.sentence}"
        if ended
        else "This credential was signed by us, but without the certificate file nothing shows offline that it is "
        "in the public log. Check the PDF, or ask online.",
        checked_at=now,
        checks=inside.checks,
        public_id=inside.claim.public_id,
        as_of=inside.standing.as_of,
        fresh=inside.standing.fresh,
    )


def _not_our_file(content: bytes, why: str, trust: Trust, now: datetime, read: Callable[[bytes], Attached]) -> Verdict:
    """Say what of ours may be in a file that we did not sign as it is."""
    marks = file_check.marks_of(content)
    if (length := _ours_at_its_beginning(content, trust)) and (found := _found(content[:length], trust, now, read)):
        claim = found.claim
        added = file_check.added_to(marks, length=length, number=claim.number, public_id=claim.public_id, now=now)
        return _beside(added, found, trust, now)
    if found := _found(content, trust, now, read):
        return _beside(file_check.data_inside(marks, claim=found.claim, evidence=why, now=now), found, trust, now)
    return file_check.not_genuine(marks, now, why, found="We found nothing in it that our log proves.")


def _beside(altered: Verdict, inside: Inside, trust: Trust, now: datetime) -> Verdict:
    """Return a verdict about something altered together with what is known about the certificate inside it.

    What speaks against the certificate comes first. That nothing does is said only of what the log proves, and as of
    when: a good date alone is no status.
    """
    standing, behind = inside.standing, is_behind(trust, now)
    dated = None if behind or standing.ended else _by_dates(inside.claim, now)
    out_of_date = dated if dated and dated.word is not Word.VALID else None
    said = [altered.sentence]
    if standing.ended:
        said.insert(0, f"The certificate inside {standing.sentence}")
    elif out_of_date:
        said.insert(0, f"The certificate inside is {in_words(out_of_date)}.")
    if behind and not standing.ended:
        said.append(_set_the_clock(trust, now))
    elif inside.logged and not standing.ended:
        said.append(standing.sentence)
    fresh = standing.fresh and not behind
    return replace(
        altered,
        sentence=" ".join(said),
        checks=(*altered.checks, *inside.checks[1:], *(() if behind else (_within_dates(inside.claim, now),))),
        since=out_of_date.since if out_of_date else None,
        standing=standing.ended or (dated.word if dated and (out_of_date or (fresh and inside.logged)) else None),
        as_of=standing.as_of,
        fresh=fresh,
    )


def _by_dates(claim: Claim, now: datetime) -> Status:
    return by_dates(issued_at=_begins(claim), valid_until=claim.ends_at, now=now)


def _within_dates(claim: Claim, now: datetime) -> Check:
    return within_dates(_begins(claim), claim.ends_at, now)


def _begins(claim: Claim) -> datetime:
    return claim.begins_at


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
