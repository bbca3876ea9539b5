"""`trainer cases rescore --check`: every stored result is what its transcript gives."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from trainer.cases.models import CaseEnding
from trainer.cli.opening import Opened
from trainer.cli.players import crowd
from trainer.clock import utc_now


@pytest.fixture
def check(database, settings, cohort):
    """Let three people play, and give a way to run the command."""
    now = utc_now() - timedelta(days=3)
    crowd(Opened(settings, database), cohort, people=3, seed=5, now=now, slugs=["tablet", "hold-me"], tries=2)

    def run() -> subprocess.CompletedProcess[str]:
        surroundings = {
            **os.environ,
            "TRAINER_INSTANCE": str(settings.instance),
            "TRAINER_DATABASE_URL": settings.database_url,
        }
        command = [sys.executable, "-m", "trainer", "cases", "rescore", "--check"]
        return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)

    return run


def test_every_result_is_the_same_to_the_byte_however_often(check) -> None:
    for _ in range(2):
        found = check()
        assert (found.returncode, found.stdout) == (0, ""), found.stderr
        assert "12 ended runs, 0 differ." in found.stderr


def test_a_result_that_was_altered_is_named(check, tampering) -> None:
    with tampering() as session:
        one = session.query(CaseEnding).order_by(CaseEnding.run_id).first()
        one.result = {**json.loads(json.dumps(one.result)), "minutes": 1}
        altered = one.run_id
    found = check()
    assert found.returncode == 1
    assert found.stdout.startswith(f"{altered} (")
    assert "1 differ." in found.stderr


def test_a_pass_that_stands_beside_another_result_is_named(check, tampering) -> None:
    with tampering() as session:
        one = session.query(CaseEnding).first()
        one.passed = not one.passed
    found = check()
    assert found.returncode == 1
    assert "not what stands in it" in found.stdout
