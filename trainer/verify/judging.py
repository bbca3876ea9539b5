"""What outranks what: the one order in which anything that was handed in is judged, online and offline.

The page that checks in a browser judges by the same order (`offline/static/judging.js`); both are held to
`tests/verify/vectors/judging.json`.
"""

from dataclasses import replace
from datetime import datetime

from trainer.registry.status import by_dates
from trainer.verify.handed_in.handed import HandedIn, Kind
from trainer.verify.offline.standing import is_behind
from trainer.verify.seen import Doubted, Inside, Registered, Seen
from trainer.verify.verdict import Verdict
from trainer.verify.wording import altered, pinned, registered


def judge(handed: HandedIn, seen: Seen, now: datetime) -> Verdict:
    """Say what holds about what was handed in. The first of these that is so is the answer:

    1. There is nothing in it that could be looked up.
    2. A key of ours signed something in it that was never entered: not ours, and an alarm.
    3. Nothing in it is ours.
    4. The certificate itself is in doubt, whatever was shown of it.
    5. It is the very thing that we issued, or a number or address: how the certificate stands.
    6. It was altered: how the certificate stands that it carries or names, what speaks against that first.
    """
    if handed.flaw is not None:
        return altered.flawed(handed.flaw, now)
    if seen.unentered is not None:
        return replace(altered.foreign(handed, seen, now), alarm=seen.unentered)
    match seen.certificate:
        case None:
            return altered.foreign(handed, seen, now)
        case Doubted():
            return altered.doubted(seen.certificate, now)
        case Registered():
            return _by_the_registry(handed, seen, seen.certificate, now)
        case Inside():
            return _by_pinned_keys(handed, seen, seen.certificate, now)


def _by_the_registry(handed: HandedIn, seen: Seen, certificate: Registered, now: datetime) -> Verdict:
    forgotten = certificate.facts is None and seen.signed is not None  # we no longer say what it was about
    if seen.issued or handed.kind is Kind.REFERENCE or forgotten:
        return registered.today(certificate, shown=seen.issued, what=seen.document or handed.kind, now=now)
    return registered.beside_registered(altered.altered(handed, seen, now), certificate, now)


def _by_pinned_keys(handed: HandedIn, seen: Seen, certificate: Inside, now: datetime) -> Verdict:
    """Judge by what the file proves: a bad word of the lists outranks a clock that is behind, and that the dates."""
    behind = is_behind(certificate.trust_made_at, now)
    if not seen.issued:
        return pinned.beside_pinned(altered.altered(handed, seen, now), certificate, behind=behind, now=now)
    if not certificate.logged:
        return pinned.signed_alone(certificate, now)
    if behind and certificate.standing.word is None:
        return pinned.clock_behind(certificate, seen.issued, now)
    claim = certificate.claim
    status = by_dates(issued_at=claim.begins_at, valid_until=claim.ends_at, now=now)
    return pinned.as_signed(certificate, seen.issued, status, now)
