"""Waits grow with every try, hold for all processes, and end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from trainer.db import Database
from trainer.networks import WIDE, network_of
from trainer.try_limits import NO_WAIT, Brake, TryPace
from trainer.web import brakes
from trainer.web.limits import QUIET, DatabaseStorage
from trainer.web.models import TryCount

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PACE = TryPace(free=2, first=10 * SECOND, growth=3, longest=60 * SECOND, memory=timedelta(hours=1))
ONE, OTHER = Brake("one", "a", PACE), Brake("other", "a", PACE)


def test_waits_begin_after_the_free_tries_and_grow_to_the_longest() -> None:
    assert [PACE.wait_after(tries) // SECOND for tries in range(1, 7)] == [0, 10, 30, 60, 60, 60]


@given(st.integers(1, 50), st.integers(1, 5), st.integers(1, 10), st.integers(1, 10_000))
def test_no_wait_is_shorter_than_the_one_before_or_longer_than_the_longest(
    free: int, growth: int, first: int, tries: int
) -> None:
    pace = TryPace(free=free, first=first * SECOND, growth=growth, longest=timedelta(hours=1))
    assert pace.wait_after(tries) <= pace.wait_after(tries + 1) <= pace.longest


@pytest.fixture
def take(database: Database) -> Callable[..., int]:
    """Take a try so many seconds after noon; return the seconds to wait."""

    def at(second: int, *taken: Brake) -> int:
        with database.transaction() as session:
            return brakes.take(session, brakes=taken or (ONE,), now=NOON + second * SECOND) // SECOND

    return at


def test_a_try_that_comes_too_early_costs_nothing(take) -> None:
    assert [take(0), take(0), take(1), take(9), take(10), take(39), take(40)] == [0, 0, 9, 1, 0, 1, 0]


def test_a_try_is_taken_under_every_brake_or_under_none(take) -> None:
    assert [take(0, ONE), take(0, ONE), take(0, ONE, OTHER)] == [0, 0, 10]
    assert [take(0, OTHER), take(0, OTHER), take(0, OTHER)] == [0, 0, 10], "the refused one did not count"


def test_after_an_hour_without_a_try_all_is_forgotten(take) -> None:
    take(0), take(0)
    assert take(10 + 3599) == 0
    assert take(10 + 3599) > 0, "a moment before the hour it was the third try"
    assert [take(40_000), take(40_000), take(40_000)] == [0, 0, 10]


def test_a_try_given_back_was_none(database: Database, take) -> None:
    for _ in range(5):
        assert take(0) == 0
        with database.transaction() as session:
            brakes.give_back(session, brakes=[ONE], now=NOON)


def test_many_tries_are_taken_one_by_one_in_a_few_statements(database: Database) -> None:
    with database.transaction() as session:
        waits = brakes.take_each(session, tries=[[ONE], [OTHER], [ONE], [ONE, OTHER], [OTHER]], now=NOON)
    assert waits == [NO_WAIT, NO_WAIT, NO_WAIT, 10 * SECOND, NO_WAIT]


def test_whoever_takes_at_once_takes_one_after_the_other(database: Database, take) -> None:
    with ThreadPoolExecutor(8) as crowd:
        waits = list(crowd.map(lambda number: take(0, *((ONE, OTHER) if number % 2 else (OTHER, ONE))), range(24)))
    assert waits.count(0) == 2


def test_only_what_has_expired_is_swept(database: Database, take) -> None:
    take(0, ONE)
    take(600, OTHER)
    with database.transaction() as session:
        brakes.sweep(session, now=NOON + timedelta(hours=1))
    with database.reading() as session:
        assert session.scalars(select(TryCount.key)).all() == ["other"]


def test_a_window_begins_with_its_first_hit_and_is_then_over(database: Database) -> None:
    def add(second: int, amount: int = 1) -> int:
        with database.transaction() as session:
            counted = {"key": "k", "about": "", "lasts": 60 * SECOND, "now": NOON + second * SECOND}
            return brakes.add(session, **counted, amount=amount)[0]

    assert [add(0), add(30, 9), add(59), add(60), add(119), add(120)] == [1, 10, 11, 1, 2, 1]


@pytest.mark.parametrize(
    ("address", "narrow", "wide"),
    [
        ("203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("", "unknown", "unknown"),
        (None, "unknown", "unknown"),
        ("a unix socket", "unknown", "unknown"),
    ],
)
def test_an_address_belongs_to_its_subscriber_and_neighbourhood(address: str | None, narrow: str, wide: str) -> None:
    assert (network_of(address), network_of(address, WIDE)) == (narrow, wide)


def test_a_limit_holds_for_all_processes_together(app: Flask) -> None:
    first, second = DatabaseStorage(), DatabaseStorage()
    with app.app_context():
        passed = sum(one.incr("key", 60) <= 60 for _ in range(100) for one in (first, second))
    assert 60 <= passed <= 60 + QUIET


def test_ordinary_visits_write_nothing_and_a_flood_writes_seldom(app: Flask, database: Database, monkeypatch) -> None:
    storage, written = DatabaseStorage(), []
    add = brakes.add
    monkeypatch.setattr(brakes, "add", lambda *args, **kwargs: written.append(kwargs) or add(*args, **kwargs))
    with app.app_context():
        for _ in range(QUIET):
            storage.incr("key", 60)
        assert written == []
        assert [storage.incr("key", 60) for _ in range(2000)] == list(range(QUIET + 1, QUIET + 2001))
    assert len(written) < 60
    assert storage.get("key") == QUIET + 2000


def test_without_the_database_a_process_goes_on_counting_alone(app: Flask, monkeypatch) -> None:
    from sqlalchemy.exc import OperationalError

    def full(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(brakes, "add", full)
    storage = DatabaseStorage()
    with app.app_context():
        assert [storage.incr("key", 60) for _ in range(70)] == list(range(1, 71))


def test_counts_of_a_window_are_forgotten_with_it(app: Flask) -> None:
    import time_machine

    storage = DatabaseStorage()
    with app.app_context(), time_machine.travel(NOON, tick=False) as clock:
        assert [storage.incr("key", 60) for _ in range(20)][-1] == 20
        clock.shift(60)
        assert storage.get("key") == 0
        assert storage.incr("key", 60) == 1
