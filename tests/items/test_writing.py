"""What is wrong with an item is told by line, with how to mend it, all at once."""

import pytest

from tests.items.conftest import PRESSURE, WRITTEN, item_text, read_items
from trainer.items.values import ItemKind


@pytest.mark.parametrize("kind", WRITTEN)
def test_each_kind_can_be_written(kind: ItemKind) -> None:
    bank, wrong = read_items(item_text(kind))
    assert bank, wrong
    assert bank.items[0].kind is kind


MISTAKES = [
    (ItemKind.RECORD, "- [x] 09:10 · a\n  > b\n- [x] 09:20 · c\n  > d\n", "Every option is marked right"),
    (ItemKind.ORDERING, "- 1. a\n  > b\n- 2. c\n  > d\n", "Order from 3 to 7 lines; here are 2."),
    (ItemKind.ORDERING, "- 1. a\n  > b\n- 1. c\n  > d\n- 3. e\n  > f\n", "This line should be number 2"),
    (ItemKind.ORDERING, "- 1. a\n  > b\n- 2. a\n  > d\n- 3. e\n  > f\n", "This line stands here twice."),
    (ItemKind.ORDERING, "- [x] a\n  > b\n- 2. c\n  > d\n- 3. e\n  > f\n", "Begin each line of an ordering item"),
    (ItemKind.ORDERING, "- 1. a\n- 2. c\n  > d\n- 3. e\n  > f\n", "This line has no reason"),
    (ItemKind.MATCHING, "- a => b\n  > c\n- d => e\n  > f\n", "Match from 3 to 6 lines; here are 2."),
    (ItemKind.MATCHING, "- a => b\n  > c\n- d => b\n  > f\n- g => b\n  > h\n", "Every line has the same right side."),
    (
        ItemKind.MATCHING,
        "- a => b\n  > c\n- a => e\n  > f\n- g => h\n  > i\n",
        "The left side of this line stands here",
    ),
    (ItemKind.MATCHING, "- a =>\n  > c\n- d => e\n  > f\n- g => h\n  > i\n", "nothing on the right"),
    (ItemKind.CLOZE, "- {1} yes\n  > a\n- { } no\n  > b\n", "No line fills gap {2}"),
    (ItemKind.CLOZE, "- {1} yes\n  > a\n- {1} no\n  > b\n- {2} so\n  > c\n", "Gap {1}: two lines fill it."),
    (ItemKind.CLOZE, "- {1} yes\n  > a\n- {2} no\n  > b\n- {3} so\n  > c\n", "Gap {3}: the question has none."),
    (ItemKind.NUMERIC, "- [=] 158 ± 0\n  > a\n", "Write a tolerance above 0 behind ±"),
    (ItemKind.NUMERIC, "- [=] 15.8\n  > a\n", "Say how far an answer may be off"),
    (ItemKind.NUMERIC, "- [=] many\n  > a\n", "Write a number, such as 158 ± 2, in place of “many”."),
    (ItemKind.NUMERIC, "- [~] 158\n  > a\n", "No answer is marked right; begin one with “- [=] ”."),
    (ItemKind.NUMERIC, "- [=] 158 ± 2\n  > a\n- [~] 160\n  > b\n", "This amount overlaps with one that is right."),
    (ItemKind.NUMERIC, "- [x] 158 ± 2\n  > a\n", "Begin a right answer with “- [=] ”"),
    (ItemKind.NUMERIC, "- [=] 158 ± 2\n", "This answer has no reason"),
    (ItemKind.SHORT, "- [=] *\n  > a\n", "Write the words that are right"),
    (ItemKind.SHORT, "- [=] clonus*\n  > a\n- [~] clonuses\n  > b\n", "These words fit a right answer as well."),
    (ItemKind.CONCORDANCE, "- [4] a\n  > b\n- [4] c\n  > d\n", "Write 5 steps"),
    (ItemKind.CONCORDANCE, "".join(f"- [{n}] a{n}\n  > b\n" for n in (0, 1, 2, 3, 2)), "A panel of 8 is too small"),
    (ItemKind.CONCORDANCE, "".join(f"- [x] a{n}\n  > b\n" for n in range(5)), "Begin each step with how many"),
    (ItemKind.SINGLE, "- 1. a\n  > b\n- 2. c\n  > d\n", "Begin each option with “- [ ] ”"),
]


@pytest.mark.parametrize(("kind", "answers", "told"), MISTAKES)
def test_an_answer_list_that_does_not_fit_its_kind_is_named(kind: ItemKind, answers: str, told: str) -> None:
    bank, wrong = read_items(item_text(kind, answers))
    assert bank is None
    assert [line for line, text in wrong if told in text], wrong


@pytest.mark.parametrize(
    ("kind", "keys", "told"),
    [
        (ItemKind.ORDERING, "- scheme: balanced\n", "“scheme” should be one of neighbours, places, exact for an item"),
        (ItemKind.SINGLE, "- scheme: exact\n", "“scheme” should be left out for an item of kind single."),
        (ItemKind.SINGLE, "- unit: mmHg\n", "Only a number has a unit"),
        (ItemKind.SINGLE, "- enemies: nobody\n", "There is no item “nobody” in this bank"),
        (ItemKind.SINGLE, "- enemies: single\n", "An item is no enemy of itself."),
        (ItemKind.SINGLE, "- figure: presure.yaml\n", "Did you mean “pressure.yaml”?"),
        (ItemKind.SINGLE, "- figure: ../pressure.yaml\n", "There is no figure"),
        (ItemKind.SINGLE, "- reviewed: yesterday\n", "“reviewed” should be a day and by whom"),
        (ItemKind.SINGLE, "- retired: 2026-02-30 gone\n", "“retired” should be a day and why"),
        (ItemKind.SINGLE, "- kind: essay\n", "stands here twice"),
    ],
)
def test_a_key_that_does_not_fit_is_named(kind: ItemKind, keys: str, told: str) -> None:
    _, wrong = read_items(item_text(kind, keys=keys))
    assert [line for line, text in wrong if told in text], wrong


def test_a_chart_without_its_figure_is_named() -> None:
    _, wrong = read_items(item_text(ItemKind.CHART).replace("- figure: pressure.yaml\n", ""))
    assert [text for _, text in wrong if "A chart item needs a line" in text]


def test_a_figure_with_a_mistake_is_named_in_its_own_file() -> None:
    bank, wrong = read_items(item_text(ItemKind.CHART), figure=PRESSURE.replace("128", "lots"))
    assert bank is None
    assert wrong


def test_clones_ask_the_same_rule_in_the_same_way() -> None:
    one = item_text(ItemKind.SINGLE, keys="- family: rule\n", name="one")
    same = item_text(ItemKind.SINGLE, keys="- family: rule\n", name="two").replace("Right.", "Right as well.")
    other = item_text(ItemKind.SINGLE, keys="- family: rule\n", name="two").replace("apply", "know")
    assert read_items(one, same)[0]
    assert [text for _, text in read_items(one, other)[1] if "“level” differ from “one”" in text]


def test_what_a_hostile_author_writes_stays_inert() -> None:
    script = "<script>alert(1)</script>"
    for kind, answers in WRITTEN.items():
        bank, wrong = read_items(item_text(kind, answers.replace("\n  >", f" {script}\n  >")))
        items = bank.items if bank else ()
        shown = [option.text_html + option.reason_html for item in items for option in item.options]
        assert not [html for html in shown if "<script" in html], wrong
