"""The answer to "is this genuine, and does it hold?", with the evidence for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from trainer.moments import written
from trainer.registry.status import Status, Word


class Doubt(StrEnum):
    """What may stand in a verdict instead of a status of the registry."""

    ALTERED = "altered"
    NOT_GENUINE = "not genuine"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question, whether it holds, and how we know."""

    question: str
    holds: bool
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Unentered:
    """Something that a key of ours signed and that was never entered: a matter for the operator, and for nobody else.

    Attributes:
        kind: "file" or "credential".
        kid: the name of the key.
        signed: SHA-256 of what it signed, which stays the same however the signature is written.
        seen: SHA-256 of what was shown to us.
        names: the id of the certificate that it claims to be, or "".
    """

    kind: str
    kid: str
    signed: str
    seen: str
    names: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The whole answer.

    Attributes:
        status: a `Word` of the registry, or a `Doubt`.
        sentence: the answer in words.
        facts: every certified fact; empty unless the thing shown is ours, unchanged. Beside ALTERED they are what
            the credential inside the file says, and the page around it is not to be believed.
        file_seen: the file itself was compared, not only a number or an address.
        public_id: the certificate it concerns, also when the file was altered; else "".
        standing: beside ALTERED, what holds now about that certificate, of which `since`, `reason_code` and
            `public_note` speak; else None.
        alarm: what the operator has to know; it is never shown to whoever asked.
        as_of: up to when the status of the certificate is known; None when that is now.
        fresh: whether what was gone by is still to be relied on.
    """

    status: Word | Doubt
    sentence: str
    checked_at: datetime
    checks: tuple[Check, ...] = ()
    facts: Mapping[str, Any] | None = None
    since: datetime | None = None
    reason_code: str = ""
    public_note: str = ""
    public_id: str = ""
    file_seen: bool = False
    standing: Word | None = None
    alarm: Unentered | None = None
    as_of: datetime | None = None
    fresh: bool = True

    @property
    def certificate_status(self) -> Word | None:
        """Return how the certificate itself stands, whatever became of the file; None if that is unknown."""
        return self.status if isinstance(self.status, Word) else self.standing

    @property
    def holds(self) -> bool:
        """Say whether it is genuine and valid now, and so is the very file, if one was seen."""
        return self.status is Word.VALID and all(check.holds for check in self.checks)


_SENTENCES = {
    Word.VALID: "valid",
    Word.NOT_YET_VALID: "not valid before {since}",
    Word.EXPIRED: "no longer valid: it expired on {since}",
    Word.SUSPENDED: "suspended since {since}{until}",
    Word.REVOKED: "not valid: it was revoked on {since}",
    Word.SURRENDERED: "not valid: it was given back on {since}",
    Word.SUPERSEDED: "no longer in force: it was replaced on {since}",
    Word.ERASED: "no longer on record: its data was deleted on {since}, at the request of its holder",
}


def sentence_about(status: Status, *, seen: str = "") -> str:
    """Return the answer in words; `seen` is what was compared, "file" or "credential", or "" for a look-up."""
    what = f"This {seen} is the one we issued" if seen else "This certificate is in our registry"
    link = ", and the certificate is" if seen else " and is"
    if status.word is not Word.VALID:
        link = ", but the certificate is" if seen else ", but it is"
    return f"{what}{link} {in_words(status)}."


def recorded(
    status: Status,
    *,
    facts: Mapping[str, Any],
    public_id: str,
    issued_at: datetime,
    valid_until: datetime,
    file_check: Check | None,
    logged: Check,
    now: datetime,
    seen: str = "file",
) -> Verdict:
    """Return the verdict about a certificate of ours; `file_check` is given when its file was seen.

    The caller has made sure that the facts are those that were certified.
    """
    return Verdict(
        status=status.word,
        sentence=sentence_about(status, seen=seen if file_check else ""),
        checked_at=now,
        checks=(
            *((file_check,) if file_check else ()),
            Check(
                question="Is it entered in the registry?",
                holds=True,
                evidence=f"Entered on {written(issued_at)}. Entries are only ever added, never changed.",
            ),
            Check(
                question="Are the facts shown here those that were certified?",
                holds=True,
                evidence="Their SHA-256 is the one that was entered when the certificate was issued.",
            ),
            logged,
            within_dates(issued_at, valid_until, now),
            _standing(status),
        ),
        facts=facts,
        since=status.since,
        reason_code=status.reason_code,
        public_note=status.public_note,
        public_id=public_id,
        file_seen=file_check is not None,
    )


def erased(
    status: Status,
    *,
    public_id: str,
    issued_at: datetime,
    file_check: Check | None,
    logged: Check,
    now: datetime,
    seen: str = "file",
) -> Verdict:
    """Return the verdict about a certificate of ours whose holder asked us to delete their data."""
    what = (
        f"This {seen} is one that we issued" if file_check else "We issued a certificate under this number or address"
    )
    return Verdict(
        status=Word.ERASED,
        sentence=f"{what}, but it is {in_words(status)}. We can no longer say what it certified, or whether it holds.",
        checked_at=now,
        checks=(
            *((file_check,) if file_check else ()),
            Check(
                question="Is it entered in the registry?",
                holds=True,
                evidence=f"Entered on {written(issued_at)}; since {written(status.since)} without the facts.",
            ),
            logged,
        ),
        since=status.since,
        reason_code=status.reason_code,
        public_id=public_id,
        file_seen=file_check is not None,
    )


def beside(altered: Verdict, today: Verdict) -> Verdict:
    """Return a verdict about something altered together with what holds now about the certificate inside it.

    What speaks against the certificate comes first. If the certificate itself is in doubt, that is the whole answer.
    """
    if isinstance(today.status, Doubt):
        return today
    still = f"{altered.sentence} The certificate itself is valid today, which says nothing about what was shown here."
    return replace(
        altered,
        sentence=still if today.status is Word.VALID else f"{today.sentence} {altered.sentence}",
        checks=(*altered.checks, *today.checks),
        since=today.since,
        reason_code=today.reason_code,
        public_note=today.public_note,
        standing=today.status,
    )


def in_words(status: Status) -> str:
    """Write a status as it stands after \"is\"."""
    until = f" until {written(status.until)}" if status.until else ""
    if status.becomes is not None and status.final_at is not None:
        what = "its revocation" if status.becomes is Word.REVOKED else "its surrender by the holder"
        until = f"; {what} is final from {written(status.final_at)}, and can be recalled until then"
    return _SENTENCES[status.word].format(since=written(status.since), until=until)


