"""Who plays without having learnt the case: by looks, by luck, always cautious, or as an expert who slips once."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from click.testing import CliRunner

from trainer.cases.language.compiler import compile_case
from trainer.cases.play.engine import expert_choice, expert_play, init, replay
from trainer.cases.script.values import Case
from trainer.cli import cli
from trainer.testwiseness.guessing import Strategy
from trainer.testwiseness.played_cases import PassFigures, Plays, broken_bounds, measured_cases, of_all_cases
from trainer.testwiseness.players import (
    cautious_choice,
    guesser,
    ignorant_strategies,
    names_a_cautious_line,
    passes,
    played_on,
    slips,
)

WINDOW = """---
case: window
title: The window
version: 1
phase: session
competencies:
  presence: pass 60%
facts: [agreed, asked]
variants:
  agreed: {facts: [agreed]}
  not-agreed: {}
start: asks
---

# Chapter: The afternoon (2:00 to 4:00)

## "It is so close in here" {#asks}
- interview: yes

1. Ask how warm she is. {#warm}
   - expert: yes
   - takes: 5 min
   - scores: presence +1
   - changes: asked
1. Ask what she would like. {#like}
   - expert: yes
   - takes: 5 min
   - scores: presence +1
1. Ask whether it can wait until five. {#until-five}
   - takes: 5 min
   - scores: presence -1
1. Say that you have heard it. {#heard}
   - expert: last
   - takes: 1 min
   - next: #opens

## The handle {#opens}

1. Open it a hand's width. {#open}
   - only if: agreed
   - expert: yes
   - takes: 5 min
   - scores: presence +4
   - next: end over
1. Bring the fan nearer and say why it stays shut. {#fan}
   - only if: not agreed
   - expert: yes
   - takes: 5 min
   - scores: presence +4
   - next: end over
1. Ask the doctor first, stop everything and wait until she calls. {#doctor}
   - cautious: yes
   - takes: 15 min
   - scores: presence -2
   - next: end over
1. Wait. {#wait}
   - takes: 5 min
   - scores: presence +3
   - next: end over
1. Open it wide. {#wide}
   - takes: 5 min
   - scores: presence +3
   - next: end over

# Must do

- ask-her: asked within 30 min of #asks

# Must not

- opened-to-the-street: wide unless agreed, cue in #asks

# Endings

- over: It is over.
"""


VITALS = "profile: psilocybin-25mg\nvitals: {sbp: 120, dbp: 75, hr: 70}"


def window(*changes: str, slug: str = "window") -> Case:
    """Compile the case with every other text replaced by the one after it."""
    text = WINDOW
    for meant, typed in zip(changes[::2], changes[1::2], strict=True):
        text = text.replace(meant, typed)
    case, messages = compile_case(f"cases/{slug}/en.md", text)
    assert case is not None, messages
    return case


def figures(case: Case, plays: int = 4) -> PassFigures:
    (measured,) = measured_cases({"window": case}, ["window"], plays)
    return measured


def played(case: Case, strategy: Strategy, luck: Sequence[int] = (1,)) -> set[tuple[str, ...]]:
    begun = replay(case, "agreed", 0, ())
    return {played_on(case, begun, guesser(strategy, Random(number))).inputs for number in luck}


def test_whoever_knows_nothing_plays_by_the_look_of_the_answers_that_are_open() -> None:
    ways = ignorant_strategies([window()])
    assert played(window(), ways["first"]) == {("warm", "like", "until-five", "heard", "open")}
    assert played(window(), ways["last"]) == {("heard", "wide")}
    assert played(window(), ways["longest"]) == {("until-five", "heard", "doctor")}
    assert played(window(), ways["shortest"]) == {("warm", "like", "heard", "wait")}
    assert {play[-1] for play in played(window(), ways["cautious"])} == {"doctor"}


def test_luck_takes_any_open_answer_and_the_same_plays_come_again() -> None:
    luck = ignorant_strategies([])["luck"]
    lucky = played(window(), luck, range(200))
    assert {play[-1] for play in lucky} == {"open", "doctor", "wait", "wide"}
    assert lucky == played(window(), luck, range(200))


def test_the_word_model_goes_by_the_answers_of_other_cases() -> None:
    told = window("1. Wait. {#wait}", "1. Lanterns. {#wait}")
    other = window("a hand's width", "with lanterns")
    ways = ignorant_strategies([other])
    assert played(told, ways["word model"]).pop()[-1] == "wait"


def test_a_player_who_goes_round_in_a_circle_is_sent_home_and_has_not_passed() -> None:
    case = window(
        "1. Ask whether it can wait until five. {#until-five}\n",
        "1. Ask whether it can wait until five. {#until-five}\n   - again: yes\n",
    )
    round_and_round = played_on(case, replay(case, "agreed", 0, ()), lambda case, state: "until-five")
    assert round_and_round.inputs == ("until-five",) * 200
    assert not passes(case, "agreed", 0, lambda case, state: "until-five")
    assert passes(case, "agreed", 0, expert_choice)


def test_a_play_that_has_ended_does_not_go_on() -> None:
    ended = expert_play(window(), "agreed", 0)
    assert played_on(window(), ended, lambda case, state: "wait") == ended


def test_whoever_is_always_cautious_takes_what_is_marked_and_else_what_the_expert_does() -> None:
    case = window()
    assert cautious_choice(case, init(case, "agreed", 0)) == "warm"
    assert played_on(case, replay(case, "agreed", 0, ()), cautious_choice).inputs == ("warm", "like", "heard", "doctor")
    assert names_a_cautious_line(case)
    assert not names_a_cautious_line(window("   - cautious: yes\n", ""))


def test_every_single_slip_is_tried_with_everybody_and_what_the_expert_asks_later_is_none() -> None:
    found = {(slip.variant, slip.step, slip.choice): (slip.harmless, slip.passed) for slip in slips(window())}
    assert len(found) == 2 * (3 * 1 + 2) + 2 * 3
    assert found["agreed", 0, "until-five"] == (True, True)
    assert found["agreed", 0, "heard"] == (True, False), "her must-do was never done"
    assert found["agreed", 1, "heard"] == (True, True)
    assert ("agreed", 0, "like") not in found
    assert found["agreed", 3, "doctor"] == (False, False)
    assert found["agreed", 3, "wait"] == (True, True)
    assert found["agreed", 3, "wide"] == (True, True)
    assert found["not-agreed", 3, "wide"] == (False, False)


def test_what_an_expert_would_do_at_another_time_is_a_slip_outside_an_interview() -> None:
    case = window("1. Wait. {#wait}\n", "1. Wait. {#wait}\n   - expert: if not asked\n")
    assert [slip.choice for slip in slips(case)].count("wait") == 2


def test_a_slip_is_followed_by_what_an_expert_does() -> None:
    case = window()
    inputs = (*expert_play(case, "agreed", 0).inputs[:1], "until-five")
    assert played_on(case, replay(case, "agreed", 0, inputs), expert_choice).inputs == (
        *inputs,
        "like",
        "heard",
        "open",
    )


def test_figures_count_every_variant_and_are_put_together() -> None:
    measured = figures(window(), 3)
    assert (measured.expert, measured.cautious, measured.led) == (Plays(2, 2), Plays(0, 2), Plays(0, 4))
    assert measured.slipped == Plays(11, 13)
    assert measured.ignorant["first"] == Plays(6, 6)
    assert of_all_cases([measured, measured])["first"] == Plays(12, 12)
    assert of_all_cases([]) == {}
    assert figures(window("   - cautious: yes\n", "")).cautious == Plays(0, 0)
    assert (Plays(0, 0).share, Plays(1, 1).share) == (0, 1)


def test_every_play_has_luck_of_its_own_and_the_word_model_has_not_read_the_case() -> None:
    guessed = figures(window(), 20).ignorant
    assert 0 < guessed["luck"].passed < 40
    assert 0 < guessed["word model"].passed < 40


@pytest.mark.parametrize(
    ("marked", "needed", "cautious", "led"),
    [("heard", "60%", 0, 4), ("heard", "90%", 0, 2), ("until-five", "90%", 0, 0)],
)
def test_caution_takes_over_at_once_or_after_one_or_two_answers_of_an_expert(
    marked: str, needed: str, cautious: int, led: int
) -> None:
    here = f"{{#{marked}}}\n"
    case = window("   - cautious: yes\n", "", here, f"{here}   - cautious: yes\n", "pass 60%", f"pass {needed}")
    assert figures(case).cautious == Plays(cautious, 2)
    assert figures(case).led == Plays(led, 4)


def test_a_seed_that_changes_nothing_is_not_played_twice() -> None:
    measured = ("(2:00 to 4:00)", "(2:00 to 4:00, with vitals)", "start: asks", f"start: asks\n{VITALS}")
    assert figures(window(*measured)).expert == Plays(2, 2)
    decides = window(*measured, "only if: agreed\n", "only if: agreed and sbp < 250\n")
    assert figures(decides).expert == Plays(40, 40)
    assert {slip.seed for slip in slips(decides)} == set(range(20))


HOLDS = PassFigures(
    case=window(), expert=Plays(2, 2), cautious=Plays(0, 2), led=Plays(3, 100), slipped=Plays(9, 10), ignorant={}
)


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ({"expert": Plays(1, 2)}, 1, "The expert passes 1 of 2 plays. Look at marks and duties."),
        ({"cautious": Plays(1, 2)}, "doctor", "Whoever is always cautious passes 1 of 2 plays, and 3 of 100 after"),
        ({"led": Plays(301, 10_000)}, "doctor", "is always cautious passes 0 of 2 plays, and 301 of 10000 after"),
        ({"slipped": Plays(899, 1000)}, "heard", "passes 899 of 1000 plays. Look at the worth of heard."),
        ({"ignorant": {"longest": Plays(4, 100)}}, 1, "“longest”, who knows nothing, passes 4 of 100 plays of these"),
    ],
)
def test_a_bound_that_is_broken_is_told_with_its_line_and_its_mend(changes, line, words: str) -> None:
    assert broken_bounds([HOLDS]) == ()
    assert broken_bounds([replace(HOLDS, slipped=Plays(0, 0))]) == ()
    (told,) = broken_bounds([replace(HOLDS, **changes)])
    assert told.path == "cases/window/en.md"
    assert told.line == (line if isinstance(line, int) else HOLDS.case.choices[line].line)
    assert words in told.text


def test_who_knows_nothing_is_judged_over_all_cases_and_told_where_it_gets_most() -> None:
    other = replace(HOLDS, case=window("case: window", "case: fan", slug="fan"))
    few, many = {"longest": Plays(1, 100)}, {"longest": Plays(5, 100)}
    assert broken_bounds([replace(HOLDS, ignorant=few), replace(other, ignorant=many)]) == ()
    (told,) = broken_bounds([replace(HOLDS, ignorant=few), replace(other, ignorant={"longest": Plays(6, 100)})])
    assert told.path == "cases/fan/en.md"
    assert "“longest”, who knows nothing, passes 7 of 200 plays" in told.text


def test_bounds_are_told_in_the_order_of_the_files_with_all_slips_that_fail() -> None:
    strict = window("pass 60%", "pass 90%", "case: window", "case: fan", slug="fan")
    told = broken_bounds(
        [replace(HOLDS, expert=Plays(0, 2)), replace(HOLDS, case=strict, slipped=Plays(0, 2), expert=Plays(0, 2))]
    )
    assert [message.path.split("/")[1] for message in told] == ["fan", "fan", "window"]
    assert told[1].text.endswith("Look at the worth of until-five, heard, wait, wide.")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cases/window").mkdir(parents=True)
    (tmp_path / "cases/window/en.md").write_text(WINDOW)
    return tmp_path


def strategies(folder, *arguments: str):
    return CliRunner().invoke(cli, ["cases", "strategies", *arguments, "--content", str(folder)])


def test_the_command_shows_who_passes_and_ends_with_one_when_a_bound_is_broken(folder) -> None:
    shown = strategies(folder, "window", "--plays", "2")
    assert shown.exit_code == 1, shown.output
    row = next(line for line in shown.output.split("\n") if line.strip().startswith("window"))
    assert row.split()[:7] == ["window", "2", "of", "2", "0", "of", "2"]
    assert "cases/window/en.md:1: “first”, who knows nothing, passes 4 of 4 plays" in shown.output
    assert "bounds are broken." in shown.output


def test_the_command_names_a_case_that_it_does_not_know(folder) -> None:
    shown = strategies(folder, "windw")
    assert shown.exit_code
    assert "There is no sound case “windw”. Did you mean “window”?" in str(shown.exception)
