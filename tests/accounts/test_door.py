"""Strangers who try passwords slow down themselves, and neither the person nor anybody else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tests.conftest import PASSWORD, Browser
from trainer.accounts import passwords
from trainer.accounts.door import services as door
from trainer.accounts.door.attempt import Attempt
from trainer.accounts.models import Person
from trainer.accounts.passwords import HashingQueue, PasswordCheck
from trainer.accounts.words import NOBODYS
from trainer.audit.models import AuditEntry
from trainer.clock import utc_now
from trainer.db import Database
from trainer.web.models import TryCount

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
WRONG = "not it at all"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What happens before and behind the statements is the same on both databases."""


@pytest.fixture
def tries(app) -> Callable[..., int]:
    """Somebody tries a password from somewhere, each time in a fresh browser: `tries(mara.email, WRONG, HOME)`."""

    def once(email: str, password: str = WRONG, address: str = ELSEWHERE, browser: Browser | None = None) -> int:
        form = {"email": email, "password": password}
        answer = (browser or app.test_client()).send("/sign-in", form, environ_base={"REMOTE_ADDR": address})
        return answer.status_code

    return once


@pytest.fixture
def known(app, mara: Person) -> Browser:
    """A browser in which Mara has signed in before."""
    browser = app.test_client()
    assert browser.send("/sign-in", {"email": mara.email, "password": PASSWORD}).status_code == 303
    browser.send("/sign-out")
    return browser


@pytest.fixture
def quick(monkeypatch) -> None:
    """Wrong passwords are known to be wrong without argon2: these tests are about how many are let through."""
    right = passwords.check_password
    monkeypatch.setattr(
        "trainer.accounts.routes.check_password",
        lambda password, *rest: PasswordCheck(right=False) if password == WRONG else right(password, *rest),
    )


@on_sqlite
def test_a_stranger_cannot_keep_mara_out_of_her_own_browser(tries, mara: Person, known: Browser, quick) -> None:
    codes = [tries(mara.email, address=HOME) for _ in range(30)]
    assert codes == [422] * 5 + [429] * 25
    assert tries(mara.email, PASSWORD, HOME, known) == 303, "though the stranger sits in her own network"


@on_sqlite
def test_a_thousand_networks_cannot_keep_mara_out_on_a_new_device(tries, mara: Person, quick) -> None:
    codes = [tries(mara.email, address=f"10.{number}.7.1") for number in range(40)]
    assert set(codes) == {422}
    assert tries(mara.email, PASSWORD, HOME) == 303


@on_sqlite
def test_strangers_beside_her_make_mara_wait_for_a_short_and_stated_time(app, mara: Person, tries, quick) -> None:
    for _ in range(5):
        tries(mara.email, address=HOME)
    form, browser = {"email": mara.email, "password": PASSWORD}, app.test_client()
    answer = browser.send("/sign-in", form, environ_base={"REMOTE_ADDR": HOME})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "30"
    assert "Wait 30 seconds, then send the form again." in answer.text
    assert "Your account is not locked." in answer.text
    with time_machine.travel(utc_now() + timedelta(seconds=30), tick=True):
        assert tries(mara.email, PASSWORD, HOME, browser) == 303


@on_sqlite
def test_whoever_tries_for_one_account_slows_nobody_down_at_another(tries, mara: Person, omar: Person, quick) -> None:
    for _ in range(70):
        tries(mara.email, address=HOME)
    assert tries(omar.email, PASSWORD, HOME) == 303


@on_sqlite
def test_when_it_storms_each_network_has_one_try_before_it_waits(tries, mara: Person, quick) -> None:
    for number in range(20):
        tries(mara.email, address=f"10.{number}.7.1")
    assert [tries(mara.email, address=HOME) for _ in range(3)] == [422, 429, 429]
    later = timedelta(seconds=61)
    with time_machine.travel(utc_now() + later, tick=True):
        assert tries(mara.email, address=HOME) == 422
        assert tries(mara.email, address=HOME) == 429
    with time_machine.travel(utc_now() + 2 * later, tick=True):
        assert tries(mara.email, PASSWORD, HOME) == 429, "the second wait is longer"
    with time_machine.travel(utc_now() + later + timedelta(minutes=4), tick=True):
        assert tries(mara.email, PASSWORD, HOME) == 303


