"""Each move of a play by itself: which answers are open, what one changes, where it leads, and what the clock does."""

from functools import cache

import pytest

from trainer.cases.language.compiler import Case, compile_case, published_case
from trainer.cases.physiology.curves import NEVER
from trainer.cases.play.engine import (
    TIMEOUT,
    Play,
    Step,
    expert_choice,
    expert_play,
    failed,
    init,
    options,
    replay,
    step,
    taken,
    time_is_up,
    timeless,
)
from trainer.cases.play.state import Done, DutyState, PlayState
from trainer.errors import Refused

TEXT = """---
case: moves
title: Moves
version: 1
phase: session
competencies: {presence: pass 60%, ethics: pass 60%}
numbers: {trust: 5 of 10, calm: 3 of 4}
facts: [agreed, told, noted, asked, rested]
profile: mdma-120mg
vitals: {sbp: 118, dbp: 74, hr: 68}
variants: {one: {facts: [agreed]}, two: {}}
start: door
---

# Chapter: Morning (0:10 to 1:00, with vitals, then #late)

## The door {#door}
- interview: yes
- answer within: 90 s else #silence

1. Knock. {#knock}
   - expert: last
   - takes: 5 min
   - scores: presence +2, ethics -1
   - changes: trust +3, told, not noted
   - next: #room
1. Push. {#push}
   - again: yes
   - takes: 5 min
   - scores: presence -1
   - changes: trust -4, not agreed
1. Ask. {#ask}
   - only if: agreed
   - expert: if agreed
   - takes: 5 min
   - changes: asked
   - cue: [if agreed] "Yes."
   - cue: [if not agreed] "No."
   - cue: [if trust >= 5] "Gladly."
   - next: #room
1. Give the second half. {#give}
   - again: yes
   - takes: 1 min
   - changes: calm +2
   - gives: supplement

## Nobody spoke {#silence}

1. Go in. {#go-in}
   - expert: yes
   - takes: 1 min
   - next: #room

## The room {#room}

1. Note it. {#note}
   - expert: yes
   - takes: 10 min
   - scores: ethics +3
   - changes: noted
   - next: #evening
1. Leave. {#leave}
   - takes: 1 min
   - next: end gone
1. Back to the door. {#door-again}
   - again: yes
   - takes: 2 min
   - next: #door

## The bell {#bell}
- event: when calm >= 4

1. Let it ring. {#ring}
   - expert: yes
   - takes: 3 min
   - next: back
1. Look out of the window. {#window}
   - takes: 2 min
   - next: #cellar
1. See who it is. {#who}
   - takes: 2 min
   - next: #room
1. Run into the garden. {#run}
   - takes: 2 min
   - next: #garden

## The cellar {#cellar}
- interview: yes

1. Come up. {#come-up}
   - expert: yes
   - takes: 2 min
   - next: back
1. Stay below. {#below}
   - again: yes
   - takes: 2 min

## Late {#late}

1. Hurry. {#hurry}
   - takes: 5 min
   - next: #evening
1. Stop. {#stop}
   - expert: yes
   - takes: 5 min
   - next: #evening

# Chapter: Evening (6:00 to 7:00)

## The evening {#evening}
- interview: yes

1. Rest. {#rest}
   - expert: yes
   - takes: 5 min
   - changes: rested
   - next: end rested
1. Walk. {#walk}
   - again: yes
   - takes: 20 min
   - next: #garden
1. Go. {#go}
   - takes: 5 min
   - next: end gone

## The garden {#garden}

1. Come in. {#come-in}
   - again: yes
   - expert: yes
   - takes: 20 min
   - next: #evening
1. Turn back. {#turn}
   - takes: 5 min
   - next: back

## The telephone {#telephone}
- event: when rested

1. Hang up. {#hang-up}
   - expert: yes
   - takes: 1 min
   - next: back

# Must do

- answer-it: asked within 10 min of #door
- note-it: noted within 10 min of told
- rest-well: rested within 60 min of #evening

# Must not

- pushed: push, cue in #door
- asked-twice: ask unless told, cue in #door
- left: leave, go, cue in #door

# Endings

- rested: All is quiet.
- gone: You are gone.
"""


@cache
def moves() -> Case:
    case, messages = compile_case("cases/moves/en.md", TEXT)
    assert case is not None, messages
    return case


def begun(variant: str = "one") -> PlayState:
    return init(moves(), variant, 3)


def after(state: PlayState, *inputs: str) -> PlayState:
    for given in inputs:
        state, _ = step(moves(), state, given)
    return state


