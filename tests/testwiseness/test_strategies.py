"""Somebody who knows nothing guesses by the look of the options; what that gets them is counted to the fraction."""

from dataclasses import replace
from fractions import Fraction
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.testwiseness.conftest import an_item
from trainer.testwiseness.guessing import Guesses, credit, guess, together
from trainer.testwiseness.items import ReviewedItem, words_of
from trainer.testwiseness.strategies import (
    fewest_absolutes,
    fits_by_grammar,
    longest_option,
    most,
    most_cautious,
    most_commas,
    odd_one_out,
    shared_words,
    shortest_option,
    strategies,
)
from trainer.testwiseness.words import ADVICE

TEXTS = st.text(alphabet="aeinst ,", min_size=1, max_size=30)
STEMS = st.sampled_from(["Who is asked?", "What she takes is an", "The signs are", "It is a", "The answer is", ""])


@st.composite
def items(draw: st.DrawFn) -> ReviewedItem:
    texts = draw(st.lists(TEXTS, min_size=3, max_size=4))
    key = draw(st.integers(0, len(texts) - 1))
    return an_item(*(f"*{text}" if place == key else text for place, text in enumerate(texts)), stem=draw(STEMS))


# --- what each looks at


def test_the_longest_and_the_shortest_option_go_by_letters() -> None:
    item = an_item("Wait and see", "*Call her now, please", "Go", "No")
    assert longest_option(item) == {1}
    assert shortest_option(item) == {2, 3}


def test_the_option_with_most_commas_is_taken() -> None:
    assert most_commas(an_item("*Ask, wait, write", "Ask, wait", "Ask")) == {0}
    assert most_commas(an_item("*Ask", "Wait", "Go")) == {0, 1, 2}


def test_a_careful_beginner_names_the_prescriber_and_checks_before() -> None:
    assert most_cautious(an_item("Give the dose", "*Check before, and ask the prescriber", "Ask him to sit")) == {1}


def test_whoever_distrusts_absolute_words_takes_the_option_with_fewest() -> None:
    assert fewest_absolutes(an_item("*Some of them", "Never all of them", "Only some of them")) == {0}


def test_the_odd_one_out_shares_least_with_the_others() -> None:
    assert odd_one_out(an_item("Stop the drug today", "Stop the drug tomorrow", "*Phone her brother")) == {2}
    # shared over all words, by pairs: 1/3 + 1/3, 1/3 + 1/3, 1/3 + 1/3
    assert odd_one_out(an_item("*a b", "b c", "a c")) == {0, 1, 2}
    # 1/4 + 1/5, 1/4 + 1/2, 1/5 + 1/2
    assert odd_one_out(an_item("*sit down here now", "sit", "sit up")) == {0}


def test_an_option_without_words_is_like_no_other() -> None:
    assert odd_one_out(an_item("…", "*?", "sit")) == {0, 1, 2}


def test_words_of_the_question_are_looked_for_but_common_and_short_ones() -> None:
    stem = "Her lithium level is unknown. What would you do with it?"
    assert shared_words(an_item("*Leave the lithium out", "What would she do with it", "Go on", stem=stem)) == {0}
    assert shared_words(an_item("You do it", "*Go on", "What", stem=stem)) == {0, 1, 2}


def test_four_letters_make_a_telling_word() -> None:
    stem = "Who may take the pills at home?"
    assert shared_words(an_item("*At home", "A pill", "The", stem=stem)) == {0}
    assert shared_words(an_item("*May she", "A pill", "Nobody", stem=stem)) == {0, 1, 2}


@pytest.mark.parametrize(
    ("stem", "options", "fits"),
    [
        ("This is called an", ("*“Open question”", "closed question", "ULTIMATUM"), {0, 2}),
        ("This is called a:", ("*closed question", "Open question", "order"), {0}),
        ("The signs of it are", ("*spasms of the eye", "a stiff neck", "sweat and tremors"), {0}),
        ("They were", ("a person", "*two persons", "distress"), {1}),
        ("Choose between these:", ("*notes", "clonus", "crisis", "his mother's"), {0}),
        ("Which of those", ("*limits of both", "limit", "limit"), {0}),
        ("The first step is", ("calls to all", "*a call to her", "clonus"), {1, 2}),
        ("What she felt was", ("pains", "*pain", "aches"), {1}),
        ("He reads this:", ("notes", "*a note", "letters"), {1}),
        ("What do you do?", ("*an open question", "notes", "a note"), {0, 1, 2}),
        ("", ("*an open question", "notes", "a note"), {0, 1, 2}),
        ("This is called an", ("*note", "letter", "call"), {0, 1, 2}),
        ("The signs are", ("of them", "*spasms", "…"), {1}),
        ("The signs are", ("over limits of the heart", "*a limit", "clonus"), {0}),
    ],
)
def test_what_fits_the_end_of_the_question_by_grammar_is_taken(stem, options, fits) -> None:
    assert fits_by_grammar(an_item(*options, stem=stem)) == fits


