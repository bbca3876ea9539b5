"""Thousands of people play at random: each play can be replayed, stays inside what was proved, ends, and scores alike.

The plays are Hypothesis's own, so that a play which breaks a rule is shown as short as it can be.
"""

import json
import random
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases.oracle import assert_cues_seen, random_inputs
from trainer.authoring.release import read_folder, release_of
from trainer.cases.catalogue import cases_of
from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.play.engine import TIMEOUT, Play, _replayed, expert_play, init, options, replay, step, taken
from trainer.cases.play.score import score
from trainer.cases.play.state import Done
from trainer.cases.prover.explore import explore
from trainer.settings import ROOT

LONGEST = 400
QUICK = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def cases() -> dict[str, Case]:
    anna, messages = compile_case("cases/anna-psilocybin-1/en.md", (Path(__file__).parent / "anna.md").read_text())
    assert anna is not None, messages
    return {"anna": anna, **cases_of(release_of(read_folder(ROOT / "content")))}


@st.composite
def inputs(draw: st.DrawFn) -> tuple[Case, str, int, tuple[str, ...]]:
    """Somebody plays one case in one variant, with one of the first seeds; silence counts as an answer."""
    case = cases()[draw(st.sampled_from(sorted(cases())))]
    variant, seed = draw(st.sampled_from(sorted(case.variants))), draw(st.integers(0, 3))
    state, given_ = init(case, variant, seed), []
    while not state.ending:
        opened = options(case, state)
        assert opened, f"a play stands still in #{state.scene}"
        assert len(given_) < LONGEST, "a play has no end"
        silent = (TIMEOUT,) if case.scenes[state.scene].limit is not None else ()
        given_.append(draw(st.sampled_from((*opened, *silent))))
        state, _ = step(case, state, given_[-1])
    return case, variant, seed, tuple(given_)


def assert_as_proved(case: Case, variant: str, seed: int, given_: tuple[str, ...]) -> None:
    play = replay(case, variant, seed, given_)
    assert_replays(case, play)
    assert_in_range(case, play)
    assert_cues_seen(case, play)
    assert scored(case, play) == scored(case, replay(case, variant, seed, play.inputs))


def assert_replays(case: Case, play: Play) -> None:
    """Assert that one step after another, from nothing, leads to the same state, with time only going forward."""
    state = init(case, play.state.variant, play.state.seed)
    points = {one.name: 0 for one in case.head.competencies}
    moment = (-1, -1)
    for one in play.steps:
        assert one.before == state
        assert moment < (case.scenes[state.scene].chapter, state.minute)
        moment = (case.scenes[state.scene].chapter, state.minute)
        state, gains = step(case, state, one.choice)
        if one.choice != TIMEOUT:
            assert (state, gains) == taken(case, one.before, one.choice)
        for name, more in gains:
            points[name] += more
    assert state == play.state
    assert points == play.points


def assert_in_range(case: Case, play: Play) -> None:
    """Assert that nothing happened that the checker has not seen."""
    seen = explore(case, play.state.variant, play.state.seed)
    assert play.state.ending in seen.endings
    assert {one.scene for one in play.steps} <= seen.scenes
    assert {one for one in play.inputs if one != TIMEOUT} <= seen.choices
    assert play.state.failures <= seen.failures
    for name, points in play.points.items():
        low, high = seen.points[name]
        assert low <= points <= high
    for duty, standing in zip(case.duties, play.state.duties, strict=True):
        assert standing.state in seen.duties[duty.id]
        assert standing.state is not Done.DUE


def scored(case: Case, play: Play) -> bytes:
    return json.dumps(score(case, play).plain(), sort_keys=True).encode()


def forgotten() -> None:
    """Forget every replay that was kept, so that the next one is made from nothing."""
    _replayed.cache_clear()
    expert_play.cache_clear()


@QUICK
@given(inputs())
def test_a_play_is_as_it_was_proved(played: tuple[Case, str, int, tuple[str, ...]]) -> None:
    assert_as_proved(*played)


@pytest.mark.stress
@MANY
@given(inputs())
def test_every_one_of_twenty_thousand_plays_is_as_it_was_proved(played: tuple[Case, str, int, tuple[str, ...]]) -> None:
    assert_as_proved(*played)


@pytest.mark.parametrize("times", [5, pytest.param(40, marks=pytest.mark.stress)])
def test_hundreds_of_plays_of_all_cases_are_as_proved_and_score_twice_to_the_same_byte(times: int) -> None:
    """As a re-scoring of everything would: in another order, and from nothing."""
    rnd, plays = random.Random(2026), []
    for case in cases().values():
        for variant, seed in product(case.variants, range(3)):
            plays += [(case, variant, seed, random_inputs(case, variant, seed, rnd)) for _ in range(times)]
    first = [scored(case, replay(case, *rest)) for case, *rest in plays]
    for played in plays:
        assert_as_proved(*played)
    forgotten()
    again = [scored(case, replay(case, *rest)) for case, *rest in reversed(plays)]
    assert len(plays) > 100 * times
    assert first == again[::-1]


def test_whoever_speaks_first_is_answered() -> None:
    """In each case and version of the course, the first thing that somebody does brings a reaction to read."""
    for name, case in cases().items():
        for variant in case.variants if name != "anna" else ():
            for first in options(case, init(case, variant, 0)):
                assert replay(case, variant, 0, (first,)).heard, f"{name}, {variant}: {first} falls flat"