def test_three_hundred_wrong_passwords_for_anybody_are_a_storm_for_all(database, tries, mara: Person, quick) -> None:
    with database.transaction() as session:
        for number in range(299):
            attempt = Attempt(account=f"{number}@example.org", address=f"10.{number % 250}.1.1")
            door.turn_away(session, attempt=attempt, now=utc_now())
    assert [tries(mara.email, address=HOME) for _ in range(2)] == [422, 422], "the 300th is the first of a storm"
    assert [tries(mara.email, address=ELSEWHERE) for _ in range(2)] == [422, 429]


@on_sqlite
def test_a_whole_64_and_then_a_whole_48_of_addresses_are_one_stranger(tries, mara: Person, quick) -> None:
    codes = [tries(mara.email, address=f"2001:db8:1:2::{number:x}") for number in range(1, 8)]
    assert codes == [422] * 5 + [429] * 2
    codes = [tries(mara.email, address=f"2001:db8:9:{number:x}::1") for number in range(1, 25)]
    assert codes.count(422) <= 20
    assert codes[-1] == 429
    assert tries(mara.email, PASSWORD, "2001:db8:77::1") == 303


@on_sqlite
def test_an_ipv4_address_dressed_as_ipv6_is_no_second_stranger(tries, mara: Person, quick) -> None:
    codes = [tries(mara.email, address=address) for address in [HOME] * 5 + [f"::ffff:{HOME}"]]
    assert codes == [422] * 5 + [429]


@on_sqlite
def test_an_address_without_an_account_is_answered_like_any_other(app, mara: Person, quick) -> None:
    def told(email: str) -> list[tuple[int, str | None, str]]:
        answers = [app.test_client().send("/sign-in", {"email": email, "password": WRONG}) for _ in range(9)]
        return [
            (one.status_code, one.headers.get("Retry-After"), one.text.partition("<main")[2].partition("csrf")[0])
            for one in answers
        ]

    assert told(mara.email) == told("nobody@example.org")


@on_sqlite
def test_a_cookie_of_somebody_else_makes_nobody_known(app, tries, mara: Person, omar: Person, known, quick) -> None:
    """Whoever has an account here is known for that account alone."""
    codes = [tries(omar.email, WRONG, HOME, known) for _ in range(6)]
    assert codes == [422] * 5 + [429]
    assert [tries(mara.email, WRONG, HOME, known) for _ in range(6)] == [422] * 5 + [429], "and has a pace there too"


@on_sqlite
def test_a_forged_cookie_makes_nobody_known(app, tries, mara: Person, quick) -> None:
    browser = app.test_client()
    browser.set_cookie("trainer-device", "WyJ4IiwgWyJ5Il1d.forged")
    assert [tries(mara.email, WRONG, HOME, browser) for _ in range(6)] == [422] * 5 + [429]
    assert tries(mara.email, WRONG, HOME) == 429


@on_sqlite
def test_one_computer_is_known_for_the_eight_people_who_used_it_last(app, person, tries, quick) -> None:
    browser = app.test_client()
    names = ["Ana", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ira"]
    people = [person(f"{name} Lind") for name in names]
    for one in people:
        tries(one.email, PASSWORD, HOME, browser)
        browser.send("/sign-out")
    for one in (people[0], people[1]):
        for _ in range(5):
            tries(one.email, WRONG, HOME)
    assert tries(people[1].email, PASSWORD, HOME, browser) == 303
    browser.send("/sign-out")
    assert tries(people[0].email, PASSWORD, HOME, browser) == 429


def test_of_forty_tries_at_once_no_more_pass_than_one_after_the_other(database: Database, mara: Person) -> None:
    attempt = Attempt(account=mara.email, address=HOME)

    def knock(_number: int) -> bool:
        with database.transaction() as session:
            return not door.knock(session, attempt=attempt, now=utc_now())

    for _ in range(4):
        knock(0)
    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(knock, range(40))) == 1


def test_a_right_password_begins_the_count_anew(tries, mara: Person, quick) -> None:
    for _ in range(3):
        assert [tries(mara.email, address=HOME) for _ in range(4)] == [422] * 4
        assert tries(mara.email, PASSWORD, HOME) == 303


