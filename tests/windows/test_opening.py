"""When a sitting may begin: on both sides of every boundary of a window."""

from datetime import UTC, datetime, timedelta

import pytest

from trainer.windows.opening import Window, exam_windows, opening

NINE = datetime(2026, 12, 3, 9, tzinfo=UTC)
HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
FIRST = Window(number=1, opens=NINE, closes=NINE + 2 * HOUR)
SECOND = Window(number=2, opens=NINE + DAY, closes=NINE + DAY + HOUR)
BOTH = (SECOND, FIRST)  # in any order


@pytest.mark.parametrize(
    ("now", "open_now", "at"),
    [
        (NINE - TICK, False, NINE),
        (NINE, True, NINE),
        (FIRST.closes - TICK, True, FIRST.closes - TICK),
        (FIRST.closes, False, SECOND.opens),
        (SECOND.opens, True, SECOND.opens),
        (SECOND.closes - TICK, True, SECOND.closes - TICK),
        (SECOND.closes, False, None),
    ],
)
def test_a_sitting_may_begin_from_the_opening_until_before_the_closing(now, open_now, at) -> None:
    found = opening(BOTH, now=now)
    assert (found.may_begin, found.at, found.kept_shut) == (open_now, at, not open_now)
    assert any(window.is_open(now) for window in BOTH) is open_now


def test_without_windows_it_may_begin_at_any_time() -> None:
    found = opening((), now=NINE)
    assert (found.may_begin, found.kept_shut, found.at, found.closes, found.words) == (True, False, NINE, None, "")


@pytest.mark.parametrize(
    ("wait", "at", "kept_shut"),
    [
        (NINE - HOUR, NINE, True),  # over before the window opens
        (NINE + HOUR, NINE + HOUR, False),  # it ends within the window, which is not in the way
        (FIRST.closes, SECOND.opens, True),
        (SECOND.closes - TICK, SECOND.closes - TICK, False),
        (SECOND.closes, None, True),
    ],
)
def test_who_has_to_wait_begins_in_a_window_after_the_wait(wait, at, kept_shut) -> None:
    found = opening(BOTH, now=NINE - DAY, not_before=wait)
    assert (found.at, found.kept_shut, found.may_begin) == (at, kept_shut, False)


def test_a_wait_alone_is_no_window() -> None:
    waits = opening((), now=NINE, not_before=NINE + HOUR)
    assert (waits.at, waits.kept_shut, waits.may_begin) == (NINE + HOUR, False, False)
    over = opening((), now=NINE, not_before=NINE - HOUR)
    assert (over.at, over.may_begin) == (NINE, True)


@pytest.mark.parametrize(
    ("now", "wait", "words"),
    [
        (
            NINE - TICK,
            None,
            "The next window for sittings opens on 3 December 2026, 09:00 UTC and closes on 3 December 2026, "
            "11:00 UTC.",
        ),
        (NINE, None, "The window for sittings is open until 3 December 2026, 11:00 UTC."),
        (
            SECOND.closes,
            None,
            "The last window for sittings closed on 4 December 2026, 10:00 UTC. Please ask your programme director "
            "about another window.",
        ),
        (
            SECOND.closes - TICK,
            SECOND.closes,
            "The last window for sittings closes on 4 December 2026, 10:00 UTC, before you may begin again. Please "
            "ask your programme director about another window.",
        ),
    ],
)
def test_it_says_what_to_wait_for_or_whom_to_ask(now, wait, words) -> None:
    assert opening(BOTH, now=now, not_before=wait).words == words


def test_of_windows_that_touch_the_later_one_counts_from_its_opening() -> None:
    next_to = Window(number=3, opens=FIRST.closes, closes=FIRST.closes + HOUR)
    assert opening((FIRST, next_to), now=FIRST.closes).closes == next_to.closes
    assert FIRST.words == "3 December 2026, 09:00 UTC to 3 December 2026, 11:00 UTC"


def test_each_examination_has_its_own_windows_and_one_of_before_comes_last() -> None:
    found = exam_windows({"gone": (FIRST,), "final": (SECOND,)}, {"judgement": "Judgement", "final": "Final"}, now=NINE)
    assert [(exam.title, exam.opening.may_begin) for exam in found] == [
        ("Judgement", True),
        ("Final", False),
        ("gone", True),
    ]
