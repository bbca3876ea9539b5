"""Reliability against published examples, and against people whose variance is known."""

from collections.abc import Sequence
from random import Random

import pytest

from trainer.analytics.reliability import Components, components, studies, study

BRENNAN = [
    # Brennan (2001), Generalizability Theory (Springer), synthetic data set 1: 10 persons, 12 items
    [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    [1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0],
    [1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0],
    [1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0],
    [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    [1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0],
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0],
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
]
HOLES = [
    # 12 persons, 6 items, 13 scores missing; data and components by Henderson's method 1 as in the test suite of
    # GeneralizIT 0.1.2 (Smith, Kline & Kline 2025, https://github.com/tylerjsmith111/GeneralizIT)
    [1, 1, 1, 1, 0, 1],
    [1, 0, 1, 1, 1, 1],
    [None, 1, 1, 1, 0, 0],
    [0, None, None, 1, 0, 1],
    [1, None, 0, 1, 0, None],
    [1, 1, 1, 1, 0, 1],
    [0, None, 1, None, 0, 0],
    [0, None, 1, 1, 1, 1],
    [1, 1, 0, 1, None, 0],
    [None, 0, 0, 0, None, 0],
    [1, 1, 1, 1, 1, 1],
    [None, 0, None, 0, 0, 1],
]
JUDGES = [
    # Shrout & Fleiss (1979), Psychological Bulletin 86:420–428, table 2: 6 targets, 4 judges
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]


def scores(rows: Sequence[Sequence[float | None]]) -> dict[str, dict[str, float]]:
    return {
        f"p{person}": {f"c{case}": float(score) for case, score in enumerate(row) if score is not None}
        for person, row in enumerate(rows)
    }


def estimated(rows: Sequence[Sequence[float | None]]) -> Components:
    found = components(scores(rows))
    assert found is not None
    return found


def test_the_components_of_brennans_example_come_out() -> None:
    found = estimated(BRENNAN)
    assert (found.person, found.case, found.residual) == pytest.approx((0.0574, 0.0754, 0.1269), abs=0.00006)
    assert (found.people, found.cases, found.scores, found.negative) == (10, 12, 120, ())


@pytest.mark.parametrize(
    ("cases", "generalisability", "dependability"),
    [(5, 0.693, 0.586), (10, 0.819, 0.740), (12, 0.844, 0.773), (15, 0.871, 0.810), (20, 0.901, 0.850)],
)
def test_the_d_study_of_brennans_example_comes_out(cases: int, generalisability: float, dependability: float) -> None:
    found = study(estimated(BRENNAN), cases)
    assert found.generalisability == pytest.approx(
        generalisability, abs=0.001
    )  # the source cuts off after three places
    assert found.dependability == pytest.approx(dependability, abs=0.001)  # the source cuts off after three places


def test_the_intraclass_correlations_of_shrout_and_fleiss_come_out() -> None:
    found = estimated(JUDGES)
    one, four = study(found, 1), study(found, 4)
    assert one.dependability == pytest.approx(0.29, abs=0.005)  # ICC(2,1)
    assert four.dependability == pytest.approx(0.62, abs=0.005)  # ICC(2,4)
    assert one.generalisability == pytest.approx(0.71, abs=0.005)  # ICC(3,1)
    assert four.generalisability == pytest.approx(0.91, abs=0.005)  # ICC(3,4)


def test_people_who_have_not_played_everything_count_with_what_they_have_played() -> None:
    found = estimated(HOLES)
    assert (found.person, found.case, found.residual) == pytest.approx((0.0473, 0.0117, 0.1840), abs=0.00006)
    assert found.scores == 59


def test_the_standard_errors_are_the_roots_of_the_error_variances() -> None:
    found = study(Components(person=100, case=36, residual=64, people=50, cases=12, scores=600), 4)
    assert (found.relative, found.absolute) == (4, 5)


def test_more_cases_never_make_a_result_less_dependable() -> None:
    values = [one.dependability for one in studies(estimated(BRENNAN))]
    assert values == sorted(values)


def cohort_with(
    person: float, case: float, residual: float, *, seed: int, missing: float = 0
) -> dict[str, dict[str, float]]:
    """Simulate 400 people in 60 cases with these variances."""
    rnd = Random(seed)
    people = [rnd.gauss(0, person**0.5) for _ in range(400)]
    cases = [rnd.gauss(0, case**0.5) for _ in range(60)]
    return {
        f"p{p}": {
            f"c{c}": 60 + people[p] + cases[c] + rnd.gauss(0, residual**0.5)
            for c in range(60)
            if rnd.random() >= missing
        }
        for p in range(400)
    }


@pytest.mark.parametrize("missing", [0, 0.4])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_known_components_are_found_again(seed: int, missing: float) -> None:
    found = components(cohort_with(80, 50, 300, seed=seed, missing=missing))
    assert found is not None
    assert found.person == pytest.approx(80, rel=0.2)
    assert found.case == pytest.approx(50, rel=0.5)  # 60 cases alone give so much play
    assert found.residual == pytest.approx(300, rel=0.04)


def test_with_complete_data_henderson_gives_the_analysis_of_variance() -> None:
    rows = JUDGES
    n, k = len(rows), len(rows[0])
    mean = sum(map(sum, rows)) / (n * k)
    by_row = [sum(row) / k for row in rows]
    by_column = [sum(row[c] for row in rows) / n for c in range(k)]
    between = k * sum((one - mean) ** 2 for one in by_row) / (n - 1)
    judges = n * sum((one - mean) ** 2 for one in by_column) / (k - 1)
    error = sum((rows[r][c] - by_row[r] - by_column[c] + mean) ** 2 for r in range(n) for c in range(k))
    error /= (n - 1) * (k - 1)
    found = estimated(rows)
    assert found.residual == pytest.approx(error)
    assert found.person == pytest.approx((between - error) / k)
    assert found.case == pytest.approx((judges - error) / n)


def test_a_component_below_nought_is_set_to_nought_and_named() -> None:
    found = estimated([[0, 1], [1, 0], [0, 1], [1, 0]])
    assert found.person == 0
    assert "person" in found.negative
    assert study(found, 10).dependability == 0


def test_where_nothing_varies_there_is_no_coefficient() -> None:
    assert study(estimated([[5, 5], [5, 5], [5, 5]]), 10).dependability is None


@pytest.mark.parametrize("rows", [[], [[1.0]], [[1.0], [2.0]], [[1.0, 2.0, 3.0]]])
def test_what_cannot_be_told_apart_is_not_estimated(rows: list[list[float]]) -> None:
    assert components(scores(rows)) is None
