"""What is said about a certificate that is in the registry, as of now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from trainer.moments import written
from trainer.registry.status import Status, Word
from trainer.verify.seen import Registered
from trainer.verify.verdict import Check, Doubt, Verdict
from trainer.verify.wording.status import in_words, sentence_about, within_dates

ENTERED = "Is it entered in the registry?"


def today(certificate: Registered, *, shown: Check | None, what: str, now: datetime) -> Verdict:
    """Return how a certificate of ours stands.

    Args:
        shown: the check of the very file or credential that we issued, or None where only the certificate is meant.
        what: "file" or "credential", which was shown.
    """
    if certificate.facts is None:
        return _erased(certificate, shown, what, now)
    facts = certificate.facts
    status = certificate.status
    return Verdict(
        status=status.word,
        sentence=sentence_about(status, seen=what if shown else ""),
        checked_at=now,
        checks=(*((shown,) if shown else ()), *_checks(certificate, now)),
        facts=facts if shown or certificate.name_shown else _nameless(facts),
        since=status.since,
        reason_code=status.reason_code,
        public_note=status.public_note,
        public_id=certificate.public_id,
        file_seen=shown is not None,
    )


def _nameless(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**facts, "holder": ""}


def _checks(certificate: Registered, now: datetime) -> tuple[Check, ...]:
    entered = f"Entered on {written(certificate.issued_at)}. Entries are only ever added, never changed."
    return (
        Check(question=ENTERED, holds=True, evidence=entered),
        Check(
            question="Are the facts shown here those that were certified?",
            holds=True,
            evidence="Their SHA-256 is the one that was entered when the certificate was issued.",
        ),
        certificate.logged,
        within_dates(certificate.issued_at, certificate.valid_until, now),
        _free_of_decisions(certificate.status),
    )


def _free_of_decisions(status: Status) -> Check:
    acted_on = status.word in (Word.SUSPENDED, Word.REVOKED, Word.SURRENDERED, Word.SUPERSEDED)
    return Check(
        question="Is it free of any later decision against it?",
        holds=not acted_on,
        evidence=f"Recorded as {status.word} on {written(status.since)}: {status.reason_code}."
        if acted_on
        else "No suspension, revocation, surrender or replacement is recorded.",
    )


def _erased(certificate: Registered, shown: Check | None, what: str, now: datetime) -> Verdict:
    """Return the verdict about a certificate of ours whose holder asked us to delete their data."""
    status = certificate.status
    about = f"This {what} is one that we issued" if shown else "We issued a certificate under this number or address"
    entered = f"Entered on {written(certificate.issued_at)}; since {written(status.since)} without the facts."
    return Verdict(
        status=Word.ERASED,
        sentence=f"{about}, but it is {in_words(status)}. We can no longer say what it certified, or whether it holds.",
        checked_at=now,
        checks=(
            *((shown,) if shown else ()),
            Check(question=ENTERED, holds=True, evidence=entered),
            certificate.logged,
        ),
        since=status.since,
        reason_code=status.reason_code,
        public_id=certificate.public_id,
        file_seen=shown is not None,
    )


def beside(altered: Verdict, today: Verdict) -> Verdict:
    """Return a verdict about something altered together with what holds now about the certificate inside it.

    What speaks against the certificate comes first.
    """
    still = f"{altered.sentence} The certificate itself is valid today, which says nothing about what was shown here."
    assert not isinstance(today.status, Doubt)
    return replace(
        altered,
        sentence=still if today.status is Word.VALID else f"{today.sentence} {altered.sentence}",
        checks=(*altered.checks, *today.checks),
        since=today.since,
        reason_code=today.reason_code,
        public_note=today.public_note,
        standing=today.status,
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


def drifted(number: str) -> Check:
    """Return the check of facts that are no longer what was certified."""
    return Check(
        question="Are the facts stored here those that were certified?",
        holds=False,
        evidence=f"The facts stored for {number} have another SHA-256 than the one entered when it was issued.",
    )
