"""The status of a certificate: which words there are, and which may follow which.

A certificate that nobody has acted on is judged by its dates alone. A recorded change counts from the
moment it was made. A suspension ends when it is lifted, or by itself at the moment that was set for it;
revocation, surrender and supersession are final, and only the erasure of the person can follow them.

A revocation or a surrender begins as a suspension that says what it becomes, and from when on. Before that moment it
can be recalled, and nothing else can follow it; from then on only that very ending can. The ending is recorded like
every change: until somebody has recorded it, what holds is the suspension, however late it has become.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from trainer.errors import Refused
from trainer.moments import written


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
    RECALLED = "decision recalled"


@dataclass(frozen=True, kw_only=True)
class Status:
    """What holds at one moment.

    Attributes:
        since: from when the word has held.
        reason_code: a `Reason`, or "" when the dates alone decide.
        public_note: a sentence anybody may read, or "".
        until: of a suspension, the first moment at which it no longer holds, or None until it is lifted.
        successor: of a replaced certificate, the public id of the new one, or "".
        becomes: of a suspension that is to become final, what it becomes, or None.
        final_at: and the first moment at which it can no longer be recalled, or None.
    """

    word: Word
    since: datetime
    reason_code: str = ""
    public_note: str = ""
    until: datetime | None = None
    successor: str = ""
    becomes: Word | None = None
    final_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody decided about a certificate after its issue; recorded, it never changes.

    Attributes:
        at: from when it counts.
        until: of a suspension, the first moment at which it no longer holds; None until it is lifted.
        successor: of a replacement, the public id of the new certificate.
        reason_code: a `Reason`; "" where nothing but the status is asked for, or the person was erased.
        becomes: of a suspension that is to become final, what it becomes.
        final_at: and the first moment at which it can no longer be recalled.
        private_reason: for the programme's own record; no status and no public page shows it.
        decided_by: the id of whoever decided it, or None for the installation itself.
    """

    word: Word
    at: datetime
    until: datetime | None = None
    successor: str | None = None
    reason_code: str = ""
    public_note: str = ""
    becomes: Word | None = None
    final_at: datetime | None = None
    private_reason: str = ""
    decided_by: str | None = None

    def says_the_same(self, other: "Decision") -> bool:
        """Say whether recording the other after this one would change nothing."""
        return self._said == other._said

    @property
    def _said(self) -> tuple[object, ...]:
        return self.word, self.until, self.successor, self.becomes, self.final_at


RECALLABLE = frozenset({Word.REVOKED, Word.SURRENDERED})
"""What a suspension can become."""
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
    _check_ending(after)
    standing = _standing(before, after.at)
    if before is not None and standing is before.word and before.says_the_same(after):
        return False
    if standing is Word.VALID and after.word is Word.VALID:
        return False
    if before is not None and before.final_at is not None:
        _check_pending(before, after)
    check_change(standing, after.word)
    return True


def _check_ending(after: Decision) -> None:
    if (after.becomes is None) is not (after.final_at is None):
        raise ValueError("What becomes final says what it becomes and from when on.")
    if after.final_at is None:
        return
    if after.word is not Word.SUSPENDED or after.until is not None or after.becomes not in RECALLABLE:
        raise ValueError("Only a suspension without an end becomes a revocation or a surrender.")
    if after.final_at <= after.at:
        raise ValueError("What becomes final does so after it was decided.")


def _check_pending(before: Decision, after: Decision) -> None:
    """Let only a recall follow a suspension before it becomes final, and only that very ending from then on.

    Args:
        before: a suspension that says what it becomes, and from when on.

    Raises:
        Refused: it is too early or too late for what is to follow.
    """
    assert before.becomes is not None
    assert before.final_at is not None
    if after.at >= before.final_at:
        passes = after.word is before.becomes
    else:
        passes = after.word in (Word.VALID, Word.SUSPENDED) and after.final_at is None
    if not passes:
        raise Refused(about_to_end(before.becomes, before.final_at, now=after.at))


def about_to_end(becomes: Word, final_at: datetime, *, now: datetime) -> str:
    """Say why nothing else can be decided about a certificate that becomes this, and from when on."""
    when = written(final_at)
    if now >= final_at:
        return f"It was decided that this certificate is {becomes}. That is final since {when}."
    return (
        f"It was decided already that this certificate is {becomes}. That becomes final on {when}; until then it can "
        "only be recalled."
    )


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
            becomes=decision.becomes,
            final_at=decision.final_at,
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
