"""What is used again is as if it were new: no test finds anything of the one before."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from tests.stage.forked import Forked
from trainer.accounts.models import Person
from trainer.audit.models import AuditEntry
from trainer.audit.services import note
from trainer.clock import utc_now
from trainer.db import Database
from trainer.settings import Settings

LEFT_OPEN: list[Connection] = []


@pytest.mark.parametrize("turn", [1, 2])
def test_rows_numbers_and_open_transactions_of_another_test_are_gone(turn: int, database: Database, person) -> None:
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0
    mara = person("Mara Vogel")
    with database.transaction() as session:
        note(session, actor_id=mara.id, programme="foundations", act="invite", subject=str(turn), now=utc_now())
        assert session.scalar(select(AuditEntry.id)) == 1
    LEFT_OPEN.append(database.engine.connect())
    LEFT_OPEN[-1].execute(text("UPDATE person SET name = 'Somebody who never ends'"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_shared_database_keeps_its_shape(database: Database) -> None:
    with pytest.raises(DBAPIError, match="own_postgres"), database.transaction() as session:
        session.execute(text("CREATE TABLE more (id int)"))


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_test_changed_in_the_application_is_as_before(turn: int, app: Flask, settings: Settings) -> None:
    assert "CHANGED" not in app.config
    assert app.extensions["trainer.settings"] == settings
    app.config["CHANGED"] = True
    app.extensions["trainer.settings"] = replace(settings, issuer="Another")


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_application_of_ones_own_takes_another_route(turn: int, own_app: Flask) -> None:
    own_app.add_url_rule("/twice", view_func=lambda: "twice")
    assert own_app.test_client().get("/twice").text == "twice"
    assert own_app.test_client().get("/healthz").status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_application_is_the_same_wherever_its_folder_and_its_database_are(settings: Settings) -> None:
    from trainer.app import create_app

    elsewhere = replace(settings, instance=Path("elsewhere"), database_url="sqlite:///elsewhere")
    assert create_app(settings).config == create_app(elsewhere).config


LOOKS = """
import json, os, sys, time
print(json.dumps([sys.argv[1:], dict(os.environ), os.getcwd(), os.getsid(0) == os.getpid()]), flush=True)
loaded = {"trainer.app", "trainer.cli.serving", "weasyprint"} <= sys.modules.keys()
print("loaded" if loaded and "pytest" not in sys.modules else "not so", file=sys.stderr, flush=True)
time.sleep(float(sys.argv[1]))
sys.exit(3)
"""


def test_what_is_forked_is_told_answers_and_ends_as_if_it_had_been_started(tmp_path: Path) -> None:
    (tmp_path / "looks.py").write_text(LOOKS)
    out, err = tmp_path / "out", tmp_path / "err"
    process = Forked("looks", "0", "more", env={"ALONE": "1"}, cwd=tmp_path, out=out, err=err)
    assert process.wait(60) == 3
    assert json.loads(out.read_text()) == [["0", "more"], {"ALONE": "1"}, str(tmp_path), True]
    assert err.read_text() == "loaded\n"
    stopped, killed = (Forked("looks", "60", env={}, cwd=tmp_path, out=tmp_path / name) for name in ("a", "b"))
    while not all((tmp_path / name).exists() and "loaded" in (tmp_path / name).read_text() for name in ("a", "b")):
        assert stopped.poll() is killed.poll() is None
    stopped.terminate()
    os.killpg(killed.pid, signal.SIGKILL)
    assert (stopped.wait(60), killed.wait(60)) == (-signal.SIGTERM, -signal.SIGKILL)
