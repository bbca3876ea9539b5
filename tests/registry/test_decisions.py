"""What may be decided after what, and what holds at each moment: the whole table, and both sides of every moment."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trainer.errors import Refused
from trainer.registry.status import (
    FINAL,
    MAY_FOLLOW,
    Decision,
    Reason,
    Status,
    Word,
    by_dates,
    check_change,
    follows,
    status_after,
)

ISSUED = datetime(2026, 2, 1, 12, tzinfo=UTC)
UNTIL = datetime(2028, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
ENDINGS = {Word.SUSPENDED, Word.REVOKED, Word.SURRENDERED, Word.SUPERSEDED, Word.ERASED}
TABLE = {
    Word.VALID: ENDINGS,
    Word.SUSPENDED: ENDINGS | {Word.VALID},
    Word.REVOKED: {Word.ERASED},
    Word.SURRENDERED: {Word.ERASED},
    Word.SUPERSEDED: {Word.ERASED},
    Word.ERASED: set(),
}


def test_the_words_of_the_registry_are_those_that_were_always_written() -> None:
    assert [str(word) for word in Word] == [
        "valid",
        "not yet valid",
        "expired",
        "suspended",
        "revoked",
        "surrendered",
        "superseded",
        "erased",
    ]
    assert [str(reason) for reason in Reason] == [
        "issued in error",
        "requirements not met",
        "false information",
        "conduct",
        "the holder asked",
        "under review",
        "review ended",
        "conditions open",
        "conditions met",
        "a new certificate was issued",
        "erasure asked for",
        "decision recalled",
    ]


def test_the_table_of_what_may_follow_is_this_one() -> None:
    assert {before: set(after) for before, after in MAY_FOLLOW.items()} == TABLE
    assert {Word.REVOKED, Word.SURRENDERED, Word.SUPERSEDED, Word.ERASED} == FINAL


@pytest.mark.parametrize("before", Word)
@pytest.mark.parametrize("after", Word)
def test_a_change_passes_exactly_where_the_table_has_it(before: Word, after: Word) -> None:
    if after in TABLE.get(before, set()):
        check_change(before, after)
        return
    with pytest.raises(Refused) as refused:
        check_change(before, after)
    final = f"This certificate has been {before}. That is final; issue a new certificate instead."
    other = f"A certificate that is {before} cannot be recorded as {after}."
    assert str(refused.value) == (final if before in FINAL else other)


def decided(word: Word, at: datetime = ISSUED + DAY, until: datetime | None = None, successor: str = "") -> Decision:
    return Decision(word=word, at=at, until=until, successor=successor or None)


@pytest.mark.parametrize(
    "odd",
    [
        decided(Word.REVOKED, until=UNTIL),
        decided(Word.VALID, until=UNTIL),
        decided(Word.SUSPENDED, ISSUED, until=ISSUED),
        decided(Word.SUSPENDED, ISSUED, until=ISSUED - MOMENT),
    ],
)
def test_only_a_suspension_has_an_end_and_it_lies_after_its_begin(odd: Decision) -> None:
    with pytest.raises(ValueError, match=r"^Only a suspension has an end, and it ends after it began\.$"):
        follows(None, odd)
    assert follows(None, decided(Word.SUSPENDED, ISSUED, until=ISSUED + MOMENT))


@pytest.mark.parametrize("odd", [decided(Word.SUPERSEDED), decided(Word.REVOKED, successor="b" * 26)])
def test_a_replacement_names_its_successor_and_nothing_else_does(odd: Decision) -> None:
    sentence = r"^A certificate that was replaced names its successor, and no other does\.$"
    with pytest.raises(ValueError, match=sentence):
        follows(None, odd)
    assert follows(None, decided(Word.SUPERSEDED, successor="b" * 26))


SUSPENDED = decided(Word.SUSPENDED, ISSUED, until=ISSUED + 3 * DAY)


@pytest.mark.parametrize(
    ("before", "after", "recorded"),
    [
        (None, decided(Word.VALID), False),
        (None, decided(Word.REVOKED), True),
        (decided(Word.VALID), decided(Word.VALID, ISSUED + 2 * DAY), False),
        (decided(Word.REVOKED), decided(Word.REVOKED, ISSUED + 2 * DAY), False),
        (decided(Word.REVOKED), decided(Word.ERASED, ISSUED + 2 * DAY), True),
        (SUSPENDED, decided(Word.SUSPENDED, ISSUED + DAY, until=ISSUED + 3 * DAY), False),
        (SUSPENDED, decided(Word.SUSPENDED, ISSUED + DAY, until=ISSUED + 4 * DAY), True),
        (SUSPENDED, decided(Word.SUSPENDED, ISSUED + DAY), True),
        (SUSPENDED, decided(Word.VALID, ISSUED + 3 * DAY - MOMENT), True),
        (SUSPENDED, decided(Word.VALID, ISSUED + 3 * DAY), False),
        (SUSPENDED, decided(Word.SUSPENDED, ISSUED + 3 * DAY, until=ISSUED + 9 * DAY), True),
        (decided(Word.SUSPENDED), decided(Word.VALID, UNTIL), True),
    ],
)
def test_what_would_change_nothing_is_not_recorded(before: Decision | None, after: Decision, recorded: bool) -> None:
    assert follows(before, after) is recorded


def test_a_suspension_that_has_ended_can_be_decided_anew_with_the_very_same_words() -> None:
    once = decided(Word.SUSPENDED, ISSUED)
    assert once.says_the_same(decided(Word.SUSPENDED, ISSUED + DAY))
    ended = Decision(word=Word.SUSPENDED, at=ISSUED, until=ISSUED + DAY)
    assert follows(ended, decided(Word.SUSPENDED, ISSUED + DAY))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (decided(Word.REVOKED), decided(Word.VALID, ISSUED + 2 * DAY)),
        (decided(Word.SUPERSEDED, successor="b" * 26), decided(Word.SUPERSEDED, successor="c" * 26)),
        (None, decided(Word.EXPIRED)),
    ],
)
def test_what_may_not_follow_is_refused(before: Decision | None, after: Decision) -> None:
    with pytest.raises(Refused):
        follows(before, after)


ENDING = Decision(word=Word.SUSPENDED, at=ISSUED, becomes=Word.REVOKED, final_at=ISSUED + DAY)
EARLY = (
    "It was decided already that this certificate is revoked. That becomes final on 2 February 2026, 12:00 UTC; until "
    "then it can only be recalled."
)
LATE = "It was decided that this certificate is revoked. That is final since 2 February 2026, 12:00 UTC."


def ending(**other: object) -> Decision:
    return replace(ENDING, **other)


@pytest.mark.parametrize(
    ("odd", "sentence"),
    [
        (ending(becomes=None), "What becomes final says what it becomes and from when on."),
        (ending(final_at=None), "What becomes final says what it becomes and from when on."),
        (ending(until=UNTIL), "Only a suspension without an end becomes a revocation or a surrender."),
        (ending(word=Word.REVOKED), "Only a suspension without an end becomes a revocation or a surrender."),
        (ending(becomes=Word.SUPERSEDED), "Only a suspension without an end becomes a revocation or a surrender."),
        (ending(final_at=ISSUED), "What becomes final does so after it was decided."),
        (ending(final_at=ISSUED - MOMENT), "What becomes final does so after it was decided."),
    ],
)
def test_an_ending_that_cannot_be_is_a_mistake_of_ours(odd: Decision, sentence: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(sentence)}$"):
        follows(None, odd)


@pytest.mark.parametrize("becomes", [Word.REVOKED, Word.SURRENDERED])
@pytest.mark.parametrize("before", [None, decided(Word.SUSPENDED, ISSUED - DAY), decided(Word.VALID, ISSUED - DAY)])
def test_a_revocation_and_a_surrender_can_begin_as_a_suspension(before: Decision | None, becomes: Word) -> None:
    assert follows(before, ending(becomes=becomes, final_at=ISSUED + MOMENT))


@pytest.mark.parametrize(
    ("after", "refusal"),
    [
        (decided(Word.VALID, ISSUED + DAY - MOMENT), ""),
        (decided(Word.SUSPENDED, ISSUED + DAY - MOMENT), ""),
        (decided(Word.SUSPENDED, ISSUED + DAY - MOMENT, until=UNTIL), ""),
        (decided(Word.REVOKED, ISSUED + DAY - MOMENT), EARLY),
        (decided(Word.SURRENDERED, ISSUED + DAY - MOMENT), EARLY),
        (decided(Word.SUPERSEDED, ISSUED + DAY - MOMENT, successor="b" * 26), EARLY),
        (decided(Word.ERASED, ISSUED + DAY - MOMENT), EARLY),
        (ending(at=ISSUED + HOUR, final_at=ISSUED + 2 * DAY), EARLY),
        (ending(at=ISSUED + HOUR, becomes=Word.SURRENDERED), EARLY),
        (decided(Word.REVOKED, ISSUED + DAY), ""),
        (decided(Word.REVOKED, UNTIL), ""),
        (decided(Word.VALID, ISSUED + DAY), LATE),
        (decided(Word.SUSPENDED, ISSUED + DAY), LATE),
        (decided(Word.SURRENDERED, ISSUED + DAY), LATE),
        (decided(Word.ERASED, ISSUED + DAY), LATE),
        (ending(at=ISSUED + DAY, final_at=ISSUED + 2 * DAY), LATE),
    ],
)
def test_before_its_moment_only_a_recall_follows_an_ending_and_from_then_on_only_itself(
    after: Decision, refusal: str
) -> None:
    if not refusal:
        assert follows(ENDING, after)
        return
    with pytest.raises(Refused) as refused:
        follows(ENDING, after)
    assert str(refused.value) == refusal


def test_the_very_same_ending_is_not_recorded_twice() -> None:
    assert not follows(ENDING, ending(at=ISSUED + HOUR))


@pytest.mark.parametrize("now", [ISSUED, ISSUED + DAY - MOMENT, ISSUED + DAY, UNTIL + DAY])
def test_an_ending_reads_as_a_suspension_until_it_is_entered_however_late(now: datetime) -> None:
    assert after(ENDING, now) == Status(word=Word.SUSPENDED, since=ISSUED, becomes=Word.REVOKED, final_at=ISSUED + DAY)


@pytest.mark.parametrize(
    ("now", "word", "since"),
    [
        (ISSUED - MOMENT, Word.NOT_YET_VALID, ISSUED),
        (ISSUED, Word.VALID, ISSUED),
        (UNTIL - MOMENT, Word.VALID, ISSUED),
        (UNTIL, Word.EXPIRED, UNTIL),
    ],
)
def test_the_dates_alone_say_when_it_begins_and_ends(now: datetime, word: Word, since: datetime) -> None:
    expected = Status(word=word, since=since, reason_code="", public_note="", until=None, successor="")
    assert by_dates(issued_at=ISSUED, valid_until=UNTIL, now=now) == expected
    assert status_after(None, issued_at=ISSUED, valid_until=UNTIL, now=now) == expected


def after(decision: Decision, now: datetime) -> Status:
    return status_after(decision, issued_at=ISSUED, valid_until=UNTIL, now=now)


def test_a_decision_says_why_until_when_and_what_replaces_it() -> None:
    suspended = Decision(
        word=Word.SUSPENDED,
        at=ISSUED + DAY,
        until=ISSUED + 3 * DAY,
        reason_code=Reason.UNDER_REVIEW,
        public_note="A note.",
    )
    assert after(suspended, ISSUED + 3 * DAY - MOMENT) == Status(
        word=Word.SUSPENDED,
        since=ISSUED + DAY,
        reason_code="under review",
        public_note="A note.",
        until=ISSUED + 3 * DAY,
        successor="",
    )
    replaced = Decision(word=Word.SUPERSEDED, at=ISSUED + DAY, successor="b" * 26)
    assert after(replaced, UNTIL + DAY) == Status(word=Word.SUPERSEDED, since=ISSUED + DAY, successor="b" * 26)


def test_after_a_suspension_it_is_valid_since_the_suspension_ended() -> None:
    by_itself = Decision(word=Word.SUSPENDED, at=ISSUED + DAY, until=ISSUED + 3 * DAY)
    lifted = Decision(word=Word.VALID, at=ISSUED + 2 * DAY, reason_code=Reason.REVIEW_ENDED)
    assert after(by_itself, ISSUED + 3 * DAY) == Status(word=Word.VALID, since=ISSUED + 3 * DAY)
    assert after(lifted, ISSUED + 5 * DAY) == Status(word=Word.VALID, since=ISSUED + 2 * DAY)
    assert after(lifted, UNTIL) == Status(word=Word.EXPIRED, since=UNTIL)


def test_what_expired_while_it_was_suspended_has_been_expired_since_its_last_moment() -> None:
    suspended = Decision(word=Word.SUSPENDED, at=UNTIL - DAY, until=UNTIL + 5 * DAY)
    assert after(suspended, UNTIL + 5 * DAY - MOMENT).word is Word.SUSPENDED
    assert after(suspended, UNTIL + 5 * DAY) == Status(word=Word.EXPIRED, since=UNTIL)


def test_it_is_never_valid_since_before_it_was_issued() -> None:
    early = Decision(word=Word.VALID, at=ISSUED - DAY)
    assert after(early, ISSUED) == Status(word=Word.VALID, since=ISSUED)
    assert after(early, ISSUED - MOMENT) == Status(word=Word.NOT_YET_VALID, since=ISSUED)


def test_a_decision_says_nothing_that_was_not_given() -> None:
    decision = Decision(word=Word.REVOKED, at=ISSUED)
    assert (decision.reason_code, decision.public_note, decision.until, decision.successor) == ("", "", None, None)


def test_a_decision_gives_no_reasons_that_nobody_gave() -> None:
    bare = Decision(word=Word.REVOKED, at=ISSUED)
    assert (bare.private_reason, bare.decided_by) == ("", None)
