"""What ratings come to: a share, critical criteria, a second person by lot or by alarm, and the middle of three."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.written.conftest import LOT, NO_LOT, a_task
from trainer.accounts.words import Role
from trainer.written.agreement import agreement
from trainer.written.rating import (
    RATERS,
    RATING_RULE,
    critical_failures,
    drawn_by_lot,
    holds,
    raters_agree,
    settled,
    share_of,
)

TASK = a_task()
GOOD, FAIR, POOR, UNSAFE = (2, 2, 2, 1, 1), (1, 2, 2, 1, 1), (1, 1, 2, 1, 1), (0, 2, 2, 2, 2)
steps = st.tuples(*[st.integers(0, 2)] * 5)


@pytest.mark.parametrize(
    ("given_steps", "share", "failures", "expected"),
    [
        (GOOD, "8/10", (), True),
        (FAIR, "7/10", (), True),
        (POOR, "6/10", (), False),
        (UNSAFE, "8/10", ("Criterion 0",), False),
        ((2, 0, 2, 2, 2), "8/10", (), True),
    ],
)
def test_an_answer_holds_from_its_share_on_unless_something_critical_is_missing(
    given_steps, share, failures, expected
) -> None:
    assert share_of(TASK, given_steps) == Fraction(share)
    assert critical_failures(TASK, given_steps) == failures
    assert holds(TASK, given_steps) is expected


@given(steps, st.integers(1, 100))
def test_the_points_that_are_told_are_those_with_which_it_holds(given_steps, share) -> None:
    task = a_task(critical=0, share=f"{share}/100")
    assert holds(task, given_steps) is (sum(given_steps) >= task.needed)


@pytest.mark.parametrize(
    ("meaning", "told"), [("what it is", "What it is"), ("“what” it is", "“What” it is"), ("", "")]
)
def test_what_a_criterion_means_is_told_as_a_sentence(meaning: str, told: str) -> None:
    assert replace(TASK.rubric[0], meaning=meaning).explained == told


def test_supervisors_and_directors_rate() -> None:
    assert RATERS == (Role.SUPERVISOR, Role.DIRECTOR)


def test_one_answer_in_ten_is_rated_twice_whoever_wrote_it() -> None:
    twice = [drawn_by_lot(f"answer {n}") for n in range(5000)]
    assert 430 < sum(twice) < 570
    assert (drawn_by_lot(NO_LOT), drawn_by_lot(LOT)) == (False, True)


@pytest.mark.parametrize(
    ("answer_id", "gave", "expected"),
    [
        (NO_LOT, [], None),
        (NO_LOT, [GOOD], GOOD),
        (NO_LOT, [POOR], POOR),
        (LOT, [GOOD], None),
        (NO_LOT, [UNSAFE], None),
        (LOT, [GOOD, FAIR], GOOD),
        (NO_LOT, [UNSAFE, (0, 1, 2, 2, 2)], UNSAFE),
        (LOT, [GOOD, POOR], None),
        (LOT, [(2, 0, 2, 2, 2), (2, 2, 2, 2, 2)], None),
        (NO_LOT, [UNSAFE, GOOD, FAIR], (1, 2, 2, 1, 1)),
        (NO_LOT, [UNSAFE, GOOD, (0, 1, 1, 1, 1)], (0, 2, 2, 1, 1)),
    ],
)
def test_a_second_person_rates_by_lot_or_after_an_alarm_and_a_third_where_two_disagree(
    answer_id, gave, expected
) -> None:
    assert settled(TASK, answer_id, gave) == expected


@given(steps, steps, steps)
def test_the_middle_of_three_lies_between_them_in_whatever_order_they_came(first, second, third) -> None:
    found = {settled(TASK, NO_LOT, order) for order in permutations([first, second, third])}
    assert len(found) == 1
    [middle] = found
    assert all(min(of) <= at <= max(of) for at, of in zip(middle, zip(first, second, third, strict=True), strict=True))
    assert middle[0] > 0 or [first[0], second[0], third[0]].count(0) >= 2, "one alarm alone fails nobody"


@given(steps, steps)
def test_two_agree_whichever_of_them_was_first_and_everybody_agrees_with_themselves(first, second) -> None:
    assert raters_agree(TASK, first, second) == raters_agree(TASK, second, first)
    assert raters_agree(TASK, first, first)


def test_agreement_is_full_where_all_are_alike_and_nought_where_chance_does_as_well() -> None:
    alike = agreement([(0, 0), (1, 1), (2, 2)])
    assert (alike.pairs, alike.same, alike.kappa, alike.few) == (3, 1, 1, True)
    by_chance = agreement([(first, second) for first in range(3) for second in range(3)])
    assert (by_chance.same, by_chance.kappa) == (Fraction(1, 3), 0)
    assert agreement([(2, 2)] * 20).kappa is None, "who always gives one step agrees by chance"
    assert (agreement([(2, 2)] * 19).few, agreement([(2, 2)] * 20).few) == (True, False)
    with pytest.raises(ValueError, match=r"^Nothing was rated twice"):
        agreement([])


def test_a_difference_of_two_steps_weighs_twice_one_of_one() -> None:
    near = agreement([(0, 1), (1, 1), (2, 2), (2, 2)])
    far = agreement([(0, 2), (1, 1), (2, 2), (2, 2)])
    assert near.kappa == 1 - Fraction(1, 4) / Fraction(12, 16)
    assert far.kappa == 1 - Fraction(2, 4) / Fraction(12, 16)
    assert near.same == far.same == Fraction(3, 4)


def test_a_rating_by_another_rubric_is_never_taken_for_one_by_this() -> None:
    short = GOOD[:-1]
    for wrong in (
        lambda: critical_failures(TASK, short),
        lambda: raters_agree(a_task(4), short, GOOD),
        lambda: settled(TASK, NO_LOT, [GOOD, POOR, short]),
    ):
        with pytest.raises(ValueError, match="argument"):
            wrong()
    assert RATING_RULE == "1", "it rises when equal ratings come to something else"
