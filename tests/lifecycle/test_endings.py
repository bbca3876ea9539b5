"""An ending that can be recalled: when it is final, what a recall brings back, and what the newest entry says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import Refused
from trainer.lifecycle.finality import ENDING, RESTS, Ending, brought_back, ending_of, final_from, surrendered_from
from trainer.registry.status import FINAL, Decision, Reason, Status, Word, follows, status_after

ISSUED = datetime(2026, 2, 1, 12, tzinfo=UTC)
UNTIL = datetime(2028, 2, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
REVIEW = Decision(
    word=Word.SUSPENDED, at=ISSUED, until=ISSUED + 9 * HOUR, reason_code=Reason.UNDER_REVIEW, public_note="A note."
)


@pytest.mark.parametrize(("hours", "final_at"), [(0, None), (1, ISSUED + HOUR), (168, ISSUED + 168 * HOUR)])
def test_what_is_decided_now_is_final_after_the_hours_or_at_once(hours: int, final_at: datetime | None) -> None:
    assert final_from(ISSUED, hours * HOUR) == final_at


@pytest.mark.parametrize(
    ("now", "left", "over"),
    [
        (ISSUED, 24, False),
        (ISSUED + MOMENT, 23, False),
        (ISSUED + 23 * HOUR, 1, False),
        (ISSUED + 23 * HOUR + MOMENT, 0, False),
        (ISSUED + 24 * HOUR - MOMENT, 0, False),
        (ISSUED + 24 * HOUR, 0, True),
        (ISSUED + 99 * HOUR, 0, True),
    ],
)
def test_it_can_be_recalled_up_to_its_moment_and_not_at_it(now: datetime, left: int, over: bool) -> None:
    final_at = ISSUED + 24 * HOUR
    status = Status(word=Word.SUSPENDED, since=ISSUED, becomes=Word.REVOKED, final_at=final_at)
    assert ending_of(status, now=now) == Ending(becomes=Word.REVOKED, final_at=final_at, hours_left=left, over=over)


@pytest.mark.parametrize("half", [{}, {"becomes": Word.REVOKED}, {"final_at": UNTIL}])
def test_an_ordinary_suspension_waits_for_no_ending(half: dict[str, object]) -> None:
    assert ending_of(Status(word=Word.SUSPENDED, since=ISSUED, **half), now=ISSUED) is None


GIVEN_BACK = Decision(word=Word.SUSPENDED, at=ISSUED, becomes=Word.SURRENDERED, final_at=ISSUED + 24 * HOUR)
REVOKED = Decision(word=Word.SUSPENDED, at=ISSUED, becomes=Word.REVOKED, final_at=ISSUED + 24 * HOUR)
RECALLED = Decision(word=Word.VALID, at=ISSUED + HOUR)


@pytest.mark.parametrize(
    ("newest", "before", "again"),
    [
        (RECALLED, GIVEN_BACK, ISSUED + HOUR + RESTS),
        (RECALLED, REVOKED, None),
        (RECALLED, REVIEW, None),
        (RECALLED, None, None),
        (REVIEW, GIVEN_BACK, None),
        (GIVEN_BACK, RECALLED, None),
        (None, GIVEN_BACK, None),
        (None, None, None),
    ],
)
def test_a_day_after_its_recall_a_surrender_can_be_repeated(newest, before, again: datetime | None) -> None:
    assert timedelta(days=1) == RESTS
    assert surrendered_from(newest, before) == again


def test_both_endings_have_a_name() -> None:
    assert ENDING == {Word.REVOKED: "revocation", Word.SURRENDERED: "surrender"}


@pytest.mark.parametrize(
    ("stood", "now", "again"),
    [
        (None, ISSUED, False),
        (REVIEW, ISSUED + 9 * HOUR - MOMENT, True),
        (REVIEW, ISSUED + 9 * HOUR, False),
        (Decision(word=Word.SUSPENDED, at=ISSUED, reason_code=Reason.UNDER_REVIEW, public_note="A note."), UNTIL, True),
        (Decision(word=Word.VALID, at=ISSUED, reason_code=Reason.REVIEW_ENDED), ISSUED + HOUR, False),
    ],
)
def test_a_recall_brings_back_the_suspension_that_would_still_hold(
    stood: Decision | None, now: datetime, again: bool
) -> None:
    back = brought_back(stood, now=now)
    if again:
        assert stood is not None
        assert back == Decision(
            word=Word.SUSPENDED, at=now, until=stood.until, reason_code=Reason.UNDER_REVIEW, public_note="A note."
        )
    else:
        assert back == Decision(word=Word.VALID, at=now, reason_code="decision recalled")


ACTS = ("suspend", "lift", "revoke", "surrender", "recall", "make final", "erase")


def wanted(act: str, made: list[Decision], now: datetime, recall: timedelta) -> Decision:
    """Return what somebody who does this wants to be recorded, as the services do it."""
    newest = made[-1] if made else None
    if act == "recall":
        return brought_back(made[-2] if len(made) > 1 else None, now=now)
    if act == "make final":
        return Decision(word=(newest.becomes if newest else None) or Word.REVOKED, at=now)
    if act in ("revoke", "surrender"):
        word, final_at = Word.REVOKED if act == "revoke" else Word.SURRENDERED, final_from(now, recall)
        if final_at is None:
            return Decision(word=word, at=now)
        return Decision(word=Word.SUSPENDED, at=now, becomes=word, final_at=final_at)
    return Decision(word={"suspend": Word.SUSPENDED, "lift": Word.VALID, "erase": Word.ERASED}[act], at=now)


@given(
    st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 30), st.sampled_from((0, 1, 24))), max_size=15),
    st.integers(0, 500),
)
def test_in_whatever_order_people_decide_nothing_is_unsaid_and_the_newest_entry_says_what_holds(
    done: list[tuple[str, int, int]], later: int
) -> None:
    made: list[Decision] = []
    now = ISSUED
    for act, hours, recall in done:
        now += hours * HOUR
        pending = made[-1] if made and made[-1].final_at else None
        after, before = wanted(act, made, now, recall * HOUR), list(made)
        try:
            if follows(made[-1] if made else None, after):
                made.append(after)
        except Refused:
            pass
        assert made[: len(before)] == before
        if pending is not None and pending.final_at is not None and len(made) > len(before):
            if now < pending.final_at:
                assert made[-1].word in (Word.VALID, Word.SUSPENDED)
                assert made[-1].final_at is None
            else:
                assert made[-1].word is pending.becomes
        status = status_after(made[-1] if made else None, issued_at=ISSUED, valid_until=UNTIL, now=now)
        assert status.word is (made[-1].word if made else Word.VALID)
    words = [one.word for one in made]
    for place, word in enumerate(words[:-1]):
        assert word not in FINAL or words[place + 1 :] == [Word.ERASED]
    if made and made[-1].final_at:  # however late somebody comes to enter it
        at = now + later * HOUR
        status = status_after(made[-1], issued_at=ISSUED, valid_until=UNTIL, now=at)
        assert (status.word, status.becomes, status.final_at) == (
            Word.SUSPENDED,
            made[-1].becomes,
            made[-1].final_at,
        )
