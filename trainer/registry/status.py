"""The status of a certificate: which words there are, and which may follow which.

A certificate that nobody has acted on is judged by its dates alone. A recorded change counts from the
moment it was made; a suspension can be lifted, whereas revocation, surrender and supersession are final.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trainer.errors import Refused


class Word(StrEnum):
    """Exactly one of these holds at any moment."""

    VALID = "valid"
    NOT_YET_VALID = "not yet valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SURRENDERED = "surrendered"
    SUPERSEDED = "superseded"


class Reason(StrEnum):
    """Why a status was changed, as the public sees it."""

    ISSUED_IN_ERROR = "issued in error"
    REQUIREMENTS_NOT_MET = "requirements not met"
    CONDUCT = "conduct"
    HOLDER_ASKED = "the holder asked"
    UNDER_REVIEW = "under review"
    REVIEW_ENDED = "review ended"
    NEW_CERTIFICATE = "a new certificate was issued"


@dataclass(frozen=True, kw_only=True)
class Status:
    """What holds at one moment.

    Attributes:
        since: from when the word has held.
        reason_code: a `Reason`, or "" when the dates alone decide.
        public_note: a sentence anybody may read, or "".
    """

    word: Word
    since: datetime
    reason_code: str = ""
    public_note: str = ""


FINAL = frozenset({Word.REVOKED, Word.SURRENDERED, Word.SUPERSEDED})
_ENDINGS = FINAL | {Word.SUSPENDED}
MAY_FOLLOW: Mapping[Word, frozenset[Word]] = {
    Word.VALID: _ENDINGS,
    Word.SUSPENDED: FINAL | {Word.VALID},
    **dict.fromkeys(FINAL, frozenset()),
}
"""What may be recorded after what; a certificate begins as valid."""


def check_change(before: Word, after: Word) -> None:
    """Let a change pass, or say why it cannot be made.

    Raises:
        Refused: the change is not allowed.
    """
    if before in FINAL:
        raise Refused(f"This certificate has been {before}. That is final; issue a new certificate instead.")
    if after not in MAY_FOLLOW[before]:
        raise Refused(f"A certificate that is {before} cannot be recorded as {after}.")


def by_dates(*, issued_at: datetime, valid_until: datetime, now: datetime) -> Status:
    """Return what the dates alone say; `valid_until` is the first moment that is no longer valid."""
    if now < issued_at:
        return Status(word=Word.NOT_YET_VALID, since=issued_at)
    if now >= valid_until:
        return Status(word=Word.EXPIRED, since=valid_until)
    return Status(word=Word.VALID, since=issued_at)
