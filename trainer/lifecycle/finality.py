"""An ending that can be recalled: when it becomes final, how long that is, and what a recall brings back.

A revocation or a surrender is a suspension at first: whoever checks the certificate is safe at once, and whoever
decided it can still be told that it was a mistake. The registry holds the rule itself, see `trainer.registry.status`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from trainer.registry.status import Decision, Reason, Status, Word

ENDING = {Word.REVOKED: "revocation", Word.SURRENDERED: "surrender"}
"""What to call the decision, by what a certificate becomes by it."""

RESTS = timedelta(days=1)
"""For so long what was given back and recalled is not given back again: a director who recalls it has time to decide,
and whoever watches the certificate is not told the same again and again."""


def final_from(now: datetime, recall: timedelta) -> datetime | None:
    """Return the first moment at which what is decided now can no longer be recalled; None: it is final at once."""
    return now + recall if recall > timedelta(0) else None


@dataclass(frozen=True, kw_only=True)
class Ending:
    """An ending that was decided and is not entered as final.

    Attributes:
        becomes: what the certificate becomes by it.
        hours_left: the whole hours for which it can still be recalled; 0 in the last hour and ever after.
        over: it can no longer be recalled, and is about to be entered.
    """

    becomes: Word
    final_at: datetime
    hours_left: int
    over: bool


def ending_of(status: Status, *, now: datetime) -> Ending | None:
    """Return the ending that a suspension waits for, or None."""
    if status.becomes is None or status.final_at is None:
        return None
    return Ending(
        becomes=status.becomes,
        final_at=status.final_at,
        hours_left=max(0, (status.final_at - now) // timedelta(hours=1)),
        over=now >= status.final_at,
    )


def brought_back(stood: Decision | None, *, now: datetime) -> Decision:
    """Return what a recall records: the suspension that stood before, if it would still hold; else that dates decide.

    Args:
        stood: the decision before the one that is recalled, or None.
    """
    if stood is not None and stood.word is Word.SUSPENDED and (stood.until is None or now < stood.until):
        return Decision(
            word=Word.SUSPENDED,
            at=now,
            until=stood.until,
            reason_code=stood.reason_code,
            public_note=stood.public_note,
        )
    return Decision(word=Word.VALID, at=now, reason_code=Reason.RECALLED)


def surrendered_from(newest: Decision | None, before: Decision | None) -> datetime | None:
    """Return when a certificate can be given back again whose surrender was recalled; None where none was just now.

    Args:
        newest: the newest decision about it, and `before` the one before that.
    """
    if newest is None or before is None or newest.word is not Word.VALID or before.becomes is not Word.SURRENDERED:
        return None
    return newest.at + RESTS
