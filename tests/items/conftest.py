"""A bank with one item of each kind, as an author would write them."""

import pytest

from tests.quizzes.conftest import HEAD, PATH, course_files
from trainer.authoring.release import Files
from trainer.curriculum.course import parse
from trainer.items.values import Item, ItemKind
from trainer.quizzes.reading import read_bank
from trainer.quizzes.values import Bank

KEYS = """\
- objective: list-elements
- competency: C3
- level: apply
- source: S1
- readiness: solid
"""
PRESSURE = """\
chart: bars
title: Pressure of a fictional client
unit: mmHg
rows:
  - {label: "T+30", value: 128, source: none}
  - {label: "T+60", value: 158, source: none}
"""
WRITTEN = {
    ItemKind.SINGLE: "- [x] Right.\n  > Why.\n- [ ] Wrong.\n  > Why not.\n- [ ] Wrong too.\n  > Nor this.\n",
    ItemKind.MULTIPLE: (
        "- [x] First.\n  > Yes.\n- [x] Second.\n  > Yes too.\n- [ ] Third.\n  > No.\n- [ ] Fourth.\n  > No, no.\n"
    ),
    ItemKind.RECORD: (
        "- [ ] 09:10 · Pulse 72.\n  > As it should be.\n- [x] 09:40 · Signed for 11:00.\n  > Signed too early.\n"
        "- [x] Between 10:40 and 11:20 nothing is written.\n  > Missing.\n- [ ] 11:20 · Pulse 88.\n  > Fine.\n"
    ),
    ItemKind.ORDERING: (
        "- 1. Call out.\n  > First.\n- 2. Look.\n  > Then.\n- 3. Ring.\n  > After that.\n- 4. Write.\n  > Last.\n"
    ),
    ItemKind.MATCHING: (
        "- A clinic => Rule one\n  > One.\n- A school => Rule two\n  > Two.\n- A home => Rule one\n  > One again.\n"
        "- => Rule three\n  > Nowhere here.\n"
    ),
    ItemKind.CLOZE: "- {1} yes\n  > It goes on.\n- {2} no\n  > It stops.\n- { } perhaps\n  > Neither.\n",
    ItemKind.NUMERIC: "- [=] 158 ± 2\n  > The upper one.\n- [~] 94 ± 2\n  > The lower one.\n- [~] *\n  > Look again.\n",
    ItemKind.CHART: "- [=] 158 ± 2\n  > At T+60.\n- [~] 128 ± 2\n  > That was at T+30.\n",
    ItemKind.SHORT: (
        "- [=] spontaneous clonus | clonus without a stretch*\n  > That one.\n"
        "- [~] inducible clonus\n  > Needs more.\n- [~] *\n  > Look again.\n"
    ),
    ItemKind.CONCORDANCE: "".join(
        f"- [{votes}] {words}\n  > They said so.\n"
        for votes, words in ((0, "Much less"), (1, "Less"), (2, "The same"), (6, "More"), (3, "Much more"))
    ),
}
"""The answer list of each kind."""


def item_text(kind: ItemKind, answers: str | None = None, *, keys: str = "", stem: str = "", name: str = "") -> str:
    """Write one item of a kind."""
    own = {ItemKind.NUMERIC: "- unit: mmHg\n", ItemKind.CHART: "- unit: mmHg\n- figure: pressure.yaml\n"}.get(kind, "")
    asked = stem or ("The touch {1}, the talk {2}." if kind is ItemKind.CLOZE else "What is right?")
    listed = WRITTEN[kind] if answers is None else answers
    return f"## A title {{#{name or kind.value}}}\n- kind: {kind.value}\n{KEYS}{own}{keys}\n{asked}\n\n{listed}\n"


def files_with(*items: str, figure: str = PRESSURE) -> Files:
    """Return the small course with a bank of these items."""
    return {**course_files(HEAD + "\n" + "".join(items)), "modules/01-ethics/pressure.yaml": figure.encode()}


KNOWN, _ = parse(course_files())


def read_items(*items: str, figure: str = PRESSURE) -> tuple[Bank | None, list[tuple[int, str]]]:
    """Read a bank of these items; return it, and what is wrong by line."""
    bank, messages = read_bank(PATH, files_with(*items, figure=figure), KNOWN)
    return bank, [(message.line, message.text) for message in messages]


@pytest.fixture(scope="session")
def items() -> dict[ItemKind, Item]:
    """One item of each kind."""
    bank, wrong = read_items(*(item_text(kind) for kind in WRITTEN))
    assert bank, wrong
    return {item.kind: item for item in bank.items}
