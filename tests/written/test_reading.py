"""An author hears of every mistake in a written task by its line; what was published is read all the same."""

import pytest

from trainer.authoring.release import release_of
from trainer.requirements.catalogue import Catalogue
from trainer.requirements.programme import parse_programmes, published_programmes
from trainer.requirements.rules import RequirementKind, leaves
from trainer.settings import ROOT
from trainer.written.reading import check_tasks, tasks_of

PATH = "modules/04-boundaries/written.md"
SOUND = (ROOT / "content" / PATH).read_text()
TWO = "- A no that is a no (critical): after your answer she knows that the two of you will not meet privately."

MISTAKES = [
    ("## A coffee", "Hello.\n## A coffee", 1, "Text before the first task"),
    (" {#coffee}", "", 1, "This task needs an id at the end of its heading"),
    ("{#coffee}", "{#A coffee}", 1, "This task needs an id at the end of its heading"),
    ("## A coffee, just the two of us {", "## {", 1, "Give this task a title before its id."),
    ("- objective: recog", "- objektive: recog", 2, "The key “objektive” is not known here. Did you mean “objective”?"),
    ("- objective: recognise-", "- objective: recognize-", 2, "There is no objective “recognize-misuse-of-power”. Did"),
    ("- competency: C4", "- competency: C44", 3, "There is no competency “C44”. Did you mean “C4”?"),
    ("- level: apply", "- level: aply", 4, "“level” should be one of know, apply, evaluate. Did you mean “apply”?"),
    ("- source: S41,", "- source: S4100,", 5, "There is no source “S4100”."),
    ("- source: S41, S41b", "- source: ,", 5, "“source” should be at least one key of references.yaml"),
    ("- readiness: solid", "- readiness: soon", 6, "“readiness” should be one of solid, pending review."),
    ("- words: 50-130", "- words: 130-50", 7, "“words” should be the least and the most words of an answer, such as"),
    ("- words: 50-130", "- words: 50-5000", 7, "“words” should be the least and the most words of an answer, such as"),
    ("- words: 50-130\n", "", 1, "Add the key “words”: the least and the most words"),
    ("- words: 50-130", "- words: 50-130\n- words: 1-2", 8, "The key “words” stands here twice."),
    ("- pass: 70%", "- pass: 0%", 8, "“pass” should be a percentage from 1% to 100%, such as 70%."),
    ("- pass: 70%\n", "", 1, "Add the key “pass”: a percentage"),
    ("### What is looked for", "### What we like", 1, "This task has no rubric. Add “### What is looked for”"),
    (SOUND[SOUND.index("Three weeks") : SOUND.index("### ")], "", 1, "This task asks for nothing."),
    (SOUND[SOUND.index("- Warmth") :], "", 14, "A rubric has 2 to 6 criteria; this one has 1."),
    ("  1 The no can be", "  3 The no can be", 18, "A criterion has the steps 0, 1 and 2; there is no step 3."),
    ("  1 The no can be", "  3 The no can be", 16, "“A no that is a no” has no anchor for 1. Add a line “  1 …”."),
    ("  1 The no can be", "  0 The no can be", 18, "Step 0 of “A no that is a no” stands here twice."),
    (": after your answer she knows", ":\n  0 x\n\n", 16, "Write each criterion as “- name: what it means”."),
    ("- Warmth, and no shame:", "- A no that is a No:", 20, "“A no that is a No” stands on line 16 already."),
    (SOUND[SOUND.index("  0 There is") : SOUND.index("- Warmth")], "", 16, "“A no that is a no” has no anchors."),
    ("- Warmth,", "Warmth,", 20, "Below “What is looked for” write “- name: what it means”"),
    (TWO, f"### What is looked for\n\n{TWO}", 16, "“### What is looked for” stands in this task twice."),
    ("Three weeks", "words: 50-130\n\nThree weeks", 10, "Write “- words: …” directly below the heading"),
    (SOUND, "", 1, "This file has no tasks. Begin one with “## Title {#id}”."),
    ("{#coffee}", "{#taken-back}", 1, "The id “taken-back” is used at modules/03-ethics/written.md:1 already; choose"),
]


def said(catalogue: Catalogue, text: str | bytes) -> list[tuple[int, str]]:
    written = text if isinstance(text, bytes) else text.encode()
    found = check_tasks({**catalogue.release.files, PATH: written}, catalogue.course)
    assert {message.path for message in found} <= {PATH}
    return [(message.line, message.text) for message in found]


@pytest.mark.parametrize(("old", "new", "line", "words"), MISTAKES)
def test_each_mistake_is_told_by_its_line_and_how_to_mend_it(catalogue, old, new, line, words) -> None:
    assert old in SOUND
    assert any(at == line and text.startswith(words) for at, text in said(catalogue, SOUND.replace(old, new, 1)))


def test_all_mistakes_are_told_at_once_and_a_file_that_is_no_text_says_so(catalogue) -> None:
    spoilt = SOUND.replace("C4", "C44").replace("50-130", "130-50").replace("  2 The no is said", "  7 The no is said")
    assert [line for line, _ in said(catalogue, spoilt)] == [3, 7, 16, 19]
    assert said(catalogue, b"\xff")[0][1].startswith("Save this file as UTF-8")


def test_the_shipped_tasks_are_sound(catalogue) -> None:
    assert catalogue.written.keys() == {"taken-back", "coffee", "sbar-fluids"}
    assert check_tasks(catalogue.release.files, catalogue.course) == ()


def test_what_was_published_is_read_however_strict_the_rules_are_and_hostile_markdown_stays_inert(catalogue) -> None:
    old = SOUND.replace("- pass: 70%\n", "- grade: 7\n").replace("  1 The no can be", "  3 The no can be")
    hostile = old.replace("Three weeks", "<script>alert(1)</script> [x](javascript:alert) Three weeks")
    task = tasks_of(release_of({**catalogue.release.files, PATH: hostile.encode()}))["coffee"]
    assert (task.pass_share, task.rubric[0].anchors[1]) == (1, "")
    assert "<script" not in task.task_html
    assert "href" not in task.task_html


def test_a_programme_can_ask_for_a_task_and_not_for_one_that_is_not_there(catalogue) -> None:
    titles = {(RequirementKind.WRITTEN, task.id): task.title for task in catalogue.written.values()}
    head = "programme: p\ntitle: P\ncredential: C\nversion: '1'\nvalidity_months: 12\nsummary: S\n"
    for slug, title, wrong in (
        ("coffee", "A coffee, just the two of us", []),
        ("cofee", "cofee", ["There is no written task “cofee”. Did you mean “coffee”?"]),
    ):
        files = {"programmes/p.yaml": f"{head}needs:\n  all:\n    - written: {slug}\n".encode()}
        assert [message.text for message in parse_programmes(files, titles)[1]] == wrong
        [leaf] = leaves(published_programmes(files, titles, {})["p"].needs)
        assert (leaf.kind, leaf.title) == (RequirementKind.WRITTEN, title)
