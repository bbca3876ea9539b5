"""What is said about a certificate that is in the registry, as of now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from trainer.moments import written
from trainer.registry.status import Status, Word
from trainer.verify.evidence import ENTERED_QUESTION, FACTS_QUESTION
from trainer.verify.handed_in.handed import Kind
from trainer.verify.seen import Registered
from trainer.verify.verdict import Check, Verdict
from trainer.verify.wording.status import in_words, sentence_about, within_dates


def today(certificate: Registered, *, shown: Check | None, what: str, now: datetime) -> Verdict:
    """Return how a certificate of ours stands.

    Args:
        shown: the check of the very file or credential that we issued, or None where only the certificate is meant.
        what: "file", "credential" or "transcript", which was shown.
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
        Check(question=ENTERED_QUESTION, holds=True, evidence=entered),
        Check(
            question=FACTS_QUESTION,
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
            Check(question=ENTERED_QUESTION, holds=True, evidence=entered),
            certificate.logged,
        ),
        since=status.since,
        reason_code=status.reason_code,
        public_id=certificate.public_id,
        file_seen=shown is not None,
    )


def beside_registered(altered: Verdict, certificate: Registered, now: datetime) -> Verdict:
    """Return a verdict about something altered together with what holds now about the certificate inside it.

    What speaks against the certificate comes first.
    """
    alone = today(certificate, shown=None, what=Kind.REFERENCE, now=now)
    status = certificate.status
    still = f"{altered.sentence} The certificate itself is valid today, which does not make a changed copy good."
    return replace(
        altered,
        sentence=still if status.word is Word.VALID else f"{alone.sentence} {altered.sentence}",
        checks=(*altered.checks, *alone.checks),
        since=alone.since,
        reason_code=alone.reason_code,
        public_note=alone.public_note,
        standing=status.word,
    )