def duties(state: PlayState) -> dict[str, Done]:
    return {duty.id: one.state for duty, one in zip(moves().duties, state.duties, strict=True)}


# --- where a play begins -------------------------------------------------------------------------


def test_a_play_begins_at_its_first_scene_with_the_facts_of_its_variant() -> None:
    assert begun() == PlayState(
        variant="one",
        seed=3,
        scene="door",
        minute=10,
        numbers=(5, 3),
        facts=frozenset({"agreed"}),
        duties=(DutyState(Done.DUE, 10, 20, None), DutyState(), DutyState()),
        supplement=NEVER,
    )
    assert begun("two").facts == frozenset()
    with pytest.raises(KeyError):
        begun("three")


def test_an_event_can_break_in_before_the_first_answer() -> None:
    case, messages = compile_case("cases/moves/en.md", TEXT.replace("calm: 3 of 4", "calm: 4 of 4"))
    assert case is not None, messages
    state = init(case, "one", 0)
    assert (state.scene, state.back, state.fired) == ("bell", "door", {"bell"})


# --- which answers are open ----------------------------------------------------------------------


def test_only_what_holds_now_and_was_not_taken_is_open_in_the_order_of_the_file() -> None:
    assert options(moves(), begun()) == ("knock", "push", "ask", "give")
    assert options(moves(), begun("two")) == ("knock", "push", "give")
    everything = begun()._replace(taken=frozenset({"knock", "push", "ask", "give"}))
    assert options(moves(), everything) == ("push", "give")
    assert options(moves(), begun()._replace(ending="gone")) == ()


@pytest.mark.parametrize(
    ("state", "given"),
    [
        (begun("two"), "ask"),
        (begun(), "note"),
        (begun(), "nothing-of-this-name"),
        (begun()._replace(ending="gone"), "knock"),
        (begun()._replace(ending="gone"), TIMEOUT),
        (begun()._replace(scene="room"), TIMEOUT),
        (begun()._replace(taken=frozenset({"knock"})), "knock"),
    ],
)
def test_what_is_not_open_is_refused_and_says_where_to_go_on(state: PlayState, given: str) -> None:
    with pytest.raises(Refused) as refused:
        step(moves(), state, given)
    assert str(refused.value) == ("This answer cannot be given at this moment. Go on from the scene as it stands now.")


# --- what an answer changes ----------------------------------------------------------------------


def test_an_answer_moves_numbers_facts_and_the_clock_and_is_remembered() -> None:
    noted = begun()._replace(facts=frozenset({"agreed", "noted"}))
    state, gains = step(moves(), noted, "knock")
    assert gains == (("presence", 2), ("ethics", -1))
    assert (state.scene, state.minute, state.numbers) == ("room", 15, (8, 3))
    assert state.facts == {"agreed", "told"}
    assert (state.taken, state.failures, state.ending, state.supplement) == ({"knock"}, frozenset(), "", NEVER)


def test_a_number_stays_between_nought_and_its_top() -> None:
    pushed = after(begun(), "push")
    assert pushed.numbers == (1, 3)
    assert after(pushed, "push").numbers == (0, 3)
    assert after(begun()._replace(numbers=(9, 3)), "knock").numbers == (10, 3)
    assert after(begun()._replace(numbers=(7, 3)), "knock").numbers == (10, 3)
    assert after(begun()._replace(numbers=(6, 3)), "knock").numbers == (9, 3)
    assert after(begun()._replace(numbers=(4, 3)), "push").numbers == (0, 3)


def test_points_are_counted_the_first_time_only() -> None:
    state, gains = step(moves(), begun(), "push")
    again, nothing = step(moves(), state, "push")
    assert (gains, nothing) == ((("presence", -1),), ())
    assert again.taken == {"push"}


def test_a_second_supplement_changes_nothing() -> None:
    once = after(begun()._replace(numbers=(5, 0)), "give")
    assert (once.supplement, once.minute) == (10, 11)
    assert after(once._replace(numbers=(5, 0)), "give").supplement == 10
    assert after(begun(), "knock").supplement == NEVER
    assert after(once._replace(numbers=(5, 0)), "knock").supplement == 10


def test_a_failure_is_one_unless_it_is_excused_and_stays_one() -> None:
    assert failed(moves(), begun(), "knock") == frozenset()
    assert failed(moves(), begun(), "push") == {"pushed"}
    assert failed(moves(), begun(), "ask") == {"asked-twice"}
    assert failed(moves(), begun()._replace(facts=frozenset({"agreed", "told"})), "ask") == frozenset()
    assert after(begun(), "push", "knock").failures == {"pushed"}
    assert after(begun(), "ask", "door-again", "push").failures == {"pushed", "asked-twice"}


