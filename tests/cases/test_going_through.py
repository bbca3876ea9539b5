"""How far a debrief was gone through, and into which moments a play falls."""

import pytest

from tests.cases.test_engine import case_named
from trainer.cases.play.engine import expert_play
from trainer.cases.runs.walk import DebriefWalk, stays


@pytest.mark.parametrize(
    ("gone", "has_ended", "open_moment", "shown", "steps"),
    [(0, False, 1, [1], [1]), (1, False, 2, [1, 2], [2]), (2, False, 3, [1, 2, 3], [3]), (3, True, 3, [1, 2, 3], [])],
)
def test_of_three_moments_those_gone_through_and_the_next_are_open_and_only_the_next_is_a_step(
    gone: int, has_ended: bool, open_moment: int, shown: list[int], steps: list[int]
) -> None:
    walk = DebriefWalk(gone=gone, whole=3)
    assert (walk.has_ended, walk.opens_all, walk.open_moment) == (has_ended, has_ended, open_moment)
    assert [number for number in range(-1, 6) if walk.shows(number)] == shown
    assert [number for number in range(-1, 6) if walk.goes_on_from(number)] == steps
    assert DebriefWalk(gone=gone, whole=3, from_before=True).opens_all


def test_every_step_of_a_run_belongs_to_one_moment_and_a_scene_that_is_not_left_is_one() -> None:
    case = case_named("tablet")
    play = expert_play(case, next(iter(case.variants)), 0)
    found = stays(play)
    assert [number for stay in found for number in stay] == list(range(len(play.steps)))
    assert [len({play.steps[number].scene for number in stay}) for stay in found] == [1] * len(found)
    assert 1 < len(found) < len(play.steps), "an interview is one moment, however many questions it has"
