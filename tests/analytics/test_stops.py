"""A play followed for the figures is the play that the engine knows."""

from random import Random

import pytest

from trainer.analytics.decisions_taken import DecisionKind, decisions_taken
from trainer.cases.afterwards.moments import agreed
from trainer.cases.play.engine import expert_play, init, options, replay, step
from trainer.errors import Refused


def played(case, variant: str, seed: int, rnd: Random) -> tuple[str, ...]:
    state, inputs = init(case, variant, seed), []
    while not state.ending:
        inputs.append(rnd.choice(options(case, state)))
        state, _ = step(case, state, inputs[-1])
    return tuple(inputs)


def test_what_is_followed_is_what_the_engine_replays(catalogue) -> None:
    rnd, sorts = Random(4), set[DecisionKind]()
    for case in catalogue.cases.values():
        for variant in case.variants:
            seed = rnd.randrange(20)
            inputs = played(case, variant, seed, rnd)
            stops, play = decisions_taken(case, variant, seed, inputs), replay(case, variant, seed, inputs)
            assert [(one.scene, one.choice) for one in stops] == [(one.scene, one.choice) for one in play.steps]
            assert [one.offered for one in stops] == [options(case, one.before) for one in play.steps]
            for stop, done in zip(stops, play.steps, strict=True):
                harmful = bool(done.failures) or sum(points for _, points in done.gains) < 0
                assert (stop.sort is DecisionKind.HARMFUL) is harmful
                assert (stop.sort is DecisionKind.EXPERT) is (agreed(case, done) and not harmful)
            sorts |= {one.sort for one in stops}
    assert sorts == set(DecisionKind)


def test_an_experts_play_is_the_experts_throughout(catalogue) -> None:
    for case in catalogue.cases.values():
        for variant in case.variants:
            stops = decisions_taken(case, variant, 3, expert_play(case, variant, 3).inputs)
            assert {one.sort for one in stops} == {DecisionKind.EXPERT}


def test_a_play_that_is_not_open_is_refused_each_time(catalogue) -> None:
    case = catalogue.cases["tablet"]
    variant = next(iter(case.variants))
    for _ in range(2):
        with pytest.raises(Refused):
            decisions_taken(case, variant, 1, ("nothing",))


def test_words_are_those_that_stood_there_answers_included(catalogue) -> None:
    case = catalogue.cases["tablet"]
    variant = next(iter(case.variants))
    play = expert_play(case, variant, 3)
    first = decisions_taken(case, variant, 3, play.inputs)[0]
    scene, state = case.scenes[first.scene], play.steps[0].before
    always = sum(len(one.text.split()) for one in scene.paragraphs if not one.when.clauses)
    answers = sum(len(case.choices[one].text.split()) for one in options(case, state))
    everything = sum(len(one.text.split()) for one in scene.paragraphs) + answers
    assert always + answers <= first.words <= everything
