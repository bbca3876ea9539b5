"""What is left to chance in a form is truly left to it, and every number stands where its docstring says."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from tests.quizzes.conftest import NOW, a_bank, an_item
from trainer.errors import Broken
from trainer.items.formats import FORMATS
from trainer.items.forms import ItemForm, Question, form_as_json, form_from_json
from trainer.items.grading import GRADER, Grade, grade
from trainer.items.values import Level
from trainer.quizzes.form import draw_practice, draw_quiz
from trainer.quizzes.tries import SentAttempt, Tries, tries
from trainer.quizzes.values import Bank

SEEDS = [f"seed{number}" for number in range(60)]


def practised(bank: Bank, *, seed: str) -> ItemForm:
    """Draw a form for practice, were all questions of the bank for practice alone."""
    items = tuple(replace(item, practice_only=True) for item in bank.items)
    return draw_practice(replace(bank, items=items), seed=seed)


FIVE = a_bank(tuple(an_item(f"i{n}") for n in range(5)), {Level.KNOW: 5})
FIFTEEN = a_bank(tuple(an_item(f"i{n}") for n in range(15)), {Level.KNOW: 5})


@pytest.fixture(params=[draw_quiz, practised])
def drawn(request: pytest.FixtureRequest) -> Callable[..., ItemForm]:
    """A counted form, and a form for practice."""
    return request.param


def test_the_options_of_a_question_come_in_every_order(drawn: Callable[..., ItemForm]) -> None:
    orders = Counter(question.order for seed in SEEDS for question in drawn(FIVE, seed=seed))
    assert len(orders) == 24, "four options have 24 orders; 300 questions meet them all"
    assert orders[0, 1, 2, 3] < 300 / 6


def test_the_questions_of_a_form_come_in_many_orders(drawn: Callable[..., ItemForm]) -> None:
    orders = {tuple(question.item_id for question in drawn(FIVE, seed=seed)) for seed in SEEDS}
    assert len(orders) > 30


def test_every_question_of_the_bank_has_its_turn(drawn: Callable[..., ItemForm]) -> None:
    asked = Counter(question.item_id for seed in SEEDS for question in drawn(FIFTEEN, seed=seed))
    assert set(asked) == {f"i{n}" for n in range(15)}
    assert max(asked.values()) < 60 / 2


def test_two_banks_do_not_share_their_luck(drawn: Callable[..., ItemForm]) -> None:
    other = a_bank(FIFTEEN.items, {Level.KNOW: 5}, slug="touch")
    assert [drawn(FIFTEEN, seed=seed) for seed in SEEDS] != [drawn(other, seed=seed) for seed in SEEDS]


def test_a_critical_question_does_not_betray_itself_by_its_place() -> None:
    items = (an_item("critical", critical=True), *(an_item(f"i{n}") for n in range(7)))
    bank = a_bank(items, {Level.KNOW: 4}, critical=1)
    places = Counter([question.item_id for question in draw_quiz(bank, seed=seed)].index("critical") for seed in SEEDS)
    assert set(places) == {0, 1, 2, 3}


def test_a_level_does_not_betray_itself_by_its_place() -> None:
    items = (an_item("apply", level=Level.APPLY), *(an_item(f"i{n}") for n in range(3)))
    bank = a_bank(items, {Level.KNOW: 3, Level.APPLY: 1})
    places = {[question.item_id for question in draw_quiz(bank, seed=seed)].index("apply") for seed in SEEDS}
    assert places == {0, 1, 2, 3}


MIXED = (*(an_item(f"c{n}", critical=True) for n in range(6)), *(an_item(f"i{n}") for n in range(6)))


def criticals(bank: Bank, seed: str) -> int:
    return sum(question.item_id.startswith("c") for question in draw_quiz(bank, seed=seed))


def test_without_an_aim_chance_decides_how_many_critical_questions_there_are() -> None:
    counts = {criticals(a_bank(MIXED, {Level.KNOW: 4}), seed) for seed in SEEDS}
    assert {1, 2, 3} <= counts


@pytest.mark.parametrize("aim", range(5))
def test_with_an_aim_there_are_exactly_so_many(aim: int) -> None:
    bank = a_bank(MIXED, {Level.KNOW: 4}, critical=aim)
    assert {criticals(bank, seed) for seed in SEEDS[:9]} == {aim}


def test_which_critical_question_is_asked_is_left_to_chance_too() -> None:
    bank = a_bank(MIXED, {Level.KNOW: 4}, critical=1)
    asked = {question.item_id for seed in SEEDS for question in draw_quiz(bank, seed=seed)}
    assert asked == {item.id for item in MIXED}


def test_a_form_that_would_be_one_question_short_is_not_drawn() -> None:
    just = a_bank((an_item("a"), an_item("b")), {Level.KNOW: 2})
    assert len(draw_quiz(just, seed="s")) == 2
    short = a_bank((an_item("a"), an_item("b"), an_item("c", level=Level.APPLY)), {Level.KNOW: 3})
    with pytest.raises(Broken) as broken:
        draw_quiz(short, seed="s")
    assert str(broken.value) == ("The bank “Ethics” has too few questions for a form. Its author must add some.")


def test_practice_in_a_short_bank_asks_all_there_is() -> None:
    short = a_bank((an_item("a"), an_item("b")), {Level.KNOW: 3})
    assert {question.item_id for question in practised(short, seed="s")} == {"a", "b"}


def test_a_form_is_kept_in_these_values() -> None:
    form = (Question("a", (1, 0)), Question("b", (0, 1, 2)))
    kept = [{"item": "a", "order": [1, 0]}, {"item": "b", "order": [0, 1, 2]}]
    assert form_as_json(form) == kept
    assert form_from_json(kept) == form


@pytest.mark.parametrize(("place", "authored"), [(0, {2}), (1, {0}), (2, {1})])
def test_each_place_on_the_page_leads_to_its_option(place: int, authored: set[int]) -> None:
    item = an_item("a", options=3)
    assert FORMATS[item.kind].received(item, (2, 0, 1), [str(place)]) == authored


@pytest.mark.parametrize("place", [-1, 3])
def test_no_other_place_is_an_answer(place: int) -> None:
    item = an_item("a", options=3)
    with pytest.raises(ValueError, match="has options from 0 to 2"):
        FORMATS[item.kind].received(item, (2, 0, 1), [str(place)])


# --- marks ---------------------------------------------------------------------------------------


def test_a_grade_says_what_was_wrong_in_the_order_of_the_form() -> None:
    items = [an_item("a"), an_item("b", critical=True), an_item("c"), an_item("d", critical=True)]
    right = frozenset({0})
    graded = grade(items, {"a": frozenset({1}), "c": right, "d": right}, pass_share=Fraction(1, 2))
    assert graded == Grade(
        credit=Fraction(2), points=2, out_of=4, passed=False, wrong=("a", "b"), failed_critical=("b",)
    )
    assert graded.share == Fraction(1, 2)
    assert grade(items[:1], {"a": right}, pass_share=Fraction(1)).share == 1


@pytest.mark.parametrize(("points", "passes"), [(9, False), (10, True)])
def test_a_form_passes_from_its_share_on_and_never_with_a_critical_question_wrong(points: int, passes: bool) -> None:
    items = [an_item(f"i{n}") for n in range(12)]
    answers = {item.id: item.key for item in items[:points]}
    assert grade(items, answers, pass_share=Fraction(4, 5)).passed is passes
    items[11] = an_item("i11", critical=True)
    assert not grade(items, answers, pass_share=Fraction(4, 5)).passed


def test_a_form_without_questions_says_who_must_mend_it() -> None:
    with pytest.raises(Broken) as broken:
        grade([], {}, pass_share=Fraction(1))
    assert str(broken.value) == "This attempt has no questions. Its author must mend the item bank."


def test_the_version_of_these_rules_is_kept_with_every_result() -> None:
    assert GRADER == "2"


# --- tries ---------------------------------------------------------------------------------------


def sent(number: int, points: int = 5, *, passed: bool = False, hours: float = 0) -> SentAttempt:
    return SentAttempt(
        attempt_id=f"a{number}",
        number=number,
        credit=Fraction(points),
        out_of=12,
        passed=passed,
        failed_critical=0,
        submitted_at=NOW + timedelta(hours=hours),
    )


@pytest.mark.parametrize(("count", "left"), [(0, 3), (1, 2), (2, 1), (3, 0), (4, 0)])
def test_each_try_is_one_fewer_and_never_fewer_than_none(count: int, left: int) -> None:
    assert tries(FIVE, [sent(n) for n in range(count)], now=NOW).left == left


def test_the_wait_is_from_the_latest_try_in_whatever_order_they_are_told() -> None:
    stand = tries(FIVE, [sent(2, hours=5), sent(1)], now=NOW + timedelta(hours=6))
    assert stand.next_at == NOW + timedelta(hours=29)


def test_the_key_is_open_after_a_pass_and_not_before_even_after_the_last_try() -> None:
    passed, failed = sent(1, 12, passed=True), sent(1)
    assert Tries(sent=(passed,), left=2, next_at=None).open_key
    assert not Tries(sent=(failed,), left=0, next_at=None).open_key
    assert not Tries(sent=(failed,), left=1, next_at=None).open_key
    untried = Tries(sent=(), left=3, next_at=None)
    assert (untried.open_key, untried.spent, untried.elsewhere) == (False, False, 0)


def test_the_first_pass_counts_and_else_the_highest_mark() -> None:
    first, second = sent(2, 10, passed=True), sent(3, 12, passed=True)
    stand = tries(FIVE, [sent(1, 12), first, second], now=NOW)
    assert (stand.passed, stand.best) == (first, first)
    assert tries(FIVE, [sent(1, 3), sent(2, 7), sent(3, 5)], now=NOW).best == sent(2, 7)
    assert sent(1, 3).share == Fraction(1, 4)
    assert sent(1, 3).mark == "3 of 12"
