"""The status of a certificate: which words there are, and which may follow which.

A certificate that nobody has acted on is judged by its dates alone. A recorded change counts from the
moment it was made. A suspension ends when it is lifted, or by itself at the moment that was set for it;
revocation, surrender and supersession are final, and only the erasure of the person can follow them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    ERASED = "erased"


class Reason(StrEnum):
    """Why a status was changed, as the public sees it: whoever checks the certificate.

    These words are all that the public learns, next to a note that was written for it. What the director wrote for
    the programme's own record is seen by the directors of that programme and by nobody else; the log commits to it
    without showing it. No word here hints at health, and none tells a corrected name from a renewal.
    """

    ISSUED_IN_ERROR = "issued in error"
    REQUIREMENTS_NOT_MET = "requirements not met"
    FALSE_INFORMATION = "false information"
    CONDUCT = "conduct"
    HOLDER_ASKED = "the holder asked"
    UNDER_REVIEW = "under review"
    REVIEW_ENDED = "review ended"
    CONDITIONS_OPEN = "conditions open"
    CONDITIONS_MET = "conditions met"
    NEW_CERTIFICATE = "a new certificate was issued"
    ERASURE_ASKED = "erasure asked for"


@dataclass(frozen=True, kw_only=True)
class Status:
    """What holds at one moment.

    Attributes:
        since: from when the word has held.
        reason_code: a `Reason`, or "" when the dates alone decide.
        public_note: a sentence anybody may read, or "".
        until: of a suspension, the first moment at which it no longer holds, or None until it is lifted.
        successor: of a replaced certificate, the public id of the new one, or "".
    """

    word: Word
    since: datetime
    reason_code: str = ""
    public_note: str = ""
    until: datetime | None = None
    successor: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was recorded about a certificate, as far as its status follows from it.

    Attributes:
        at: from when it counts.
        until: of a suspension, the first moment at which it no longer holds.
        successor: of a replacement, the public id of the new certificate.
    """

    word: Word
    at: datetime
    until: datetime | None = None
    successor: str | None = None
    reason_code: str = ""
    public_note: str = ""

    def says_the_same(self, other: "Decision") -> bool:
        """Say whether recording the other after this one would change nothing."""
        return (self.word, self.until, self.successor) == (other.word, other.until, other.successor)


FINAL = frozenset({Word.REVOKED, Word.SURRENDERED, Word.SUPERSEDED, Word.ERASED})
_ENDINGS = FINAL | {Word.SUSPENDED}
MAY_FOLLOW: Mapping[Word, frozenset[Word]] = {
    Word.VALID: _ENDINGS,
    Word.SUSPENDED: _ENDINGS | {Word.VALID},  # a suspension may be given another end
    **dict.fromkeys(FINAL, frozenset({Word.ERASED})),
    Word.ERASED: frozenset(),
}
"""What may be recorded after what; a certificate begins as valid."""


def check_change(before: Word, after: Word) -> None:
    """Let a change pass, or say why it cannot be made.

    Raises:
        Refused: the change is not allowed.
    """
    if after in MAY_FOLLOW.get(before, ()):
        return
    if before in FINAL:
        raise Refused(f"This certificate has been {before}. That is final; issue a new certificate instead.")
    raise Refused(f"A certificate that is {before} cannot be recorded as {after}.")


def follows(before: Decision | None, after: Decision) -> bool:
    """Say whether a decision is to be recorded; False when it would change nothing.

    `after` must not lie before `before` in time.

    Raises:
        Refused: the decision is not allowed.
        ValueError: it has an end or a successor where there can be none, or lacks its successor.
    """
    if after.until is not None and (after.word is not Word.SUSPENDED or after.until <= after.at):
        raise ValueError("Only a suspension has an end, and it ends after it began.")
    if (after.successor is not None) is not (after.word is Word.SUPERSEDED):
        raise ValueError("A certificate that was replaced names its successor, and no other does.")
    standing = _standing(before, after.at)
    if before is not None and standing is before.word and before.says_the_same(after):
        return False
    if standing is Word.VALID and after.word is Word.VALID:
        return False
    check_change(standing, after.word)
    return True


def _standing(decision: Decision | None, now: datetime) -> Word:
    """Return the word that a decision still gives at that moment, or VALID where the dates decide."""
    if decision is None or (decision.until is not None and now >= decision.until):
        return Word.VALID
    return decision.word


def status_after(decision: Decision | None, *, issued_at: datetime, valid_until: datetime, now: datetime) -> Status:
    """Return what holds at that moment, after the newest decision that was made up to then."""
    if decision is not None and _standing(decision, now) is not Word.VALID:
        return Status(
            word=decision.word,
            since=decision.at,
            reason_code=decision.reason_code,
            public_note=decision.public_note,
            until=decision.until,
            successor=decision.successor or "",
        )
    dates = by_dates(issued_at=issued_at, valid_until=valid_until, now=now)
    if decision is None or dates.word is not Word.VALID:
        return dates
    return replace(dates, since=max(dates.since, decision.until or decision.at))


def by_dates(*, issued_at: datetime, valid_until: datetime, now: datetime) -> Status:
    """Return what the dates alone say; `valid_until` is the first moment that is no longer valid."""
    if now < issued_at:
        return Status(word=Word.NOT_YET_VALID, since=issued_at)
    if now >= valid_until:
        return Status(word=Word.EXPIRED, since=valid_until)
    return Status(word=Word.VALID, since=issued_at)
