"""What stands in a log: nothing forged, nothing secret, and of one fault no more than a minute deserves."""

import io
import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError

from trainer import logs
from trainer.accounts.models import Person
from trainer.clock import utc_now
from trainer.db import Database, new_id

NAME = "mara"
SECRET = "BsxSmnza_7iFhUuxlVqz4IjRQydQcM0C3"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The stream that the log of this process goes to."""
    root, before = logging.getLogger(), logging.getLogger().level
    written = io.StringIO()
    log = logs.begin("web", stream=written)
    yield written
    root.removeHandler(log)
    root.setLevel(before)
    logging.captureWarnings(False)


def fail() -> None:
    raise ValueError(
        f"hello\n2026-11-29 17:00:00 1 worker ERROR FORGED\x1b[2J /invitations/{SECRET} DETAIL: Key (email)"
    )


def complain(times: int = 1) -> None:
    for _ in range(times):
        try:
            fail()
        except ValueError:
            logging.getLogger("trainer.web.errors").exception("%s %s", "POST", f"/x\r\nFORGED/{SECRET}")


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """These tests give the application routes that fail."""
    return own_app


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\x1b", "\x85", "\u2028", "\x00", "\u202e"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_address_writes_a_line_of_its_own(app, stranger, stream, monkeypatch, sign: str) -> None:
    app.testing = False

    def breaks(**_: object) -> None:
        raise ValueError(f"what was sent{sign}2026-11-29 17:00:00 1 web ERROR FORGED")

    monkeypatch.setitem(app.view_functions, "watches.standing", breaks)
    assert stranger.get("/watches/2026" + sign + "web FORGED").status_code in (400, 500)
    logging.getLogger("waitress").warning("from %s", f"a{sign}web FORGED")
    lines = stream.getvalue().splitlines()
    assert lines
    assert all(line[:1].isdigit() or line.startswith("    | ") for line in lines)
    assert not [line for line in lines if line.startswith(("2026-11-29 17:00:00", "web FORGED"))]
    assert sign not in stream.getvalue().replace("\n", "") or sign == "\n"


@pytest.mark.parametrize(
    "address",
    [
        f"/invitations/{SECRET}",
        f"/watches/{SECRET}/confirmed",
        f"/api/v1/watches/{SECRET}",
        f"/sign-in?next=/invitations/{SECRET}",
        f"/sign-in?next=%2Finvitations%2F{SECRET}",
        f"/nothing/{SECRET}",
        f"trainer={SECRET}; a=b",
        f"csrf_token={SECRET}",
    ],
)
def test_no_secret_comes_into_the_log(stream, address: str) -> None:
    logging.getLogger("trainer").warning("GET %s", address)
    assert SECRET[4:] not in stream.getvalue()
    assert "GET" in stream.getvalue()


def test_what_tells_things_apart_stays_readable(stream) -> None:
    logging.getLogger("trainer").warning("GET %s: SHA-256 %s", "/c/7cmi4fcw45m3wsg4kyowjvhxri", "ab" * 32)
    assert "/c/7cmi4fcw45m3wsg4kyowjvhxri" in stream.getvalue()
    assert "ab" * 32 in stream.getvalue()


def test_of_a_fault_that_returns_a_thousand_times_one_traceback_is_written_and_the_rest_counted(stream) -> None:
    complain(1000)
    assert stream.getvalue().count("Traceback") == 1
    assert len(stream.getvalue()) < 5_000
    assert SECRET[4:] not in stream.getvalue()
    logging.getLogger("trainer").warning("something else")
    assert "something else" in stream.getvalue()


def test_after_a_minute_the_log_says_how_many_were_left_out_and_shows_the_next(stream, monkeypatch) -> None:
    monkeypatch.setattr(logs, "WINDOW_SECONDS", 0)
    complain(1)
    monkeypatch.setattr(logs, "WINDOW_SECONDS", 60)
    complain(4)
    monkeypatch.setattr(logs, "WINDOW_SECONDS", 0)
    complain(1)
    assert "4 more of this kind were left out" in stream.getvalue()
    assert stream.getvalue().count("Traceback") == 2


def test_lines_without_a_traceback_are_counted_as_well(stream) -> None:
    for number in range(logs.LINES_A_WINDOW + 5):
        logging.getLogger("trainer").warning("again, %s", number)
    assert len(stream.getvalue().splitlines()) == logs.LINES_A_WINDOW


def test_what_people_wrote_does_not_come_into_the_log_by_way_of_the_database(
    app, database: Database, stranger, stream
) -> None:
    app.testing = False

    def twice() -> str:
        with database.transaction() as session:
            for _ in range(2):
                values = {"email": f"{NAME}@example.org", "name": NAME, "password_hash": "!", "created_at": utc_now()}
                session.execute(insert(Person).values(id=new_id(), **values))
        return ""

    def unforeseen() -> str:
        try:
            twice()
        except IntegrityError as error:
            raise RuntimeError from error
        return ""

    twice.guard = unforeseen.guard = "public"
    app.add_url_rule("/twice", view_func=twice)
    app.add_url_rule("/unforeseen", view_func=unforeseen)
    assert stranger.get("/twice").status_code == 409
    assert stranger.get("/unforeseen").status_code == 500
    assert "Traceback" in stream.getvalue()
    assert NAME not in stream.getvalue()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_is_gone_is_named_in_one_line_however_many_ask(app, stranger, stream, monkeypatch) -> None:
    app.testing = False

    def gone(*_: object) -> None:
        raise OperationalError("SELECT secret", {}, OSError("connection refused"))

    monkeypatch.setattr(app.extensions["trainer.database"], "_reading", gone)
    for _ in range(200):
        answer = stranger.get("/checkpoint")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "<html" in answer.text
    assert "please wait a moment" in answer.text.lower()
    assert "connection refused" in stream.getvalue()
    assert len(stream.getvalue()) < 5_000
