"""What stands beside the lessons: topics by the minute, an exercise, a summary, figures with sources and a table."""

import pytest

from tests.curriculum.conftest import COURSE, DO, EXERCISE, FIRST, FOLDER, HEAD, SUM, WHY
from trainer.authoring.release import Files
from trainer.curriculum.course import check_course, parse
from trainer.curriculum.sourcing import check_sourcing
from trainer.curriculum.values import Module


def as_files(texts: dict[str, str]) -> Files:
    return {path: text.encode() for path, text in texts.items()}


def only(texts: dict[str, str]) -> Module:
    [module] = parse(as_files(texts))[0].modules
    return module


def test_a_whole_module_is_sound_and_may_recommend_a_report(whole: dict[str, str]) -> None:
    assert check_course(as_files(whole)) == ()
    assert [one for one in check_sourcing(as_files(whole)) if one.path in (DO, SUM)] == []


def test_practice_is_counted_apart_from_reading(whole: dict[str, str]) -> None:
    module = only(whole)
    assert module.exercise
    assert module.summary
    assert (module.minutes, module.exercise.minutes) == (30, 40)
    assert [text.reference.key for text in module.summary.further] == ["S1", "S2", "S3"]
    assert module.summary.further[0].why == "for the numbers and the charts"
    assert dict(module.lessons[0].covers) == {"oregon/ethics": 15}


def test_a_figure_names_its_sources_and_says_the_same_as_a_table(whole: dict[str, str]) -> None:
    html = only(whole).lessons[0].html
    assert 'Sources: <a href="#ref-1">Nayak 2021</a>, <a href="#ref-2">Rule 5120</a>' in html
    assert "<summary>The same as a table</summary>" in html
    assert "<td>1</td>" in html


@pytest.mark.parametrize("path", [DO, SUM, f"{FOLDER}/ladder.svg"])
def test_a_module_is_another_when_anything_in_it_changes(whole: dict[str, str], path: str) -> None:
    changed = {**whole, path: whole[path].replace("Step", "Stage").replace("title: ", "title: New ")}
    assert changed[path] != whole[path]
    assert only(changed).hash != only(whole).hash


def test_a_module_that_shows_a_figure_in_its_introduction_is_another_when_that_changes(whole: dict[str, str]) -> None:
    box = "\n::: figure first.svg\nalt: One.\ncaption: Two.\n:::\n"
    shown = {**whole, HEAD: whole[HEAD] + box, f"{FOLDER}/first.svg": COURSE[f"{FOLDER}/ladder.svg"]}
    changed = {**shown, f"{FOLDER}/first.svg": shown[f"{FOLDER}/first.svg"].replace("Step", "Stage")}
    assert only(changed).hash != only(shown).hash


