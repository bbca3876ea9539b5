"""A run as words: what was shown, chosen and written, and how long it took without the pauses."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.examinations.conftest import CASE
from trainer.cases.language.compiler import compile_case
from trainer.cases.play.engine import replay
from trainer.cases.runs.models import CaseEvent, CaseRun
from trainer.cases.runs.words import EventKind, Pace
from trainer.examinations.transcript import transcript

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def case():
    """The story of Ash."""
    return compile_case("cases/ash/en.md", CASE.replace("NAME", "ash"))[0]


def events(*happened: tuple[int, EventKind, str]) -> list[CaseEvent]:
    return [
        CaseEvent(run_id="r", seq=seq, kind=kind, value=value, at=BEGAN + timedelta(seconds=at))
        for seq, (at, kind, value) in enumerate(happened, start=1)
    ]


def run(pace: Pace = Pace.CALM, factor: int = 100) -> CaseRun:
    return CaseRun(id="r", started_at=BEGAN, pace=pace, factor=factor)


def test_a_run_is_told_in_words(case) -> None:
    play = replay(case, "first", 3, ("grab", "home"))
    happened = events((12, EventKind.CHOICE, "grab"), (12, EventKind.REASON, "r"), (40, EventKind.CHOICE, "home"))
    first, second = transcript(case, run(), play, happened, {0: "I wanted to comfort her."})
    assert first.scene == "A question"
    assert first.shown == ("She shivers, and rubs her hands.",)
    assert first.did == "You take her hand and hold it, unasked."
    assert len(first.others) == 2
    assert first.reason == "I wanted to comfort her."
    assert first.failures == ("cf07-touch-outside-consent",)
    assert (first.seconds, second.seconds) == (12, 28)
    assert (second.reason, second.failures) == ("", ())


def test_pauses_do_not_count_as_thinking(case) -> None:
    play = replay(case, "first", 3, ("grab", "home"))
    happened = events(
        (10, EventKind.PAUSE, ""), (500, EventKind.RESUME, ""), (505, EventKind.CHOICE, "grab"),
        (510, EventKind.RESUME, "more time, without a pause"), (525, EventKind.CHOICE, "home"),
    )  # fmt: skip
    told = transcript(case, run(), play, happened, {})
    assert [(one.seconds, one.paused) for one in told] == [(15, 490), (20, 0)]


@pytest.mark.parametrize(
    ("pace", "factor", "limit"),
    [(Pace.CALM, 100, None), (Pace.SIMULATED, 0, None), (Pace.SIMULATED, 100, 60), (Pace.REAL, 150, 90)],
)
def test_a_pause_in_a_moment_with_a_limit_stands_out(case, pace, factor, limit) -> None:
    play = replay(case, "first", 3, ("grab", "home"))
    happened = events(
        (20, EventKind.PAUSE, ""), (50, EventKind.RESUME, ""), (52, EventKind.PAUSE, ""), (60, EventKind.RESUME, ""),
        (65, EventKind.CHOICE, "grab"), (70, EventKind.PAUSE, ""), (80, EventKind.RESUME, ""),
        (85, EventKind.CHOICE, "home"),
    )  # fmt: skip
    first, second = transcript(case, run(pace, factor), play, happened, {})
    assert (first.seconds, first.paused, first.limit, first.thought_in_a_pause) == (27, 38, None, False)
    assert (second.seconds, second.paused, second.limit) == (10, 10, limit)
    assert second.thought_in_a_pause is (limit is not None)


def test_an_answer_that_arrived_before_the_one_it_waited_for_took_no_time(case) -> None:
    play = replay(case, "first", 3, ("grab", "home"))
    happened = events((12, EventKind.CHOICE, "grab"), (7, EventKind.CHOICE, "home"))
    assert [one.seconds for one in transcript(case, run(), play, happened, {})] == [12, 0]
