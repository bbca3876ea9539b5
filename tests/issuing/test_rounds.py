"""The worker goes round: each errand has its turn, and none keeps another from being done."""

import os
import threading

import pytest

from trainer.db import Database
from trainer.installation import Installation
from trainer.issuing.errands import publish_lists
from trainer.registry.models import StatusListVersion
from trainer.settings import Settings
from trainer.watches.errands import tell_watching
from trainer.worker import work_until


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
    monkeypatch.setattr("trainer.worker.IDLE_SECONDS", 0.01)
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
