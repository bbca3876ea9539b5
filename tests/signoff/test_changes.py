"""A reviewer is shown exactly what changed since the last signature: words, figures, sources, answers of the law."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trainer.curriculum.words import ReviewKind
from trainer.signoff.changes import changes_between, line_changes
from trainer.signoff.standing import KeptSignature, SignedState, TextStanding, text_standings
from trainer.signoff.texts import SignableText

SOURCES = 'S1: {{short: One, text: One., states: ["{}"]}}\nS2: {{short: Two, text: {}.}}\n'
LAW = "places:\n  oregon:\n    cells:\n      who: {{text: {}, until: 2026-12-31}}\n      since: {{text: {}}}\n"


def lesson(text: str, version: str = "a", **figures: str) -> SignableText:
    return SignableText(
        kind=ReviewKind.LESSON, id="ethics/why", title="Why", place="Ethics", hash=version * 64, waits=False,
        path="modules/01-ethics/01-why.md", text=text, figures={f"{name}.yaml": told for name, told in figures.items()},
    )  # fmt: skip


def files(**texts: str) -> dict[str, bytes]:
    return {f"{name}.yaml": text.encode() for name, text in texts.items()}


def told(old: str, new: str) -> list[str]:
    signs = {"same": "", "old": "-", "new": "+"}
    return [
        f"{line.kind} {line.number}: {'|'.join(signs[part.kind] + part.words for part in line.parts)}"
        for line in line_changes(old, new)
    ]


def test_a_phrase_that_changed_is_told_whole() -> None:
    assert told("It is an average over trials.", "It is a plain mean over trials.") == [
        "both 1: It is |-an average|+a plain mean| over trials."
    ]


def test_words_that_changed_are_shown_within_their_line() -> None:
    assert told("One\nHe said five words.\nEnd", "One\nHe said six words.\nEnd") == [
        "same 1: One",
        "both 2: He said |-five|+six| words.",
        "same 3: End",
    ]


def test_lines_come_and_go_and_what_stays_is_left_out_but_for_a_few() -> None:
    old = "\n".join(["a", "b", "c", "d", "e", "f", "g"])
    assert told(old, f"{old}\nnew") == ["gap 5: ", "same 6: f", "same 7: g", "new 8: +new"]
    assert told(old, old.removeprefix("a\n")) == ["old 1: -a", "same 1: b", "same 2: c", "gap 4: "]
    assert told(old, old) == []


def test_a_figure_of_data_a_source_and_an_answer_of_the_law_are_shown_beside_an_unchanged_text() -> None:
    text = "It is so [@S1].\n\n::: law oregon/who\n:::"
    old = lesson(text, plot="rows: 1"), files(references=SOURCES.format(4, "Two"), law=LAW.format("Some", "Then"))
    new = lesson(text, plot="rows: 2"), files(references=SOURCES.format(5, "2nd"), law=LAW.format("All", "Now"))
    found = changes_between(*old, *new)
    assert not found.lines
    assert list(found.figures) == ["plot.yaml"]
    assert [(one.where, one.old, one.new) for one in found.sources] == [("S1 states", "4", "5")]
    assert [(one.where, one.old, one.new) for one in found.law] == [("oregon/who text", "Some", "All")]


def test_a_table_of_the_law_draws_on_a_question_everywhere() -> None:
    text = lesson("::: law-table since\n:::")
    found = changes_between(text, files(law=LAW.format("A", "Then")), text, files(law=LAW.format("B", "Now")))
    assert [one.where for one in found.law] == ["oregon/since text"]


def test_without_any_change_there_is_nothing_to_read() -> None:
    text = lesson("So [@S1].")
    assert changes_between(text, {}, text, files(law="broken: [")).nothing


def signed(under: str, text: SignableText) -> list[KeptSignature]:
    return [
        KeptSignature(name=text.name, hash=sign * 64, reviewer="R", role="r", statement="s", at=datetime.now(UTC))
        for sign in under
    ]


@pytest.mark.parametrize(
    ("under", "state"), [("", SignedState.NEVER), ("a", SignedState.SIGNED), ("b", SignedState.CHANGED)]
)
def test_a_text_is_signed_as_it_is_or_changed_since_or_never(under: str, state: SignedState) -> None:
    text = lesson("Words.")
    assert text_standings({text.name: text}, signed(under, text))[text.name].state is state


@pytest.mark.parametrize(
    ("under", "pending", "rests_on_other", "waiting"),
    [
        ("", False, False, False),  # it counts unsigned
        ("", True, False, True),
        ("a", True, False, False),
        ("a", False, True, True),
        ("b", False, False, True),
        ("b", True, False, True),
    ],
)
def test_what_counts_only_once_signed_or_is_no_longer_what_was_signed_waits(
    under: str, pending: bool, rests_on_other: bool, waiting: bool
) -> None:
    text = replace(lesson("Words."), waits=pending)
    assert TextStanding(text, signed(under, text), rests_on_other).waiting is waiting