def drifted(*, number: str, public_id: str, now: datetime) -> Verdict:
    """Return the verdict when what is stored about a certificate is no longer what was certified."""
    return Verdict(
        status=Doubt.NOT_GENUINE,
        sentence="What is stored about this certificate is no longer what was certified. Do not rely on it; "
        "please tell the issuer.",
        checked_at=now,
        checks=(
            Check(
                question="Are the facts stored here those that were certified?",
                holds=False,
                evidence=f"The facts stored for {number} have another SHA-256 than the one entered when it was issued.",
            ),
        ),
        public_id=public_id,
    )


def in_log(*, index: int | None, size: int, holds: bool) -> Check:
    """Return the check of the public log, which nobody can change unnoticed; the caller has just proved it.

    People count entries from 1, online and offline alike; the log itself counts from 0.
    """
    if holds and index is not None:
        evidence = (
            f"It is entry {index + 1:,} of the {size:,} entries under the newest signed checkpoint. Just now, its hash "
            "and that of every later decision about it were followed up to the root that the checkpoint signs."
        )
    elif index is None:
        evidence = "The log has no entry for it."
    else:
        evidence = f"What is stored here is not what entry {index + 1:,} and the later ones about it commit to."
    return Check(question="Is it in the public log?", holds=holds, evidence=evidence)


def unlogged(logged: Check, *, public_id: str, now: datetime) -> Verdict:
    """Return the verdict about a certificate that is in our registry, but cannot be proved to be in the log."""
    return Verdict(
        status=Doubt.NOT_GENUINE,
        sentence="This certificate cannot be proved to be in our public log. Do not rely on it; please tell the "
        "issuer.",
        checked_at=now,
        checks=(logged,),
        public_id=public_id,
    )


def within_dates(issued_at: datetime, valid_until: datetime, now: datetime) -> Check:
    """Return the check of the dates; `valid_until` is the first moment that is no longer valid."""
    return Check(
        question="Is today within its dates?",
        holds=issued_at <= now < valid_until,
        evidence=f"Valid from {written(issued_at)} up to {written(valid_until)}. Checked on {written(now)}.",
    )


def _standing(status: Status) -> Check:
    acted_on = status.word in (Word.SUSPENDED, Word.REVOKED, Word.SURRENDERED, Word.SUPERSEDED)
    return Check(
        question="Is it free of any later decision against it?",
        holds=not acted_on,
        evidence=f"Recorded as {status.word} on {written(status.since)}: {status.reason_code}."
        if acted_on
        else "No suspension, revocation, surrender or replacement is recorded.",
    )


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as plain values: `status`, `sentence`, `checks`, `certificate` and what belongs to them."""
    return {
        "status": verdict.status.value,
        "sentence": verdict.sentence,
        "checked_at": verdict.checked_at.isoformat(),
        "status_since": verdict.since.isoformat() if verdict.since else None,
        "status_reason": verdict.reason_code or None,
        "public_note": verdict.public_note or None,
        "as_of": (verdict.as_of or verdict.checked_at).isoformat(),
        "fresh": verdict.fresh,
        "checks": [
            {"question": check.question, "holds": check.holds, "evidence": check.evidence} for check in verdict.checks
        ],
        "file_seen": verdict.file_seen,
        "certificate_status": verdict.certificate_status.value if verdict.certificate_status else None,
        "certificate": dict(verdict.facts) if verdict.facts else None,
    }
