"""Whether a decision tells people apart."""

import pytest

from trainer.analytics.discrimination import ENOUGH, correlation, discrimination, point_biserial


def test_the_correlation_of_anscombes_first_set_comes_out() -> None:
    # Anscombe (1973), The American Statistician 27:17–21: r = 0.816
    x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    assert correlation(x, y) == pytest.approx(0.816, abs=0.0005)


def test_a_point_biserial_is_the_formula_of_means() -> None:
    right = [True, True, True, False, False]
    scores = [80.0, 70.0, 60.0, 50.0, 40.0]
    spread = (sum((one - 60) ** 2 for one in scores) / 5) ** 0.5
    assert point_biserial(right, scores) == pytest.approx((70 - 45) / spread * (0.6 * 0.4) ** 0.5)


def test_a_decision_that_the_strong_get_right_is_not_marked() -> None:
    found = discrimination([score > 50 for score in range(100)], [float(score) for score in range(100)])
    assert found.r is not None
    assert found.r > 0.8
    assert (found.low, found.reversed, found.uniform) == (False, False, False)


def test_a_decision_that_the_strong_get_wrong_is_marked_as_wrongly_keyed() -> None:
    found = discrimination([score < 50 for score in range(100)], [float(score) for score in range(100)])
    assert found.reversed
    assert found.low


def test_a_decision_that_nearly_everybody_gets_right_tells_nothing() -> None:
    right = [True] * 96 + [False] * 4
    assert discrimination(right, [float(n % 10) for n in range(100)]).uniform
    assert not discrimination([True] * 95 + [False] * 5, [float(n % 10) for n in range(100)]).uniform


def test_chance_among_few_people_raises_no_mark() -> None:
    few = ENOUGH - 1
    found = discrimination([n < 5 for n in range(few)], [float(n) for n in range(few)])
    assert (found.low, found.reversed, found.uniform) == (False, False, False)


def test_where_nobody_differs_there_is_no_correlation() -> None:
    assert point_biserial([True] * 9, [float(n) for n in range(9)]) is None
    assert point_biserial([True, False] * 5, [3.0] * 10) is None


def test_where_strong_and_weak_err_alike_nothing_is_wrongly_keyed() -> None:
    found = discrimination([n % 2 == 0 for n in range(24)], [float(n // 2) for n in range(24)])
    assert not found.reversed