def test_one_place_is_where_most_keys_stand() -> None:
    def share(*keys: int) -> Fraction:
        items = [an_item(*("*x" if place == key else "x" for place in range(3))) for key in keys]
        return strategies(items)["position"].share

    assert share(2, 2, 0, 2) == Fraction(3, 4)
    assert share(0, 1) == share(1, 2) == Fraction(1, 2)


def test_where_an_item_lacks_the_place_nothing_is_known() -> None:
    items = [an_item("x", "x", "x", "*x"), an_item("x", "x", "x", "*x"), an_item("*x", "x", "x")]
    assert strategies(items)["position"].share == (1 + 1 + Fraction(1, 3)) / 3


def test_every_strategy_has_advice_for_authors_and_none_stumbles_over_an_empty_bank() -> None:
    assert strategies([]).keys() == ADVICE.keys()
    assert {guesses.share for guesses in strategies([]).values()} == {0}


def test_each_strategy_answers_under_its_own_name() -> None:
    item = an_item("*Ask, and wait for the prescriber", "Never", "Go on", "Stop all of it")
    got = {name: guesses.share for name, guesses in strategies([item]).items()}
    assert got == {
        "longest": 1,
        "shortest": 0,
        "commas": 1,
        "cautious": 1,
        "absolutes": Fraction(1, 2),
        "odd": Fraction(1, 4),
        "grammar": Fraction(1, 4),
        "shared": Fraction(1, 4),
        "position": 1,
    }
    assert {guesses.name for guesses in strategies([item]).values()} == ADVICE.keys()


# --- what it is worth


@given(st.lists(items(), max_size=6))
def test_what_a_strategy_gets_lies_between_nothing_and_everything(items: list[ReviewedItem]) -> None:
    for guesses in strategies(items).values():
        assert 0 <= guesses.share <= 1
        assert len(guesses.credits) == len(items)


@given(items(), st.randoms(use_true_random=False))
def test_the_order_of_options_changes_nothing_but_for_the_position(item: ReviewedItem, random) -> None:
    turned = replace(item, options=tuple(random.sample(item.options, len(item.options))))
    for name, guesses in strategies([item]).items():
        if name != "position":
            assert guesses.share == strategies([turned])[name].share


@given(st.lists(items(), min_size=1, max_size=6))
def test_who_takes_anything_gets_what_luck_gets(items: list[ReviewedItem]) -> None:
    guesses = guess("any", lambda item: frozenset(range(len(item.options))), items)
    assert guesses.share == guesses.chance


def test_ties_share_their_credit() -> None:
    item = an_item("*a", "b", "c", "d")
    assert [credit(item, frozenset(places)) for places in ({0}, {0, 3}, {1, 2}, {0, 1, 2})] == [
        1,
        Fraction(1, 2),
        0,
        Fraction(1, 3),
    ]


def test_chance_is_the_mean_of_one_in_so_many_options_and_its_error_that_of_luck() -> None:
    three, four = an_item("*a", "b", "c"), an_item("*a", "b", "c", "d")
    guesses = guess("first", lambda item: frozenset({0}), [three, four])
    assert guesses.share == 1
    assert guesses.chance == Fraction(7, 24)
    assert isclose(guesses.error, sqrt(2 / 9 + 3 / 16) / 2)
    assert isclose(guesses.limit(Fraction(8, 100), 2), 7 / 24 + 0.08 + sqrt(2 / 9 + 3 / 16))
    assert isclose(guesses.limit(Fraction(8, 100), 0), 7 / 24 + 0.08)


def test_of_one_item_luck_errs_by_its_own_error() -> None:
    assert isclose(guess("first", lambda item: frozenset({0}), [an_item("*a", "b", "c", "d")]).error, sqrt(3 / 16))


def test_of_no_items_nothing_is_got_and_nothing_is_uncertain() -> None:
    nothing = Guesses("first", ())
    assert (nothing.share, nothing.chance, nothing.error, nothing.given_away) == (0, 0, 0, ())


def test_items_that_are_got_for_certain_come_first_and_those_left_to_luck_do_not_come() -> None:
    half, sure, luck, never, later = (an_item("*a", "b", "c", name=name) for name in "hslnt")
    credits = zip((half, sure, luck, never, later), (Fraction(1, 2), 1, Fraction(1, 3), 0, 1), strict=True)
    assert [item.id for item in Guesses("first", tuple(credits)).given_away] == ["s", "t", "h"]


def test_what_one_way_gets_of_several_banks_is_joined() -> None:
    one, two = an_item("*a", "b", "c"), an_item("a", "*b", "c")
    joined = together("first", (guess("first", lambda item: frozenset({0}), [item]) for item in (one, two)))
    assert joined == Guesses("first", ((one, Fraction(1)), (two, Fraction(0))))


def test_the_highest_values_may_be_several() -> None:
    assert most([1, 3, 2, 3]) == {1, 3}


def test_words_are_read_without_regard_to_letters_and_signs() -> None:
    assert words_of("Don’t STOP – 80/100 mmHg, can't") == ("don't", "stop", "80", "100", "mmhg", "can't")
