"""A play is its inputs: whoever replays them stands in the same place."""

from collections.abc import Hashable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.authoring.release import read_folder, release_of
from trainer.cases.catalogue import cases_of
from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.play.engine import TIMEOUT, Play, expert_play, init, options, replay, step
from trainer.cases.play.state import Done, PlayState
from trainer.cases.play.view import view
from trainer.cases.prover.explore import _Explorer, explore
from trainer.cases.prover.relevant_state import matters
from trainer.errors import Refused
from trainer.settings import ROOT

SLUGS = ("anna-psilocybin-1", "hold-me", "tablet")


@cache
def case_named(slug: str) -> Case:
    if slug == SLUGS[0]:
        case, _ = compile_case(f"cases/{slug}/en.md", (Path(__file__).parent / "anna.md").read_text())
        assert case is not None
        return case
    return cases_of(release_of(read_folder(ROOT / "content")))[slug]


@st.composite
def plays(draw: st.DrawFn) -> tuple[Case, Play]:
    case = case_named(draw(st.sampled_from(SLUGS)))
    variant, seed = draw(st.sampled_from(sorted(case.variants))), draw(st.integers(0, 3))
    state, inputs = init(case, variant, seed), []
    while not state.ending:
        inputs.append(draw(st.sampled_from(options(case, state))))
        state, _ = step(case, state, inputs[-1])
    play = replay(case, variant, seed, tuple(inputs))
    assert play.state == state
    return case, play


@settings(max_examples=60, deadline=None)
@given(plays())
def test_every_play_ends_inside_what_the_checker_explored(played: tuple[Case, Play]) -> None:
    case, play = played
    seen = explore(case, play.state.variant, play.state.seed)
    assert play.state.ending in seen.endings
    assert {one.scene for one in play.steps} <= seen.scenes
    assert set(play.inputs) <= seen.choices
    assert play.state.failures <= seen.failures
    for name, points in play.points.items():
        low, high = seen.points[name]
        assert low <= points <= high
    for duty, standing in zip(case.duties, play.state.duties, strict=True):
        assert standing.state is Done.IDLE or standing.state in seen.duties[duty.id]


class Everything:
    """The key that forgets nothing: slower, and right by itself."""

    def key(self, state: PlayState) -> Hashable:
        return state._replace(failures=frozenset())


BELL = """---
case: bell
title: The bell rings
version: 1
phase: session
competencies: {presence: pass 60%}
variants: {one: {facts: []}}
start: door
---

# Chapter: A morning (0:00 to 1:00, then #late)

## The door {#door}

1. Knock. {#knock}
   - expert: yes
   - takes: 5 min
   - next: #room
1. Call. {#call}
   - takes: 5 min
   - scores: presence +1
   - next: #room

## The room {#room}

1. Stay. {#stay}
   - expert: yes
   - scores: presence +1
   - next: end done

## The bell {#bell}
- event: when time >= 0:05

1. Go back to the door. {#go}
   - expert: yes
   - next: #door

## Late {#late}

1. Leave. {#leave}
   - expert: yes
   - next: end done

# Endings

- done: The morning is over.
"""
"""The bell leads back to the door, where one stood before, although no scene leads there."""

LISTEN = """   - takes: 2 min
   - next: #room
1. Listen. {#listen}
   - takes: 2 min
   - scores: presence +1
   - next: #room
"""

FORGETFUL = {
    "an event leads to a scene met before": BELL,
    "an event breaks in that was met before": BELL.replace("#room\n", "#bell\n")
    .replace("   - next: #door\n", LISTEN)
    .replace("time >= 0:05", "time >= 0:07"),
}


@pytest.mark.parametrize("what", FORGETFUL)
def test_what_the_checker_forgets_changes_nothing(what: str) -> None:
    case, messages = compile_case("cases/bell/en.md", FORGETFUL[what])
    assert case is not None, messages
    short, full = (_Explorer(case, key).report("one", 1) for key in (matters(case), Everything()))
    assert short.states <= full.states
    assert replace(short, states=0) == replace(full, states=0)


