"""Whoever changes a case learns whether it is another story, another key, or other words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.language.difference import CaseChange, ChangeKind, difference

TEXT, STRUCTURE, SCORING = ChangeKind.TEXT, ChangeKind.STRUCTURE, ChangeKind.SCORING
ANNA = (Path(__file__).parent / "anna.md").read_text()
PATH = "cases/anna-psilocybin-1/en.md"


def compiled(text: str) -> Case:
    case, messages = compile_case(PATH, text)
    assert case is not None, messages
    return case


def changed(meant: str, typed: str) -> tuple[CaseChange, ...]:
    assert meant in ANNA
    return difference(compiled(ANNA), compiled(ANNA.replace(meant, typed, 1)))


CHANGES = {
    "a word of the prose": ("The silence grows.", "The silence goes on.", TEXT, "scene", "prose"),
    "the title of a scene": ("## The wave {", "## A wave {", TEXT, "scene", "title"),
    "the words of a choice": ("Book the dosing day.", "Book a dosing day.", TEXT, "choice", "words"),
    "the title of the case": ("title: Anna, 52", "title: Anna, 53", TEXT, "case", "title"),
    "the words of an ending": ("as planned.", "as was planned.", TEXT, "ending", "words"),
    "where one goes": ("25 min\n   - next: #wave", "25 min\n   - next: #chest", STRUCTURE, "choice", "next"),
    "how long it takes": ("   - takes: 25 min", "   - takes: 20 min", STRUCTURE, "choice", "takes"),
    "what it changes": ("distress -2, trust +1", "distress -2", STRUCTURE, "choice", "changes"),
    "when a choice is open": ("only if: tablets-known", "only if: trust >= 1", STRUCTURE, "choice", "only if"),
    "when an event breaks in": ("when sbp >= 185", "when sbp >= 184", STRUCTURE, "scene", "event"),
    "a chapter's clock": ("(0:20 to 7:30", "(0:20 to 7:00", STRUCTURE, "chapter", "clock"),
    "a shift of a variant": ("sbp: +34", "sbp: +35", STRUCTURE, "variant", "vitals"),
    "where a number begins": ("trust: 5 of 10", "trust: 6 of 10", STRUCTURE, "number", "range"),
    "what a choice is worth": ("- scores: presence +3", "- scores: presence +2", SCORING, "choice", "scores"),
    "how cautious it is": ("   - takes: 25 min", "   - cautious: yes\n   - takes: 25 min", TEXT, "choice", "cautious"),
    "what the panel says": ("- panel: 16 of 17", "- panel: 15 of 17", SCORING, "choice", "panel"),
    "what the expert does": ("   - expert: if not on-tablets", "   - expert: yes", SCORING, "choice", "expert"),
    "a pass mark": ("presence: pass 60%", "presence: pass 65%", SCORING, "competency", "pass mark"),
    "the minutes of a duty": ("within 20 min of #chest", "within 25 min of #chest", SCORING, "duty", "terms"),
    "what is a failure": ("grab-hand, hold unless", "hold unless", SCORING, "must not", "choices"),
    "where its warning stands": (
        "- client-left-alone: fetch-tea",
        "- client-left-alone: fetch-tea, cue in #wave",
        SCORING,
        "must not",
        "cue in",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_a_change_is_named_by_its_kind_its_place_and_its_line(what: str) -> None:
    meant, typed, kind, thing, label = CHANGES[what]
    changes = changed(meant, typed)
    assert [(one.kind, one.what, one.label) for one in changes] == [(kind, thing, label)]
    rows = zip(ANNA.split("\n"), ANNA.replace(meant, typed, 1).split("\n"), strict=True)
    row = next(number for number, (old, new) in enumerate(rows, start=1) if old != new)
    assert {changes[0].old_line, changes[0].new_line} <= {row, *range(row - 4, row)}


def test_a_scene_that_came_is_one_change_with_its_answers_and_not_one_for_every_line() -> None:
    more = "\n## Rest {#rest}\n\n1. Rest. {#rest-now}\n   - expert: yes\n   - takes: 1 min\n   - next: end finished\n"
    new = ANNA.replace("\n# Must do", more + "\n# Must do").replace(
        "- expert: yes\n   - takes: 60 min\n   - scores: presence +2\n   - next: end finished",
        "- expert: yes\n   - takes: 60 min\n   - scores: presence +2\n   - next: #rest",
    )
    changes = difference(compiled(ANNA), compiled(new))
    came = [(one.what, one.id, one.old_line) for one in changes if one.old_line is None]
    assert came == [("scene", "rest", None), ("choice", "rest-now", None)]
    gone = difference(compiled(new), compiled(ANNA))
    assert [(one.what, one.id, one.new_line) for one in gone if one.new_line is None] == [
        ("scene", "rest", None),
        ("choice", "rest-now", None),
    ]


def test_what_neither_a_player_nor_a_score_can_notice_is_no_change() -> None:
    assert difference(compiled(ANNA), compiled(ANNA)) == ()
    assert difference(compiled(ANNA), compiled(ANNA.replace("reviewed: []", "reviewed: [] "))) == ()
    rows = ANNA.split("\n")
    first = rows.index("# Must not")
    assert difference(compiled(ANNA), compiled("\n".join([*rows[:first], "", "", *rows[first:]]))) == ()


@given(st.lists(st.sampled_from(sorted(CHANGES)), max_size=6, unique=True))
def test_a_change_and_its_return_are_the_same_change_seen_from_both_sides(some: list[str]) -> None:
    text = ANNA
    for what in some:
        text = text.replace(*CHANGES[what][:2], 1)
    case, _ = compile_case(PATH, text)
    if case is None:
        return
    there, back = difference(compiled(ANNA), case), difference(case, compiled(ANNA))
    assert {(one.what, one.id, one.label, one.before, one.after) for one in there} == {
        (one.what, one.id, one.label, one.after, one.before) for one in back
    }
