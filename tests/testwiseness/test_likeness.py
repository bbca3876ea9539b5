"""Two questions in nearly the same words are found, unless their author has named them as such."""

from itertools import combinations

import pytest

from tests.testwiseness.conftest import an_item
from trainer.testwiseness.likeness import near_pairs, word_runs, wording, wording_of

LONG = "A client asks you after the third hour whether she may leave the room"
"""Fourteen words: ten runs of five."""


def ids(*items) -> list[tuple[str, str]]:
    return [(one.id, other.id) for one, other in near_pairs(items)]


def test_five_words_make_a_run() -> None:
    assert word_runs("One two, THREE four five") == {("one", "two", "three", "four", "five")}
    assert word_runs("One two three four") == frozenset()
    assert len(word_runs(LONG)) == 10


def test_from_two_fifths_of_the_shorter_on_two_questions_are_the_same() -> None:
    asked, other = wording(LONG, []), "and now something else is wanted here by all of us too"
    four = wording(f"A client asks you after the third hour {other}", [])  # four of her ten runs
    three = wording(f"A client asks you after the third {other}", [])
    assert asked.is_nearly(four)
    assert four.is_nearly(asked)
    assert not asked.is_nearly(three)


def test_a_short_question_inside_a_long_one_is_the_same() -> None:
    assert wording("May she leave the room", []).is_nearly(wording("What if may she leave the room then, and how", []))
    assert not wording("Why", []).is_nearly(wording("Why", []))


@pytest.mark.parametrize(("right", "same"), [("Ask HER.", True), ("Ask him", False)])
def test_one_right_answer_in_the_same_words_is_enough(right: str, same: bool) -> None:
    assert wording("What now?", ["ask her", "wait"]).is_nearly(wording("And then?", [right])) is same


def test_an_answer_of_one_word_says_nothing() -> None:
    assert not wording("What now?", ["Yes"]).is_nearly(wording("And then?", ["Yes"]))


def test_a_longer_text_asks_a_question_when_two_fifths_of_its_runs_stand_there() -> None:
    begins = f"{LONG[: LONG.index(' whether')]} and so on"
    assert wording(LONG, []).stands_in(word_runs(begins))
    assert not wording(LONG, []).stands_in(word_runs("A client asks you after the third, and so on"))
    assert not wording("Why", []).stands_in(frozenset())


def test_pairs_are_found_within_a_bank_and_across_banks_in_their_order() -> None:
    a = an_item("*Ask her", "Wait", "Go", name="a", stem=LONG)
    b = an_item("*Ask him", "Wait", "Go", name="b", stem="Why?")
    c = an_item("*Tell her", "Ask him", "Go", name="c", stem=LONG, bank="law")
    d = an_item("*Ask him", "Wait", "Go", name="d", stem="How?")
    assert ids(a, b, c, d) == [("a", "c"), ("b", "d")]


@pytest.mark.parametrize(
    ("kind", "found"), [("single", True), ("multiple", True), ("short", True), ("ordering", False), ("cloze", False)]
)
def test_a_step_or_a_row_that_two_items_share_tells_neither(kind: str, found: bool) -> None:
    pair = [an_item("*Ask her", "Wait", name=name, stem="Why?", kind=kind) for name in "ab"]
    assert bool(near_pairs(pair)) is found


def test_what_is_asked_in_lines_and_rows_is_compared_with_the_question() -> None:
    one = an_item("*Call her", name="a", stem="Match", rows=("She asks you", "He does not"), kind="matching")
    assert wording_of(one) == wording("Match She asks you He does not Call her", ())


def test_of_many_alike_every_two_are_named() -> None:
    every = [an_item("*Ask her", "Wait", name=name, stem="Why?") for name in "fedcba"]
    assert ids(*every) == list(combinations("fedcba", 2))


def test_a_shared_run_is_not_enough_by_itself() -> None:
    other = "A client asks you after lunch and now something else is wanted here by all of us"
    assert ids(an_item("*a b", "c", name="a", stem=LONG), an_item("*d e", "f", name="b", stem=other)) == []


def test_enemies_and_clones_are_named_by_either_of_them() -> None:
    plain = an_item("*Ask her", "Wait", name="a", stem=LONG)
    assert ids(plain, an_item("*Go on", "Wait", name="b", stem=LONG)) == [("a", "b")]
    assert ids(plain, an_item("*Go on", "Wait", name="b", stem=LONG, enemies=frozenset({"a"}))) == []
    assert ids(an_item("*Go on", "Wait", name="b", stem=LONG, enemies=frozenset({"a"})), plain) == []
    clones = [an_item("*Ask her", "Wait", name=name, stem=LONG, family="leave") for name in "ab"]
    assert ids(*clones) == []
    assert ids(clones[0], an_item("*Ask her", "Wait", name="b", stem=LONG, family="stay")) == [("a", "b")]


def test_enemies_are_those_of_one_bank() -> None:
    ours = an_item("*Ask her", "Wait", name="a", stem=LONG, enemies=frozenset({"b"}), family="leave")
    theirs = an_item("*Ask her", "Wait", name="b", stem=LONG, bank="law", family="leave")
    assert ids(ours, theirs) == [("a", "b")]
