"""A form follows its blueprint, is never the same by chance alone, and can always be drawn again."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quizzes.conftest import a_bank, an_item
from trainer.errors import Broken
from trainer.items.formats import FORMATS
from trainer.items.forms import form_as_json, form_from_json
from trainer.items.values import Level
from trainer.quizzes.form import draw_practice, draw_quiz
from trainer.quizzes.pools import ItemsMet, practice_pool
from trainer.quizzes.values import Bank

SEEDS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=26)


@st.composite
def banks(draw_one) -> Bank:
    """Banks with enough solid items for their blueprint, and some pending ones besides."""
    blueprint = {level: draw_one(st.integers(0, 4)) for level in Level}
    blueprint[Level.APPLY] += 1
    items = []
    for level, needed in blueprint.items():
        for n in range(needed + draw_one(st.integers(0, 3))):
            critical = draw_one(st.booleans())
            options = draw_one(st.integers(2, 6))
            items.append(an_item(f"{level}-{n}", level=level, critical=critical, options=options))
        items += [an_item(f"{level}-p{n}", level=level, pending=True) for n in range(draw_one(st.integers(0, 2)))]
    critical, attempts = draw_one(st.none() | st.integers(0, 4)), draw_one(st.integers(1, 3))
    return a_bank(tuple(items), blueprint, critical=critical, attempts=attempts)


@given(banks(), SEEDS)
def test_a_form_follows_the_blueprint(bank: Bank, seed: str) -> None:
    levels = Counter(bank.item(question.item_id).level for question in draw_quiz(bank, seed=seed))
    assert levels == Counter({level: count for level, count in bank.blueprint.items() if count})


@given(banks(), SEEDS)
def test_no_question_stands_in_a_form_twice(bank: Bank, seed: str) -> None:
    names = [question.item_id for question in draw_quiz(bank, seed=seed)]
    assert len(set(names)) == len(names) == bank.serve


@given(banks(), SEEDS)
def test_the_same_seed_draws_the_same_form(bank: Bank, seed: str) -> None:
    assert draw_quiz(bank, seed=seed) == draw_quiz(bank, seed=seed)


@given(banks(), SEEDS)
def test_the_options_are_only_put_in_another_order(bank: Bank, seed: str) -> None:
    for question in draw_quiz(bank, seed=seed):
        assert sorted(question.order) == list(range(len(bank.item(question.item_id).options)))


@given(banks(), SEEDS)
def test_what_waits_for_review_never_counts(bank: Bank, seed: str) -> None:
    assert not any("-p" in question.item_id for question in draw_quiz(bank, seed=seed))


@given(banks(), SEEDS)
def test_a_form_that_was_kept_is_the_form_that_was_drawn(bank: Bank, seed: str) -> None:
    form = draw_quiz(bank, seed=seed)
    assert form_from_json(form_as_json(form)) == form


@given(banks(), SEEDS)
def test_practice_asks_no_question_twice_and_at_most_as_many_as_a_try(bank: Bank, seed: str) -> None:
    form = draw_practice(bank, seed=seed)
    assert len({question.item_id for question in form}) == len(form) == min(bank.serve, len(practice_pool(bank)))
    assert form == draw_practice(bank, seed=seed)


def test_other_seeds_draw_other_forms() -> None:
    bank = a_bank(tuple(an_item(f"i{n}") for n in range(20)), {Level.KNOW: 5})
    assert len({draw_quiz(bank, seed=str(seed)) for seed in range(50)}) == 50


def test_every_question_and_every_place_gets_its_turn() -> None:
    bank = a_bank(tuple(an_item(f"i{n}") for n in range(8)), {Level.KNOW: 3})
    drawn = [question for seed in range(300) for question in draw_quiz(bank, seed=str(seed))]
    assert min(Counter(question.item_id for question in drawn).values()) > 300 * 3 / 8 * 0.6
    assert min(Counter(question.order.index(0) for question in drawn).values()) > 900 / 4 * 0.7


def test_two_banks_do_not_share_their_luck() -> None:
    items = tuple(an_item(f"i{n}") for n in range(20))
    one, other = (a_bank(items, {Level.KNOW: 5}, slug=slug) for slug in ("ethics", "touch"))
    assert draw_quiz(one, seed="s") != draw_quiz(other, seed="s")


def test_practice_asks_what_waits_for_review() -> None:
    bank = a_bank((an_item("i"), an_item("p", pending=True)), {Level.KNOW: 1})
    assert {question.item_id for question in draw_practice(bank, seed="s")} == {"p"}


def test_a_signed_question_may_count() -> None:
    pending = an_item("p", pending=True)
    bank = a_bank((an_item("i"), pending), {Level.KNOW: 2})
    with pytest.raises(Broken, match="too few questions"):
        draw_quiz(bank, seed="s")
    form = draw_quiz(bank, seed="s", signed=frozenset({pending.hash}))
    assert {question.item_id for question in form} == {"i", "p"}


def test_a_signature_under_another_version_does_not_help() -> None:
    bank = a_bank((an_item("i"), an_item("p", pending=True)), {Level.KNOW: 2})
    with pytest.raises(Broken):
        draw_quiz(bank, seed="s", signed=frozenset({an_item("i").hash}))


@given(st.integers(0, 5), SEEDS)
def test_a_form_holds_as_many_critical_questions_as_the_author_aims_at(aim: int, seed: str) -> None:
    items = [an_item(f"c{n}", critical=True) for n in range(6)] + [an_item(f"i{n}") for n in range(6)]
    form = draw_quiz(a_bank(tuple(items), {Level.KNOW: 5}, critical=aim), seed=seed)
    assert sum(question.item_id.startswith("c") for question in form) == aim


def test_the_blueprint_comes_before_the_aim() -> None:
    items = [an_item(f"c{n}", critical=True) for n in range(4)] + [an_item("i", level=Level.APPLY)]
    form = draw_quiz(a_bank(tuple(items), {Level.KNOW: 2, Level.APPLY: 1}, critical=1), seed="s")
    assert sorted(question.item_id[0] for question in form) == ["c", "c", "i"]


@pytest.mark.parametrize("seed", "abcdefgh")
def test_the_last_try_asks_again_only_what_was_met_first(seed: str) -> None:
    """With tries to spare, the other one would come: critical questions were kept for them."""
    items = (an_item("fresh", critical=True), an_item("first", critical=True), an_item("second"))
    bank = a_bank(items, {Level.KNOW: 2}, critical=1)
    met = ItemsMet(in_tries=("first", "second"))
    asked = [
        {question.item_id for question in form}
        for form in (draw_quiz(bank, seed=seed, met=met), draw_quiz(bank, seed=seed, met=met, left=2))
    ]
    assert asked == [{"fresh", "first"}, {"fresh", "second"}]


@given(st.permutations(range(4)), st.frozensets(st.integers(0, 3)))
def test_places_on_the_page_lead_back_to_what_the_author_wrote(order: list[int], places: frozenset[int]) -> None:
    item = an_item("i", right=frozenset({0, 1}))
    answering = FORMATS[item.kind]
    authored = answering.received(item, order, [str(place) for place in places])
    assert authored == {order[place] for place in places}
    assert answering.sendable(item, order, authored) == [str(place) for place in sorted(places)]
