"""How long a moment lasts, and which pauses stop its clock: the rule itself, without pages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cases.runs.timing import (
    ARRIVAL_SECONDS,
    FACTORS,
    PAUSES,
    Span,
    limited,
    longest_pause,
    span_of,
    standstill,
    time_limits,
)
from trainer.cases.runs.transcript import MORE_TIME, Event, Transcript
from trainer.cases.runs.words import EventKind, Pace, RunPurpose

LIMIT = 90
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHOICE, PAUSE, RESUME = EventKind.CHOICE, EventKind.PAUSE, EventKind.RESUME


@dataclass
class Terms:
    """How the clock of a run was set."""

    purpose: RunPurpose = RunPurpose.PRACTICE
    pace: Pace = Pace.REAL
    factor: int = 100
    pauses: int | None = None


def examined(pauses: int | None, *, factor: int = 100, pace: Pace = Pace.SIMULATED) -> Terms:
    return Terms(RunPurpose.EXAM, pace, factor, pauses)


def told(*happenings: tuple[EventKind | str, int]) -> tuple[Transcript, datetime]:
    """Let things happen, each so many seconds after the one before; return when the last did, too."""
    events, at = [], START
    for what, gap in happenings:
        at += timedelta(seconds=gap)
        events.append(Event(RESUME, MORE_TIME, at) if what == MORE_TIME else Event(EventKind(what), "", at))
    return Transcript(START, tuple(events)), at


def limits(transcript: Transcript) -> tuple[int | None, ...]:
    """Only the present moment has a limit."""
    return (*[None] * len(transcript.inputs), LIMIT)


HAPPENINGS = st.lists(
    st.tuples(st.sampled_from([CHOICE, PAUSE, RESUME, EventKind.REASON, MORE_TIME]), st.integers(0, 400)), max_size=12
)


@given(HAPPENINGS, st.integers(0, 400), st.sampled_from([100, 150, 200]))
def test_a_moment_has_lasted_as_long_as_nobody_had_paused(happenings, gap: int, factor: int) -> None:
    transcript, at = told(*happenings)
    span = span_of(Terms(factor=factor), limits(transcript), transcript, at + timedelta(seconds=gap))
    lasted, granted, running = 0, 0, True
    for what, seconds in [*happenings, (None, gap)]:  # second by second, as a person with a stopwatch would count
        lasted += seconds if running else 0
        if what is CHOICE:
            lasted, granted, running = 0, 0, True
        running = (running and what is not PAUSE) or what is RESUME
        granted += what == MORE_TIME
    assert span.spent == lasted
    assert span.limit == LIMIT * factor // 100 * (1 + granted)
    assert span.left >= 0
    assert not span.is_late or span.is_up


@pytest.mark.parametrize(
    ("pace", "factor", "seconds"),
    [(Pace.CALM, 100, None), (Pace.REAL, 0, None), (Pace.SIMULATED, 100, 90), (Pace.REAL, 150, 135)],
)
def test_a_limit_is_as_written_longer_or_taken_away(pace: Pace, factor: int, seconds: int | None) -> None:
    assert limited(LIMIT, pace=pace, factor=factor) == seconds
    assert limited(None, pace=Pace.REAL, factor=100) is None


def test_what_people_were_told_about_time_stays_as_it_is() -> None:
    assert (ARRIVAL_SECONDS, PAUSES, FACTORS) == (5, 3, (100, 150, 200, 0))


def test_a_moment_without_a_limit_can_last() -> None:
    transcript, at = told((PAUSE, 10), (RESUME, 50))
    assert span_of(Terms(pace=Pace.CALM), (LIMIT,), transcript, at) == Span(None, 0, 10)


@pytest.mark.parametrize(("ending", "present"), [("", LIMIT), ("morning", None)])
def test_every_moment_has_the_limit_of_its_scene_and_the_end_has_none(ending: str, present: int | None) -> None:
    case = SimpleNamespace(scenes={"door": SimpleNamespace(limit=None), "wave": SimpleNamespace(limit=LIMIT)})
    steps = [SimpleNamespace(scene="door"), SimpleNamespace(scene="wave")]
    play = SimpleNamespace(steps=steps, state=SimpleNamespace(scene="wave", ending=ending))
    assert time_limits(case, play) == (None, LIMIT, present)


def test_limits_of_other_moments_are_no_limits_of_these() -> None:
    transcript, at = told((CHOICE, 10))
    with pytest.raises(ValueError, match="zip"):
        standstill(examined(1), (LIMIT,), transcript, at)


def test_an_answer_may_be_on_its_way_for_a_few_seconds() -> None:
    assert [Span(90, 0, spent).is_up for spent in (89.9, 90)] == [False, True]
    assert [Span(90, 0, spent).is_late for spent in (90 + ARRIVAL_SECONDS, 90.1 + ARRIVAL_SECONDS)] == [False, True]
    assert [Span(90, 0, spent).left for spent in (0, 0.5, 89.5, 90, 200)] == [90, 90, 1, 0, 0]
    assert (Span(None, 0, 900).left, Span(None, 0, 900).is_up, Span(None, 0, 900).is_late) == (0, False, False)


def test_more_time_is_given_one_extension_ahead_and_not_once_it_is_late() -> None:
    assert [Span(180, 90, spent).can_grow for spent in (0, 89, 90, 180 + ARRIVAL_SECONDS, 181 + ARRIVAL_SECONDS)] == [
        False, False, True, True, False,
    ]  # fmt: skip
    assert not Span(90, 0, 90).can_grow
    assert Span(2, 1, 1).can_grow


def test_more_time_asked_for_in_a_pause_does_not_end_it() -> None:
    transcript, at = told((PAUSE, 10), (MORE_TIME, 5))
    assert span_of(Terms(), (LIMIT,), transcript, at + timedelta(seconds=50)) == Span(2 * LIMIT, LIMIT, 10)


def test_an_examination_adds_no_time() -> None:
    transcript, at = told((MORE_TIME, 10))
    assert span_of(examined(3), (LIMIT,), transcript, at) == Span(LIMIT, 0, 10)


def paused(*lengths: int, choices: bool = False) -> tuple[Transcript, datetime]:
    """Pause so long after ten seconds each; with `choices`, each pause in a moment of its own."""
    return told(
        *(happening for length in lengths for happening in ((PAUSE, 10), (RESUME, length), (CHOICE, 0))[: 2 + choices])
    )


@pytest.mark.parametrize(("lasted", "spent"), [(0, 10), (600, 10), (601, 11), (3600, 3010)])
def test_a_pause_of_an_examination_stops_the_clock_for_ten_minutes(lasted: int, spent: int) -> None:
    transcript, now = paused(lasted)
    assert span_of(examined(3), (LIMIT,), transcript, now).spent == spent
    assert span_of(examined(None), (LIMIT,), transcript, now).spent == 10
    still = standstill(examined(3), (LIMIT,), transcript, now)
    assert (still.count, still.seconds, still.until) == (1, min(lasted, 600), None)


@pytest.mark.parametrize(("left", "spent"), [(0, 340), (1, 240), (2, 140), (3, 40), (4, 40)])
def test_only_so_many_pauses_stop_the_clock(left: int, spent: int) -> None:
    transcript, now = paused(100, 100, 100)
    span = span_of(examined(left), (LIMIT,), transcript, now + timedelta(seconds=10))
    assert span.spent == spent
    still = standstill(examined(left), (LIMIT,), transcript, now)
    assert (still.count, still.seconds) == (min(left, 3), 100 * min(left, 3))


def test_practice_counts_every_pause_and_each_stops_the_clock_for_as_long_as_it_lasts() -> None:
    transcript, now = paused(5000, 5000, choices=True)
    still = standstill(Terms(), (LIMIT, None, LIMIT), transcript, now)
    assert (still.count, still.seconds, still.until) == (1, 5000, None)


def test_a_pause_in_a_moment_without_a_limit_takes_none_of_them() -> None:
    before, _ = paused(5000, 5000, choices=True)
    transcript, now = told(*((PAUSE, 10), (RESUME, 5000), (CHOICE, 0)) * 2, (PAUSE, 10), (RESUME, 100))
    assert transcript.events[: len(before.events)] == before.events
    assert span_of(examined(1), (None, None, LIMIT), transcript, now).spent == 10
    assert standstill(examined(1), (None, None, LIMIT), transcript, now).count == 1
    assert span_of(examined(1), (LIMIT, None, LIMIT), transcript, now).spent == 110
    assert standstill(examined(1, pace=Pace.CALM), (LIMIT,) * 3, transcript, now).count == 0
    assert standstill(examined(1, factor=0), (LIMIT,) * 3, transcript, now).count == 0


def test_while_somebody_pauses_they_are_told_until_when_the_clock_stands_still() -> None:
    transcript, began = told((PAUSE, 10))
    assert standstill(examined(1), (LIMIT,), transcript, began).until == began + timedelta(minutes=10)
    assert standstill(examined(1, factor=150), (LIMIT,), transcript, began).until == began + timedelta(minutes=15)
    assert standstill(examined(0), (LIMIT,), transcript, began).until is None
    assert standstill(examined(1), (None,), transcript, began).until is None
    assert standstill(Terms(), (LIMIT,), transcript, began).until is None
    late = began + timedelta(minutes=11)
    assert span_of(examined(1), (LIMIT,), transcript, late).spent == 10 + 60
    assert standstill(examined(1), (LIMIT,), transcript, late).seconds == 600


def test_only_the_present_pause_says_until_when_the_clock_stands_still() -> None:
    transcript, now = told((PAUSE, 10), (RESUME, 5), (CHOICE, 5), (PAUSE, 10), (RESUME, 5), (PAUSE, 10))
    until = now + timedelta(minutes=10)
    assert standstill(examined(3), (LIMIT, LIMIT), transcript, now).until == until
    assert standstill(examined(2), (LIMIT, LIMIT), transcript, now).until is None
    assert standstill(examined(2), (None, LIMIT), transcript, now).until == until


def test_a_pause_that_a_choice_ended_stopped_the_clock_for_no_time_that_is_known() -> None:
    transcript, now = told((PAUSE, 10), (CHOICE, 50), (EventKind.REASON, 5))
    still = standstill(examined(1), (LIMIT, LIMIT), transcript, now)
    assert (still.count, still.seconds, still.until) == (1, 0, None)
    assert span_of(examined(1), (LIMIT, LIMIT), transcript, now).spent == 5


def test_a_longer_limit_makes_the_longest_pause_longer_and_no_limit_does_not_make_it_shorter() -> None:
    assert [longest_pause(examined(1, factor=factor)) for factor in (100, 150, 200, 0)] == [600, 900, 1200, 600]
