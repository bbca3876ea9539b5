"""An examination file, read to its last value, and every number on both sides of its limit."""

import pytest

from trainer.authoring.frontmatter import line_of
from trainer.authoring.messages import Message
from trainer.cases.runs.words import Pace
from trainer.examinations.blueprint import Blueprint, parse_exams, published_exams

PATH = "exams/short.yaml"
FILE = """\
exam: short
title: A short examination
summary: Three stories.
cases: 4
warm_up: 1
cut: 70%
attempts: 2
pace: calm
needs:
  phases: {screening: 1, session: 3}
  competencies: {safety: 3, ethics: 2}
  risk: 3
"""
KNOWN = ["safety", "ethics"]


def read(text: str) -> tuple[Blueprint | None, list[Message]]:
    found, messages = parse_exams({PATH: text.encode()}, KNOWN)
    return found.get("short"), list(messages)


def told(text: str) -> list[tuple[int, str]]:
    blueprint, messages = read(text)
    assert blueprint is None
    assert {one.path for one in messages} == {PATH}
    return [(one.line, one.text) for one in messages]


def changed(old: str, new: str) -> str:
    assert old in FILE
    return FILE.replace(old, new)


def test_a_sound_file_is_read_to_its_last_value() -> None:
    blueprint, messages = read(FILE)
    assert messages == []
    assert blueprint == Blueprint(
        slug="short",
        title="A short examination",
        summary="Three stories.",
        cases=4,
        warm_up=1,
        cut=70,
        attempts=2,
        pace=Pace.CALM,
        phases={"screening": 1, "session": 3},
        competencies={"safety": 3, "ethics": 2},
        risk=3,
        path=PATH,
        lines=blueprint.lines,
    )
    assert line_of(blueprint.lines, "attempts") == 7
    assert blueprint.whole == 5


def test_what_a_form_need_not_hold_may_be_left_out() -> None:
    blueprint, messages = read(FILE[: FILE.index("needs:")] + "needs: {risk: 0}\n")
    assert messages == []
    assert (blueprint.phases, blueprint.competencies, blueprint.risk) == ({}, {}, 0)
    blueprint, _ = read(FILE.replace("  risk: 3\n", ""))
    assert blueprint.risk == 0


def test_a_blueprint_that_no_file_holds_has_no_path_and_no_lines() -> None:
    made = Blueprint(
        slug="s", title="", summary="", cases=2, warm_up=0, cut=1, attempts=1, pace=Pace.CALM, phases={},
        competencies={}, risk=0,
    )  # fmt: skip
    assert (made.path, made.lines) == ("", {})


@pytest.mark.parametrize("key", ["exam", "title", "summary", "cases", "warm_up", "cut", "attempts", "pace", "needs"])
def test_every_key_must_be_there(key: str) -> None:
    text = FILE.replace(f"{key}:", f"x{key}:", 1) if key != "needs" else FILE[: FILE.index("needs:")]
    assert [said for _, said in told(text) if said.startswith(f"Add the key “{key}”: ")]


@pytest.mark.parametrize(
    ("line", "key", "low", "high", "at"),
    [("cases: 4", "cases", 2, 30, 4), ("warm_up: 1", "warm_up", 0, 2, 5), ("attempts: 2", "attempts", 1, 5, 7)],
)
def test_a_number_is_read_from_its_least_to_its_most_and_not_beyond(
    line: str, key: str, low: int, high: int, at: int
) -> None:
    bare = FILE[: FILE.index("needs:")] + "needs: {}\n"
    for value in (low, high):
        blueprint, messages = read(bare.replace(line, f"{key}: {value}"))
        assert messages == []
        assert getattr(blueprint, key) == value
    for value in (low - 1, high + 1, "true", "2.0", "many"):
        sentence = f"“{key}” should be a whole number from {low} to {high}."
        assert told(bare.replace(line, f"{key}: {value}")) == [(at, sentence)]


@pytest.mark.parametrize("share", [1, 2, 99, 100])
def test_the_cut_is_a_whole_number_of_per_cent(share: int) -> None:
    assert read(changed("70%", f"{share}%"))[0].cut == share
    assert read(changed("70%", f"{share} %"))[0].cut == share


@pytest.mark.parametrize("share", ["0%", "101%", "70", "0.7", "7x%", "1000%", "%"])
def test_anything_else_is_no_cut(share: str) -> None:
    assert told(changed("cut: 70%", f"cut: '{share}'")) == [
        (6, "“cut” should be per cent of the expert's points, such as 70%.")
    ]


@pytest.mark.parametrize("pace", Pace)
def test_each_pace_can_be_asked_for(pace: Pace) -> None:
    assert read(changed("pace: calm", f"pace: {pace}"))[0].pace is pace


