"""An author is told each mistake by file, line and a sentence that says how to mend it."""

import re
from collections.abc import Callable

import pytest

from trainer.authoring.release import Files
from trainer.curriculum.course import check_course, check_minutes, in_keeping, parse

Spoil = Callable[..., Files]

MODULE = "modules/01-ethics/module.md"
WHY = "modules/01-ethics/01-why.md"
HOW = "modules/01-ethics/02-how.md"
LADDER = "modules/01-ethics/ladder.svg"

MISTAKES = [
    # front matter
    (WHY, "title: Why", "title: Why: or", [(WHY, 3, "double quotes")]),
    (WHY, "---\nlesson", "lesson", [(WHY, 1, "three hyphens")]),
    (WHY, "readiness: solid\n---", "readiness: solid", [(WHY, 1, "never closed")]),
    (WHY, "title: Why", "\ttitle: Why", [(WHY, 3, "tab")]),
    (WHY, "title: Why", 'title: "Why', [(WHY, 3, "never closed")]),
    (WHY, "title: Why", "title: *Why", [(WHY, 3, "double quotes")]),
    (WHY, "title: Why", "title: a\ntitle: Why", [(WHY, 4, "twice")]),
    (WHY, "minutes: 20", "minuts: 20", [(WHY, 1, "Add the key “minutes”"), (WHY, 4, "Did you mean “minutes”?")]),
    (WHY, "minutes: 20", "minutes: twenty", [(WHY, 4, "whole number")]),
    (WHY, "minutes: 20", "minutes: 0", [(WHY, 4, "whole number")]),
    (WHY, "minutes: 20", "minutes: 1:30", [(WHY, 4, "whole number")]),
    (WHY, "title: Why consent is different\n", "title:\n", [(WHY, 3, "“title” should be")]),
    (WHY, "readiness: solid", "readiness: ready", [(WHY, 6, "“pending review”")]),
    (WHY, "objectives: [list-elements]", "objectives: list-elements", [(WHY, 5, "a list")]),
    (WHY, "[list-elements]", "[list-element]", [(WHY, 5, "Did you mean “list-elements”?")]),
    (WHY, "lesson: why", "lesson: Why Not", [(WHY, 2, "lower-case")]),
    (WHY, "lesson: why", "lesson: why-not", [(WHY, 2, "“lesson” should be “why”, like the name of the file.")]),
    (HOW, "lesson: how", "lesson: why", [(HOW, 2, "like the name of the file"), (HOW, 2, "same name")]),
    # the module
    (MODULE, "minutes: 30", "minutes: 35", [(MODULE, 4, "add up to 30 minutes, the module says 35")]),
    (
        MODULE,
        "module: ethics",
        "module: ethic",
        [(MODULE, 2, "“module” should be “ethics”, like the name of the folder.")],
    ),
    (MODULE, "[C3]", "[C33]", [(MODULE, 8, "Did you mean “C3”?")]),
    (MODULE, "oregon/ethics", "oregon/ethcs", [(MODULE, 9, "Did you mean “oregon/ethics”?")]),
    (MODULE, "[S1, S2]", "[S1, S2, S9]", [(MODULE, 10, "“S9” is not in references.yaml")]),
    (MODULE, "[S1, S2]", "[S1]", [(MODULE, 10, "Add to the list what the module cites: S2")]),
    (MODULE, "  stop: Stop when asked.\n", "", [(HOW, 5, "has no objective “stop”")]),
    (MODULE, "What this module is for.\n", "", [(MODULE, 14, "Write a paragraph")]),
    (MODULE, "", "", [(MODULE, 1, "has no module.md")]),
    (MODULE, "reviewed: []", "reviewed: [{name: A, role: B}]", [(MODULE, 12, "Add the key “date”")]),
    # the text
    (WHY, "[@S1; @S2]", "[@S1; @S22]", [(WHY, 8, "Did you mean “S2”?")]),
    (WHY, "[@S1; @S2]", "[@S1, @S2]", [(WHY, 8, "[@S95; @S96]")]),
    (WHY, "more open|suggestibility", "suggestibility|more open", [(WHY, 8, "Write the words first")]),
    (WHY, "|suggestibility", "|sugestibility", [(WHY, 8, "Did you mean “suggestibility”?")]),
    (WHY, "## What follows", "#### What follows", [(WHY, 10, "Write ## here")]),
    (WHY, "## What follows", "# What follows", [(WHY, 10, "Begin headings with ##")]),
    (WHY, "People", "People <b>here</b>", [(WHY, 8, "Remove the HTML tag")]),
    (WHY, "People", "![](ladder.svg) People", [(WHY, 8, "cannot see it"), (WHY, 8, "::: figure")]),
    (WHY, "02-how.md", "03-how.md", [(WHY, 12, "leads to no lesson")]),
    (WHY, "(#what-follows)", "(#what-folows)", [(WHY, 12, "Did you mean “what-follows”?")]),
    (HOW, "The table shows two ways to agree on a [[stop signal]].", "## Two ways", [(HOW, 10, "Put a sentence")]),
    # boxes
    (WHY, "so [@S2].\n:::", "so [@S2].", [(WHY, 14, "still open on line 17")]),
    (WHY, "[@S1].\n:::", "[@S1].", [(WHY, 24, "never closed")]),
    (WHY, "## What follows", ":::", [(WHY, 10, "closes nothing")]),
    (WHY, "::: law Oregon, as read in 2025", "::: laws Oregon in 2025", [(WHY, 14, "Did you mean “law”?")]),
    (WHY, "::: law Oregon, as read in 2025", "::: law Oregon", [(WHY, 14, "Name the place and the year")]),
    (
        WHY,
        "ladder.svg",
        "leader.svg",
        [(WHY, 18, "Did you mean “ladder.svg”?"), (LADDER, 1, "and no question shows")],
    ),
    (WHY, "alt: Three steps, from low\n  to high.\n", "", [(WHY, 18, "Add a line `alt: …`")]),
    (WHY, "caption: Consent goes up in *steps*.\n", "", [(WHY, 18, "Add a line `caption: …`")]),
    (WHY, "- [x] Yes", "- [ ] Yes", [(WHY, 24, "No option is marked right")]),
    (WHY, "  > A signature can be withdrawn.\n", "", [(WHY, 27, "Say why")]),
    (WHY, "- [ ] No", "- [] No", [(WHY, 27, "Begin each option"), (WHY, 24, "two options")]),
    (WHY, "May a client change their mind?\n", "", [(WHY, 24, "Write the question")]),
    (WHY, "check withdrawn", "check With drawn", [(WHY, 24, "short name")]),
    # figures
    (LADDER, ' viewBox="0 0 720 360"', "", [(LADDER, 1, "viewBox")]),
    (LADDER, "<svg ", '<svg width="720" ', [(LADDER, 1, "Remove width")]),
    (LADDER, "<text", "<script>alert(1)</script><text", [(LADDER, 4, "<script> may not stand")]),
    (LADDER, "<text ", '<text onclick="x()" ', [(LADDER, 4, "onclick may not stand")]),
    (LADDER, "<text ", '<text style="fill:red" ', [(LADDER, 4, "Remove the style")]),
    (LADDER, "<text ", '<text fill="red" ', [(LADDER, 4, "colours come from classes")]),
    (LADDER, 'class="line"', 'class="lines"', [(LADDER, 3, "Did you mean “line”?")]),
    (LADDER, 'font-size="18"', 'font-size="9"', [(LADDER, 4, "15 or more")]),
    (LADDER, "url(#tip)", "url(https://example.org)", [(LADDER, 3, "only point inside")]),
    (LADDER, "</text>", "", [(LADDER, 5, "not well-formed")]),
    (LADDER, "<svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg", [(LADDER, 1, "DOCTYPE")]),
    # the lists
    ("references.yaml", "kind: regulator", "kind: ruling", [("references.yaml", 2, "one of primary, guideline, rule")]),
    ("references.yaml", "https://", "javascript://", [("references.yaml", 1, "https://")]),
    ("glossary.md", " {#stop-signal}", "", [("glossary.md", 4, "{#term}"), (HOW, 8, "not in glossary.md")]),
    ("glossary.md", "{#stop-signal}", "{#suggestibility}", [("glossary.md", 4, "twice"), (HOW, 8, "not in glossary")]),
    ("glossary.md", "[@S1]", "[@S7]", [("glossary.md", 2, "not in references.yaml")]),
    ("competencies.yaml", "behaviour", "behavior", [("competencies.yaml", 1, "Add the key “behaviour”")]),
    ("crosswalks/oregon.yaml", "hours: 2.5", "hours: some", [("crosswalks/oregon.yaml", 7, "number of hours")]),
    ("attestations/code.md", 'version: "1.0"', "version: 1.0", [("attestations/code.md", 4, "quotation marks")]),
]


