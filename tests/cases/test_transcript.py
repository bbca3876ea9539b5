"""What is read from the events of a run: choices, reasons, first words, drafts, and how long somebody thought."""

from datetime import UTC, datetime, timedelta

import pytest

from trainer.cases.runs.drafts import Draft
from trainer.cases.runs.transcript import MORE_TIME, Event, Reaction, Transcript
from trainer.cases.runs.words import EventKind

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CHOICE, REASON, MARK, PAUSE, RESUME = (
    EventKind.CHOICE, EventKind.REASON, EventKind.MARK, EventKind.PAUSE, EventKind.RESUME,
)  # fmt: skip


def told(*happenings: tuple[EventKind, str, int]) -> Transcript:
    """Let things happen, each so many seconds after the run began."""
    return Transcript(
        NOON, tuple(Event(kind, value, NOON + timedelta(seconds=seconds)) for kind, value, seconds in happenings)
    )


def thought(*happenings: tuple[EventKind, str, int]) -> list[float]:
    """How long somebody thought before each answer, in seconds."""
    *answered, _ = told(*happenings).deliberations
    return [moment.thought() for moment in answered]


def test_choices_and_reasons_are_read_in_order() -> None:
    transcript = told(
        (CHOICE, "ask", 10), (REASON, "To know.", 10), (PAUSE, "", 20), (RESUME, "", 30), (CHOICE, "(timeout)", 90),
        (CHOICE, "stay", 95), (REASON, "She shivers.", 95),
    )  # fmt: skip
    assert transcript.inputs == ("ask", "(timeout)", "stay")
    assert transcript.reasons == {0: "To know.", 2: "She shivers."}
    assert transcript.reaction is None


def test_the_first_words_are_read_with_every_rating_that_was_given() -> None:
    kept = '{"words": "Hard.", "felt": {"ethics": 2, "safety": null}}'
    assert told((CHOICE, "ask", 10), (EventKind.REACTION, kept, 20)).reaction == Reaction("Hard.", {"ethics": 2})
    assert told((EventKind.REACTION, "{}", 20)).reaction == Reaction()
    assert Reaction("Hard.", {"ethics": 2}).written() == '{"words": "Hard.", "felt": {"ethics": 2}}'


@pytest.mark.parametrize(
    ("happenings", "draft"),
    [
        ((), Draft()),
        (((PAUSE, "words"),), Draft("", "words")),
        (((MARK, "a"), (PAUSE, "")), Draft("a", "")),
        (((MARK, "a"), (PAUSE, "one"), (RESUME, ""), (MARK, "b"), (PAUSE, "two")), Draft("b", "two")),
        (((MARK, "a"), (PAUSE, "one"), (RESUME, ""), (PAUSE, "two")), Draft("a", "two")),
        (((MARK, "a"), (PAUSE, "one"), (CHOICE, "a")), Draft()),
        (((MARK, "a"), (PAUSE, "one"), (CHOICE, "a"), (PAUSE, "two")), Draft("", "two")),
    ],
)
def test_a_draft_belongs_to_the_moment_in_which_it_was_left(happenings, draft: Draft) -> None:
    assert told(*((kind, value, 0) for kind, value in happenings)).draft == draft


def test_a_page_knows_the_draft_that_stood_when_it_was_made() -> None:
    transcript = told((PAUSE, "one", 1), (RESUME, "", 2), (PAUSE, "two", 3))
    assert [transcript.before(number).draft.words for number in (0, 1, 2, 3, None)] == ["", "one", "one", "two", "two"]


@pytest.mark.parametrize(
    ("happenings", "paused"),
    [
        ((), False),
        ((PAUSE,), True),
        ((PAUSE, PAUSE), True),
        ((PAUSE, RESUME), False),
        ((PAUSE, CHOICE), False),
        ((PAUSE, RESUME, PAUSE, MARK), True),
    ],
)
def test_whoever_stopped_and_did_not_go_on_is_paused(happenings, paused: bool) -> None:
    assert told(*((kind, "", 0) for kind in happenings)).is_paused is paused


def test_a_pause_is_no_thinking() -> None:
    happened = ((CHOICE, "a", 30), (REASON, "r", 30), (PAUSE, "", 40), (RESUME, "", 4000), (CHOICE, "b", 4005))
    assert thought(*happened) == [30, 15]
    assert [moment.rested for moment in told(*happened).deliberations] == [0, 3960, 0]


def test_every_pause_of_a_moment_is_left_out() -> None:
    happened = ((PAUSE, "", 10), (RESUME, "", 20), (PAUSE, "", 25), (RESUME, "", 55), (CHOICE, "a", 60))
    assert thought(*happened) == [20]
    assert told(*happened).deliberations[0].rested == 40
    assert not told(*happened[:4]).is_paused


def test_to_stop_or_to_go_on_twice_is_to_do_it_once() -> None:
    stopped = ((PAUSE, "one", 10), (PAUSE, "two", 50), (RESUME, "", 100), (CHOICE, "a", 110))
    assert (thought(*stopped), told(*stopped).deliberations[0].rested) == ([20], 90)
    assert thought((PAUSE, "", 10), (RESUME, "", 20), (RESUME, "", 50), (CHOICE, "a", 60)) == [50]
    assert thought((RESUME, "", 10), (CHOICE, "a", 60)) == [60]


def test_a_pause_that_a_choice_ends_is_no_thinking_either() -> None:
    assert thought((PAUSE, "", 10), (PAUSE, "more", 500), (CHOICE, "a", 900), (CHOICE, "b", 920)) == [10, 20]


def test_to_ask_for_more_time_is_no_pause_and_ends_none() -> None:
    assert thought((CHOICE, "a", 30), (RESUME, MORE_TIME, 50), (CHOICE, "b", 70)) == [30, 40]
    asked = ((PAUSE, "", 10), (RESUME, MORE_TIME, 20), (RESUME, "", 500), (CHOICE, "a", 505))
    assert thought(*asked) == [15]
    assert [moment.extensions for moment in told(*asked).deliberations] == [1, 0]
    assert told(*asked[:2]).is_paused
    assert told((REASON, MORE_TIME, 5)).deliberations[0].extensions == 0
    assert MORE_TIME == "(more time)", "kept so in every run since there has been more time"


def test_an_answer_that_arrived_before_the_one_it_waited_for_took_no_time() -> None:
    assert thought((CHOICE, "a", 12), (CHOICE, "b", 7)) == [12, 0]


def test_the_present_moment_has_lasted_until_now_unless_it_is_paused() -> None:
    now = NOON + timedelta(seconds=60)
    assert told((CHOICE, "a", 20)).deliberations[-1].thought(now) == 40
    assert told((CHOICE, "a", 20), (PAUSE, "", 25)).deliberations[-1].thought(now) == 5
    assert told((PAUSE, "", 5), (RESUME, "", 15)).deliberations[-1].thought(now) == 50
    assert told((PAUSE, "", 5), (RESUME, "", 15)).deliberations[-1].thought() == 5
    assert told((PAUSE, "", 5)).deliberations[-1].rested == 0


def test_what_happens_next_is_one_more_event_and_the_earlier_transcript_stays() -> None:
    before = told((CHOICE, "a", 20))
    after = before.then(Event(CHOICE, "b", NOON))
    assert (before.inputs, after.inputs) == (("a",), ("a", "b"))
