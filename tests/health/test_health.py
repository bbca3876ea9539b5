"""What load balancers, monitors, directors and operators are told when something does not work."""

from datetime import timedelta

import pytest
from flask import Flask

from trainer.app import create_app
from trainer.clock import utc_now
from trainer.health.errands import say_that_it_works
from trainer.health.models import Heartbeat
from trainer.health.queries import SILENT, pulse
from trainer.health.services import FORGOTTEN, beat
from trainer.installation import Installation
from trainer.notices.services import tell
from trainer.notices.words import Channel
from trainer.worker import work_until


def at_work(database, *, ago: timedelta = timedelta(), worker: str = "here:1", has_mail: bool = True) -> None:
    with database.transaction() as session:
        beat(session, worker=worker, has_mail=has_mail, now=utc_now() - ago)


def a_letter_waits(database) -> None:
    with database.transaction() as session:
        tell(session, channel=Channel.MAIL, recipient="a@b.example", subject="s", body="b", now=utc_now())


def test_all_is_well_while_a_worker_goes_round(stranger, database) -> None:
    at_work(database)
    answer = stranger.get("/healthz?strict=1")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert answer.json["worker"]["seconds"] < 60
    assert answer.json["mail"] == {"waiting": 0}
    assert answer.json["log"] == {"size": 0}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_that_is_gone_is_named_and_takes_no_page_away(stranger, database) -> None:
    assert "since it was set up" in stranger.get("/healthz").json["problems"][0]
    at_work(database, ago=timedelta(minutes=10))
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "ailing")
    assert "No worker has been at work for 10 minutes" in answer.json["problems"][0]
    assert stranger.get("/healthz?strict=1").status_code == 503


@pytest.mark.parametrize(("late", "silent"), [(timedelta(), False), (timedelta(seconds=1), True)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_is_silent_after_its_time_and_not_before(database, late: timedelta, silent: bool) -> None:
    now = utc_now()
    with database.transaction() as session:
        beat(session, worker="here:1", has_mail=True, now=now)
        assert pulse(session, now=now + SILENT + late).is_silent is silent
        assert pulse(session, now=now - timedelta(hours=1)).age == timedelta()  # a clock that went back


def test_workers_of_earlier_days_are_forgotten(database) -> None:
    at_work(database, ago=FORGOTTEN + timedelta(minutes=1), worker="here:1")
    at_work(database, worker="here:2")
    at_work(database, worker="here:2")
    with database.reading() as session:
        assert [one.worker for one in session.query(Heartbeat)] == ["here:2"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_director_reads_whom_to_tell_that_no_letter_leaves_and_an_administrator_how_to_mend_it(
    database, as_, dana, ada, stranger
) -> None:
    a_letter_waits(database)
    at_work(database, has_mail=False)
    page = as_(dana).get("/desk/").text
    assert "1 letter has not left yet." in page
    assert "Please tell whoever runs this installation." in page
    assert "TRAINER_SMTP_URL" not in page
    assert "Letters that wait to be sent: 1. Set TRAINER_SMTP_URL" in as_(ada).get("/desk/").text
    assert stranger.get("/healthz").json["mail"] == {"waiting": 1}
    at_work(database)
    assert "has not left yet" not in as_(dana).get("/desk/").text
    at_work(database, ago=timedelta(hours=1))
    page = as_(dana).get("/desk/").text
    assert "Nothing is being signed and no letter leaves at the moment." in page
    assert "trainer worker" not in page


def test_the_worker_itself_says_that_it_works(database, settings) -> None:
    a_letter_waits(database)
    say_that_it_works(Installation(settings, database))
    with database.reading() as session:
        told = pulse(session, now=utc_now())
    assert not told.is_silent
    assert "TRAINER_SMTP_URL" in told.waits


@pytest.fixture
def without_database(settings, tmp_path) -> Flask:
    """An application whose database is away."""
    from dataclasses import replace

    app = create_app(replace(settings, database_url=f"postgresql+psycopg://postgres@/x?host={tmp_path}"))
    yield app
    app.extensions["trainer.database"].close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_the_database_is_away_every_page_says_come_again(without_database: Flask) -> None:
    browser = without_database.test_client()
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.json["database"]) == (503, "away")
    wrong = {}
    for rule in without_database.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and rule.endpoint != "static":
            with browser.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = "somebody", True
            code = browser.get(rule.rule).status_code
            if code >= 500 and code != 503:
                wrong[rule.rule] = code
    assert not wrong


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_may_only_be_read_is_one_sentence_of_the_worker(settings, database, caplog) -> None:
    import threading

    from trainer.db import Database

    file = database_file = settings.database_url.removeprefix("sqlite:///")
    only = Database(f"sqlite:///file:{file}?mode=ro&uri=true")
    stopped = threading.Event()
    assert database_file
    timer = threading.Timer(0.2, stopped.set)
    timer.start()
    work_until(Installation(settings, only), ((say_that_it_works, 0),), stopped)
    only.close()
    assert [record.exc_info for record in caplog.records] == [None]
    assert "attempt to write a readonly database" in caplog.text
