"""An answer must not give itself away by where it stands or how it looks."""

import random
from collections.abc import Sequence
from math import comb

import pytest

from trainer.authoring.release import read_folder, release_of
from trainer.cases.catalogue import cases_of
from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.prover.giveaways import _TRAITS, GIVEAWAYS, RARELY, at_least, decisions_in, lint_cues
from trainer.settings import ROOT

HEAD = """---
case: made
title: Made for a test
version: 1
phase: session
competencies: {presence: pass 60%}
facts: [agreed]
variants:
  agreed: {facts: [agreed]}
  not-agreed: {}
start: scene-0
---

# Chapter: A morning (0:00 to 8:00)
"""
FOUR = ("Sit down beside her.", "Open the window now.", "Ask for a second cup.", "Turn the lamp away. ")
SPOKEN = ('"Sit down, you."', '"Go now, please."', '"Ah, I see you."', '"Well, we go."')
LONG = "Sit down beside her and wait for her to speak."
EVEN = (1, 2, 0, 3, 1, 2, 0, 3)
"""Where the expert's answer stands, scene by scene, when nobody can learn anything from it."""


def made(scenes: Sequence[tuple[Sequence[str], int]]) -> Case:
    """Make a case: for each scene its answers, and which of them is the expert's."""
    text = HEAD
    for number, (answers, key) in enumerate(scenes):
        text += f"\n## Scene {number} {{#scene-{number}}}\n\n[if agreed] Something happens.\n\n"
        after = f"#scene-{number + 1}" if number + 1 < len(scenes) else "end over"
        for place, answer in enumerate(answers):
            expert = "   - expert: yes\n   - scores: presence +1\n" if place == key else ""
            text += f"1. {answer} {{#c{number}-{place}}}\n{expert}   - takes: 5 min\n   - next: {after}\n"
    case, messages = compile_case("cases/made/en.md", f"{text}\n# Endings\n\n- over: It is over.\n")
    assert case is not None, messages
    return case


def said(case: Case) -> list[str]:
    return [text for _, text in lint_cues(case)]


def put(key: int, own: str, others: Sequence[str] = FOUR) -> tuple[Sequence[str], int]:
    """Return a scene in which the expert's answer has words of its own."""
    return (*others[:key], own, *others[key + 1 :]), key


def test_a_case_whose_answers_are_well_mixed_is_clean() -> None:
    assert said(made([(FOUR, key) for key in EVEN])) == []


@pytest.mark.parametrize(
    ("scenes", "words"),
    [
        ([(FOUR, 0)] * 8, "stands first in 8 of 8"),
        ([(FOUR, 3)] * 7 + [(FOUR, 0)], "stands last in 7 of 8"),
        ([put(key, LONG) for key in EVEN], "is clearly the longest in 8 of 8"),
        ([put(key, "Wait.") for key in EVEN], "is clearly the shortest in 8 of 8"),
        ([put(key, '"I am here," you say.') for key in EVEN], "the only one with, or without, a quotation mark in 8"),
        ([put(key, FOUR[0], SPOKEN) for key in EVEN], "the only one with, or without, a quotation mark in 8"),
    ],
)
def test_what_would_tell_the_answer_without_knowing_anything_is_named(scenes, words: str) -> None:
    case = made(scenes)
    told = [(line, text) for line, text in lint_cues(case) if words in text]
    assert len(told) == 1
    assert told[0][0] == case.lines["case"]
    assert "#scene-0" in told[0][1]


def test_a_few_scenes_say_nothing_about_a_habit() -> None:
    assert said(made([(FOUR, 0)] * 4)) == []


@pytest.mark.parametrize("word", GIVEAWAYS)
def test_a_word_of_certainty_gives_a_wrong_answer_away(word: str) -> None:
    scenes = [(FOUR, key) for key in EVEN]
    case = made([((FOUR[0], f"You {word} open it.", *FOUR[2:]), 0), *scenes[1:]])
    assert [(line, word in text) for line, text in lint_cues(case)] == [(case.choices["c0-1"].line, True)]


@pytest.mark.parametrize("words", ["Tell her she is just who you hoped for.", "Adjust the lamp, neverending."])
def test_the_same_letters_in_another_sense_are_no_cue(words: str) -> None:
    assert said(made([((FOUR[0], words, *FOUR[2:]), 0), *[(FOUR, key) for key in EVEN[1:]]])) == []


def test_a_word_that_the_expert_uses_too_tells_nothing() -> None:
    scene = (("She can always ask you.", "You always open it.", *FOUR[2:]), 0)
    assert said(made([scene, *[(FOUR, key) for key in EVEN[1:]]])) == []


def test_answers_that_stand_side_by_side_are_not_the_same_but_for_a_comma() -> None:
    case = made([((FOUR[0], "Open the window, now!", FOUR[1], FOUR[3]), 0), *[(FOUR, key) for key in EVEN[1:]]])
    told = [(line, text) for line, text in lint_cues(case) if "same words" in text]
    assert told == [(case.choices["c0-2"].line, told[0][1])]


def test_the_same_words_for_two_variants_never_stand_side_by_side() -> None:
    hold_me = shipped()["hold-me"]
    texts = [one.text for one in hold_me.scenes["open-hand"].choices]
    assert len(set(texts)) < len(texts)
    assert said(hold_me) == []


def test_facts_of_which_one_takes_the_others_place_are_never_true_together() -> None:
    high_reading = shipped()["high-reading"]
    same = [one.id for one in high_reading.choices.values() if one.text.startswith("Put it off, and tell him yourself")]
    assert len(same) == 3
    assert said(high_reading) == []


def test_only_answers_that_can_be_open_together_are_compared() -> None:
    decisions = [one for one in decisions_in(shipped()["tablet"]) if one.scene.id == "record"]
    assert sorted(one.key.id for one in decisions) == ["close-lithium", "keep-vitamin", "wait-silent"]
    assert {len(one.offered) for one in decisions} == {4}


def test_the_chance_is_that_of_the_binomial_distribution() -> None:
    exact = sum(comb(10, n) * 0.25**n * 0.75 ** (10 - n) for n in range(7, 11))
    assert at_least(7, [0.25] * 10) == pytest.approx(exact)
    assert 1 / exact == pytest.approx(285, abs=1)  # as the module says
    assert at_least(6, [0.25] * 10) > RARELY
    assert at_least(0, [0.5, 0.1]) == pytest.approx(1)
    assert at_least(3, [0.5, 0.1]) == 0


def shipped() -> dict[str, Case]:
    return dict(cases_of(release_of(read_folder(ROOT / "content"))))


@pytest.mark.parametrize("slug", sorted(shipped()))
def test_a_key_drawn_at_random_is_rarely_called_out(slug: str) -> None:
    decisions = decisions_in(shipped()[slug])
    bearers = [[trait(one.offered) for one in decisions] for _, _, trait in _TRAITS]
    chances = [[len(some) / len(one.offered) for some, one in zip(each, decisions, strict=True)] for each in bearers]
    limits = [
        next(n for n in range(len(decisions) + 2) if at_least(n, each) < RARELY) for each in chances
    ]  # so often is a cue
    rnd, drawn, called = random.Random(slug), 1500, 0
    for _ in range(drawn):
        keys = [rnd.choice(one.offered) for one in decisions]
        counts = [sum(key in some for key, some in zip(keys, each, strict=True)) for each in bearers]
        called += any(count >= limit for count, limit in zip(counts, limits, strict=True))
    assert called / drawn < 0.05
