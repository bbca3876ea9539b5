"""What the cases of a sitting come to: worked by hand, in any order, within bounds, and never against the person."""

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cases.play.state import Done
from trainer.examinations.aggregate import CaseMarks, aggregate
from trainer.examinations.plot import plot_of
from trainer.examinations.words import Zone

NEEDED = {"safety": 70, "ethics": 60, "presence": 60}
ORDER = {Zone.BELOW: 0, Zone.GREY: 1, Zone.ABOVE: 2}


def case(*duties: Done, **percents: int) -> CaseMarks:
    return CaseMarks(percents, NEEDED, duties)


CASES = st.builds(
    CaseMarks,
    st.dictionaries(st.sampled_from(sorted(NEEDED)), st.integers(0, 100), min_size=1),
    st.just(NEEDED),
    st.lists(st.sampled_from([Done.IDLE, Done.DONE, Done.LATE, Done.MISSED]), max_size=4),
)
SITTINGS = st.lists(CASES, min_size=2, max_size=12)


def test_ten_cases_come_to_what_a_hand_computes() -> None:
    # 78 82 65 90 71 88 76 69 95 86: sum 800, mean 80; squared distances sum to 876;
    # sd = √(876/9) = 9.8658; standard error = 9.8658/√10 = 3.1198
    marks = (78, 82, 65, 90, 71, 88, 76, 69, 95, 86)
    came_to = aggregate([case(safety=one) for one in marks], 70)
    assert came_to.mean == 80
    assert came_to.variance == Fraction(876, 90)
    assert isclose(came_to.error, 3.1198, abs_tol=0.00005)
    assert came_to.zone is Zone.ABOVE
    assert came_to.plain()["error"] == 3.1


@pytest.mark.parametrize(("cut", "zone"), [(76, Zone.ABOVE), (77, Zone.GREY), (83, Zone.GREY), (84, Zone.BELOW)])
def test_the_zones_begin_one_standard_error_from_the_cut(cut: int, zone: Zone) -> None:
    marks = (78, 82, 65, 90, 71, 88, 76, 69, 95, 86)  # 80 ± 3.12
    assert aggregate([case(presence=one) for one in marks], cut).zone is zone


def test_a_case_is_the_mean_of_what_it_showed_and_its_duties_as_one_more() -> None:
    assert case(safety=80, ethics=40).percent == 60
    assert case(Done.DONE, Done.MISSED, safety=80, ethics=40).percent == Fraction(80 + 40 + 50, 3)
    assert case(Done.LATE, safety=100).percent == 75
    assert case(Done.IDLE, safety=80).percent == 80


def test_what_was_not_shown_is_left_out_and_never_nought() -> None:
    came_to = aggregate([case(safety=80), case(safety=90, ethics=70)], 70)
    marks = {one.name: (one.percent, one.cases) for one in came_to.competencies}
    assert marks == {"safety": (85, 2), "ethics": (70, 1)}


def test_points_balance_within_a_competency_and_not_between_two() -> None:
    balanced = aggregate([case(safety=50, presence=100), case(safety=100, presence=100)] * 4, 70)
    assert balanced.zone is Zone.ABOVE
    unsafe = aggregate([case(safety=60, presence=100)] * 8, 70)
    assert unsafe.mean == 80
    assert unsafe.zone is Zone.GREY, "people look where safety alone lies below its mark"


def test_one_case_alone_is_always_for_people() -> None:
    assert aggregate([case(safety=100)], 70).zone is Zone.GREY
    assert aggregate([case(safety=0)], 70).zone is Zone.GREY


def test_exactly_on_the_cut_is_for_people() -> None:
    assert aggregate([case(safety=70)] * 10, 70).zone is Zone.GREY


def test_a_sitting_that_showed_nothing_is_no_sitting() -> None:
    with pytest.raises(ValueError, match="showed anything"):
        aggregate([case()], 70)


@given(SITTINGS, st.integers(1, 100), st.randoms(use_true_random=False))
def test_the_order_of_the_cases_never_matters(cases, cut, random) -> None:
    shuffled = random.sample(cases, len(cases))
    one, other = aggregate(cases, cut), aggregate(shuffled, cut)
    assert (one.mean, one.variance, one.zone) == (other.mean, other.variance, other.zone)
    assert one.competencies == other.competencies


@given(SITTINGS, st.integers(1, 100))
def test_everything_stays_between_nought_and_a_hundred(cases, cut) -> None:
    came_to = aggregate(cases, cut)
    assert 0 <= came_to.mean <= 100
    assert 0 <= came_to.error <= 50
    assert all(0 <= one.percent <= 100 for one in came_to.competencies)
    plot = plot_of(came_to.plain())
    assert 0 <= plot.x_low <= plot.x_mean <= plot.x_high <= plot.width


@given(SITTINGS, st.integers(1, 100), st.data())
def test_doing_better_in_one_case_never_leads_to_a_lower_zone(cases, cut, data) -> None:
    at = data.draw(st.integers(0, len(cases) - 1))
    name = data.draw(st.sampled_from(sorted(cases[at].percents)))
    more = data.draw(st.integers(cases[at].percents[name], 100))
    better = [*cases]
    better[at] = CaseMarks({**cases[at].percents, name: more}, NEEDED, cases[at].duties)
    before, after = aggregate(cases, cut), aggregate(better, cut)
    assert after.mean >= before.mean
    assert ORDER[after.zone] >= ORDER[before.zone]


@given(SITTINGS, st.integers(1, 99))
def test_a_higher_cut_never_leads_to_a_higher_zone(cases, cut) -> None:
    assert ORDER[aggregate(cases, cut + 1).zone] <= ORDER[aggregate(cases, cut).zone]