@on_sqlite
def test_wrong_passwords_do_not_keep_mara_from_changing_hers(as_, tries, mara: Person, quick) -> None:
    browser = as_(mara)
    for _ in range(30):
        tries(mara.email, address="127.0.0.1")
    answer = browser.send("/account", {"current": PASSWORD, "password": "four quiet green herons"})
    assert "Your new password is set" in answer.text


@on_sqlite
def test_whoever_finds_mara_signed_in_cannot_guess_her_password_at_leisure(as_, mara: Person, quick) -> None:
    browser = as_(mara)
    form = {"current": WRONG, "password": "four quiet green herons"}
    answers = [browser.send("/account", form) for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert "Wait 30 seconds" in answers[-1].text


def test_a_storm_about_an_account_is_written_down_once(database, tries, mara: Person, quick) -> None:
    for number in range(25):
        tries(mara.email, address=f"10.{number}.7.1")
        tries("nobody@example.org", address=f"10.{number}.7.1")
    with database.reading() as session:
        written = session.execute(select(AuditEntry.act, AuditEntry.subject, AuditEntry.actor_id)).all()
    assert written == [("slow down wrong passwords", mara.email, None)]


def test_the_password_is_compared_while_nobody_waits_for_it(app, database: Database, mara: Person, monkeypatch) -> None:
    def compare(*_args: object) -> PasswordCheck:
        with database.transaction():  # on SQLite this would wait for the sign-in, which waits for this
            return PasswordCheck(right=False)

    monkeypatch.setattr("trainer.accounts.routes.check_password", compare)
    answer = app.test_client().send("/sign-in", {"email": mara.email, "password": WRONG})
    assert answer.status_code == 422


@on_sqlite
def test_who_finds_the_door_crowded_comes_again_and_has_lost_no_try(app, tries, mara: Person, monkeypatch) -> None:
    full = HashingQueue(working=0, waiting=0, patience=0)
    monkeypatch.setattr("trainer.accounts.routes.FOR_STRANGERS", full)
    for _ in range(8):
        answer = app.test_client().send("/sign-in", {"email": mara.email, "password": PASSWORD})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "Please send the form again in a few seconds." in answer.text
    monkeypatch.undo()
    assert tries(mara.email, PASSWORD, "127.0.0.1") == 303


@on_sqlite
def test_a_crowd_of_strangers_takes_no_place_from_a_known_browser(known, tries, mara: Person, monkeypatch) -> None:
    monkeypatch.setattr("trainer.accounts.routes.FOR_STRANGERS", HashingQueue(working=0, waiting=0, patience=0))
    assert tries(mara.email, PASSWORD, HOME, known) == 303


def test_the_hash_that_was_compared_must_still_be_the_persons(app, database, mara: Person, monkeypatch) -> None:
    def compare(*_args: object) -> PasswordCheck:
        with database.transaction() as session:
            session.get_one(Person, mara.id).password_hash = NOBODYS
        return PasswordCheck(right=True)

    monkeypatch.setattr("trainer.accounts.routes.check_password", compare)
    browser = app.test_client()
    answer = browser.send("/sign-in", {"email": mara.email, "password": PASSWORD})
    assert answer.status_code == 409
    assert browser.get("/account").status_code == 303


@on_sqlite
def test_nothing_readable_is_kept_about_who_tried(database: Database, tries, mara: Person, quick) -> None:
    tries(mara.email, address=HOME)
    with database.reading() as session:
        kept = " ".join(f"{one.key} {one.about}" for one in session.scalars(select(TryCount)))
    assert kept
    assert mara.email not in kept
    assert HOME not in kept


def test_counts_that_are_over_are_deleted(database: Database, tries, mara: Person, quick) -> None:
    tries(mara.email, address=HOME)
    with time_machine.travel(utc_now() + timedelta(days=2), tick=True):
        tries("nobody@example.org", address=ELSEWHERE)
    with database.reading() as session:
        assert len(session.scalars(select(TryCount.about).distinct()).all()) == 2, (
            "nobody's, and those about no account"
        )
