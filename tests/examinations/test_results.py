"""What is kept of a sitting, to its last figure, and the words for how it stands."""

from fractions import Fraction

import pytest

from trainer.cases.play.state import Done
from trainer.examinations.aggregate import CREDIT, Aggregate, CaseMarks, CompetencyResult, aggregate
from trainer.examinations.outcome import Outcome, awaits_people, outcome_of
from trainer.examinations.words import Zone

NEEDED = {"safety": 70, "ethics": 60}


def case(*duties: Done, **percents: int) -> CaseMarks:
    return CaseMarks(percents, NEEDED, duties)


def test_two_cases_come_to_these_values() -> None:
    # 80 and 75: mean 77.5; squared distances sum to 12.5; standard error √(12.5 / 2) = 2.5
    found = aggregate([case(safety=80), case(safety=90, ethics=60)], 70)
    assert found == Aggregate(
        percents=(Fraction(80), Fraction(75)),
        mean=Fraction(155, 2),
        variance=Fraction(25, 4),
        cut=70,
        competencies=(
            CompetencyResult("ethics", Fraction(60), Fraction(60), 1),
            CompetencyResult("safety", Fraction(85), Fraction(70), 2),
        ),
    )
    assert found.error == 2.5
    assert found.zone is Zone.ABOVE


def test_what_is_kept_is_rounded_to_a_tenth() -> None:
    found = aggregate([case(safety=80, ethics=33), case(safety=91, ethics=60), case(safety=50)], 70)
    assert found.plain() == {
        "rule": "1",
        "cases": [56.5, 75.5, 50.0],
        "mean": 60.7,
        "error": 7.7,
        "cut": 70,
        "competencies": [
            {"name": "ethics", "percent": 46.5, "needed": 60.0, "cases": 2, "met": False},
            {"name": "safety", "percent": 73.7, "needed": 70.0, "cases": 3, "met": True},
        ],
    }


def test_one_case_alone_has_no_error_and_is_for_people() -> None:
    found = aggregate([case(safety=95)], 70)
    assert (found.mean, found.variance, found.zone) == (95, 0, Zone.GREY)


def test_a_case_that_showed_nothing_is_left_out_and_not_counted_as_nought() -> None:
    found = aggregate([case(), case(safety=80), case(safety=90)], 70)
    assert (found.percents, found.mean) == ((80, 90), 85)
    with pytest.raises(ValueError, match=r"^No counted case showed anything\.$"):
        aggregate([case(), case(Done.IDLE)], 70)


@pytest.mark.parametrize(("cut", "zone"), [(74, Zone.ABOVE), (75, Zone.GREY), (80, Zone.GREY), (81, Zone.BELOW)])
def test_exactly_one_standard_error_from_the_cut_is_for_people(cut: int, zone: Zone) -> None:
    found = aggregate([case(ethics=80), case(ethics=75)], cut)  # 77.5 ± 2.5
    assert found.zone is zone


@pytest.mark.parametrize(
    ("safety", "ethics", "zone"), [(70, 71, Zone.ABOVE), (70, 70, Zone.GREY), (69, 70, Zone.BELOW)]
)
def test_where_there_is_no_error_half_a_per_cent_decides(safety: int, ethics: int, zone: Zone) -> None:
    assert aggregate([case(safety=safety, ethics=ethics)] * 3, 70).zone is zone


@pytest.mark.parametrize(("safety", "zone"), [(69, Zone.GREY), (70, Zone.ABOVE)])
def test_a_competency_below_its_own_mark_is_for_people(safety: int, zone: Zone) -> None:
    assert aggregate([case(safety=safety, ethics=100)] * 3, 60).zone is zone


@pytest.mark.parametrize(
    ("duties", "percent"),
    [
        ((), 80),
        ((Done.IDLE,), 80),
        ((Done.DONE,), 90),
        ((Done.LATE,), 65),
        ((Done.MISSED,), 40),
        ((Done.DUE,), 40),
        ((Done.DONE, Done.LATE, Done.IDLE), Fraction(155, 2)),
    ],
)
def test_the_duties_called_for_are_one_part_more(duties: tuple[Done, ...], percent: Fraction) -> None:
    assert case(*duties, safety=80).percent == percent


def test_duties_alone_are_worth_something_and_nothing_at_all_is_not_nought() -> None:
    assert case(Done.LATE).percent == 50
    assert case(Done.DUE, Done.MISSED).percent == 0
    assert CaseMarks({}, NEEDED).percent is None
    assert CREDIT[Done.DUE] == CREDIT[Done.MISSED] == 0


@pytest.mark.parametrize(
    ("zone", "flags", "decided", "outcome", "awaits"),
    [
        (None, [], None, Outcome.UNDER_WAY, False),
        (None, [True], True, Outcome.UNDER_WAY, False),
        (Zone.ABOVE, [], None, Outcome.PASSED, False),
        (Zone.ABOVE, [False], None, Outcome.PASSED, False),
        (Zone.ABOVE, [None], None, Outcome.LOOKED_AT, False),
        (Zone.ABOVE, [False, True], True, Outcome.FAILED, False),
        (Zone.BELOW, [], True, Outcome.FAILED, False),
        (Zone.BELOW, [None], None, Outcome.LOOKED_AT, False),
        (Zone.GREY, [], None, Outcome.LOOKED_AT, True),
        (Zone.GREY, [False], None, Outcome.LOOKED_AT, True),
        (Zone.GREY, [False, None], None, Outcome.LOOKED_AT, False),
        (Zone.GREY, [False], True, Outcome.PASSED, False),
        (Zone.GREY, [False], False, Outcome.FAILED, False),
        (Zone.GREY, [True], None, Outcome.FAILED, False),
    ],
)
def test_a_sitting_stands_like_this(
    zone: Zone | None, flags: list[bool | None], decided: bool | None, outcome: Outcome, awaits: bool
) -> None:
    assert outcome_of(zone, flags, decided) is outcome
    assert awaits_people(zone, flags, decided) is awaits


def test_the_words_for_how_a_sitting_stands_are_these() -> None:
    assert [str(word) for word in Outcome] == ["under way", "looked at", "passed", "failed"]
