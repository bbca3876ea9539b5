"""Which windows a director can set, change and withdraw."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trainer.errors import Refused
from trainer.windows.opening import Window
from trainer.windows.wish import WindowWish

NOW = datetime(2026, 12, 3, 9, tzinfo=UTC)
HOUR, DAY, TICK = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
STANDS = Window(number=1, opens=NOW + DAY, closes=NOW + DAY + 2 * HOUR)
UNDER_WAY = Window(number=2, opens=NOW - DAY, closes=NOW + HOUR)
OVER = Window(number=3, opens=NOW - 2 * DAY, closes=NOW - 2 * DAY + HOUR)
NEW = WindowWish(window=None, exam="final", title="Final", opens=NOW + 2 * DAY, closes=NOW + 3 * DAY, reason="")
BY_TEN = "Please give the reason: it is kept with the decision."


def change(window: Window, **parts: object) -> WindowWish:
    about = {"window": window.number, "opens": window.opens, "closes": window.closes, "reason": "Snow."}
    return replace(NEW, **{**about, **parts})


def refusal(wish: WindowWish) -> str:
    try:
        wish.check(standing=(STANDS, UNDER_WAY, OVER), now=NOW)
    except Refused as refused:
        return str(refused)
    return ""


def test_a_whole_wish_is_taken_and_named_in_the_audit() -> None:
    wishes = (NEW, change(STANDS, closes=NOW + 2 * DAY), change(STANDS, withdrawn=True))
    assert [(refusal(wish), wish.act) for wish in wishes] == [
        ("", "set window"),
        ("", "change window"),
        ("", "withdraw window"),
    ]


@pytest.mark.parametrize(
    ("opens", "closes", "told"),
    [
        (NOW + 3 * DAY, NOW + 3 * DAY, "A window closes after it opens."),
        (NOW + 3 * DAY, NOW + 3 * DAY + TICK, ""),
        (NOW - TICK, NOW, "This window would be over already: let it close later than now."),
        (NOW - TICK, NOW + TICK, "It overlaps the window from 2 December"),
        (NOW - HOUR - TICK, NOW + DAY, "This window would open in the past: let it open now or later."),
        (NOW - HOUR, NOW + DAY, "It overlaps"),
        (NOW + HOUR, STANDS.opens, ""),
        (NOW + HOUR - TICK, STANDS.opens, "It overlaps the window from 2 December"),
        (NOW + HOUR, STANDS.opens + TICK, "It overlaps the window from 4 December"),
        (STANDS.closes, STANDS.closes + HOUR, ""),
        (STANDS.closes - TICK, STANDS.closes + HOUR, "It overlaps the window from 4 December"),
        (STANDS.opens + TICK, STANDS.closes - TICK, "It overlaps the window from 4 December"),
    ],
)
def test_a_new_window_lies_ahead_has_a_length_and_overlaps_no_other(opens, closes, told) -> None:
    found = refusal(replace(NEW, opens=opens, closes=closes))
    assert found.startswith(told)
    assert bool(found) is bool(told)


def test_who_means_at_once_may_write_the_hour_that_has_just_begun() -> None:
    wish = replace(NEW, opens=NOW - HOUR)
    wish.check(standing=(), now=NOW)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (change(UNDER_WAY, closes=NOW + 2 * HOUR), ""),  # it keeps its opening, and does not overlap itself
        (change(UNDER_WAY, opens=NOW - DAY + TICK), "This window would open in the past: let it open now or later."),
        (change(UNDER_WAY, closes=NOW), "This window would be over already: let it close later than now."),
        (change(OVER, closes=NOW - HOUR), "This window would be over already: let it close later than now."),
        (change(STANDS, reason="  "), BY_TEN),
        (change(STANDS, reason="", withdrawn=True), BY_TEN),
        (change(OVER, withdrawn=True), ""),
        (change(replace(STANDS, number=9)), "This window has been withdrawn. Set a new one instead."),
        (change(replace(STANDS, number=9), withdrawn=True), "This window has been withdrawn. Set a new one instead."),
    ],
)
def test_a_change_has_a_reason_and_rewrites_nothing_that_is_over(wish, told) -> None:
    assert refusal(wish) == told
