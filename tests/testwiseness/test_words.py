"""Words that tell keys from distractors: a model that never saw the question, and the counts that authors read."""

from dataclasses import replace
from fractions import Fraction
from math import comb, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.testwiseness.conftest import an_item
from tests.testwiseness.test_strategies import items
from trainer.testwiseness.items import ReviewedItem
from trainer.testwiseness.telltales import LEAST_OPTIONS, WordRates, holding, word_rates
from trainer.testwiseness.word_model import features, model_of, word_guesses

READ = (
    an_item("*Call the lead", "Stop the drug", "Stop him"),
    an_item("*Call her brother", "Stop here", "Leave the room"),
)


# --- the model


def test_words_and_neighbours_of_an_option_are_read_once_each() -> None:
    assert features("Ask, ask her") == {"ask", "her", "ask ask", "ask her"}


def test_a_word_leans_to_the_side_it_stood_on() -> None:
    model = model_of(READ)
    assert (model.keys, model.distractors) == (2, 4)
    assert isclose(model.lean("call"), log(2.5 / 3) - log(0.5 / 5))
    assert isclose(model.lean("the"), log(1.5 / 3) - log(2.5 / 5))
    assert isclose(model.lean("stop"), log(0.5 / 3) - log(3.5 / 5))
    assert model.lean("never read") == 0


def test_who_has_read_other_banks_takes_their_words_for_right() -> None:
    model = model_of(READ)
    asked = an_item("Leave her", "*Call him back", "Stop and wait")
    assert model.choice(asked) == {1}
    assert word_guesses(model, [asked]).share == 1
    assert model.choice(an_item("Nobody knows", "*these words", "at all")) == {0, 1, 2}


def test_how_far_an_option_leans_is_the_sum_of_its_words() -> None:
    model = model_of(READ)
    told = model.lean("call") + model.lean("the") + model.lean("call the")
    assert model.leaning("Call the") == round(1_000_000 * told)


def test_a_key_leads_by_what_the_best_distractor_lacks() -> None:
    model = model_of(READ)
    asked = an_item("Stop him", "*Call him back", "the")
    assert model.lead(asked) == model.leaning("Call him back") - model.leaning("the") > 0
    assert model.lead(an_item("*Stop him", "Call", "Stop")) < 0
    assert model.lead(an_item("*Call", "*Stop")) == model.leaning("Call")
    assert model.lead(an_item("Call", "Stop")) == -model.leaning("Call")


def test_the_words_of_a_key_that_say_most_are_named_first() -> None:
    model = model_of([*READ, an_item("*Call him", "Stay with her", "Sit")])
    asked = an_item("*Call the brother", "Call the lead", "Stop")
    assert model.telling(asked) == ("call", "brother", "call the", "the")


def test_words_that_say_nothing_or_the_contrary_are_not_named() -> None:
    assert model_of(READ).telling(an_item("*Stop here unread", "Call", "Go")) == ()


def test_four_words_are_named_at_most() -> None:
    assert len(model_of(READ).telling(an_item("*Call her brother call the lead", "Stop", "Go"))) == 4


def test_a_bank_is_never_read_before_it_is_answered() -> None:
    other = an_item("*Write it down", "Say nothing", "Call")
    assert model_of([*READ, other]).without(model_of([other])) == model_of(READ)


def test_multiple_items_are_read_and_no_other_kind_is() -> None:
    several, ordered = an_item("*Ask", "*Wait", "Go"), an_item("*Ask", "Go", kind="ordering")
    model = model_of([several, ordered])
    assert (model.keys, model.distractors, model.right["ask"], model.wrong["go"]) == (2, 1, 1, 1)


@given(items(), st.randoms(use_true_random=False))
def test_the_order_of_options_changes_nothing_for_the_model(item: ReviewedItem, random) -> None:
    turned = replace(item, options=tuple(random.sample(item.options, len(item.options))))
    model = model_of([*READ, an_item("*a e", "i n", "s t", "in")])
    assert word_guesses(model, [item]).share == word_guesses(model, [turned]).share


# --- the counts


def rates(in_keys: int, in_distractors: int, keys: int = 100, distractors: int = 300) -> WordRates:
    return WordRates(
        word="stay", kind="single", in_keys=in_keys, keys=keys, in_distractors=in_distractors, distractors=distractors
    )


