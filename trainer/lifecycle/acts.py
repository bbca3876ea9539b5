"""What can be decided about a certificate after its issue: a row of a table for each act, and what is possible when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from trainer.certificates.words import Occasion
from trainer.errors import Refused
from trainer.lifecycle.finality import final_from
from trainer.lifecycle.renewal import renewal_window
from trainer.registry.status import FINAL, Decision, Reason, Word

LONGEST_SUSPENSION = timedelta(days=5 * 366)
"""A suspension with an end is for a time that people can oversee; a longer one is lifted by a person."""


class Act(StrEnum):
    """One decision, with a page of its own whose address ends in this word."""

    SUSPEND = "suspension"
    LIFT = "lifting"
    REVOKE = "revocation"
    CORRECT = "correction"
    RENEW = "renewal"
    RECALL = "recall"
    SURRENDER = "surrender"
    KEEP = "surrender/recall"


class Who(StrEnum):
    """Who decides."""

    DIRECTOR = "director"
    HOLDER = "holder"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A row of the table: how one act works.

    Attributes:
        by: who decides it.
        audit: what the audit calls it; of a recall, what comes before the name of what is recalled.
        word: the status that it enters; None where another certificate takes this one's place, and for a recall, which
            brings back what stood before.
        occasion: why another certificate takes this one's place; None where none does.
        reasons: which of them the public may read; where there are several, whoever decides chooses one.
        ends: it may be given an end.
        recallable: it is a suspension at first, which can be recalled, and becomes the status after a while.
    """

    by: Who = Who.DIRECTOR
    audit: str
    word: Word | None = None
    occasion: Occasion | None = None
    reasons: tuple[Reason, ...] = ()
    ends: bool = False
    recallable: bool = False

    @property
    def is_public(self) -> bool:
        """Say whether whoever decides it chooses what the public reads: a reason, and a note."""
        return len(self.reasons) > 1


RULES: Mapping[Act, Rule] = {
    Act.SUSPEND: Rule(
        audit="suspend",
        word=Word.SUSPENDED,
        reasons=(Reason.UNDER_REVIEW, Reason.CONDITIONS_OPEN, Reason.CONDUCT, Reason.HOLDER_ASKED),
        ends=True,
    ),
    Act.LIFT: Rule(
        audit="lift suspension",
        word=Word.VALID,
        reasons=(Reason.REVIEW_ENDED, Reason.CONDITIONS_MET, Reason.ISSUED_IN_ERROR, Reason.HOLDER_ASKED),
    ),
    Act.REVOKE: Rule(
        audit="revoke",
        word=Word.REVOKED,
        reasons=(
            Reason.ISSUED_IN_ERROR,
            Reason.REQUIREMENTS_NOT_MET,
            Reason.FALSE_INFORMATION,
            Reason.CONDUCT,
            Reason.HOLDER_ASKED,
        ),
        recallable=True,
    ),
    Act.CORRECT: Rule(audit="correct name", occasion=Occasion.CORRECTION),
    Act.RENEW: Rule(audit="renew", occasion=Occasion.RENEWAL),
    Act.RECALL: Rule(audit="recall"),
    Act.SURRENDER: Rule(
        by=Who.HOLDER, audit="surrender", word=Word.SURRENDERED, reasons=(Reason.HOLDER_ASKED,), recallable=True
    ),
    Act.KEEP: Rule(by=Who.HOLDER, audit="recall"),
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What somebody decides about a certificate, as they send it.

    Attributes:
        seen: a mark of what the page showed; None where it is decided without a page.
        reason: the one that the public reads, where the act lets choose; None otherwise.
        private_reason: for the programme's own record.
        last_day: of a suspension, as days are counted by the programme; None until it is lifted.
        holder: of a correction, the name as it should be; None otherwise.
    """

    act: Act
    seen: str | None = None
    reason: Reason | None = None
    public_note: str = ""
    private_reason: str = ""
    last_day: date | None = None
    holder: str | None = None

    def until(self, zone: ZoneInfo) -> datetime | None:
        """Return the first moment after the last day, as days are counted in a zone."""
        if self.last_day is None:
            return None
        return datetime.combine(self.last_day + timedelta(days=1), time.min, zone).astimezone(UTC)

    def decision(self, *, by: str, zone: ZoneInfo, recall_within: timedelta, now: datetime) -> Decision:
        """Return what is to be recorded by an act that enters a status.

        Args:
            by: the id of whoever decides.
            zone: in which the programme counts days.
            recall_within: how long an ending can be recalled; nothing makes it final at once.

        Raises:
            Refused: the last day is not one of the next five years.
            ValueError: the act enters no status, or not for this reason.
        """
        rule = RULES[self.act]
        reason = self.reason if rule.is_public else next(iter(rule.reasons), None)
        if reason not in rule.reasons:
            raise ValueError(f"There is no {self.act} because of {reason!r}.")
        assert rule.word is not None  # what has a reason enters a status
        today = now.astimezone(zone).date()
        if self.last_day is not None and not today <= self.last_day <= today + LONGEST_SUSPENSION:
            raise Refused("The last day of a suspension is today or later, and within five years.")
        final_at = final_from(now, recall_within) if rule.recallable else None
        return Decision(
            word=rule.word if final_at is None else Word.SUSPENDED,
            at=now,
            until=self.until(zone),
            reason_code=reason,
            public_note=self.public_note.strip(),
            private_reason=self.private_reason.strip(),
            decided_by=by,
            becomes=None if final_at is None else rule.word,
            final_at=final_at,
        )

    def is_in(self, kept: Decision, before: Decision | None, *, by: str, zone: ZoneInfo) -> bool:
        """Say whether just this was recorded: by the same person, in the same words.

        Args:
            kept: the newest decision, and `before` the one before it.
        """
        rule = RULES[self.act]
        if rule.word is None:
            recalled = before is not None and before.final_at is not None and kept.word not in FINAL
            return recalled and (kept.decided_by, kept.private_reason) == (by, self.private_reason.strip())
        sent = (by, self.public_note.strip(), self.private_reason.strip(), self.until(zone))
        same_reason = not rule.is_public or kept.reason_code == self.reason
        same_word = (kept.becomes or kept.word) is rule.word
        return (
            same_word and same_reason and (kept.decided_by, kept.public_note, kept.private_reason, kept.until) == sent
        )


_ALWAYS = {
    Word.VALID: (Act.SUSPEND, Act.REVOKE),
    Word.NOT_YET_VALID: (Act.SUSPEND, Act.REVOKE),
    Word.EXPIRED: (Act.REVOKE,),
    Word.SUSPENDED: (Act.LIFT, Act.SUSPEND, Act.REVOKE),
}


def acts_now(
    word: Word, *, valid_until: date, replaced: bool, today: date, recallable: bool | None = None
) -> Sequence[Act]:
    """Return the decisions that are possible to a director, the mildest first.

    Args:
        valid_until: the last valid day.
        replaced: somebody has decided already that another certificate takes its place.
        recallable: where it was decided that it ends, whether that can still be recalled; None where it was not.
    """
    if recallable is not None:
        return [Act.RECALL] if recallable else []
    acts = list(_ALWAYS.get(word, ()))
    opens, closes = renewal_window(valid_until)
    if not replaced and word is Word.VALID:
        acts.insert(0, Act.CORRECT)
    if not replaced and word in (Word.VALID, Word.EXPIRED) and opens <= today <= closes:
        acts.insert(0, Act.RENEW)
    return acts