MISTAKES = [
    # topics by the minute
    (WHY, "oregon/ethics: 15", "oregon/ethcs: 15", 6, "Did you mean “oregon/ethics”?"),
    (WHY, "oregon/ethics: 15", "oregon/ethics: 21", 6, "add up to 21 minutes, the lesson has 20"),
    (WHY, "oregon/ethics: 15", "oregon/ethics: 0", 6, "whole number of minutes, 1 or more"),
    (WHY, "oregon/ethics: 15", "oregon/ethics: 1.5", 6, "whole number of minutes, 1 or more"),
    (WHY, "{oregon/ethics: 15}", "[oregon/ethics]", 6, "lines of `regulator/topic: minutes`"),
    (HEAD, "[oregon/ethics]", "[]", 9, "Add to the list what the lessons cover: oregon/ethics."),
    (HEAD, "[oregon/ethics]", "[oregon/ethics, oregon/law]", 9, "No lesson covers “oregon/law”"),
    # the exercise
    (DO, "---\nexercise", "exercise", 1, "three hyphens"),
    (DO, "minutes: 40\n", "", 1, "Add the key “minutes”"),
    (DO, "pace: Two talks of fifteen minutes and ten to write.\n", "", 1, "Add the key “pace”"),
    (DO, "pace", "pase", 5, "Did you mean “pace”?"),
    (DO, "[stop]", "[stopp]", 6, "Did you mean “stop”?"),
    (DO, "say-it-aloud", "Say it", 2, "“exercise” should be"),
    (DO, "## What you keep\nA page of notes.\n", "", 9, "Add a part with the heading `## What you keep`"),
    (DO, "A page of notes.\n", "", 15, "Nothing stands below “What you keep”"),
    (DO, "## What you keep", "## What you kept", 15, "Did you mean “What you keep”?"),
    (DO, "1. Ask.\n2. Wait.", "Ask and wait.", 11, "Number what is done"),
    (DO, "- The [[stop", "The [[stop", 18, "Write what is looked for as a list"),
    (DO, "## What you do\n1. Ask.\n2. Wait.\n", "", 9, "## What you do"),
    (DO, "[@S1]", "[@S11]", 9, "is not in references.yaml"),
    # the summary
    (SUM, "summary: ethics", "summary: ethic", 2, "like the name of the folder"),
    (SUM, "title: Ethics on one screen\n", "", 1, "Add the key “title”"),
    (SUM, "People become more open [@S1].\n", "", 5, "has no words yet"),
    (SUM, "People", "word " * 216 + "People", 5, "The summary has 221 words. Cut it to 220"),
    (SUM, "## Read further", "## Read more", 12, "Add `## Read further`"),
    (SUM, "- [@S2] the rule itself\n", "", 7, "Name 3 to 6 texts to read further; here are 2"),
    (SUM, "[@S2] the rule itself", "[@S1] the rule itself", 10, "“S1” stands twice"),
    (SUM, "[@S2] the rule itself", "[@S2]", 10, "Say in a few words why"),
    (SUM, "- [@S2] the", "- The", 10, "Begin each text with its source"),
    (SUM, "[@S2] the", "[@S22] the", 10, "Did you mean “S2”?"),
    # figure boxes
    (WHY, "sources: S1, S2", "sources: S1, S4", 23, "“S4” is not in references.yaml"),
    (WHY, "sources: S1, S2", "sources: S1, S1", 23, "“S1” stands twice"),
    (WHY, "sources: S1, S2", "sources:", 23, "Name the sources of this figure"),
    (WHY, "sources: S1, S2", "source: S1, S2", 23, "Did you mean “sources”?"),
    (WHY, "::: check", "::: figure ladder.svg\nalt: A.\ncaption: B.\n:::\n\n::: check", 19, "more than once"),
    (WHY, "sources: S1, S2", "alt: S1, S2", 23, "stands here twice"),
    (WHY, "| --- | --- |\n", "", 25, "a row of dashes"),
    (WHY, "ask [@S1]", "ask [@S7]", 27, "“S7” is not in references.yaml"),
    (WHY, "*steps* [@S1]", "*steps* [@S8]", 22, "“S8” is not in references.yaml"),
]


@pytest.mark.parametrize(("path", "old", "new", "line", "text"), MISTAKES)
def test_a_mistake_beside_the_lessons_is_named_by_file_and_line(
    whole: dict[str, str], path: str, old: str, new: str, line: int, text: str
) -> None:
    assert old in whole[path]
    told = [str(one) for one in check_course(as_files({**whole, path: whole[path].replace(old, new, 1)}))]
    assert any(one.startswith(f"{path}:{line}: ") and text in one for one in told), "\n".join(told)


def test_parts_of_an_exercise_stand_in_their_order(whole: dict[str, str]) -> None:
    head, do, keep, look = EXERCISE.partition("## What you do")[0], *EXERCISE.split("\n## ")[1:]
    told = check_course(as_files({**whole, DO: f"{head}## {look}\n## {do}\n## {keep}\n"}))
    assert [str(one) for one in told] == [
        f"{DO}:11: Put the parts in this order: What you do, What you keep, What a supervisor looks for."
    ]


