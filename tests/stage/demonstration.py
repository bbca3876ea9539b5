"""The demonstration and the proofs of its cases, made once for all processes that run tests."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trainer.authoring.release import read_folder
from trainer.cases.catalogue import check_cases
from trainer.cases.prover.kept_reports import ReportCache
from trainer.settings import ROOT


def environment(instance: Path, port: int) -> dict[str, str]:
    """The settings of an installation, and nothing of the settings of whoever runs the tests."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("TRAINER_")}
    address = f"http://127.0.0.1:{port}"
    return {**rest, "TRAINER_INSTANCE": str(instance), "TRAINER_BASE_URL": address, "PYTHONPATH": str(ROOT)}


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that is made once, however many processes run tests."""
    here = factory.getbasetemp()
    shared = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            make(shared / f"{name}.making")
            (shared / f"{name}.making").rename(folder)
    return folder


@pytest.fixture(scope="session")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the proofs of all shipped cases, to be copied."""
    return made_once(tmp_path_factory, "proofs", lambda to: check_cases(read_folder(ROOT / "content"), ReportCache(to)))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory, proofs: Path) -> Path:
    """An installation with the demonstration in it, to be copied."""

    def seed(instance: Path) -> None:
        instance.mkdir(mode=0o700)
        shutil.copytree(proofs, instance / "proofs")
        set_up(instance)

    return made_once(tmp_path_factory, "seeded", seed)


def set_up(instance: Path) -> None:
    """Make a new installation with the demonstration in it."""
    command = [sys.executable, "-m", "trainer", "setup"]
    done = subprocess.run(
        command, check=False, env=environment(instance, 8000), cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
