"""Boxes of the law in a lesson are drawn from the one file of the law."""

import pytest

from tests.law.test_law import CELL, CELLS, EVENT, PLACE, QUESTIONS, SOUND
from trainer.curriculum.course import parse
from trainer.curriculum.values import Course

REFERENCES = """\
S1: {short: "Rule 1", kind: rule, text: "A rule."}
S2: {short: "A report", kind: secondary, text: "A report."}
"""
MODULE = """\
---
module: law
title: Law
minutes: 1
objectives: {know: Know it.}
competencies: []
topics: []
sources: []
readiness: solid
---
What it is for.
"""
LESSON = "---\nlesson: one\ntitle: One\nminutes: 1\nobjectives: [know]\nreadiness: solid\n---\nA sentence.\n\n"
REPORTED = CELL.replace("[S1]", "[S2]").replace("certainty: read", "certainty: reported")
UNKNOWN = CELL.replace("[S1]", "[]").replace("certainty: read", "certainty: unknown")


def course(body: str, law: str | None = SOUND) -> tuple[Course, list[str]]:
    files = {
        "references.yaml": REFERENCES,
        "modules/02-law/module.md": MODULE,
        "modules/02-law/01-one.md": LESSON + body,
    }
    if law is not None:
        files["law.yaml"] = law
    read, wrong = parse({path: text.encode() for path, text in files.items()})
    return read, [str(message) for message in wrong]


def html(body: str, law: str = SOUND) -> str:
    read, wrong = course(body, law)
    assert wrong == []
    return read.modules[0].lessons[0].html


def with_cell(cell: str) -> str:
    return f"{QUESTIONS}{PLACE}{CELLS.replace(CELL, cell)}events:\n  - {EVENT}\n"


def test_a_box_shows_the_answer_its_days_and_its_sources() -> None:
    law = with_cell(CELL.replace("every: 90", "every: 90, as_of: 2025-01-01, until: 2025-12-31"))
    shown = html("::: law oregon/training\nMore of it.\n:::\n", law)
    assert "callout-law" in shown
    assert "Oregon: Asked training (as of 1 January 2025, read on 1 March 2026)" in shown
    assert "A licence." in shown
    assert 'aria-label="Source 1: Rule 1"' in shown
    assert "This is the text until 31 December 2025." in shown
    assert shown.count("<aside") == shown.count("</aside>") == 1
    assert shown.index("A licence.") < shown.index("More of it.") < shown.index("</aside>")


def test_what_is_only_reported_is_drawn_as_pending_and_what_is_unknown_as_not_found() -> None:
    assert "callout-pending" in html("::: law oregon/who\n:::\n", with_cell(REPORTED))
    assert "looked for on 1 March 2026" in html("::: law oregon/who\n:::\n", with_cell(UNKNOWN))


def test_a_table_holds_every_place_and_the_questions_asked_for() -> None:
    shown = html("::: law-table who next\n:::\n", with_cell(CELL.replace("every", "brief: In short, every")))
    assert '<th scope="col">Asked who</th><th scope="col">Asked next</th>' in shown
    assert '<th scope="row">Oregon</th>' in shown
    assert shown.count("In short") == 2
    assert "A licence." not in shown
    assert "read, 1 March 2026" in shown


def test_a_timeline_holds_the_events_with_their_days() -> None:
    shown = html("::: law-timeline\n:::\n")
    assert '<li><span class="law-when">1 July 2023</span> <strong>Oregon:</strong> It begins.<sup' in shown
    assert '<th scope="row">1 July 2023</th><td>Oregon</td><td>It begins. <span' in shown
    assert "The same as a table" in shown


def test_the_form_written_by_hand_stays() -> None:
    assert "Oregon, as read in 2025" in html("::: law Oregon, as read in 2025\nSo it is.\n:::\n")


@pytest.mark.parametrize(
    ("box", "told"),
    [
        ("law oregn/who", "There is no place “oregn” in law.yaml. Did you mean “oregon”?"),
        ("law oregon/whom", "There is no question “whom” in law.yaml. Did you mean “who”?"),
        ("law-table whom", "There is no question “whom” in law.yaml. Did you mean “who”?"),
        ("law-table who who", "A question stands twice in this table. Keep one."),
        ("law-table", "Name the questions of the table, as in `::: law-table who training since`."),
        ("law-timeline 2025", "Write `::: law-timeline` alone: it draws all events of law.yaml."),
        ("law-tabel who", "There is no box called “law-tabel”. Did you mean “law-table”?"),
        ("law oregon", "Name the place and the year it was read, as in “Oregon, as read in 2025”, or an"),
    ],
)  # fmt: skip
def test_a_box_that_names_nothing_is_told_by_its_line(box: str, told: str) -> None:
    _, wrong = course(f"::: {box}\n:::\n")
    assert [line for line in wrong if told in line and line.startswith("modules/02-law/01-one.md:10: ")]


def test_without_the_file_or_an_event_nothing_is_drawn() -> None:
    assert "There is no place in law.yaml, so nothing can be drawn." in course("::: law oregon/who\n:::\n", None)[1][0]
    bare = SOUND.partition("events:")[0]
    assert "There is no event in law.yaml" in course("::: law-timeline\n:::\n", bare)[1][0]


def test_a_place_that_does_not_answer_an_extra_question_says_so() -> None:
    law = SOUND.replace("questions:\n", "questions:\n  groups: In groups\n")
    assert "law.yaml does not answer “groups” for “oregon”" in course("::: law oregon/groups\n:::\n", law)[1][0]
    assert "<td>–</td>" in html("::: law-table groups\n:::\n", law)