def test_a_word_is_counted_once_in_an_option_and_from_twelve_options_on() -> None:
    several = [an_item("*Stay, stay here", "Stay", "Stay on", "Go")] * 4
    (stay,) = [found for found in word_rates(several, "single") if found.word == "stay"]
    assert (stay.in_keys, stay.keys, stay.in_distractors, stay.distractors) == (4, 4, 8, 12)
    assert stay.occurrences == LEAST_OPTIONS == 12
    assert stay.kind == "single"
    assert [found.word for found in word_rates([*several[:3], an_item("*Stay", "Stay", "No")], "single")] == []


def test_words_come_by_the_alphabet() -> None:
    assert [found.word for found in word_rates([an_item("*Sit down", "go", "go")] * 12, "single")] == [
        "down",
        "go",
        "sit",
    ]


def test_single_and_multiple_items_are_counted_apart() -> None:
    mixed = [an_item("*Stay", "Go", "No"), an_item("*Stay", "*Sit", "Go")] * 12
    assert {(found.word, found.keys) for found in word_rates(mixed, "multiple")} == {
        ("stay", 24),
        ("sit", 24),
        ("go", 24),
    }
    assert {(found.word, found.keys) for found in word_rates(mixed, "single")} == {("stay", 12), ("go", 12), ("no", 12)}


def test_the_rate_of_a_word_is_the_share_of_options_on_that_side() -> None:
    assert (rates(5, 30).key_rate, rates(5, 30).distractor_rate) == (Fraction(1, 20), Fraction(1, 10))
    assert (rates(0, 1, 0, 1).key_rate, rates(0, 1, 0, 1).distractor_rate) == (0, 1)
    assert (rates(1, 0, 1, 0).key_rate, rates(1, 0, 1, 0).distractor_rate) == (1, 0)
    assert [rates(*found).marks_keys for found in ((11, 30), (10, 30), (9, 30))] == [True, False, False]


@pytest.mark.parametrize(
    ("in_keys", "in_distractors", "beyond"),
    [(20, 30, False), (21, 30, True), (10, 60, False), (10, 61, True), (0, 12, True), (12, 0, True), (10, 30, False)],
)
def test_a_word_may_be_twice_as_frequent_on_one_side_and_no_more(in_keys, in_distractors, beyond) -> None:
    assert rates(in_keys, in_distractors).beyond() is beyond


@pytest.mark.parametrize(
    ("in_keys", "in_distractors", "beyond"),
    [
        # twelve: 4.8 keys at twice as often, with an error of 1.70; 8.19 is the end
        (8, 4, False),
        (9, 3, True),
        (0, 12, False),
        # twenty-four: 24/7 at half as often, with an error of 12/7
        (0, 24, False),
        (0, 25, True),
        (1, 25, False),
    ],
)
def test_one_bank_may_lie_two_standard_errors_beyond_it(in_keys, in_distractors, beyond) -> None:
    assert rates(in_keys, in_distractors).beyond(2) is beyond


@pytest.mark.parametrize(("in_keys", "is_luck"), [(0, True), (6, True), (7, False)])
def test_a_word_that_tells_nothing_may_stand_unevenly_by_luck(in_keys: int, is_luck: bool) -> None:
    assert rates(in_keys, 12 - in_keys).is_luck is is_luck  # 3 of 12, with an error of 1.5


def test_luck_alone_puts_a_rare_word_beyond_the_ratio_more_often_than_a_common_one() -> None:
    by_hand = sum(comb(12, n) * 3 ** (12 - n) for n in (0, 1, *range(5, 13))) / 4**12  # fewer than 12/7, more than 4.8
    assert isclose(rates(3, 9).luck, by_hand)
    assert isclose(rates(9, 3).luck, by_hand)
    ten = sum(comb(10, n) * 3 ** (10 - n) for n in (0, 1, *range(5, 11))) / 4**10  # fewer than 10/7, more than 4
    fourteen = sum(comb(14, n) * 3 ** (14 - n) for n in (0, 1, *range(6, 15))) / 4**14  # fewer than 2, more than 5.6
    assert isclose(rates(2, 8).luck, ten)
    assert isclose(rates(2, 12).luck, fourteen)
    assert rates(25, 75).luck < 0.01
    assert rates(12, 0, 12, 0).luck == rates(0, 12, 0, 12).luck == 0


def test_items_are_named_in_which_a_word_stands_on_its_heavy_side() -> None:
    key, distractor = an_item("*Stay", "Go", "No", name="key"), an_item("*Go", "Stay", "No", name="distractor")
    several = an_item("*Stay", "*Go", "No", name="several")
    other = an_item("*Staying", "Stay put", "No", name="other")
    found = [key, distractor, several, other]
    assert [item.id for item in holding(found, rates(9, 9))] == ["key"]
    assert [item.id for item in holding(found, rates(1, 9))] == ["distractor", "other"]
