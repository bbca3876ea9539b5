"""Intervals against the tables in which their methods were published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.analytics.intervals import newcombe, wilson

NEWCOMBE_SINGLE = [  # Newcombe (1998), Stat Med 17:857–872, table I, method 3
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
NEWCOMBE_DIFFERENCE = [  # Newcombe (1998), Stat Med 17:873–890, table II, method 10
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]

shares = st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@pytest.mark.parametrize(("count", "whole", "low", "high"), NEWCOMBE_SINGLE)
def test_a_share_has_the_published_interval(count: int, whole: int, low: float, high: float) -> None:
    found = wilson(count, whole)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.00005)


@pytest.mark.parametrize(("count", "whole", "other", "other_whole", "low", "high"), NEWCOMBE_DIFFERENCE)
def test_a_difference_has_the_published_interval(
    count: int, whole: int, other: int, other_whole: int, low: float, high: float
) -> None:
    found = newcombe(count, whole, other, other_whole)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.00005)


@given(shares)
def test_an_interval_holds_its_share_and_stays_between_nought_and_one(one: tuple[int, int]) -> None:
    found = wilson(*one)
    assert 0 <= found.low <= one[0] / one[1] <= found.high <= 1


@given(shares, shares)
def test_a_difference_the_other_way_round_has_the_mirrored_interval(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    there, back = newcombe(*one, *other), newcombe(*other, *one)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


@pytest.mark.parametrize(("count", "whole"), [(0, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_is_refused(count: int, whole: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson(count, whole)