def test_what_is_known_to_be_open_is_taken_without_a_look() -> None:
    assert taken(moves(), begun(), "knock") == step(moves(), begun(), "knock")


# --- where it leads ------------------------------------------------------------------------------


def test_an_answer_without_a_way_on_stays_and_begins_no_duty_again() -> None:
    state = after(begun(), "push")
    assert (state.scene, state.minute) == ("door", 15)
    idle = begun()._replace(duties=(DutyState(), DutyState(), DutyState()))
    assert duties(after(idle, "push"))["answer-it"] is Done.IDLE
    assert duties(after(idle, "knock", "door-again"))["answer-it"] is Done.DUE


def test_a_silence_that_leads_where_one_is_enters_the_scene_again() -> None:
    case = published_case("cases/moves/en.md", TEXT.replace("else #silence", "else #door"))
    assert case
    idle = init(case, "one", 3)._replace(duties=(DutyState(), DutyState(), DutyState()))
    state, _ = step(case, idle, TIMEOUT)
    assert (state.scene, duties(state)["answer-it"]) == ("door", Done.DUE)


def test_who_stays_and_is_broken_in_upon_has_entered_another_scene() -> None:
    case = published_case("cases/moves/en.md", TEXT.replace("within 10 min of #door", "within 10 min of #bell"))
    assert case
    state, _ = step(case, init(case, "one", 3), "give")
    assert (state.scene, duties(state)["answer-it"]) == ("bell", Done.DUE)


def test_an_end_closes_every_duty() -> None:
    state = after(begun(), "knock", "leave")
    assert (state.ending, state.scene, state.minute, state.back) == ("gone", "room", 16, "")
    assert duties(state) == {"answer-it": Done.MISSED, "note-it": Done.MISSED, "rest-well": Done.IDLE}
    assert state.failures == {"left"}


@pytest.mark.parametrize(("seconds", "minutes"), [(59, 1), (60, 1), (61, 2), (90, 2), (120, 2), (121, 3)])
def test_a_silence_takes_its_whole_minutes_and_leads_where_it_says(seconds: int, minutes: int) -> None:
    case, messages = compile_case("cases/moves/en.md", TEXT.replace("within: 90 s", f"within: {seconds} s"))
    assert case is not None, messages
    state, gains = step(case, init(case, "one", 0), TIMEOUT)
    assert (state.scene, state.minute, gains, state.taken) == ("silence", 10 + minutes, (), frozenset())


def test_a_new_chapter_has_its_own_clock_and_what_is_due_is_overdue() -> None:
    state = after(begun(), "ask", "note")
    assert (state.scene, state.minute) == ("evening", 360)
    late = after(begun(), "knock", "note")
    assert late.duties == (
        DutyState(Done.DUE, 10, -1, None),
        DutyState(Done.DONE, 15, 25, 10),
        DutyState(Done.DUE, 360, 420, None),
    )
    ended = after(late, "rest")
    assert duties(ended) == {"answer-it": Done.MISSED, "note-it": Done.DONE, "rest-well": Done.DONE}
    assert ended.ending == "rested"


def test_a_duty_that_a_fact_begins_looks_at_the_moment_the_fact_became_true() -> None:
    state = after(begun(), "knock")
    assert state.duties[1] == DutyState(Done.DUE, 15, 25, None)
    told_before = begun()._replace(facts=frozenset({"agreed", "told"}))
    assert duties(after(told_before, "knock"))["note-it"] is Done.IDLE
    assert duties(after(told_before, TIMEOUT))["note-it"] is Done.IDLE


@pytest.mark.parametrize(("minute", "done"), [(24, Done.DONE), (25, Done.DONE), (26, Done.LATE)])
def test_a_duty_is_done_up_to_its_last_minute(minute: int, done: Done) -> None:
    state = after(begun(), "knock")._replace(minute=minute - 10)
    assert duties(after(state, "note"))["note-it"] is done


# --- when the time is up -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minute", "given", "scene"),
    [
        (53, "door-again", "door"),
        (58, "door-again", "late"),
        (59, "door-again", "late"),
        (60, "door-again", "door"),
        (70, "door-again", "door"),
    ],
)
def test_when_a_chapter_ends_the_play_goes_on_where_it_says_once(minute: int, given: str, scene: str) -> None:
    room = begun()._replace(scene="room", minute=minute)
    state = after(room, given)
    assert (state.scene, state.minute) == (scene, minute + 2)


