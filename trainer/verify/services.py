"""Answer by file or by reference."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from trainer.certificates.claim import Claim, fingerprint
from trainer.certificates.models import ConsentLevel
from trainer.certificates.services import certificate_by_id
from trainer.errors import Broken
from trainer.lifecycle.queries import consent_level
from trainer.registry.models import RegistryEntry
from trainer.registry.notes import Verifier
from trainer.registry.queries import prove_logged
from trainer.registry.services import entry_by_id, entry_by_number, entry_by_sha256, status_at
from trainer.registry.status import Word
from trainer.verify import file_check
from trainer.verify.reference import read_reference
from trainer.verify.verdict import Check, Doubt, Verdict, drifted, erased, in_log, recorded, unlogged


def verdict_for_file(session: Session, *, content: bytes, log: Verifier | None, now: datetime) -> Verdict:
    """Say whether a file is one we issued, unchanged, and whether its certificate holds.

    `log` is the public key of the log, or None where nothing was ever logged.
    """
    if (verdict := file_check.unreadable(content, now)) is not None:
        return verdict
    marks = file_check.marks_of(content)
    entry = entry_by_sha256(session, hashes={marks.whole})
    if entry is not None:
        return _recorded(session, entry, file_check.unchanged(marks), log, now)
    entry = entry_by_sha256(session, hashes=marks.beginnings.keys())
    if entry is not None:
        length = marks.beginnings[entry.sha256]
        return file_check.added_to(marks, length=length, number=entry.number, public_id=entry.public_id, now=now)
    public_id = file_check.named_in(content)
    entry = entry_by_id(session, public_id=public_id) if public_id else None
    if entry is not None:
        return file_check.not_as_issued(marks, number=entry.number, public_id=entry.public_id, now=now)
    return file_check.not_genuine(marks, now)


def verdict_for_reference(session: Session, *, text: str, log: Verifier | None, now: datetime) -> Verdict:
    """Say what holds about a number, an id, or an address of ours, in any spacing and case."""
    public_id, number = read_reference(text)
    entry = None
    if public_id:
        entry = entry_by_id(session, public_id=public_id)
    elif number:
        entry = entry_by_number(session, number=number)
    if entry is not None:
        return _recorded(session, entry, None, log, now)
    return Verdict(
        status=Doubt.UNKNOWN,
        sentence="We have no certificate with this number or address."
        if public_id or number
        else "This is not a certificate number or address of ours; perhaps a sign was left out or mistyped.",
        checked_at=now,
        checks=(
            Check(
                question="Is it entered in the registry?",
                holds=False,
                evidence="Nothing is entered under what was given. That alone is no proof of fraud: "
                "a number has twelve letters and digits, such as 7K4M-2QXH-9PTC, and one wrong sign is enough.",
            ),
        ),
    )


def _recorded(
    session: Session, entry: RegistryEntry, seen: Check | None, log: Verifier | None, now: datetime
) -> Verdict:
    certificate = certificate_by_id(session, public_id=entry.public_id)
    if certificate is None:
        return _without_facts(session, entry, seen, log, now)
    if not _certified(certificate.claim, entry):
        return drifted(number=entry.number, public_id=entry.public_id, now=now)
    proved = prove_logged(session, registered=entry, verifier=log)
    logged = in_log(index=proved.index, size=proved.size, holds=proved.holds)
    if not logged.holds:
        return unlogged(logged, public_id=entry.public_id, now=now)
    return recorded(
        status_at(session, public_id=entry.public_id, now=now),
        facts=_shown(session, certificate.claim, entry),
        public_id=entry.public_id,
        issued_at=entry.issued_at,
        valid_until=entry.valid_until,
        file_check=seen,
        logged=logged,
        now=now,
    )


def _without_facts(
    session: Session, entry: RegistryEntry, seen: Check | None, log: Verifier | None, now: datetime
) -> Verdict:
    status = status_at(session, public_id=entry.public_id, now=now)
    if status.word is not Word.ERASED:
        raise Broken(f"Certificate {entry.number} is in the registry, but its facts are not stored.")
    proved = prove_logged(session, registered=entry, verifier=log)
    logged = in_log(index=proved.index, size=proved.size, holds=proved.holds)
    if not logged.holds:
        return unlogged(logged, public_id=entry.public_id, now=now)
    return erased(status, public_id=entry.public_id, issued_at=entry.issued_at, file_check=seen, logged=logged, now=now)


def _shown(session: Session, facts: Mapping[str, Any], entry: RegistryEntry) -> Mapping[str, Any]:
    """Return the facts without the name, unless the holder lets it be shown."""
    level = consent_level(session, public_id=entry.public_id)
    return facts if level is ConsentLevel.SHOWN else {**facts, "holder": ""}


def _certified(facts: Mapping[str, Any], entry: RegistryEntry) -> bool:
    """Say whether the facts are those the entry vouches for, and its own number and dates agree with them."""
    try:
        claim = Claim.read(facts)
        ends_at = claim.ends_at
        claimed = fingerprint(claim)
    except (KeyError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return False
    # the log commits to the claim, and through it to what the registry repeats from it
    repeated = (entry.claim_sha256, entry.public_id, entry.number, entry.issued_at.date(), entry.valid_until)
    return repeated == (claimed, claim.public_id, claim.number, claim.issued_on, ends_at)
