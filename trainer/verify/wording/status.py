"""How a status and the dates are said, online and offline."""

from datetime import datetime

from trainer.moments import written
from trainer.registry.status import Status, Word
from trainer.verify.verdict import Check

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


def in_words(status: Status) -> str:
    """Write a status as it stands after \"is\"."""
    until = f" until {written(status.until)}" if status.until else ""
    if status.becomes is not None and status.final_at is not None:
        what = "its revocation" if status.becomes is Word.REVOKED else "its surrender by the holder"
        until = f"; {what} is final from {written(status.final_at)}, and can be recalled until then"
    return _SENTENCES[status.word].format(since=written(status.since), until=until)


def within_dates(issued_at: datetime, valid_until: datetime, now: datetime) -> Check:
    """Return the check of the dates; `valid_until` is the first moment that is no longer valid."""
    return Check(
        question="Is today within its dates?",
        holds=issued_at <= now < valid_until,
        evidence=f"Valid from {written(issued_at)} up to {written(valid_until)}. Checked on {written(now)}.",
    )
