"""A second opinion on a case, which shares nothing with the checker but the engine: people who play at random."""

import random
from collections.abc import Mapping

from trainer.cases.play.engine import TIMEOUT, Play, expert_play, init, options, replay, step
from trainer.cases.play.score import score
from trainer.cases.play.state import Done
from trainer.cases.script.values import Case

LONGEST = 400
"""Steps after which a play is said to have no end."""


def random_inputs(case: Case, variant: str, seed: int, rnd: random.Random) -> tuple[str, ...]:
    """Play at random to the end; silence is an answer where a time is set."""
    state, inputs = init(case, variant, seed), []
    while not state.ending:
        opened = options(case, state)
        assert opened, f"a play stands still in #{state.scene}"
        assert len(inputs) < LONGEST, "a play has no end"
        silent = (TIMEOUT,) if case.scenes[state.scene].limit is not None else ()
        inputs.append(rnd.choice((*opened, *silent)))
        state, _ = step(case, state, inputs[-1])
    return tuple(inputs)


def assert_playable(case: Case, *, plays: int, seeds: tuple[int, ...], luck: int) -> None:
    """Assert that people get through: the expert ends well and passes, and nobody at random stands still."""
    rnd, endings = random.Random(luck), {one.id for one in case.endings}
    for variant in case.variants:
        for seed in seeds:
            expert = expert_play(case, variant, seed)
            assert expert.state.ending in endings
            assert not expert.state.failures
            assert not {one.state for one in expert.state.duties} & {Done.LATE, Done.MISSED}
            assert score(case, expert).passed
            for _ in range(plays):
                play = replay(case, variant, seed, random_inputs(case, variant, seed, rnd))
                assert play.state.ending in endings
                assert_cues_seen(case, play)


def assert_cues_seen(case: Case, play: Play) -> None:
    """Assert that whoever committed a failure had been where its warning stands."""
    cues: Mapping[str, str] = {rule.id: rule.cue_in for rule in case.must_nots if rule.cue_in}
    for number, one in enumerate(play.steps):
        been = {earlier.scene for earlier in play.steps[: number + 1]}
        assert all(cues.get(rule, one.scene) in been for rule in one.failures)
