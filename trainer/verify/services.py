"""Answer by file or by reference."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, func, insert, or_, select
from sqlalchemy.orm import Session

from trainer.certificates.claim import Claim, fingerprint
from trainer.certificates.models import Certificate, ConsentLevel
from trainer.certificates.queries import consents_of
from trainer.certificates.services import certificate_by_id
from trainer.errors import Broken
from trainer.registry.models import RegistryEntry
from trainer.registry.notes import Verifier
from trainer.registry.queries import prove_logged
from trainer.registry.services import entry_by_id, entry_by_number, entry_by_sha256, status_at
from trainer.verify import file_check
from trainer.verify.matching import STAND_IN, Match, match_names
from trainer.verify.models import MatchTry
from trainer.verify.reference import read_reference
from trainer.verify.verdict import Check, Doubt, Verdict, drifted, in_log, recorded, unlogged

TRIES_A_DAY = 5


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
        raise Broken(f"Certificate {entry.number} is in the registry, but its facts are not stored.")
    if not certified(certificate.claim, entry):
        return drifted(number=entry.number, public_id=entry.public_id, now=now)
    proved = prove_logged(session, registered=entry, verifier=log)
    logged = in_log(index=proved.index, size=proved.size, holds=proved.holds)
    if not logged.holds:
        return unlogged(logged, public_id=entry.public_id, now=now)
    return recorded(
        status_at(session, public_id=entry.public_id, now=now),
        facts=certificate.claim,
        public_id=entry.public_id,
        issued_at=entry.issued_at,
        valid_until=entry.valid_until,
        file_check=seen,
        logged=logged,
        now=now,
    )


def certified(facts: Mapping[str, Any], entry: RegistryEntry) -> bool:
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


def try_names(session: Session, *, asked: Sequence[tuple[str, str]], now: datetime) -> Sequence[Match | None]:
    """Compare names with those on certificates: pairs of a reference and a name; None where a day's tries are used up.

    Each try is counted, at most five a day for each certificate, whoever tries. A certificate that is unknown, or
    whose holder lets nobody compare, answers `no`. The queries are the same four whatever was asked.
    """
    references = [read_reference(reference) for reference, _name in asked]
    known = (
        select(RegistryEntry, Certificate.claim)
        .join(Certificate, Certificate.public_id == RegistryEntry.public_id)
        .where(
            or_(
                RegistryEntry.public_id.in_([public_id for public_id, _number in references if public_id]),
                RegistryEntry.number.in_([number for _public_id, number in references if number]),
            )
        )
        .order_by(RegistryEntry.public_id)
        .with_for_update(of=RegistryEntry)  # whoever holds these rows counts alone
    )
    found = [(entry, facts) for entry, facts in session.execute(known)]
    ids = {key: entry.public_id for entry, _facts in found for key in (entry.public_id, entry.number)}
    consents = consents_of(session, public_ids=set(ids.values()))
    names = {
        entry.public_id: facts["holder"]
        for entry, facts in found
        if consents.get(entry.public_id) is not ConsentLevel.HIDDEN and certified(facts, entry)
    }
    counted = (
        select(MatchTry.public_id, func.count())
        .where(MatchTry.public_id.in_(set(ids.values())), MatchTry.at > now - timedelta(days=1))
        .group_by(MatchTry.public_id)
    )
    tried = Counter(dict(session.execute(counted).all()))
    answers: list[Match | None] = []
    rows = []
    for (public_id, number), (_reference, name) in zip(references, asked, strict=True):
        whose = ids.get(public_id or number or "", "")
        compared = match_names(name, names.get(whose, STAND_IN))
        tried[whose] += 1
        enough = bool(whose) and tried[whose] > TRIES_A_DAY
        answers.append(None if enough else compared if whose in names else Match.NO)
        rows.append({"whose": "" if enough else whose, "moment": now})
    session.connection().execute(_COUNT_TRY, rows)
    return answers


# the same statement for a certificate that exists and for one that does not; the latter adds no row
_COUNT_TRY = insert(MatchTry).from_select(
    ["public_id", "at"],
    select(RegistryEntry.public_id, bindparam("moment", type_=MatchTry.at.type)).where(
        RegistryEntry.public_id == bindparam("whose", type_=String())
    ),
)
