"""Each limit from both sides, and what an author reads on the far one."""

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from tests.testwiseness.conftest import a_bank, an_item
from trainer.testwiseness.figures import measured_banks
from trainer.testwiseness.guessing import Guesses
from trainer.testwiseness.items import ReviewedBank, ReviewedItem
from trainer.testwiseness.limits import ALL_BANKS, ONE_BANK, broken_limits, errors_together, gets_too_much, points

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def guesses(name: str, right: int, of: int) -> Guesses:
    item = an_item("*a", "b", "c", "d")
    return Guesses(name, tuple((item, Fraction(place < right)) for place in range(of)))


@pytest.mark.parametrize(("name", "least"), [("longest", 34), ("position", 34), ("word model", 38)])
def test_all_banks_together_may_lie_so_many_points_above_chance(name: str, least: int) -> None:
    assert points(name) == Fraction(least - 26, 100)
    assert not gets_too_much(guesses(name, least - 1, 100), ALL_BANKS)
    assert gets_too_much(guesses(name, least, 100), ALL_BANKS)


@pytest.mark.parametrize(("name", "least"), [("longest", 42), ("word model", 46)])
def test_one_bank_may_lie_two_standard_errors_beyond_that(name: str, least: int) -> None:
    """Of a hundred items with four options luck errs by 4.33 points."""
    assert not gets_too_much(guesses(name, least - 1, 100), ONE_BANK)
    assert gets_too_much(guesses(name, least, 100), ONE_BANK)


def test_of_no_items_nothing_can_be_got() -> None:
    assert not gets_too_much(guesses("longest", 0, 0), ALL_BANKS)


def test_who_gets_less_than_luck_is_welcome() -> None:
    assert not gets_too_much(guesses("longest", 0, 100), ALL_BANKS)


# --- what is told


def items(keys: str, count: int, *, bank: str = "ethics", **changes: object) -> Iterator[ReviewedItem]:
    """Make items whose words are all their own, but for `keys` in the key of each; all options are of one length."""
    for number in range(count):
        name, filled = f"{bank}{number}", "x" * len(keys)
        options = [f"*{keys}a{name}", *(f"{filled}{letter}{name}" for letter in "bcd")]
        turned = [*options[number % 4 :], *options[: number % 4]]
        yield an_item(*turned, name=name, stem=f"Ask{name}?", bank=bank, line=10 + number, **changes)


def told(*banks: ReviewedBank) -> list[str]:
    return [str(message) for message in broken_limits(measured_banks(banks))]


def test_a_bank_that_tells_nothing_breaks_no_limit() -> None:
    assert told(a_bank(*items("", 12)), a_bank(*items("", 12, bank="law"), slug="law")) == []


def test_a_bank_whose_keys_have_commas_is_told_in_its_file_at_the_first_such_item() -> None:
    found = told(a_bank(*items(",,", 12), *items("", 4)))
    (message,) = [message for message in found if "commas" in message]
    assert message.startswith("modules/03-ethics/bank.md:10: Who takes the option with most commas and knows nothing")
    assert "is right in 81.2% of 16 single-answer items (ethics), where luck gets 25.0% and at most 54.7%" in message
    assert "Give keys no more clauses than distractors, first in ethics0, ethics1, " in message
    assert "ethics7 and 4 more." in message


def test_all_banks_together_are_held_closer_than_each() -> None:
    few = a_bank(*items(",,", 1), *items("", 12))
    many = a_bank(*items("", 12, bank="law"), *items(",,", 7, bank="law"), slug="law")  # 10 of 19
    assert told(few) == told(many) == []
    assert [errors_together(measured_banks(banks)) for banks in ([few], [few, many], [few] * 3)] == [2, 0, 0]
    found = told(few, many)
    assert [re.findall(r"(commas|longest) .* \((.*?)\)", message) for message in found] == [
        [("commas", "all banks together")]
    ]
    assert found[0].startswith("modules/03-ethics/bank.md:10: ")


def test_what_a_strategy_finds_is_told_in_its_own_order_whatever_the_words_say() -> None:
    learnt = a_bank(*items("stay ", 2, bank="law"), slug="law")
    last = an_item("*stay ,,", "b", "c", "d", name="last", line=99, stem="Who?")
    found = told(learnt, a_bank(*items(",,", 12), last))
    (message,) = [message for message in found if "commas" in message and "(ethics)" in message]
    assert message.startswith("modules/03-ethics/bank.md:10: ")


def test_a_word_that_stands_evenly_is_not_told() -> None:
    even = [
        an_item(
            *(f"{mark}we {mark or '-'}{n}{m}" for m, mark in enumerate(("*", "", "", ""))), name=f"n{n}", stem="Who?"
        )
        for n in range(12)
    ]
    assert not any("“we”" in message for message in told(a_bank(*even)))