def test_a_check_stands_in_a_lesson_alone(whole: dict[str, str]) -> None:
    check = FIRST[FIRST.index("::: check") :]
    told = check_course(as_files({**whole, DO: EXERCISE + "\n" + check}))
    assert [one.text[:27] for one in told] == ["A check stands in a lesson,"]


def test_a_machines_text_is_not_recommended(whole: dict[str, str]) -> None:
    sources = whole["references.yaml"].replace("kind: secondary", "kind: machine")
    assert [str(one) for one in check_course(as_files({**whole, "references.yaml": sources}))] == [
        f"{SUM}:11: “S3” was written by a machine. Recommend what a person wrote."
    ]


def test_a_report_stands_in_no_sentence_of_exercise_or_summary(whole: dict[str, str]) -> None:
    for path in (DO, SUM):
        told = check_sourcing(as_files({**whole, path: whole[path].replace("[@S1].", "[@S3].", 1)}))
        assert [(one.path, one.text[:6]) for one in told if one.path == path] == [(path, "“S3” (")]


def test_no_lesson_takes_the_address_of_the_exercise(whole: dict[str, str]) -> None:
    lesson = whole[f"{FOLDER}/02-how.md"].replace("lesson: how", "lesson: exercise")
    told = check_course(as_files({**whole, f"{FOLDER}/03-exercise.md": lesson}))
    assert any("is the address of the module's exercise" in one.text for one in told)


DATA = "chart: bars\ntitle: Who took part\nunit: people\nrows:\n  - {label: All, value: 211, source: S2}\n"


def from_data(texts: dict[str, str], data: str = DATA, below: str = "") -> dict[str, str]:
    box = f"::: figure who.yaml\nalt: A bar.\ncaption: Notice.\n{below}:::\n\n::: check"
    return {**texts, WHY: texts[WHY].replace("::: check", box, 1), f"{FOLDER}/who.yaml": data}


def test_a_figure_from_data_is_drawn_with_its_table_and_its_sources(whole: dict[str, str]) -> None:
    assert check_course(as_files(from_data(whole))) == ()
    html = only(from_data(whole)).lessons[0].html
    assert '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 ' in html
    assert '<th scope="row">All</th><td>211</td><td><a href="#ref-2">Rule 5120</a></td>' in html


def test_a_mistake_in_data_is_named_in_its_file_and_nothing_is_drawn(whole: dict[str, str]) -> None:
    spoilt = from_data(whole, DATA.replace("211", "many"))
    [told] = check_course(as_files(spoilt))
    assert (told.path, told.line) == (f"{FOLDER}/who.yaml", 5)
    assert "many" not in only(spoilt).lessons[0].html


def test_a_lesson_is_another_when_its_data_change(whole: dict[str, str]) -> None:
    changed = from_data(whole, DATA.replace("211", "212"))
    assert only(changed).lessons[0].hash != only(from_data(whole)).lessons[0].hash


def test_the_table_of_a_figure_from_data_is_not_written_by_hand(whole: dict[str, str]) -> None:
    [told] = check_course(as_files(from_data(whole, below="| a |\n| --- |\n| b |\n")))
    assert "the one of a figure from data is made of its rows" in told.text


def test_a_scheme_of_ours_says_that_it_rests_on_nothing(whole: dict[str, str]) -> None:
    own = {**whole, WHY: whole[WHY].replace("sources: S1, S2", "sources: none")}
    assert check_course(as_files(own)) == ()
    assert "A scheme of this course; it rests on no source." in only(own).lessons[0].html


def test_data_that_no_lesson_shows_are_named(whole: dict[str, str]) -> None:
    told = check_course(as_files({**whole, f"{FOLDER}/pooled.yaml": "chart: forest\n"}))
    assert [str(one) for one in told] == [
        f"{FOLDER}/pooled.yaml:1: No lesson and no question shows this figure. Use it, or remove the file."
    ]