TWO_WAYS = """---
case: ways
title: Two ways
version: 1
phase: session
competencies: {presence: pass 60%}
variants: {one: {}}
start: door
---

# Chapter: A morning (0:00 to 3:00)

## The door {#door}

1. By the notice board. {#by-the-board}
   - expert: yes
   - takes: 2 min
   - next: #notice
1. By the yard. {#by-the-yard}
   - takes: 5 min
   - next: #yard

## The notice {#notice}

1. Read it and go in. {#read}
   - expert: yes
   - takes: 8 min
   - scores: presence +1
   - next: #hall

## The yard {#yard}

1. Go in. {#go-in}
   - expert: yes
   - takes: 5 min
   - next: #hall

## The hall {#hall}

1. Shout. {#shout}
   - takes: 5 min
   - again: yes
   - scores: presence -1
   - next: end over
1. Wait. {#wait}
   - expert: yes
   - takes: 5 min
   - next: end over

# Must not

- shouts: shout, cue in #notice

# Endings

- over: It is over.
"""
"""Both ways are in the hall at the same minute; who came by the yard has not read the notice."""


def test_a_warning_that_one_of_two_ways_left_out_is_missing_where_they_meet() -> None:
    case, messages = compile_case("cases/ways/en.md", TWO_WAYS)
    assert case is not None, messages
    short, full = (_Explorer(case, key).report("one", 0) for key in (matters(case), Everything()))
    assert short.uncued == full.uncued == {"shouts"}
    assert short.states < full.states


def test_points_are_earned_once_however_often_one_does_it() -> None:
    there = "   - again: yes\n   - scores: presence -1\n   - next: "
    case, messages = compile_case("cases/ways/en.md", TWO_WAYS.replace(f"{there}end over", f"{there}#hall"))
    assert case is not None, messages
    play = replay(case, "one", 0, ("by-the-board", "read", "shout", "shout", "wait"))
    assert play.points == {"presence": 0}
    assert [one.gains for one in play.steps[2:4]] == [(("presence", -1),), ()]


@pytest.mark.parametrize("variant", ["no-touch", "pressure"])
def test_whether_a_warning_was_seen_on_every_way_is_not_lost_when_ways_meet(variant: str) -> None:
    text = (Path(__file__).parent / "anna.md").read_text()
    for rule, cue in (("hold unless hand-agreed", "wave"), ("stop-tablets", "interview"), ("fetch-tea", "alone")):
        assert f"{rule}\n" in text
        text = text.replace(f"{rule}\n", f"{rule}, cue in #{cue}\n")
    case, messages = compile_case("cases/anna-psilocybin-1/en.md", text.replace("grab-hand, hold", "own-tablet, hold"))
    assert case is not None, messages
    short, full = (_Explorer(case, key).report(variant, 1) for key in (matters(case), Everything()))
    assert replace(short, states=0, held=frozenset()) == replace(full, states=0, held=frozenset())
    assert short.uncued == {"client-left-alone"}


@settings(max_examples=30, deadline=None)
@given(plays())
def test_time_only_goes_forward(played: tuple[Case, Play]) -> None:
    case, play = played
    moments = [(case.scenes[one.scene].chapter, one.before.minute) for one in play.steps]
    assert moments == sorted(set(moments))


@settings(max_examples=20, deadline=None)
@given(plays())
def test_a_page_shows_every_open_answer_once_and_nothing_that_was_taken(played: tuple[Case, Play]) -> None:
    case, play = played
    for length in range(len(play.steps)):
        so_far = replay(case, play.state.variant, play.state.seed, play.inputs[:length])
        shown = [one.id for one in view(case, so_far).answers]
        assert sorted(shown) == sorted(options(case, so_far.state))
        assert view(case, so_far) == view(case, so_far)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_expert_ends_well_in_every_variant(slug: str) -> None:
    case = case_named(slug)
    for variant in case.variants:
        play = expert_play(case, variant, 0)
        assert play.state.ending
        assert not play.state.failures
        assert {one.state for one in play.state.duties} <= {Done.DONE, Done.IDLE}


def test_an_answer_that_is_not_open_is_refused() -> None:
    case = case_named("hold-me")
    with pytest.raises(Refused):
        step(case, init(case, "no-touch", 0), "hold-agreed")


def test_nothing_can_be_answered_after_the_end() -> None:
    case = case_named("hold-me")
    play = expert_play(case, "no-touch", 0)
    assert options(case, play.state) == ()
    with pytest.raises(Refused):
        step(case, play.state, play.inputs[-1])