def test_a_course_without_mistakes_is_told_so(files: Files) -> None:
    assert check_course(files) == ()


@pytest.mark.parametrize(("path", "old", "new", "expected"), MISTAKES)
def test_a_mistake_is_named_by_file_and_line(
    spoil: Spoil, path: str, old: str, new: str, expected: list[tuple[str, int, str]]
) -> None:
    told = [str(message) for message in check_course(spoil(path, old, new))]
    for where, line, text in expected:
        assert any(one.startswith(f"{where}:{line}: ") and text in one for one in told), "\n".join(told)


def test_one_mistake_in_the_text_makes_one_message(spoil: Spoil) -> None:
    told = check_course(spoil(WHY, "|suggestibility", "|sugestibility"))
    assert len(told) == 1


def test_an_unclosed_box_makes_one_message(spoil: Spoil) -> None:
    assert len(check_course(spoil(WHY, "[@S1].\n:::", "[@S1]."))) == 1


def test_an_author_never_reads_the_words_of_a_library(spoil: Spoil) -> None:
    told = " ".join(str(one) for path, old, new, _ in MISTAKES for one in check_course(spoil(path, old, new)))
    assert not re.search(r"pydantic|valid string|Input should|yaml\.\w+Error|Traceback|NoneType|expected <", told)


