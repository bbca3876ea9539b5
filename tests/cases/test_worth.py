"""When a play has passed, at every boundary: points, late duties, failures, and the clock."""

from dataclasses import replace
from functools import cache

import pytest

from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.play.engine import TIMEOUT, Play, Step, expert_play, replay
from trainer.cases.play.score import CompetencyMark, Failure, KeptMark, KeptResult, Result, score
from trainer.cases.play.state import Done, DutyState

TEXT = """---
case: watch
title: The night watch
version: 1
phase: session
competencies:
  presence: pass 60%
  ethics: pass 60%
  safety: pass 60%
facts: [noted, told, looked]
variants: {one: {}, two: {}}
start: door
---

# Chapter: A night (0:00 to 3:00)

## The door {#door}
- answer within: 90 s else #silence

1. Knock, and wait to be asked in. {#knock}
   - expert: yes
   - takes: 5 min
   - scores: presence +5
   - changes: noted
   - next: #room
1. Walk in. {#walk-in}
   - takes: 2 min
   - scores: presence +3
   - next: #room

## The room {#room}

1. Ask, and write it down. {#ask}
   - expert: yes
   - takes: 10 min
   - scores: ethics +1
   - changes: told, looked
   - next: end morning
1. Look through the drawer. {#drawer}
   - takes: 3 min
   - scores: presence -5
   - next: end morning
1. Look through the drawer again. {#drawer-again}
   - takes: 3 min
   - scores: safety +1
   - next: end morning

## Nobody spoke {#silence}

1. Go in now. {#go-in}
   - expert: yes
   - takes: 1 min
   - next: #room

# Must do

- note-it: noted within 10 min of #door
- tell-them: told within 30 min of #door
- look-around: looked within 60 min of #room

# Must not

- searched: drawer, drawer-again, cue in #door
- entered-unasked: walk-in, cue in #door

# Endings

- morning: It is morning.
"""
SEED = 0


@cache
def watch() -> Case:
    case, messages = compile_case("cases/watch/en.md", TEXT)
    assert case is not None, messages
    return case


def expert() -> Play:
    return expert_play(watch(), "one", SEED)


def played(*inputs: str) -> Play:
    return replay(watch(), "one", SEED, inputs)


def with_points(**points: int) -> Result:
    return score(watch(), replace(expert(), points={**expert().points, **points}))


def with_duties(*states: Done) -> Result:
    duties = tuple(DutyState(state, 0, 30, 4) for state in states)
    return score(watch(), replace(expert(), state=expert().state._replace(duties=duties)))


def test_the_expert_passes_and_is_worth_a_hundred_in_all_that_was_asked_for() -> None:
    assert score(watch(), expert()) == Result(
        marks=(
            CompetencyMark("presence", 5, 5, 100, 60),
            CompetencyMark("ethics", 1, 1, 100, 60),
            CompetencyMark("safety", 0, 0, None, 60),
        ),
        duties=(
            KeptMark("note-it", Done.DONE, 5, 10),
            KeptMark("tell-them", Done.DONE, 15, 30),
            KeptMark("look-around", Done.DONE, 10, 60),
        ),
        failures=(),
        ending="morning",
        minutes=15,
        expert_minutes=15,
    )
    assert score(watch(), expert()).passed


@pytest.mark.parametrize(
    ("points", "percent"), [(-6, 0), (-1, 0), (0, 0), (1, 20), (2, 40), (3, 60), (4, 80), (5, 100), (6, 100), (60, 100)]
)
def test_points_are_per_cent_of_the_experts_never_below_nought_nor_above_a_hundred(points: int, percent: int) -> None:
    assert with_points(presence=points).marks[0].percent == percent


@pytest.mark.parametrize(("points", "passes"), [(2, False), (3, True)])
def test_a_play_passes_exactly_from_its_mark_on(points: int, passes: bool) -> None:
    result = with_points(presence=points)
    assert result.marks[0].met is passes
    assert result.passed is passes


@pytest.mark.parametrize(("percent", "met"), [(None, True), (59, False), (60, True), (61, True)])
def test_a_mark_is_met_from_what_is_needed_on_and_what_was_not_shown_asks_for_nothing(
    percent: int | None, met: bool
) -> None:
    assert CompetencyMark("presence", 0, 0, percent, 60).met is met


