"""The curves meet the published figures, and are the same on every machine."""

import pytest

from trainer.cases.physiology.curves import (
    NEVER,
    ONCE,
    Body,
    Doses,
    intensity,
    measured,
    phase,
    profile,
    profile_names,
    vital_at,
)

PEOPLE = range(2000)


@pytest.mark.parametrize(
    ("name", "landmark"),
    [(name, one) for name in profile_names() for one in profile(name).landmarks],
    ids=lambda one: getattr(one, "name", one),
)
def test_two_thousand_people_meet_the_landmark(name: str, landmark) -> None:
    assert measured(name, landmark, PEOPLE) == pytest.approx(landmark.target, abs=landmark.within)


def test_the_same_seed_is_the_same_person_for_ever() -> None:
    readings = [vital_at(Body("psilocybin-25mg", 7), "sbp", 132, ONCE, minute, 3) for minute in (0, 60, 120)]
    assert readings == [135, 146, 148]
    assert all(isinstance(one, int) for one in readings)


def test_the_effect_begins_at_nothing_peaks_and_fades() -> None:
    for name in profile_names():
        course = [intensity(name, minute) for minute in range(0, 600, 10)]
        top = course.index(max(course))
        assert course[0] == 0
        assert course[: top + 1] == sorted(course[: top + 1])
        assert course[top:] == sorted(course[top:], reverse=True)


def test_the_phases_follow_each_other() -> None:
    named = list(dict.fromkeys(phase("psilocybin-25mg", minute) for minute in range(600)))
    assert named == ["before", "onset", "rise", "peak", "come-down", "after"]


def test_distress_raises_the_pressure_and_a_weaker_effect_lowers_it() -> None:
    calm, afraid = (vital_at(Body("mdma-120mg", 1), "sbp", 122, ONCE, 96, distress) for distress in (0, 5))
    weak = vital_at(Body("mdma-120mg", 1), "sbp", 122, Doses(effect=50), 96, 0)
    assert weak < calm < afraid


def test_the_supplement_lengthens_the_effect_and_raises_what_is_measured_from_its_own_minute_on() -> None:
    given = Doses(supplement=105)
    before = [vital_at(Body("mdma-120mg", 3), "sbp", 122, doses, 100, 0) for doses in (ONCE, given)]
    after = [vital_at(Body("mdma-120mg", 3), "sbp", 122, doses, 210, 0) for doses in (ONCE, given)]
    assert before[0] == before[1]
    assert after[0] < after[1]
    lasting = [sum(intensity("mdma-120mg", minute, one) >= 100 for minute in range(720)) for one in (NEVER, 105)]
    assert lasting == [252, 332]


def test_every_landmark_names_its_source_and_an_estimate_says_that_it_is_one() -> None:
    for name in profile_names():
        for landmark in profile(name).landmarks:
            assert landmark.source
            assert landmark.pending == ("to be confirmed" in landmark.source)
