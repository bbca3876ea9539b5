"""The worker as an operator meets it: beside the server, or once, by hand."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from trainer.cli.worker import publish_lists, tell_watching, work_until
from trainer.db import Database
from trainer.installation import Installation
from trainer.registry.models import StatusListVersion
from trainer.settings import ROOT, Settings


@pytest.fixture
def trainer(settings: Settings, database: Database) -> Installation:
    return Installation(settings, database)


def test_an_errand_that_fails_keeps_no_other_from_being_done(trainer: Installation, caplog) -> None:
    stopped, done = threading.Event(), []

    def fail(_trainer: Installation) -> None:
        raise OSError("the disk is full")

    def finish(_trainer: Installation) -> None:
        done.append(1)
        stopped.set()

    work_until(trainer, ((fail, 0), (finish, 0)), stopped)
    assert done == [1]
    assert "tried again in the next round" in caplog.text


def test_an_errand_rests_as_long_as_it_is_to(trainer: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.cli.worker.IDLE_SECONDS", 0.01)
    stopped, counts = threading.Event(), {"often": 0, "seldom": 0}

    def often(_trainer: Installation) -> None:
        counts["often"] += 1
        if counts["often"] == 5:
            stopped.set()

    def seldom(_trainer: Installation) -> None:
        counts["seldom"] += 1

    work_until(trainer, ((seldom, 60), (often, 0)), stopped)
    assert counts == {"often": 5, "seldom": 1}


def test_the_worker_ends_with_the_server_it_was_started_beside(trainer: Installation) -> None:
    work_until(trainer, (), threading.Event(), beside=os.getpid())  # not our parent: it has ended


def test_nothing_is_published_where_nothing_was_issued(trainer: Installation) -> None:
    publish_lists(trainer)
    tell_watching(trainer)
    with trainer.database.reading() as session:
        assert session.query(StatusListVersion).count() == 0


def test_a_worker_by_hand_says_how_many_it_issued_and_how_fast(tmp_path: Path) -> None:
    wanted = {
        "TRAINER_INSTANCE": str(tmp_path),
        "TRAINER_BASE_URL": "http://localhost",
        "PATH": os.environ["PATH"],
    }
    for command in (["db", "upgrade"], ["worker", "--once"]):
        done = subprocess.run(
            [sys.executable, "-m", "trainer", *command],
            check=False,
            cwd=ROOT,
            env=wanted,
            capture_output=True,
            text=True,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr
    assert "0 issued, 0 failed" in done.stderr


def test_a_worker_that_is_asked_to_stop_stops(tmp_path: Path, sqlite_template: Path) -> None:
    wanted = {"TRAINER_INSTANCE": str(tmp_path), "TRAINER_BASE_URL": "http://localhost", "PATH": os.environ["PATH"]}
    shutil.copy(sqlite_template, tmp_path / "trainer.sqlite")
    command = [sys.executable, "-m", "trainer", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=wanted, stderr=subprocess.DEVNULL)
    heard, by = False, time.monotonic() + 90
    while not heard and time.monotonic() < by:  # until it listens: before, it has begun nothing, and may end at once
        status = Path(f"/proc/{worker.pid}/status").read_text()
        heard = bool(int(status.partition("SigCgt:")[2].split()[0], 16) >> (signal.SIGTERM - 1) & 1)
        time.sleep(0.1)
    worker.terminate()
    assert worker.wait(timeout=20) == 0
