"""How a sitting has come out, from what the cases came to and what people decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trainer.examinations.words import Zone


class Outcome(StrEnum):
    """How a sitting stands."""

    UNDER_WAY = "under way"
    LOOKED_AT = "looked at"
    PASSED = "passed"
    FAILED = "failed"


def outcome_of(zone: Zone | None, flags: Sequence[bool | None], decided: bool | None) -> Outcome:
    """Say how a sitting stands.

    A machine decides only what is clearly above or below the cut, and only when no flag waits.

    Args:
        zone: None until the last case has ended.
        flags: for each flag whether it was confirmed; None while it waits for an examiner.
        decided: whether people let the person pass; None while they have not decided.
    """
    if zone is None:
        return Outcome.UNDER_WAY
    if any(confirmed is None for confirmed in flags):
        return Outcome.LOOKED_AT
    if any(flags) or zone is Zone.BELOW:
        return Outcome.FAILED
    if zone is Zone.ABOVE:
        return Outcome.PASSED
    if decided is None:
        return Outcome.LOOKED_AT
    return Outcome.PASSED if decided else Outcome.FAILED


def awaits_people(zone: Zone | None, flags: Sequence[bool | None], decided: bool | None) -> bool:
    """Say whether a sitting in the grey zone can be decided now: every flag has been cleared and nobody has decided."""
    return outcome_of(zone, flags, decided) is Outcome.LOOKED_AT and None not in flags


@dataclass(frozen=True, kw_only=True)
class Sat:
    """One sitting, as the requirements see it.

    Attributes:
        number: from 1.
        outcome: how it stands; `at`: since when it has been decided, None until then.
        played: how many cases have ended, of `whole`.
        paused: how many pauses stopped a clock.
        waits_since: since when it waits for an examiner; None where it waits for none.
    """

    number: int
    outcome: Outcome
    at: datetime | None
    played: int
    whole: int
    paused: int
    waits_since: datetime | None = None
