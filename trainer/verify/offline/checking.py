"""Check a certificate from pinned keys alone: no database, no network.

What the file proves is as old as its checkpoint: that we signed the file and its credential, and that the credential
stood in the log. What was decided later is known up to the date of the status lists that the trust file carries, or not
at all, and the answer says which, also beside a file that is not as we signed it.
"""

from collections.abc import Callable
from datetime import datetime

from trainer.certificates.signing.cms_check import BadSignature
from trainer.moments import written
from trainer.registry.issuer_keys import KeyStatus
from trainer.verify.evidence import BESIDE
from trainer.verify.handed_in.handed import HandedIn, Kind, read_content
from trainer.verify.handed_in.marks import END
from trainer.verify.handed_in.sandbox import AttachedTexts, read_attachments
from trainer.verify.judging import judge
from trainer.verify.offline.inside import NotOurs, alone_of, inside_of
from trainer.verify.seen import Inside, Seen
from trainer.verify.signature_check import PaperSignature, check_signature
from trainer.verify.trust.anchors import PinnedKey, Trust, kid_in
from trainer.verify.verdict import Check, Verdict

_Reader = Callable[[bytes], AttachedTexts]


def verify_offline(content: bytes, trust: Trust, now: datetime, *, read: _Reader = read_attachments) -> Verdict:
    """Say what can be known about a file, or a credential as text, from the pinned keys alone."""
    handed = read_content(content)
    return judge(handed, _seen(handed, trust, now, read), now)


def _seen(handed: HandedIn, trust: Trust, now: datetime, read: _Reader) -> Seen:
    if handed.flaw is not None:
        return Seen()
    if handed.kind is Kind.CREDENTIAL:
        return _credential(handed, trust, now)
    try:
        signature = _check(handed.content, trust)
    except BadSignature as error:
        return _not_our_file(handed.content, str(error), trust, now, read)
    signer = PinnedKey(kid=kid_in(signature.signer), certificate=signature.signer)
    keys = {signer.kid: signer, **trust.keys}
    whole = _whole(signature, keys[signer.kid])
    return Seen(issued=whole, certificate=inside_of(read(handed.content), keys, trust, now))


def _check(content: bytes, trust: Trust) -> PaperSignature:
    return check_signature(
        content,
        root=trust.root,
        pinned=trust.certificates,
        stamping=trust.stamping,
        timestampers=trust.timestampers,
    )


def _whole(signature: PaperSignature, signer: PinnedKey) -> Check:
    """Return the check of the file itself. A key that was given up vouches for no page: its thief can make any."""
    vouched = signer.status is not KeyStatus.COMPROMISED
    stamped = (
        f"with a timestamp of {written(signature.timestamped)}" if signature.timestamped else "without a timestamp"
    )
    return Check(
        question="Is everything in this file, but for the signature itself, as we signed it?",
        holds=vouched,
        evidence=f"All of it but the signature itself, {signature.covers:,} bytes, is under one signature of the "
        f"issuer's key {signer.kid}, {stamped}."
        if vouched
        else f"It is signed with the key {signer.kid}, which was given up since. Whoever has that key can make such a "
        "page, so only the facts shown here count, which the log proves.",
    )


def _credential(handed: HandedIn, trust: Trust, now: datetime) -> Seen:
    try:
        found = alone_of(handed.text.jwt, trust, now)
    except NotOurs as error:
        return Seen(why=str(error))
    if handed.text.alone:
        return Seen(issued=found.signed, certificate=found)
    return Seen(signed=found.claim, why=BESIDE, certificate=found)


def _not_our_file(content: bytes, why: str, trust: Trust, now: datetime, read: _Reader) -> Seen:
    """Return what of ours is in a file that we did not sign as it is, as far as the log proves it."""
    if length := _ours_at_its_beginning(content, trust):
        found = inside_of(read(content[:length]), trust.keys, trust, now)
        if isinstance(found, Inside):
            return Seen(begins=length, certificate=found)
    found = inside_of(read(content), trust.keys, trust, now)
    if isinstance(found, Inside):
        return Seen(signed=found.claim, why=why, certificate=found)
    return Seen(why=f"{why} We found nothing in it that our log proves.")


def _ours_at_its_beginning(content: bytes, trust: Trust) -> int:
    """Return the length of a file of ours that this one begins with, or 0."""
    length = content.find(END) + len(END)
    try:
        _check(content[:length], trust)
    except BadSignature:
        return 0
    return length