def test_a_file_in_another_encoding_is_named_by_line(files: Files) -> None:
    told = check_course({**files, WHY: files[WHY].replace(b"different", "différent".encode("latin-1"))})
    assert (told[0].path, told[0].line) == (WHY, 3)
    assert "UTF-8" in told[0].text


def test_a_module_without_lessons_is_named(files: Files) -> None:
    told = check_course({path: text for path, text in files.items() if path not in (WHY, HOW, LADDER)})
    assert any("has no lesson" in one.text and one.path == MODULE for one in told)


def test_a_listed_source_that_nobody_cites_is_named(files: Files) -> None:
    files = {**files, WHY: files[WHY].replace(b"[@S1; @S2]", b"[@S1]").replace(b"so [@S2]", b"so")}
    told = check_course(files)
    assert [(one.path, one.line) for one in told] == [(MODULE, 10)]
    assert "nowhere cited" in told[0].text


def test_a_source_that_only_the_item_bank_cites_counts_as_cited(files: Files) -> None:
    files = {**files, WHY: files[WHY].replace(b"[@S1; @S2]", b"[@S1]").replace(b"so [@S2]", b"so")}
    assert check_course({**files, "modules/01-ethics/bank.md": b"- source: S2\n"}) == ()


def test_a_stray_file_and_a_badly_named_folder_are_named(files: Files) -> None:
    stray = {**files, "modules/01-ethics/notes.txt": b"", "modules/ethics/module.md": b""}
    assert [(one.path, one.line) for one in check_course(stray)] == [
        ("modules/01-ethics/notes.txt", 1),
        ("modules/ethics/module.md", 1),
    ]


def test_two_checks_with_one_name_are_named(spoil: Spoil) -> None:
    again = "::: check withdrawn\nAgain?\n\n- [x] Yes.\n  > So.\n- [ ] No.\n  > Not so.\n:::\n\n::: law"
    told = check_course(spoil(WHY, "::: law", again))
    assert [(one.path, one.line) for one in told] == [(WHY, 33)]


def test_a_lesson_too_long_for_its_minutes_can_be_read_and_may_not_be_published(spoil: Spoil) -> None:
    files = spoil(WHY, "People", "word " * 5000 + "People")
    course, told = parse(files)
    assert told == ()
    long = [one for one in check_minutes(files, course) if one.path == WHY]
    assert [(one.path, files[WHY].splitlines()[one.line - 1][:8]) for one in long] == [(WHY, b"minutes:")]


@pytest.mark.parametrize(
    ("minutes", "words", "kept"),
    [
        (10, 1250, True),  # a fifth less than 12.5 ... and both sides of each bound
        (10, 1876, False),
        (10, 1875, True),
        (12, 1500, True),
        (12, 1499, False),
        (8, 1500, True),
        (8, 1501, False),
        (1, 1, True),
        (1, 224, True),  # whole minutes are near enough
        (2, 225, True),
        (2, 224, False),
    ],
)
def test_declared_minutes_are_those_of_the_words_by_a_fifth(minutes: int, words: int, kept: bool) -> None:
    assert in_keeping(minutes, words) is kept
