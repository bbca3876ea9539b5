"""A run as words: what was shown, chosen and written, and how long it took without the pauses."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.examinations.conftest import CASE
from trainer.cases.language.compiler import compile_case
from trainer.cases.runs.models import CaseRun
from trainer.cases.runs.run import Run
from trainer.cases.runs.transcript import MORE_TIME, Event, Transcript
from trainer.cases.runs.words import EventKind, Pace
from trainer.examinations.run_in_words import told_after_sitting

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def case():
    """The story of Ash."""
    return compile_case("cases/ash/en.md", CASE.replace("NAME", "ash"))[0]


def events(*happened: tuple[int, EventKind, str]) -> tuple[Event, ...]:
    return tuple(Event(kind, value, BEGAN + timedelta(seconds=at)) for at, kind, value in happened)


def run(case, happened: tuple[Event, ...], pace: Pace = Pace.CALM, factor: int = 100) -> Run:
    begun = CaseRun(id="r", variant="first", seed=3, started_at=BEGAN, pace=pace, factor=factor)
    return Run(begun, case, Transcript(BEGAN, happened))


def test_a_run_is_told_in_words(case) -> None:
    happened = events(
        (12, EventKind.CHOICE, "grab"),
        (12, EventKind.REASON, "I wanted to comfort her."),
        (40, EventKind.CHOICE, "home"),
    )
    first, second = told_after_sitting(run(case, happened))
    assert first.scene == "A question"
    assert first.shown == ("She shivers, and rubs her hands.",)
    assert first.did == "You take her hand and hold it, unasked."
    assert len(first.others) == 2
    assert first.reason == "I wanted to comfort her."
    assert first.failures == ("cf07-touch-outside-consent",)
    assert (first.seconds, second.seconds) == (12, 28)
    assert (second.reason, second.failures) == ("", ())


def test_pauses_do_not_count_as_thinking(case) -> None:
    happened = events(
        (10, EventKind.PAUSE, ""), (500, EventKind.RESUME, ""), (505, EventKind.CHOICE, "grab"),
        (510, EventKind.RESUME, MORE_TIME), (525, EventKind.CHOICE, "home"),
    )  # fmt: skip
    decisions = told_after_sitting(run(case, happened))
    assert [(decision.seconds, decision.paused) for decision in decisions] == [(15, 490), (20, 0)]


@pytest.mark.parametrize(
    ("pace", "factor", "limit"),
    [(Pace.CALM, 100, None), (Pace.SIMULATED, 0, None), (Pace.SIMULATED, 100, 60), (Pace.REAL, 150, 90)],
)
def test_a_pause_in_a_moment_with_a_limit_stands_out(case, pace, factor, limit) -> None:
    happened = events(
        (20, EventKind.PAUSE, ""), (50, EventKind.RESUME, ""), (52, EventKind.PAUSE, ""), (60, EventKind.RESUME, ""),
        (65, EventKind.CHOICE, "grab"), (70, EventKind.PAUSE, ""), (80, EventKind.RESUME, ""),
        (85, EventKind.CHOICE, "home"),
    )  # fmt: skip
    first, second = told_after_sitting(run(case, happened, pace, factor))
    assert (first.seconds, first.paused, first.limit, first.thought_in_a_pause) == (27, 38, None, False)
    assert (second.seconds, second.paused, second.limit) == (10, 10, limit)
    assert second.thought_in_a_pause is (limit is not None)


def test_an_answer_that_arrived_before_the_one_it_waited_for_took_no_time(case) -> None:
    happened = events((12, EventKind.CHOICE, "grab"), (7, EventKind.CHOICE, "home"))
    assert [decision.seconds for decision in told_after_sitting(run(case, happened))] == [12, 0]