def test_who_stays_is_led_on_as_well_when_the_time_is_up() -> None:
    late = after(begun()._replace(minute=55), "push")
    assert (late.scene, late.minute) == ("late", 60)
    assert after(late, "hurry").scene == "evening"


def test_what_leads_into_another_chapter_is_not_led_astray_by_the_clock() -> None:
    state = after(begun()._replace(scene="room", minute=55), "note")
    assert (state.scene, state.minute) == ("evening", 360)


def test_a_chapter_that_leads_nowhere_goes_on_after_its_time() -> None:
    evening = begun()._replace(scene="evening", minute=410)
    assert (after(evening, "walk").scene, after(evening, "walk").minute) == ("garden", 430)


def test_a_duty_of_the_scene_where_the_time_leads_begins_there() -> None:
    text = TEXT.replace("within 60 min of #evening", "within 60 min of #late")
    case, messages = compile_case("cases/moves/en.md", text)
    assert case is not None, messages
    state, _ = step(case, begun()._replace(minute=55), "push")
    assert state.duties[2] == DutyState(Done.DUE, 60, 120, None)


@pytest.mark.parametrize(("minute", "up"), [(59, False), (60, True), (61, True)])
def test_the_time_is_up_from_the_end_of_the_chapter_on(minute: int, up: bool) -> None:
    assert time_is_up(moves(), begun()._replace(minute=minute)) is up
    assert timeless(moves(), begun()._replace(minute=minute)) == begun()._replace(minute=60)


# --- events --------------------------------------------------------------------------------------

RUNG = begun()._replace(numbers=(5, 2))


def test_an_event_breaks_in_once_and_goes_back() -> None:
    rung = after(RUNG, "give")
    assert (rung.scene, rung.back, rung.fired, rung.minute) == ("bell", "door", {"bell"}, 11)
    back = after(rung, "ring")
    assert (back.scene, back.back, back.fired, back.minute) == ("door", "", {"bell"}, 14)


def test_an_event_that_leads_to_a_scene_that_can_return_remembers_the_way() -> None:
    cellar = after(RUNG, "give", "window")
    assert (cellar.scene, cellar.back) == ("cellar", "door")
    below = after(cellar, "below")
    assert (below.scene, below.back) == ("cellar", "door")
    assert (after(below, "come-up").scene, after(below, "come-up").back) == ("door", "")


def test_an_event_that_leads_elsewhere_forgets_the_way() -> None:
    room = after(RUNG, "give", "who")
    assert (room.scene, room.back) == ("room", "")


def test_another_chapter_forgets_the_way_back() -> None:
    garden = after(RUNG, "give", "run")
    assert (garden.scene, garden.back, garden.minute) == ("garden", "", 360)


def test_who_has_gone_back_has_nowhere_further_back_to_go() -> None:
    interrupted = begun()._replace(scene="bell", back="cellar", fired=frozenset({"bell"}))
    assert (after(interrupted, "ring").scene, after(interrupted, "ring").back) == ("cellar", "")


def test_back_from_where_nothing_broke_in_stays() -> None:
    cellar = begun()._replace(scene="cellar")
    assert after(cellar, "come-up").scene == "cellar"


def test_an_end_forgets_the_way_back() -> None:
    text = TEXT.replace("{#who}\n   - takes: 2 min\n   - next: #room", "{#who}\n   - takes: 2 min\n   - next: end gone")
    assert text != TEXT
    case, messages = compile_case("cases/moves/en.md", text)
    assert case is not None, messages
    state, _ = step(case, after(RUNG, "give"), "who")
    assert (state.ending, state.back) == ("gone", "")


@pytest.mark.parametrize(("minute", "scene"), [(58, "bell"), (59, "late"), (60, "door")])
def test_nothing_breaks_in_when_the_time_is_up(minute: int, scene: str) -> None:
    state = after(RUNG._replace(minute=minute), "give")
    assert state.scene == scene


def test_nothing_breaks_into_another_event_and_no_event_of_another_chapter_does() -> None:
    inside = begun()._replace(scene="cellar", back="door", numbers=(5, 4))
    assert after(inside, "below").scene == "cellar"
    evening = begun()._replace(scene="room", minute=20, numbers=(5, 4), fired=frozenset({"bell"}))
    assert after(evening, "note").scene == "evening"