def test_a_fraction_of_a_per_cent_is_left_out_and_not_given() -> None:
    text = TEXT.replace("presence +5", "presence +3").replace("presence: pass 60%", "presence: pass 67%")
    case, messages = compile_case("cases/watch/en.md", text)
    assert case is not None, messages
    play = expert_play(case, "one", SEED)
    assert score(case, replace(play, points={**play.points, "presence": 2})).marks[0] == CompetencyMark(
        "presence", 2, 3, 66, 67
    )


@pytest.mark.parametrize(
    ("states", "passes"),
    [
        ((Done.DONE, Done.DONE, Done.DONE), True),
        ((Done.IDLE, Done.IDLE, Done.IDLE), True),
        ((Done.LATE, Done.DONE, Done.DONE), True),
        ((Done.LATE, Done.LATE, Done.DONE), False),
        ((Done.LATE, Done.LATE, Done.LATE), False),
        ((Done.DONE, Done.DONE, Done.MISSED), False),
        ((Done.LATE, Done.MISSED, Done.DONE), False),
    ],
)
def test_one_duty_may_be_late_two_may_not_and_none_may_be_missed(states: tuple[Done, ...], passes: bool) -> None:
    result = with_duties(*states)
    assert [one.state for one in result.duties] == list(states)
    assert result.passed is passes


def test_a_critical_failure_is_never_made_good_and_its_steps_are_named() -> None:
    result = score(watch(), played("walk-in", "drawer"))
    assert result.failures == (Failure("searched", (1,)), Failure("entered-unasked", (0,)))
    only_unasked = score(watch(), played("walk-in", "ask"))
    assert only_unasked.failures == (Failure("entered-unasked", (0,)),)
    assert not only_unasked.passed
    assert not replace(only_unasked, duties=()).passed, "the failure alone is enough"
    assert replace(only_unasked, duties=(), failures=()).passed


def test_a_play_without_an_ending_has_not_passed() -> None:
    unended = replace(expert(), state=expert().state._replace(ending=""))
    assert not score(watch(), unended).passed
    assert not score(watch(), played("knock")).passed


def test_one_competency_below_its_mark_fails_however_good_the_others_are() -> None:
    result = with_points(ethics=0)
    assert [one.met for one in result.marks] == [True, False, True]
    assert not result.passed


@pytest.mark.parametrize(("seconds", "minutes"), [(59, 1), (60, 1), (61, 2), (90, 2), (120, 2), (121, 3)])
def test_a_silence_takes_the_whole_minutes_of_its_limit(seconds: int, minutes: int) -> None:
    case, messages = compile_case(
        "cases/watch/en.md", TEXT.replace("answer within: 90 s", f"answer within: {seconds} s")
    )
    assert case is not None, messages
    play = replay(case, "one", SEED, (TIMEOUT, "go-in", "ask"))
    result = score(case, play)
    assert (result.minutes, result.expert_minutes) == (minutes + 1 + 10, 15)
    assert result.minutes == play.state.minute


def test_a_silence_where_nothing_was_set_takes_no_time() -> None:
    state = played("knock").state
    silence = Step("room", TIMEOUT, state, state)
    assert score(watch(), replace(played("knock"), steps=(silence,))).minutes == 0


def test_a_result_is_kept_in_plain_values_word_for_word() -> None:
    assert score(watch(), played("walk-in", "ask")).plain() == {
        "rubric": "1",
        "passed": False,
        "ending": "morning",
        "competencies": {"presence": 60, "ethics": 100, "safety": None},
        "duties": {"note-it": "missed", "tell-them": "done", "look-around": "done"},
        "failures": ["entered-unasked"],
        "minutes": 12,
    }


def test_what_is_kept_of_a_result_is_read_as_it_was() -> None:
    result = Result(
        marks=(CompetencyMark("ethics", 4, 5, 80, 60), CompetencyMark("safety", 0, 0, None, 60)),
        duties=(KeptMark("measure", Done.LATE, 12, 10),),
        failures=(Failure("touch", (2,)),),
        ending="morning",
        minutes=30,
        expert_minutes=20,
    )
    kept = KeptResult.read(result.plain())
    assert kept == KeptResult({"ethics": 80, "safety": None}, {"measure": Done.LATE}, ("touch",))
    assert KeptResult.read({"rubric": "1"}) == KeptResult({}, {}, ()), "an earlier version may have kept less"
