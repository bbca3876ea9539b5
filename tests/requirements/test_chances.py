"""What a director decided, in the words that its trainee reads."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trainer.chances.granted import (
    MOST_CHANCES,
    NOT_WAIVED,
    Chances,
    Declined,
    GrantedChance,
    Need,
    Wish,
    chances_about,
)
from trainer.errors import Refused

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOLD = {
    "proposer": "dana",
    "plan": "",
    "not_before": None,
    "reason": "She was ill.",
    "by": ("Dana Rivers",),
    "at": NOW,
    "holds": True,
}


def granted(number: int = 1, *, kind: str = "quiz", further: int = 1, **said: object) -> GrantedChance:
    return GrantedChance(
        **{"id": f"g{number}", "number": number, "kind": kind, "slug": "x", "further": further, **TOLD, **said}
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Dana Rivers granted one more try on 1 March 2026, 12:00 UTC because: She was ill."),
        ({"further": 3}, "Dana Rivers granted 3 more tries on 1 March 2026, 12:00 UTC because: She was ill."),
        ({"kind": "exam"}, "Dana Rivers granted one more sitting on 1 March 2026, 12:00 UTC because: She was ill."),
        (
            {"kind": "exam", "further": 2},
            "Dana Rivers granted 2 more sittings on 1 March 2026, 12:00 UTC because: She was ill.",
        ),
        (
            {"plan": "Read module 2."},
            "Dana Rivers granted one more try on 1 March 2026, 12:00 UTC because: She was ill. "
            "Before the next try: Read module 2.",
        ),
        (
            {"kind": "exam", "plan": "Play XX", "reason": "Plan XX"},
            "Dana Rivers granted one more sitting on 1 March 2026, 12:00 UTC because: Plan XX. "
            "Before the next sitting: Play XX.",
        ),
        (
            {"further": 0, "by": ("Dana Rivers", "Ester Lund")},
            "Waived by Dana Rivers and Ester Lund on 1 March 2026, 12:00 UTC because: She was ill.",
        ),
        (
            {"further": 0, "holds": False},
            "Dana Rivers proposed to waive it on 1 March 2026, 12:00 UTC because: She was ill. "
            "It holds once another director has agreed.",
        ),
        (
            {"further": 0, "holds": False, "declined": Declined(by="Ester", taken_back=False, reason="No.", at=NOW)},
            "Dana Rivers proposed to waive it on 1 March 2026, 12:00 UTC because: She was ill. "
            "Ester did not agree on 1 March 2026, 12:00 UTC because: No.",
        ),
        (
            {"further": 0, "holds": False, "declined": Declined(by="Dana", taken_back=True, reason="XX", at=NOW)},
            "Dana Rivers proposed to waive it on 1 March 2026, 12:00 UTC because: She was ill. "
            "Dana took the proposal back on 1 March 2026, 12:00 UTC because: XX.",
        ),
    ],
)
def test_a_decision_says_who_decided_what_when_and_why(said: dict[str, object], words: str) -> None:
    assert granted(**said).words == words


def test_the_newest_grant_says_when_the_next_try_opens_whatever_was_waived_since() -> None:
    first, later = granted(1, not_before=NOW), granted(2, not_before=NOW + timedelta(days=1), reason="Again.")
    proposed = granted(3, further=0, holds=False)
    every = Chances((first, later, proposed))
    assert (every.further, every.not_before) == (2, NOW + timedelta(days=1))
    assert every.words == f"{later.words} {proposed.words}"
    assert (every.waiting, every.waived) == (proposed, None)
    waiver = granted(2, further=0)
    assert (Chances((first, waiver)).waiting, Chances((first, waiver)).waived) == (None, waiver)
    assert (Chances().not_before, Chances().words, Chances().waiting) == (None, "", None)


def test_a_waiver_that_was_declined_waits_no_more_and_waives_nothing() -> None:
    no = Declined(by="Ester", taken_back=False, reason="No.", at=NOW)
    declined = granted(1, further=0, holds=False, declined=no)
    assert not declined.waits
    assert (Chances((declined,)).waiting, Chances((declined,)).waived) == (None, None)
    anew = granted(2, further=0, holds=False)
    assert (Chances((declined, anew)).waiting, Chances((declined, anew)).words) == (anew, anew.words)


def test_a_grant_is_told_before_a_waiver_that_came_to_nothing() -> None:
    first, second, third = (granted(n, reason=f"Reason {n}.") for n in (2, 3, 4))
    declined = granted(1, further=0, holds=False)
    assert Chances((first,)).words == first.words
    assert Chances((declined, first, second, third)).words == f"{third.words} {declined.words}"


def test_only_what_is_about_a_requirement_counts_for_it() -> None:
    other = granted(2, kind="exam")
    assert chances_about((granted(), other), "exam", "x").granted == (other,)


def test_up_to_three_are_granted_at_once() -> None:
    assert MOST_CHANCES == 3


STUCK = Need(kind="quiz", slug="x", title="Ethics", stuck=True, waivable=True)
TRY = {"further": 1, "plan": "", "not_before": None, "reason": "She was ill."}
WHOLE = "Please give the reason: it is kept with the decision."
LATER = "The day before which no try begins lies ahead, or is left out."


@pytest.mark.parametrize(
    ("wish", "refused"),
    [
        ({}, ""),
        ({"further": 0}, ""),
        ({"further": MOST_CHANCES}, ""),
        ({"further": MOST_CHANCES + 1}, "Up to 3 further tries are granted at once."),
        ({"further": -1}, "Up to 3 further tries are granted at once."),
        ({"reason": " "}, WHOLE),
    ],
)
def test_a_director_gives_a_reason_and_up_to_three_tries(wish: dict[str, object], refused: str) -> None:
    assert said(lambda: Wish(**{**TRY, **wish}).check_whole()) == refused


@pytest.mark.parametrize(
    ("wish", "need", "refused"),
    [
        ({}, {}, ""),
        ({}, {"waivable": False}, ""),
        ({}, {"stuck": False}, "There are tries left, so none need be granted."),
        ({"further": 0}, {"stuck": False}, ""),
        ({"further": 0}, {"waivable": False}, NOT_WAIVED),
        ({"not_before": NOW + timedelta(microseconds=1)}, {}, ""),
        ({"not_before": NOW}, {}, LATER),
    ],
)
def test_tries_are_for_who_is_stuck_and_a_waiver_for_what_may_be_waived(
    wish: dict[str, object], need: dict[str, object], refused: str
) -> None:
    assert said(lambda: Wish(**{**TRY, **wish}).check(replace(STUCK, **need), now=NOW)) == refused


def said(rule: Callable[[], None]) -> str:
    """Return why a rule refuses, or "" where it lets pass."""
    try:
        rule()
    except Refused as refusal:
        return str(refusal)
    return ""


def test_a_requirement_is_named_by_kind_and_title() -> None:
    assert STUCK.named == "the quiz “Ethics”"
    assert replace(STUCK, kind="exam").named == "the examination “Ethics”"
    assert replace(STUCK, kind="written").named == "the written task “Ethics”"
    assert NOT_WAIVED == (
        "This cannot be waived now: it is done already, or only doing it counts, as with a quiz in which a critical "
        "question was wrong, or a written task in which a critical criterion was not met."
    )
