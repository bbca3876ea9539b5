"""The worker beside the server, as an operator's machine treats it: killed, failing, giving up, left alone."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from trainer.settings import ROOT

SERVER = """
import os, sys, time
from trainer import logs
from trainer.serving import beside
from trainer.errors import Broken
beside.REST_SECONDS = beside.LOOK_SECONDS = 0.05
def work(keeper):
    print(os.getpid(), flush=True)
    {deed}
    while os.getppid() == keeper:
        time.sleep(0.05)
logs.begin("web")
kept = beside.keep_beside(work)
until = time.monotonic() + 60
while time.monotonic() < until:
    kept.look()
    time.sleep(0.05)
"""

Server = Callable[[str], subprocess.Popen]


@pytest.fixture
def server() -> Iterator[Server]:
    """A process that has this done beside it by a worker, which says its number first."""
    begun: list[subprocess.Popen] = []

    def begin(deed: str) -> subprocess.Popen:
        command = [sys.executable, "-c", SERVER.format(deed=deed)]
        pipe, here = subprocess.PIPE, {**os.environ, "PYTHONPATH": str(ROOT)}
        begun.append(subprocess.Popen(command, env=here, stdout=pipe, stderr=pipe, text=True, start_new_session=True))
        return begun[-1]

    yield begin
    for process in begun:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def number_said(process: subprocess.Popen) -> int:
    assert process.stdout
    return int(process.stdout.readline())


def has_ended(pid: int) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_worker_that_was_killed_is_started_anew_and_ends_with_the_server(server: Server) -> None:
    process = server("pass")
    first = number_said(process)
    os.kill(first, signal.SIGKILL)
    second = number_said(process)
    assert second != first
    assert process.stderr
    assert "stopped by signal 9; it is started anew" in process.stderr.readline()
    process.kill()
    process.wait(30)
    assert has_ended(second)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_when_only_the_keeper_is_killed_another_one_and_another_worker_begin(server: Server) -> None:
    process = server("pass")
    first = number_said(process)
    keeper = parent_of(first)
    assert parent_of(keeper) == process.pid
    os.kill(keeper, signal.SIGKILL)
    second = number_said(process)
    assert has_ended(first)
    assert parent_of(second) != keeper
    os.kill(second, signal.SIGKILL)
    assert number_said(process) != second
    process.kill()
    process.wait(30)


def test_a_worker_that_gave_up_is_not_started_anew_with_its_keeper(server: Server) -> None:
    process = server("raise Broken('A witness has seen more.')")
    number_said(process)
    assert process.stderr
    said = [process.stderr.readline() for _ in range(2)]
    assert "nothing is signed" in said[1]
    assert process.stdout
    assert select.select([process.stdout], [], [], 0.5)[0] == []  # no other worker says its number


def test_a_worker_that_fails_tries_again_and_one_that_gives_up_says_why_and_stays_ended(
    server: Server, tmp_path: Path
) -> None:
    once = str(tmp_path / "once")
    process = server(f"""if os.path.exists({once!r}): raise Broken("A witness has seen more.")
    os.mkdir({once!r}); raise OSError("No room.")""")
    assert number_said(process) != number_said(process)
    assert process.stderr
    said = [*iter(process.stderr.readline, "trainer: A witness has seen more.\n"), process.stderr.readline()]
    assert "OSError: No room." in "".join(said)
    assert "stopped by an error; it is started anew" in said[-2]
    assert "nothing is signed" in said[-1]
    assert process.poll() is None