def test_the_right_answer_turns_with_the_variant() -> None:
    case = case_named("hold-me")
    agreed, not_agreed = (set(expert_play(case, one, 0).inputs) for one in ("hand-agreed", "no-touch"))
    assert "hold-agreed" in agreed
    assert "keep-not-agreed" in not_agreed


def test_a_hand_that_was_never_agreed_is_a_failure_and_the_agreed_one_is_not() -> None:
    case = case_named("anna-psilocybin-1")
    for variant, failures in (("usual", frozenset()), ("no-touch", {"touch-without-consent"})):
        inputs = ["enough", "book", "sit-quiet", "come-low", "recheck"]
        play = replay(case, variant, 0, tuple(inputs))
        inputs += ["only-note", "hold"] if play.state.scene == "reading" else []
        assert replay(case, variant, 0, tuple(inputs)).state.failures & {"touch-without-consent"} == failures


def test_silence_is_an_input_like_any_other() -> None:
    case = case_named("anna-psilocybin-1")
    play = replay(case, "usual", 0, ("enough", "book", "sit-quiet", TIMEOUT))
    assert play.state.scene == "frozen"
    assert play.state.minute == 20 + 45 + 2


def test_silence_is_refused_where_no_time_is_set() -> None:
    case = case_named("anna-psilocybin-1")
    with pytest.raises(Refused):
        replay(case, "usual", 0, (TIMEOUT,))


def test_an_interview_ends_when_its_time_is_up() -> None:
    case = case_named("anna-psilocybin-1")
    asked = ("ask-medicines", "ask-family", "ask-heart", "ask-hopes", "sell")
    assert replay(case, "usual", 0, asked[:4]).state.scene == "interview"
    assert replay(case, "usual", 0, asked).state.scene == "decide"


def test_an_event_breaks_in_once_and_goes_back_to_where_the_play_was() -> None:
    case = case_named("anna-psilocybin-1")
    inputs: tuple[str, ...] = ("enough", "book", "sit-quiet", "explain-away")
    play = replay(case, "pressure", 0, inputs)
    assert (play.state.scene, play.state.back) == ("crisis", "chest")
    after = replay(case, "pressure", 0, (*inputs, "wait-reading"))
    assert (after.state.scene, after.state.back) == ("chest", "")


def test_a_duty_is_done_late_or_missed_by_the_clock() -> None:
    case = case_named("tablet")
    start = ("no-right-answer", "ask-pharmacy", "enough")
    in_time = replay(case, "lithium", 0, (*start, "ring-allowed"))
    late = replay(case, "lithium", 0, (*start, "picture-index", "admit-gap"))
    missed = replay(case, "lithium", 0, (*start, "picture-index", "send-as-is", "vouch"))
    assert [one.state.duties[0].state for one in (in_time, late, missed)] == [Done.DONE, Done.LATE, Done.MISSED]
    assert in_time.state.duties[0].took == 10


def test_what_an_answer_reveals_is_heard_on_the_next_page() -> None:
    case = case_named("anna-psilocybin-1")
    assert replay(case, "no-touch", 0, ("ask-medicines",)).heard
    assert not replay(case, "usual", 0, ("ask-medicines",)).heard


def test_vital_signs_are_shown_only_where_they_are_measured() -> None:
    case = case_named("anna-psilocybin-1")
    assert view(case, replay(case, "usual", 0, ())).signs == ()
    assert len(view(case, replay(case, "usual", 0, ("enough", "book"))).signs) == 3


def test_one_question_is_answered_by_each_variant_in_its_own_words() -> None:
    text = (Path(__file__).parent / "anna.md").read_text()
    one = '   - cue: [if on-tablets] "Only something small for my mood, from an old prescription."\n'
    both = one + '   - cue: [if not on-tablets] "Nothing at all."\n'
    assert one in text
    case, messages = compile_case("cases/anna-psilocybin-1/en.md", text.replace(one, both))
    assert case is not None, messages
    answers = {name: replay(case, name, 1, ("ask-medicines",)).heard for name in case.variants}
    assert answers["no-touch"] == ('"Only something small for my mood, from an old prescription."',)
    assert answers["usual"] == ('"Nothing at all."',)
