"""`trainer cases rescore --check`: every stored result is what its transcript gives."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.stage.forked import Forked
from trainer.cases.runs.models import CaseEnding
from trainer.clock import utc_now
from trainer.demo.players import Crowd, let_play
from trainer.installation import Installation


@pytest.fixture
def surroundings(database, settings, cohort) -> dict[str, str]:
    """Let three people play, and give what a command has to know."""
    now = utc_now() - timedelta(days=3)
    crowd = Crowd(people=3, seed=5, slugs=["tablet", "hold-me"], tries=2)
    let_play(Installation(settings, database), cohort, crowd, now=now)
    return {
        **os.environ,
        "TRAINER_INSTANCE": str(settings.instance),
        "TRAINER_DATABASE_URL": settings.database_url,
    }


@pytest.fixture
def check(surroundings, tmp_path: Path) -> Callable[[], tuple[int, str, str]]:
    """Run the command; give its exit code, what it found, and what else it said."""
    out, err = tmp_path / "out", tmp_path / "err"

    def run() -> tuple[int, str, str]:
        code = Forked("trainer", "cases", "rescore", "--check", env=surroundings, out=out, err=err).wait(60)
        return code, out.read_text(), err.read_text()

    return run


def test_every_result_is_the_same_to_the_byte_however_often(surroundings) -> None:
    for _ in range(2):  # each begins anew, so it has sets and hashes in another order
        command = [sys.executable, "-m", "trainer", "cases", "rescore", "--check"]
        found = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
        assert (found.returncode, found.stdout) == (0, ""), found.stderr
        assert "12 ended runs, 0 differ." in found.stderr


def test_a_result_that_was_altered_is_named(check, tampering) -> None:
    with tampering() as session:
        one = session.query(CaseEnding).order_by(CaseEnding.run_id).first()
        one.result = {**json.loads(json.dumps(one.result)), "minutes": 1}
        altered = one.run_id
    code, found, said = check()
    assert code == 1
    assert found.startswith(f"{altered} (")
    assert "1 differ." in said


def test_a_pass_that_stands_beside_another_result_is_named(check, tampering) -> None:
    with tampering() as session:
        one = session.query(CaseEnding).first()
        one.passed = not one.passed
    code, found, _ = check()
    assert code == 1
    assert "not what stands in it" in found
