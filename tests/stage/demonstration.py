"""The demonstration, seeded once for all processes that run tests."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.settings import ROOT


def environment(instance: Path, port: int) -> dict[str, str]:
    """The settings of an installation, and nothing of the settings of whoever runs the tests."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("TRAINER_")}
    address = f"http://127.0.0.1:{port}"
    return {**rest, "TRAINER_INSTANCE": str(instance), "TRAINER_BASE_URL": address, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the demonstration in it, to be copied; seeded once, however many processes run tests."""
    here = tmp_path_factory.getbasetemp()
    shared = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here
    instance = shared / "seeded"
    with (shared / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not instance.exists():
            set_up(shared / "seeding")
            (shared / "seeding").rename(instance)
    return instance


def set_up(instance: Path) -> None:
    """Make a new installation with the demonstration in it."""
    command = [sys.executable, "-m", "trainer", "setup"]
    done = subprocess.run(
        command, check=False, env=environment(instance, 8000), cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