def test_a_word_of_the_keys_is_told_with_its_rates_and_its_items() -> None:
    found = told(a_bank(*items("stay ", 12)))
    (message,) = [message for message in found if "“stay”" in message]
    assert re.match(r"modules/03-ethics/bank\.md:\d+: “stay” stands in 12 of 12 keys \(100\.0%\)", message)
    assert (
        "and in 0 of 36 distractors (0.0%) of single items (ethics): more than 2 times as often on one side" in message
    )
    assert "Use it in distractors too, or in fewer keys, first in ethics" in message


def test_a_word_of_the_distractors_is_told_with_the_items_in_which_it_is_wrong() -> None:
    found = told(
        a_bank(*items("", 2), *(an_item("*Ask", "Stay", "Stay", name=f"n{n}", stem="Who?") for n in range(13)))
    )
    (message,) = [message for message in found if "“stay”" in message]
    assert "stands in 0 of 15 keys (0.0%) and in 26 of 32 distractors (81.2%)" in message
    assert "Use it in keys too, or in fewer distractors, first in n0, n1" in message


def test_an_item_whose_words_say_most_comes_first() -> None:
    learnt = a_bank(*items("stay with ", 10, bank="law"), slug="law")
    mild = [an_item("*stay a", "x b", "x c", "x d", name="mild", line=5)]
    strong = [an_item("*stay with a", "x b", "x c", "x d", name="strong", line=9)]
    found = told(learnt, a_bank(*mild, *strong, *items("stay ", 10)))
    (message,) = [
        message for message in found if "knows the words of all other banks" in message and "(ethics)" in message
    ]
    assert message.startswith(
        "modules/03-ethics/bank.md:9: Who knows the words of all other banks and knows nothing else"
    )
    assert "Use the words that tell its key in distractors too, first of strong (stay, stay with, with); " in message
    (word,) = [message for message in found if "“stay”" in message and "(ethics)" in message]
    assert word.startswith("modules/03-ethics/bank.md:9: ")
    assert "first in strong, " in word


def test_of_all_banks_the_item_that_its_words_betray_most_comes_first() -> None:
    """Who has read the law and its twelve keys knows the one here; who has read this one knows little of the law."""
    here = an_item("*stay a", "x b", "x c", "x d", name="here", line=5)
    found = told(a_bank(here), a_bank(*items("stay ", 12, bank="law"), slug="law"))
    (word,) = [message for message in found if "“stay”" in message and "(all banks together)" in message]
    assert word.startswith("modules/03-ethics/bank.md:5: ")
    assert "first in here, law0, " in word


def test_two_items_of_one_bank_that_are_nearly_the_same_are_told_at_the_second() -> None:
    twins = [an_item("*Ask her", "b", "c", name=name, line=line) for name, line in (("one", 20), ("two", 40))]
    (message,) = told(a_bank(*twins))
    assert message.startswith("modules/03-ethics/bank.md:40: “two” and “one” (line 20) are nearly the same")
    assert message.endswith("Name them as enemies or as one family, or ask one of them in another way.")


def test_across_banks_they_break_nothing() -> None:
    ours, theirs = an_item("*Ask her", "b", "c"), an_item("*Ask her", "b", "c", bank="law")
    figures = measured_banks([a_bank(ours), a_bank(theirs, slug="law")])
    assert figures.near == [(ours, theirs)]
    assert not any("nearly" in message.text for message in broken_limits(figures))


def test_messages_come_in_the_order_of_files_and_lines() -> None:
    twins = [an_item("*Ask her", "b", "c", name=name, line=line) for name, line in (("a", 90), ("b", 5), ("c", 7))]
    found = broken_limits(measured_banks([a_bank(*twins)]))
    assert [message.line for message in found if "nearly" in message.text] == [5, 7, 7]
    assert list(found) == sorted(found)


def test_an_item_that_is_broken_otherwise_is_left_to_the_check_of_its_file() -> None:
    broken = [
        an_item(name="none", stem="Who?", kind="single"),
        an_item("a", "b", name="no-key", stem="Why?", kind="single"),
        an_item("*a", name="alone", stem="How?"),
        an_item("*a", "*b", name="all", stem="When?"),
        an_item("*a", "*b", name="too-many", stem="Where?", kind="single"),
    ]
    assert told(a_bank(*broken), a_bank(*items("", 12, bank="law"), slug="law")) == []
    broken.append(an_item("*a", "b", name="of-another-kind", stem="Which?", kind="record"))
    assert measured_banks([a_bank(*broken)]).clues.guesses["longest"].credits == ()


def test_two_options_are_enough_to_guess() -> None:
    of_two = an_item("*aa", "b")
    assert measured_banks([a_bank(of_two)]).clues.guesses["longest"].credits == ((of_two, 1),)