def test_a_pace_that_does_not_exist_is_told_with_the_nearest() -> None:
    sentence = "“pace” should be one of calm, simulated, real. Did you mean “calm”?"
    assert told(changed("pace: calm", "pace: clam")) == [(8, sentence)]


def test_the_name_of_the_file_is_the_name_of_the_examination() -> None:
    assert told(changed("exam: short", "exam: long")) == [(1, "“exam” should be “short”, like the name of the file.")]
    later = changed("exam: short\ntitle: A short examination\n", "title: A short examination\nexam: long\n")
    assert told(later) == [(2, "“exam” should be “short”, like the name of the file.")]


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("screening: 1", "screening: 2", 10, "The phases ask for more than the 4 cases of this examination."),
        ("screening: 1", "screening: -1", 10, "“screening” should be a whole number from 0 to 4."),
        ("screening: 1", "screeming: 1", 10, "The key “screeming” is not known here. Did you mean “screening”?"),
        ("safety: 3", "safety: 5", 11, "“safety” should be a whole number from 0 to 4."),
        ("safety: 3", "saftey: 3", 11, "The key “saftey” is not known here. Did you mean “safety”?"),
        ("safety: 3", "x: 3", 11, "The key “x” is not known here. The keys are ethics, safety."),
        ("  risk: 3", "  risk: 5", 12, "“risk” should be a whole number from 0 to 4."),
        ("  risk: 3", "  risk: -1", 12, "“risk” should be a whole number from 0 to 4."),
        ("  risk: 3", "  risks: 3", 12, "The key “risks” is not known here. Did you mean “risk”?"),
        ("{screening: 1, session: 3}", "[1]", 10, "“phases” should be one `name: number` on each line."),
        ("{safety: 3, ethics: 2}", "3", 11, "“competencies” should be one `name: number` on each line."),
    ],
)
def test_what_a_form_must_hold_is_told_of_at_its_own_line(old: str, new: str, line: int, sentence: str) -> None:
    assert told(changed(old, new)) == [(line, sentence)]


def test_a_form_may_ask_for_each_of_its_cases_and_for_none() -> None:
    text = changed("screening: 1", "screening: 0").replace("session: 3", "session: 4").replace("safety: 3", "safety: 4")
    blueprint, messages = read(text.replace("ethics: 2", "ethics: 0").replace("risk: 3", "risk: 4"))
    assert messages == []
    assert (blueprint.phases["session"], blueprint.competencies, blueprint.risk) == (4, {"safety": 4, "ethics": 0}, 4)


def test_needs_that_are_no_keys_are_told_of() -> None:
    text = FILE[: FILE.index("needs:")] + "needs: 3\n"
    assert told(text) == [(9, "“needs” should be the keys phases, competencies and risk.")]


def test_every_file_is_read_in_the_order_of_the_names_and_nothing_else_is() -> None:
    other = FILE.replace("exam: short", "exam: a-2")
    wrong = "This file is not read. Write an examination as exams/its-name.yaml."
    found, messages = parse_exams(
        {
            "exams/short.yaml": FILE.encode(),
            "exams/b.yml": b"",
            "exams/Zoo.yaml": b"",
            "exams/a-2.yaml": other.encode(),
            "cases/exams/x.yaml": b"",
            "exams/final/tasks.yaml": b"",  # of a knowledge examination, which quizzes read
            "notes": b"",
        },
        KNOWN,
    )
    assert list(found) == ["a-2", "short"]
    assert messages == (Message("exams/Zoo.yaml", 1, wrong), Message("exams/b.yml", 1, wrong))


def test_the_mistakes_of_every_file_are_told_and_the_sound_ones_are_read() -> None:
    found, messages = parse_exams(
        {
            PATH: FILE.encode(),
            "exams/broken.yaml": b"exam: [",
            "exams/wrong.yaml": FILE.replace("cases: 4", "cases: 1").encode(),
        },
        KNOWN,
    )
    assert list(found) == ["short"]
    assert {one.path for one in messages} == {"exams/broken.yaml", "exams/wrong.yaml"}


def test_what_was_published_is_read_with_its_mistakes_and_left_out_only_where_it_cannot_be_understood() -> None:
    files = {
        PATH: FILE.replace("cases: 4", "cases: 31").encode(),
        "exams/broken.yaml": b"exam: [",
        "exams/sound.yaml": FILE.replace("exam: short", "exam: sound").encode(),
    }
    assert {slug: exam.cases for slug, exam in published_exams(files, KNOWN).items()} == {"short": 31, "sound": 4}
