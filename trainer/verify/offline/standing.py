"""What is known offline about later decisions: what the signed status lists in the trust file say, and as of when.

A list is older than today, so that it never says that a certificate holds: only that it was not revoked by the
moment at which the list was made. Where there is no list, nothing is known since the certificate was logged.
"""

from dataclasses import dataclass
from datetime import datetime

from trainer.moments import written
from trainer.registry.status import Word
from trainer.registry.statuslists import BadStatusList, StatusPurpose, is_set
from trainer.verify.trust.anchors import CLOCK_SKEW, Trust
from trainer.verify.verdict import Check, Doubt

QUESTION = "Is it free of any later decision against it, as far as the status lists go?"
SHOWN = {StatusPurpose.REVOCATION: Word.REVOKED, StatusPurpose.SUSPENSION: Word.SUSPENDED}


@dataclass(frozen=True, kw_only=True)
class KnownStatus:
    """What is known about a certificate beside its own dates.

    Attributes:
        word: revoked or suspended, when a list shows it; a doubt, when that cannot be said; else None.
        as_of: up to when this is known.
        fresh: whether the lists and the keys are still to be relied on.
        sentence: the same in words; of a bad word, what goes on after "the certificate".
        check: of the lists, where there are any that cover the certificate.
    """

    word: Word | Doubt | None = None
    as_of: datetime
    fresh: bool = False
    sentence: str
    check: Check | None = None

    @property
    def ended(self) -> Word | None:
        """Return revoked or suspended, when a list shows it."""
        return self.word if isinstance(self.word, Word) else None


def status_in_trust(trust: Trust, *, place: int, logged_at: datetime, now: datetime) -> KnownStatus:
    """Return what a trust file says about the certificate at this place of the lists.

    Args:
        logged_at: when it was proved to be in the log; a list made before then knows nothing of it.
    """
    known = trust.freshness
    if known is None:
        return _unknown(logged_at, "this trust file is of an earlier version, which carries no status lists")
    lists = known.lists
    if not lists:
        return _unknown(logged_at, "this trust file carries no status lists")
    as_of = min(status_list.begins for status_list in lists.values())
    if as_of < logged_at:
        return _unknown(logged_at, "the status lists in this trust file are older than the certificate")
    try:
        shown = [purpose for purpose in StatusPurpose if is_set(lists[purpose].bits, place)]
    except BadStatusList:
        return _uncovered(as_of, place)
    if shown:
        return _shown(SHOWN[shown[0]], lists[shown[0]].begins)
    return _free(as_of, min(status_list.ends for status_list in lists.values()), known.until, now)


def is_behind(trust_made_at: datetime | None, now: datetime) -> bool:
    """Say whether the clock shows a time before the trust file was made, so that no date can be judged by it.

    Args:
        trust_made_at: None where nobody vouches for the date of the trust file.
    """
    return trust_made_at is not None and now < trust_made_at - CLOCK_SKEW


def _unknown(since: datetime, why: str) -> KnownStatus:
    return KnownStatus(
        as_of=since,
        sentence=f"Status unknown since the checkpoint of {written(since)}: {why}, so a later revocation cannot be "
        "seen offline.",
    )


def _uncovered(as_of: datetime, place: int) -> KnownStatus:
    evidence = f"The lists of {written(as_of)} have no place {place:,}, which is the one that the credential names."
    return KnownStatus(
        word=Doubt.UNREADABLE,
        as_of=as_of,
        sentence="The status lists in this trust file do not cover this certificate, so whether it holds cannot be "
        "said. Ask online.",
        check=Check(question=QUESTION, holds=False, evidence=evidence),
    )


def _shown(word: Word, at: datetime) -> KnownStatus:
    said = (
        f"is not valid: the issuer's list of {written(at)} shows it as revoked, which includes given back and "
        "replaced. Ask online which, and since when."
        if word is Word.REVOKED
        else f"is suspended: the issuer's list of {written(at)} shows it. Ask online whether it still is."
    )
    evidence = f"Its place in the issuer's signed list of {written(at)} says {word}."
    return KnownStatus(
        word=word, as_of=at, sentence=said, check=Check(question=QUESTION, holds=False, evidence=evidence)
    )


def _free(as_of: datetime, ends: datetime, until: datetime, now: datetime) -> KnownStatus:
    sentence = f"Not revoked or suspended as of {written(as_of)}, the date of the issuer's status lists"
    if now >= ends:
        sentence += f". They were to be relied on until {written(ends)}: fetch a newer trust.json"
    else:
        sentence += "; what was decided later cannot be seen offline"
    if now >= until:
        sentence += f". The keys in this trust file are old as well: it was to be relied on until {written(until)}"
    evidence = f"Its place in both of the issuer's signed lists is free; the older one is of {written(as_of)}."
    return KnownStatus(
        as_of=as_of,
        fresh=now < min(ends, until),
        sentence=f"{sentence}.",
        check=Check(question=QUESTION, holds=True, evidence=evidence),
    )
