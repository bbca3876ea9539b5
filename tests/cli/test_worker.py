"""The worker as an operator meets it: beside the server, or once, by hand."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from trainer.settings import ROOT


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