def test_an_event_that_has_broken_in_does_not_do_so_again() -> None:
    fired = RUNG._replace(fired=frozenset({"bell"}))
    assert after(fired, "give").scene == "door"


# --- replaying -----------------------------------------------------------------------------------


def test_a_play_is_its_inputs_and_every_step_says_what_it_did() -> None:
    play = replay(moves(), "one", 3, ("ask", "note"))
    start, room = begun(), after(begun(), "ask")
    assert play == Play(
        state=after(room, "note"),
        points={"presence": 0, "ethics": 3},
        steps=(
            Step("door", "ask", start, room, (), ("asked-twice",), ('"Yes."', '"Gladly."')),
            Step("room", "note", room, after(room, "note"), (("ethics", 3),), (), ()),
        ),
    )
    assert play.inputs == ("ask", "note")
    assert play.heard == ()
    assert replay(moves(), "one", 3, ("ask",)).heard == ('"Yes."', '"Gladly."')
    assert replay(moves(), "one", 3, ()).heard == ()
    assert replay(moves(), "one", 3, ()) == Play(start, {"presence": 0, "ethics": 0}, ())


def test_points_add_up_and_failures_are_told_in_the_order_of_the_case() -> None:
    assert replay(moves(), "one", 3, ("knock", "note", "go")).points == {"presence": 2, "ethics": 2}
    assert replay(moves(), "one", 3, ("push", "knock")).points == {"presence": 1, "ethics": -1}
    assert replay(moves(), "one", 3, ("push", "push")).steps[1].failures == ("pushed",)


def test_a_silence_is_a_step_like_any_other() -> None:
    silent = replay(moves(), "one", 3, (TIMEOUT, "go-in"))
    assert TIMEOUT == "(timeout)"
    assert [one.choice for one in silent.steps] == [TIMEOUT, "go-in"]
    assert silent.steps[0].heard == ()


def test_a_run_of_a_thousand_steps_is_replayed() -> None:
    play = replay(moves(), "one", 3, ("ask", "note", *("walk", "come-in") * 600))
    assert len(play.steps) == 1202
    assert play.state.minute == 360 + 1200 * 20


# --- the expert ----------------------------------------------------------------------------------


def test_the_expert_does_what_holds_and_the_last_resort_else() -> None:
    assert expert_choice(moves(), begun()) == "ask"
    assert expert_choice(moves(), begun("two")) == "knock"
    assert expert_choice(moves(), begun()._replace(taken=frozenset({"ask"}))) == "knock"
    assert expert_choice(moves(), begun()._replace(taken=frozenset({"ask", "knock"}))) is None
    assert expert_choice(moves(), begun()._replace(ending="gone")) is None


def test_of_two_things_that_an_expert_would_do_the_first_in_the_file_is_done() -> None:
    both = TEXT.replace("1. Push. {#push}\n", "1. Push. {#push}\n   - expert: yes\n")
    case = published_case("cases/moves/en.md", both)
    assert case
    assert expert_choice(case, init(case, "one", 0)) == "push"  # and not “ask”, which comes first in the alphabet


def test_an_answer_that_only_takes_facts_away_takes_them_away() -> None:
    assert "agreed" in begun().facts
    assert "agreed" not in after(begun(), "push").facts


@pytest.mark.parametrize(("variant", "inputs"), [("one", ("ask", "note", "rest")), ("two", ("knock", "note", "rest"))])
def test_the_experts_play_goes_on_to_its_end(variant: str, inputs: tuple[str, ...]) -> None:
    assert expert_play(moves(), variant, 3) == replay(moves(), variant, 3, inputs)


def test_the_experts_play_stops_where_there_is_nothing_to_say() -> None:
    text = TEXT.replace("{#note}\n   - expert: yes\n", "{#note}\n   - expert: if agreed\n")
    case, messages = compile_case("cases/moves/en.md", text)
    assert case is not None, messages
    assert expert_play(case, "two", 3).inputs == ("knock",)


def test_the_experts_play_goes_once_round_a_circle_that_has_no_end() -> None:
    text = TEXT.replace("{#rest}\n   - expert: yes\n", "{#rest}\n").replace("{#walk}\n", "{#walk}\n   - expert: yes\n")
    case, messages = compile_case("cases/moves/en.md", text)
    assert case is not None, messages
    play = expert_play(case, "one", 3)
    assert not play.state.ending
    assert play.inputs == ("ask", "note", "walk", "come-in", "walk", "come-in", "walk")
