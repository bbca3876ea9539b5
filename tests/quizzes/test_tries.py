"""How often somebody may try, and how long they rest in between."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quizzes.conftest import NOW, a_bank, an_item
from trainer.chances.granted import Chances, GrantedChance
from trainer.items.values import Level
from trainer.quizzes.tries import SentAttempt, tries

BANK = a_bank((an_item("i"),), {Level.KNOW: 1})
DAY = timedelta(hours=24)
MOMENT = timedelta(microseconds=1)


def sent(number: int = 1, points: int = 5, *, passed: bool = False, at: datetime = NOW) -> SentAttempt:
    return SentAttempt(
        attempt_id=f"a{number}",
        number=number,
        credit=Fraction(points),
        out_of=12,
        passed=passed,
        failed_critical=0,
        submitted_at=at,
    )


HISTORIES = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=5).map(
    lambda marks: [
        sent(n, points, passed=passed, at=NOW + n * DAY) for n, (points, passed) in enumerate(marks, start=1)
    ]
)


@pytest.mark.parametrize(("credit", "mark"), [(Fraction(5), "5 of 12"), (Fraction(11, 2), "5.5 of 12")])
def test_a_mark_is_read_as_people_write_it(credit: Fraction, mark: str) -> None:
    assert replace(sent(), credit=credit).mark == mark


def test_the_first_try_may_begin_at_once() -> None:
    stand = tries(BANK, [], now=NOW)
    assert (stand.left, stand.next_at, stand.passed, stand.best) == (3, None, None, None)


def test_the_second_try_waits_a_day_from_sending_the_first() -> None:
    stand = tries(BANK, [sent()], now=NOW + DAY - MOMENT)
    assert (stand.left, stand.next_at) == (2, NOW + DAY)


def test_the_wait_is_over_at_that_very_moment() -> None:
    assert tries(BANK, [sent()], now=NOW + DAY).next_at is None


def test_the_wait_runs_from_the_last_try() -> None:
    history = [sent(1), sent(2, at=NOW + 3 * DAY)]
    assert tries(BANK, history, now=NOW + 3 * DAY).next_at == NOW + 4 * DAY


def test_after_the_third_there_is_none_left_and_nothing_to_wait_for() -> None:
    stand = tries(BANK, [sent(n) for n in (1, 2, 3)], now=NOW)
    assert (stand.left, stand.next_at) == (0, None)


def test_once_passed_there_is_no_further_try() -> None:
    stand = tries(BANK, [sent(1), sent(2, 11, passed=True)], now=NOW)
    assert (stand.left, stand.next_at) == (0, None)
    assert stand.passed.number == 2


def test_the_best_is_the_one_that_passed_even_if_another_has_a_higher_mark() -> None:
    history = [sent(1, 12), sent(2, 10, passed=True)]  # the first missed a critical question
    assert tries(BANK, history, now=NOW).best.number == 2


PLAN_FROM = NOW + 9 * DAY


def granted(further: int = 1, not_before: datetime | None = None) -> Chances:
    about = {"id": "g", "number": 1, "kind": "quiz", "slug": "i", "plan": "", "reason": "ill", "by": ("D",), "at": NOW}
    return Chances((GrantedChance(**about, proposer="d", further=further, not_before=not_before, holds=True),))


@pytest.mark.parametrize("used", range(7))
def test_what_is_granted_comes_on_top_of_what_everybody_has(used: int) -> None:
    history = [sent(number) for number in range(1, used + 1)]
    assert tries(BANK, history, now=NOW, chances=granted(2)).left == max(0, 5 - used)


@pytest.mark.parametrize(
    ("used", "not_before", "next_at"),
    [
        (2, PLAN_FROM, NOW + DAY),  # a plan is about the tries that were granted
        (3, PLAN_FROM, PLAN_FROM),
        (4, PLAN_FROM, PLAN_FROM),
        (3, NOW, NOW + DAY),  # and shortens no wait
        (3, None, NOW + DAY),
    ],
)
def test_a_granted_try_waits_for_its_plan_and_for_the_wait_of_every_try(
    used: int, not_before: datetime | None, next_at: datetime
) -> None:
    history = [sent(number) for number in range(1, used + 1)]
    assert tries(BANK, history, now=NOW, chances=granted(2, not_before)).next_at == next_at


@pytest.mark.parametrize(
    ("before", "here", "further", "left"),
    [(0, 0, 0, 3), (1, 0, 0, 2), (2, 1, 0, 0), (3, 0, 0, 0), (5, 0, 0, 0), (5, 0, 2, 2), (3, 1, 2, 1), (1, 2, 2, 2)],
)
def test_failed_tries_at_another_place_count_on_as_far_as_everybody_has_tries(
    before: int, here: int, further: int, left: int
) -> None:
    elsewhere = [sent(number) for number in range(1, before + 1)]
    chances = granted(further) if further else Chances()
    stand = tries(BANK, [sent(n) for n in range(1, here + 1)], now=NOW, chances=chances, elsewhere=elsewhere)
    assert (stand.left, stand.elsewhere) == (left, min(before, 3))
    assert stand.spent == (min(before, 3) + here >= 3)


def test_the_wait_after_a_try_at_another_place_holds_here_too() -> None:
    elsewhere = [sent(1), sent(2, at=NOW + DAY)]
    assert tries(BANK, [], now=NOW, elsewhere=elsewhere).next_at == NOW + 2 * DAY
    full = [*elsewhere, sent(3)]
    stand = tries(BANK, [], now=NOW, elsewhere=full, chances=granted(1, NOW + 9 * DAY))
    assert stand.next_at == NOW + 9 * DAY


def test_a_pass_here_ends_it_whatever_was_failed_elsewhere() -> None:
    stand = tries(BANK, [sent(1, 12, passed=True)], now=NOW, elsewhere=[sent(1), sent(2)])
    assert (stand.left, stand.spent, stand.open_key) == (0, False, True)


def test_without_a_pass_the_best_is_the_highest_mark() -> None:
    assert tries(BANK, [sent(1, 3), sent(2, 7), sent(3, 5)], now=NOW).best.number == 2


@given(HISTORIES, st.timedeltas(timedelta(0), 10 * DAY))
def test_right_answers_are_open_only_when_nobody_can_be_asked_again(
    history: Sequence[SentAttempt], later: timedelta
) -> None:
    stand = tries(BANK, history, now=NOW + later)
    assert stand.open_key == any(one.passed for one in history)
    assert (stand.left == 0) == (stand.open_key or len(history) >= 3)
    assert stand.spent == (len(history) >= 3 and not stand.open_key)


@given(HISTORIES, st.timedeltas(timedelta(0), 10 * DAY))
def test_nobody_ever_waits_longer_than_the_rule(history: Sequence[SentAttempt], later: timedelta) -> None:
    now = NOW + later
    wait = tries(BANK, history, now=now).next_at
    assert wait is None or (now < wait <= max(one.submitted_at for one in history) + BANK.wait)


@given(HISTORIES)
def test_time_alone_always_ends_the_wait(history: Sequence[SentAttempt]) -> None:
    assert tries(BANK, history, now=NOW + 100 * DAY).next_at is None
