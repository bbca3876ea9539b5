"""One decision taken back: the same story up to there, and only what is open after it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases.test_engine import case_named, plays
from trainer.cases.afterwards.what_if import decisions, what_if
from trainer.cases.play.engine import options, replay
from trainer.cases.play.state import Done
from trainer.errors import Missing, Refused

FEW = settings(max_examples=60, deadline=None)
BEFORE = ("ask-medicines", "enough", "refer", "sit-quiet")
ANNA = (*BEFORE, "explain-away", "recheck", "only-note", "stay-near", "listen")


@FEW
@given(plays(), st.data())
def test_the_same_answers_make_the_same_play(played, data) -> None:
    case, play = played
    step = data.draw(st.integers(0, len(play.steps) - 1))
    same = what_if(case, play, step, play.inputs[step:])
    assert same.play == play
    assert same.own == same.other
    assert all(one.change in ("same", "") for one in (*same.signs, *same.numbers))
    assert all(one.own is one.other for one in same.duties)


@FEW
@given(plays(), st.data())
def test_up_to_the_decision_nothing_differs_and_after_it_only_what_is_open_is_taken(played, data) -> None:
    case, play = played
    step = data.draw(st.integers(0, len(play.steps) - 1))
    rehearsal, inputs = what_if(case, play, step, ()), ()
    assert rehearsal.play.state == play.steps[step].before
    assert rehearsal.other == ()
    while not rehearsal.play.state.ending:
        inputs = (*inputs, data.draw(st.sampled_from(options(case, rehearsal.play.state))))
        rehearsal = what_if(case, play, step, inputs)
        assert len(rehearsal.other) == len(inputs)
        assert rehearsal.play.steps[:step] == play.steps[:step]
    assert len(rehearsal.own) == len(play.steps) - step
    with pytest.raises(Refused):
        what_if(case, play, step, (*inputs, inputs[0]))


@FEW
@given(plays())
def test_a_decision_is_where_something_else_was_open(played) -> None:
    case, play = played
    assert all(len(options(case, play.steps[n].before)) > 1 for n in decisions(case, play))


@pytest.mark.parametrize("step", [-1, 9, 4000])
def test_there_is_no_decision_before_the_beginning_or_after_the_end(step) -> None:
    case = case_named("anna-psilocybin-1")
    with pytest.raises(Missing):
        what_if(case, replay(case, "no-touch", 0, ANNA), step, ())


def test_coming_low_instead_of_explaining_leaves_anna_calmer_at_the_same_time_of_the_day() -> None:
    case = case_named("anna-psilocybin-1")
    play = replay(case, "no-touch", 0, ANNA)
    beside = what_if(case, play, len(BEFORE), ("come-low",))
    trust, distress = beside.numbers
    assert (trust.name, trust.change) == ("trust", "higher")
    assert (distress.name, distress.change) == ("distress", "lower")
    assert [one.name for one in beside.signs] == ["sbp", "dbp", "hr"]
    assert all(one.own is not None and one.own > one.other for one in beside.signs)
    assert next(one.did for one in beside.own).startswith("Explain to her")
    assert [one.scene for one in beside.other] == ["The wave"]


def test_what_the_rehearsal_breaks_or_misses_is_said() -> None:
    case = case_named("anna-psilocybin-1")
    play = replay(case, "no-touch", 0, ANNA)
    beside = what_if(case, play, len(BEFORE) + 1, ("breathe-only", "hold", "listen"))
    assert [one.failures for one in beside.other] == [(), ("touch-without-consent",), ()]
    assert [(one.duty, one.own, one.other) for one in beside.duties] == [("recheck", Done.DONE, Done.MISSED)]


def test_while_the_run_is_elsewhere_there_is_nothing_to_compare() -> None:
    case = case_named("anna-psilocybin-1")
    play = replay(
        case, "no-touch", 0, ("ask-medicines", "ask-family", "ask-heart", "ask-hopes", "sell", "refer", *ANNA[3:])
    )
    beside = what_if(case, play, 0, ("enough",))
    assert {one.change for one in beside.numbers} <= {"same", ""}
    assert beside.signs == ()


def test_where_nobody_answers_what_has_changed_is_known_all_the_same() -> None:
    case = case_named("tablet")
    run = ("no-right-answer", "enough", "ask-then-ring", "close-lithium", "month-without")
    what = what_if(case, replay(case, "lithium", 0, run), 4, ("go-on-taking",))
    assert what.is_silent
    assert what.spared == ("cf02-changes-a-medicine",)
    assert what.failed_now == ()
    back = what_if(case, replay(case, "lithium", 0, (*run[:4], "go-on-taking")), 4, ("month-without",))
    assert back.failed_now == ("cf02-changes-a-medicine",)
    assert back.spared == ()
    assert not what_if(case, replay(case, "lithium", 0, run), 4, ()).is_silent
    heard = what_if(case, replay(case, "lithium", 0, run), 0, ("line-by-line",))
    assert not heard.is_silent
