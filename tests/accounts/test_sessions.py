"""A sign-in ends when it is unused, when it is old, and when the person says so; then it is gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from tests.conftest import PASSWORD, Browser
from trainer.accounts import services
from trainer.accounts.lifetimes import KEPT_AFTER_THE_END, Lifetime
from trainer.accounts.models import Person, SignIn
from trainer.accounts.queries import open_sign_ins
from trainer.app import create_app
from trainer.clock import utc_now
from trainer.db import Database
from trainer.settings import Settings

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
LIFETIME = Lifetime(idle=14 * DAY, limit=30 * DAY)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def come_in(browser: Browser, person: Person) -> None:
    assert browser.send("/sign-in", {"email": person.email, "password": PASSWORD}).status_code == 303


def test_a_sign_in_lasts_two_weeks_without_use_and_not_a_moment_longer() -> None:
    assert LIFETIME.holds(NOON, NOON, NOON + 14 * DAY)
    assert not LIFETIME.holds(NOON, NOON, NOON + 14 * DAY + MOMENT)


def test_a_sign_in_lasts_thirty_days_however_much_it_is_used() -> None:
    last = NOON + 30 * DAY
    assert LIFETIME.holds(NOON, last - MOMENT, last - MOMENT)
    assert not LIFETIME.holds(NOON, last, last)


@given(st.integers(0, 60 * 24), st.integers(0, 60 * 24), st.integers(0, 60 * 24))
def test_time_alone_never_brings_a_sign_in_back(seen: int, now: int, later: int) -> None:
    seen_at, moment = NOON + timedelta(hours=seen), NOON + timedelta(hours=seen + now)
    if not LIFETIME.holds(NOON, seen_at, moment):
        assert not LIFETIME.holds(NOON, seen_at, moment + timedelta(hours=later))


@on_sqlite
def test_mara_signs_in_again_after_thirty_days_of_daily_work(as_: Callable, mara: Person) -> None:
    browser, start = as_(mara), utc_now()
    for day in range(1, 30):
        with time_machine.travel(start + day * DAY, tick=True):
            assert browser.get("/account").status_code == 200
    with time_machine.travel(start + 30 * DAY, tick=True):
        assert browser.get("/account").status_code == 303


def test_sign_ins_that_are_over_vanish_from_the_list_and_later_from_the_database(
    app, as_: Callable, database: Database, mara: Person, omar: Person
) -> None:
    for _ in range(3):
        as_(mara)
    with database.transaction() as session:
        session.execute(update(SignIn).values(browser="forgotten telephone"))
    with time_machine.travel(utc_now() + 15 * DAY, tick=True):
        browser = app.test_client()
        come_in(browser, mara)
        page = browser.get("/account").text
        assert "forgotten telephone" not in page
        assert page.count("This browser") == 1
        with database.reading() as session:
            assert session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 1
    with time_machine.travel(utc_now() + 30 * DAY + KEPT_AFTER_THE_END + timedelta(hours=1), tick=True):
        come_in(app.test_client(), omar)
        with database.reading() as session:
            kept = session.scalars(select(SignIn.browser)).all()
    assert len(kept) == 2, "Mara's last one and Omar's"


@on_sqlite
def test_whoever_signs_in_again_in_one_browser_is_signed_in_once(app, database: Database, mara, omar) -> None:
    browser = app.test_client()
    for person in (mara, mara, omar):
        come_in(browser, person)
    with database.reading() as session:
        open_ones = [
            len(open_sign_ins(session, person_id=one.id, lifetime=LIFETIME, now=utc_now())) for one in (mara, omar)
        ]
    assert open_ones == [0, 1]


def raw_token(browser: Browser) -> str | None:
    with browser.session_transaction() as cookie:
        return cookie.get("csrf_token")


@on_sqlite
def test_the_token_of_forms_is_a_new_one_for_whoever_signs_in_and_after_signing_out(app, mara, omar) -> None:
    browser = app.test_client()
    browser.get("/sign-in")
    tokens = [raw_token(browser)]
    for step in (lambda: come_in(browser, mara), lambda: browser.send("/sign-out"), lambda: come_in(browser, omar)):
        step()
        browser.get("/verify")
        tokens.append(raw_token(browser))
    assert None not in tokens
    assert len(set(tokens)) == 4


@on_sqlite
def test_the_browser_keeps_no_page_of_somebody_signed_in(as_: Callable, stranger, mara: Person) -> None:
    browser = as_(mara)
    for path in ("/", "/account", "/certificates/", "/verify", "/nothing/here"):
        assert browser.get(path, follow_redirects=True).headers["Cache-Control"] == "no-store", path
    assert stranger.get("/verify").headers["Cache-Control"] == "private, no-cache"
    assert browser.send("/sign-out").headers["Clear-Site-Data"] == '"cache"'


@on_sqlite
@pytest.mark.parametrize(
    ("secure", "names"), [(True, {"__Host-trainer", "__Host-trainer-device"}), (False, {"trainer", "trainer-device"})]
)
def test_over_https_no_neighbouring_site_can_set_our_cookies(settings: Settings, person, secure: bool, names) -> None:
    mara = person("Mara Vogel")
    app = create_app(replace(settings, secure_cookies=secure, base_url="https://localhost"))
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"email": mara.email, "password": PASSWORD}
    answer = app.test_client().post("/sign-in", data=form, base_url="https://localhost")
    set_cookies = answer.headers.getlist("Set-Cookie")
    assert {one.partition("=")[0] for one in set_cookies} == names
    for one in set_cookies:
        assert ("Secure" in one) == secure
        assert "HttpOnly" in one
        assert "Path=/" in one
        assert "Domain" not in one
    app.extensions["trainer.database"].close()


def test_secrets_do_not_stand_where_settings_are_printed(tmp_path) -> None:
    address = "postgresql+psycopg://trainer:hush-hush@db/trainer"
    settings = Settings.from_env(
        {
            "TRAINER_INSTANCE": str(tmp_path),
            "TRAINER_DATABASE_URL": address,
            "TRAINER_SECRET_KEY": "hush-hush" * 4,
            "TRAINER_SMTP_URL": "smtps://a:hush-hush@mail:465",
        }
    )
    assert "hush-hush" not in repr(settings)
    assert settings.database_url == address


def test_whoever_has_an_odd_address_from_before_still_comes_in(app, database: Database, password_hash: str) -> None:
    with database.transaction() as session:
        services.create_person(session, email="director", name="Old Hand", password_hash=password_hash, now=utc_now())
    answer = app.test_client().send("/sign-in", {"email": "Director", "password": PASSWORD})
    assert answer.status_code == 303
