"""What holds about each certificate of a list: about a thousand in ten queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from trainer.bulk.answers import ListedAnswer
from trainer.bulk.layout import reads
from trainer.bulk.table import TableRow
from trainer.certificates.facts.claim import Claim
from trainer.certificates.facts.zone import ZonedDays
from trainer.certificates.models import Certificate
from trainer.moments import written
from trainer.registry.history.queries import in_doubt
from trainer.registry.models import RegistryEntry
from trainer.registry.queries import statuses_at
from trainer.registry.status import Status, Word
from trainer.verify.handed_in.reference import read_reference
from trainer.verify.queries import certified
from trainer.verify.verdict import Doubt

_NOTES: Mapping[Word, str] = {
    Word.VALID: "Valid until {until}.",
    Word.NOT_YET_VALID: "Not valid before {since}.",
    Word.EXPIRED: "Expired on {since}.",
    Word.SUSPENDED: "Suspended since {since}.",
    Word.REVOKED: "Revoked on {since}.",
    Word.SURRENDERED: "Given back on {since}.",
    Word.SUPERSEDED: "Replaced on {since}.",
    Word.ERASED: "Its data was deleted on {since}, at the request of its holder, so we cannot say what it was.",
}


def check_rows(session: Session, *, rows: Sequence[TableRow], base_url: str, now: datetime) -> tuple[ListedAnswer, ...]:
    """Say what holds about the certificate of each row; names are compared by `compare_names`."""
    references = [read_reference(row.reference, base_url=base_url) if not row.problem else (None, None) for row in rows]
    known = (
        select(RegistryEntry, Certificate.claim)
        .outerjoin(Certificate, Certificate.public_id == RegistryEntry.public_id)
        .where(
            or_(
                RegistryEntry.public_id.in_([public_id for public_id, _number in references if public_id]),
                RegistryEntry.number.in_([number for _public_id, number in references if number]),
            )
        )
    )
    entries: dict[str, RegistryEntry] = {}
    stored = {}
    for entry, facts in session.execute(known):
        entries[entry.public_id] = entries[entry.number] = entry
        stored[entry.public_id] = (entry, facts)
    statuses = statuses_at(session, public_ids=stored, now=now)
    drifted = {
        public_id
        for public_id, (entry, facts) in stored.items()
        if not (statuses[public_id].word is Word.ERASED if facts is None else certified(facts, entry))
    }
    doubtful = drifted | in_doubt(session, public_ids=stored)
    answers = []
    for row, (public_id, number) in zip(rows, references, strict=True):
        found = entries.get(public_id or number or "")
        if found is None:
            answers.append(_nothing(row))
        elif found.public_id in doubtful:
            answers.append(_doubt(row, found))
        else:
            answers.append(_holds(row, found, stored[found.public_id][1], statuses[found.public_id]))
    return tuple(answers)


def _nothing(row: TableRow) -> ListedAnswer:
    if row.problem:
        return ListedAnswer(row=row, status=Doubt.UNREADABLE, note=row.problem)
    note = "We have no certificate with this number or address."
    if not reads(row.reference):
        note = (
            "This is not a number of ours: the last sign checks the others, and does not fit. Look for a typing error."
        )
    return ListedAnswer(row=row, status=Doubt.UNKNOWN, note=note)


def _doubt(row: TableRow, entry: RegistryEntry) -> ListedAnswer:
    return ListedAnswer(
        row=row,
        status=Doubt.NOT_GENUINE,
        certificate=entry.number,
        public_id=entry.public_id,
        note="What is stored about this certificate is no longer what was certified; please tell the issuer.",
    )


def _holds(row: TableRow, entry: RegistryEntry, facts: Mapping[str, Any] | None, status: Status) -> ListedAnswer:
    in_utc = (entry.valid_until - timedelta(microseconds=1)).date()  # all that is left once the facts are erased
    claim = Claim.read(facts) if facts is not None else None
    last_day, days = (claim.valid_until, claim.days) if claim else (in_utc, ZonedDays())
    note = _NOTES[status.word].format(since=written(status.since), until=days.told(last_day))
    note = f"{note} {row.aside}".strip()
    return ListedAnswer(
        row=row,
        status=status.word,
        since=status.since,
        reason=status.reason_code,
        valid_until=None if status.word is Word.ERASED else last_day,
        certificate=entry.number,
        public_id=entry.public_id,
        note=note,
    )
