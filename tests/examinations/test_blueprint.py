"""Examination files: what an author can get wrong, and on which line they are told."""

from collections.abc import Mapping

import pytest

from tests.examinations.conftest import CASE, EXAM, NAMES
from trainer.cases.language.compiler import compile_case
from trainer.cases.script.values import Case
from trainer.examinations.blueprint import parse_exams
from trainer.examinations.candidates import candidates_in, may_count, unreviewed
from trainer.examinations.catalogue import check_exams


@pytest.fixture(scope="module")
def cases() -> Mapping[str, Case]:
    """Five small cases."""
    read = [compile_case(f"cases/{name}/en.md", CASE.replace("NAME", name))[0] for name in NAMES]
    return {case.slug: case for case in read if case}


def told(text: str, cases: Mapping[str, Case]) -> list[str]:
    return [str(one) for one in check_exams({"exams/short.yaml": text.encode()}, cases)]


def test_a_sound_examination_is_read(cases) -> None:
    assert told(EXAM, cases) == []
    exam = parse_exams({"exams/short.yaml": EXAM.encode()}, ["safety", "ethics"])[0]["short"]
    assert (exam.cases, exam.warm_up, exam.whole, exam.cut, exam.attempts, exam.pace) == (3, 1, 4, 70, 2, "calm")
    assert exam.competencies == {"safety": 3, "ethics": 2}


def test_an_examination_of_more_cases_than_there_are_is_refused_with_the_line(cases) -> None:
    assert told(EXAM.replace("cases: 3", "cases: 10"), cases) == [
        "exams/short.yaml:4: This examination asks for 10 cases and 1 to warm up, and 5 may be used."
    ]


def test_variants_in_which_the_expert_does_not_show_a_competency_are_named(cases) -> None:
    plain = CASE.replace("scores: ethics +2", "scores: safety +1").replace("NAME", "ash")
    plain = plain.replace("   - takes: 40 min", "   - takes: 40 min\n   - scores: ethics +1")
    silent = compile_case("cases/ash/en.md", plain)[0]
    (message,) = told(EXAM.replace("ethics: 2", "ethics: 3").replace("warm_up: 1", "warm_up: 0"), {
        "ash": silent, "birch": cases["birch"], "elm": cases["elm"],
    })  # fmt: skip
    assert message == (
        "exams/short.yaml:10: It asks for 3 cases in which the expert shows “ethics”, and there are 2. "
        "These variants do not count for it: ash/first, ash/second."
    )


def test_a_phase_that_no_case_has_is_refused_with_the_line(cases) -> None:
    text = EXAM + "  phases:\n    screening: 1\n"
    assert told(text, cases)[0].startswith(
        "exams/short.yaml:13: It asks for 1 cases of the phase “screening”, and there are 0."
    )


def test_a_second_sitting_that_would_repeat_the_first_is_refused(cases) -> None:
    single = CASE.replace("[cold]}", "[cold, warm]}").replace("  second: {facts: [warm]}\n", "")
    few = {name: compile_case(f"cases/{name}/en.md", single.replace("NAME", name))[0] for name in NAMES[:4]}
    (message,) = told(EXAM, few)
    assert message.startswith("exams/short.yaml:7: No further form")
    assert told(EXAM.replace("attempts: 2", "attempts: 1"), few) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("exam: short", "exam: long", "short.yaml:1: “exam” should be “short”, like the name of the file."),
        ("cases: 3", "casse: 3", "short.yaml:4: The key “casse” is not known here. Did you mean “cases”?"),
        ("cases: 3", "cases: many", "short.yaml:4: “cases” should be a whole number from 2 to 30."),
        ("cases: 3", "cases: 1", "short.yaml:4: “cases” should be a whole number from 2 to 30."),
        ("warm_up: 1", "warm_up: true", "short.yaml:5: “warm_up” should be a whole number from 0 to 2."),
        ("cut: 70%", "cut: 0.7", "short.yaml:6: “cut” should be per cent of the expert's points, such as 70%."),
        ("cut: 70%", "cut: 170%", "short.yaml:6: “cut” should be per cent of the expert's points, such as 70%."),
        ("attempts: 2", "attempts: 0", "short.yaml:7: “attempts” should be a whole number from 1 to 5."),
        (
            "pace: calm",
            "pace: clam",
            "short.yaml:8: “pace” should be one of calm, simulated, real. Did you mean “calm”?",
        ),
        ("safety: 3", "saftey: 3", "short.yaml:10: The key “saftey” is not known here. Did you mean “safety”?"),
        ("safety: 3", "safety: 4", "short.yaml:10: “safety” should be a whole number from 0 to 3."),
        ("  risk: 3", "  risks: 3", "short.yaml:11: The key “risks” is not known here. Did you mean “risk”?"),
        ("title: A short examination", 'title: ""', "short.yaml:2: “title” should be the title, in one line."),
    ],
)
def test_a_mistake_is_named_with_its_line(cases, old: str, new: str, words: str) -> None:
    assert any(message.startswith(f"exams/{words}") for message in told(EXAM.replace(old, new), cases))


@pytest.mark.parametrize("text", ["", "- a\n", "exam: [", "needs: 3\n", "\x00", "exam: short\n"])
def test_a_broken_file_is_told_about_and_never_falls_over(cases, text: str) -> None:
    assert told(text, cases)


def test_a_file_of_another_name_is_not_forgotten_in_silence(cases) -> None:
    (message,) = check_exams({"exams/Short.yml": b""}, cases)
    assert "This file is not read" in message.text


def test_a_case_with_a_marked_line_counts_only_when_its_very_text_is_signed(cases) -> None:
    marked = compile_case("cases/ash/en.md", CASE.replace("NAME", "ash").replace("She looks up.", "She looks up. (!)"))[
        0
    ]
    some = {"ash": marked, "elm": cases["elm"]}
    (first, second) = unreviewed(some, frozenset())
    line = CASE[: CASE.index("She looks up.")].count("\n") + 1
    assert str(first).startswith(f"cases/ash/en.md:{line}: This line is marked (!) and not yet reviewed.")
    assert "The case is not live yet." in second.text
    assert may_count(some, frozenset({marked.hash})) == (marked,)
    assert may_count(some, frozenset({cases["ash"].hash})) == ()


def test_every_variant_and_seed_of_a_case_is_a_candidate(cases) -> None:
    found = candidates_in([cases["ash"]])
    assert len(found) == 2 * 20
    assert {one.shown for one in found} == {frozenset({"safety", "ethics"})}
    assert {one.risk for one in found} == {frozenset({"cf07-touch-outside-consent"})}
