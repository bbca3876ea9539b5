"""How a sitting comes out: a machine decides only what is clear, and only when nothing waits for people."""

from hypothesis import given
from hypothesis import strategies as st

from trainer.examinations.outcome import Outcome, awaits_people, outcome_of
from trainer.examinations.words import Zone

ZONES = st.sampled_from(Zone)
FLAGS = st.lists(st.sampled_from([True, False, None]), max_size=4)
DECIDED = st.sampled_from([True, False, None])


@given(FLAGS, DECIDED)
def test_nothing_is_decided_before_the_last_case_has_ended(flags, decided) -> None:
    assert outcome_of(None, flags, decided) is Outcome.UNDER_WAY


@given(ZONES, FLAGS, DECIDED)
def test_a_flag_that_waits_holds_everything(zone, flags, decided) -> None:
    assert outcome_of(zone, [*flags, None], decided) is Outcome.LOOKED_AT
    assert not awaits_people(zone, [*flags, None], decided)


@given(ZONES, st.lists(st.booleans(), max_size=4), DECIDED)
def test_a_confirmed_flag_fails_whatever_the_points(zone, flags, decided) -> None:
    assert outcome_of(zone, [*flags, True], decided) is Outcome.FAILED


@given(ZONES, st.lists(st.just(False), max_size=4), DECIDED)
def test_people_decide_the_grey_zone_and_nothing_else(zone, cleared, decided) -> None:
    outcome = outcome_of(zone, cleared, decided)
    if zone is Zone.GREY:
        assert outcome is {None: Outcome.LOOKED_AT, True: Outcome.PASSED, False: Outcome.FAILED}[decided]
        assert awaits_people(zone, cleared, decided) is (decided is None)
    else:
        assert outcome is (Outcome.PASSED if zone is Zone.ABOVE else Outcome.FAILED)
        assert not awaits_people(zone, cleared, decided)
