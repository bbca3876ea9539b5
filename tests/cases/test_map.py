"""The map of a case: every scene where it belongs, and nothing of a scene that was not visited."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases.test_engine import SLUGS, case_named, plays
from trainer.cases.afterwards.debrief import ELSEWHERE, debrief
from trainer.cases.afterwards.map import MAP_WIDTH, CaseMap, map_of, scene_places, stops
from trainer.cases.play.engine import expert_play, replay
from trainer.cases.play.score import score

FEW = settings(max_examples=60, deadline=None)


def drawn(case, play, *, whole: bool) -> CaseMap:
    return map_of(case, play, expert_play(case, play.state.variant, play.state.seed), whole=whole)


@FEW
@given(plays())
def test_a_map_of_the_whole_case_holds_every_scene_once(played) -> None:
    case, play = played
    nodes = drawn(case, play, whole=True).nodes
    assert sorted(one.scene for one in nodes) == sorted(case.scenes)
    assert all(one.title for one in nodes)


@FEW
@given(plays())
def test_before_mastery_a_map_names_the_visited_scenes_and_no_other(played) -> None:
    case, play = played
    shown = drawn(case, play, whole=False)
    visited = set(stops(play))
    assert {one.scene for one in shown.nodes if one.title} == visited
    assert shown.visited == len(visited)
    assert [one for one in shown.nodes if not one.title and (one.scene or one.number or one.step is not None)] == []
    assert {one.name for one in shown.headings} == {case.chapters[case.scenes[one].chapter].name for one in visited}


@FEW
@given(plays())
def test_how_many_unvisited_scenes_the_expert_meets_in_a_row_is_not_told(played) -> None:
    case, play = played
    expert = stops(expert_play(case, play.state.variant, play.state.seed))
    away = sum(one not in stops(play) and before in stops(play) for before, one in itertools.pairwise(expert))
    shown = drawn(case, play, whole=False)
    assert sum(not one.title for one in shown.nodes) == shown.away == away
    way = debrief(case, play, score(case, play)).expert
    assert sum(one is ELSEWHERE for one in way) == away


@FEW
@given(plays())
def test_nothing_stands_on_anything_else_or_outside(played) -> None:
    case, play = played
    for whole in (True, False):
        shown = drawn(case, play, whole=whole)
        assert len({one.y for one in shown.nodes}) == len(shown.nodes)
        assert all(0 < one.x < shown.titles < MAP_WIDTH - 100 and 0 < one.y < shown.height for one in shown.nodes)


@FEW
@given(plays())
def test_numbers_follow_the_players_own_way(played) -> None:
    case, play = played
    numbered = sorted((one.number, one.scene) for one in drawn(case, play, whole=False).nodes if one.number)
    assert [name for _, name in numbered] == list(dict.fromkeys(stops(play)))


@given(st.sampled_from(SLUGS))
def test_scenes_stand_by_chapter_and_by_how_soon_they_are_reached(slug) -> None:
    case = case_named(slug)
    at = scene_places(case)
    assert at[case.head.start][:2] == (0, 0)
    assert all(at[name][0] == scene.chapter for name, scene in case.scenes.items())
    for name, scene in case.scenes.items():
        for choice in scene.choices:
            after = choice.next.name if choice.next else ""
            if after in case.scenes and case.scenes[after].chapter == scene.chapter:
                assert at[after][1] <= at[name][1] + 1


def test_the_experts_own_run_has_both_ways_on_every_scene() -> None:
    case = case_named("hold-me")
    expert = expert_play(case, "no-touch", 0)
    shown = drawn(case, replay(case, "no-touch", 0, expert.inputs), whole=False)
    assert all(one.expert and one.number for one in shown.nodes)
    assert (shown.shared, shown.away) == (shown.visited, 0)
    assert sum(one.expert for one in shown.edges) == len(shown.edges) / 2
