"""A board that has nothing but the public address and key of a log watches over it with one command."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from tests.registry.conftest import leaves
from tests.witness.board import LEAVES, LOG, OTHERS, Board, asked
from tests.witness.conftest import serve
from trainer.clock import utc_now
from trainer.db import Database
from trainer.registry.log.services import append
from trainer.registry.notes import Signer, read_witness
from trainer.settings import ROOT

__all__ = ["serve"]

STATE_LIMIT = 64 * 1024  # bytes


class Witness:
    """A witness in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.line = httpx.Client(timeout=30)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start, wait until it answers, and give what it says of itself."""
        command = [sys.executable, "-m", "trainer", "witness", "serve", "--log", LOG.verifier.text()]
        command += ["--key", "key", "--state", "state", "--port", self.url.rpartition(":")[2]]
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "TRAINER_INSTANCE": str(self.folder / "none")}
        with (self.folder / "output").open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environ, stdout=output, stderr=output, start_new_session=True
            )
        for _ in range(300):
            try:
                return self.line.get(self.url).text
            except httpx.TransportError:
                assert self.process.poll() is None, (self.folder / "output").read_text()
                time.sleep(0.1)
        raise AssertionError((self.folder / "output").read_text())

    def kill(self) -> None:
        """Take every process of it away at once, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ask(self, old: int, new: int, **how: list[bytes]) -> httpx.Response:
        return self.line.post(f"{self.url}/add-checkpoint", content=asked(old, new, **how).body())


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    one = Witness(tmp_path)
    yield one
    one.kill()
    one.line.close()


def grow(witness: Witness, known: int, first: int) -> int:
    """Have checkpoints cosigned until nobody answers any more; give the size of the last that was."""
    for size in range(first, 41):
        try:
            answer = witness.ask(known, size)
            if answer.status_code == 409:  # cosigned before it was killed, though nobody was told
                known = int(answer.text)
                answer = witness.ask(known, max(size, known))
        except httpx.TransportError:
            return known
        assert answer.status_code == 200, answer.text
        known = max(size, known)
        time.sleep(0.02)
    return known


def test_a_witness_that_is_killed_at_any_moment_never_forgets_what_it_answered(witness: Witness) -> None:
    known, key = 0, ""
    for _ in range(2):
        said = witness.start().splitlines()
        assert key in ("", said[0])
        key = said[0]
        assert read_witness(key).text() in (witness.folder / "output").read_text()
        assert int(said[1].rpartition(" ")[2]) >= known
        with ThreadPoolExecutor(1) as thread:
            growing = thread.submit(grow, witness, known, known + 1)
            time.sleep(0.3)
            witness.kill()
            known = growing.result()
    assert known
    remembered = int(witness.start().splitlines()[1].rpartition(" ")[2])
    assert remembered >= known
    assert witness.ask(remembered, 40).status_code == 200
    assert witness.ask(40, 40, hashes=OTHERS).status_code == 422
    assert "has another root for" in (witness.folder / "output").read_text()
    assert (witness.folder / "state").stat().st_size < STATE_LIMIT
    assert not (witness.folder / "none").exists()  # no installation was made


def test_many_who_ask_at_once_get_one_history(tmp_path: Path, serve: Callable) -> None:
    board = Board(tmp_path / "board", LOG.verifier)
    url = serve(board.counter)
    line = httpx.Client(timeout=30)

    def ask(number: int) -> bool:
        old, size = 0, number + 1
        while old <= size:
            body = asked(old, size, OTHERS if number % 2 else LEAVES).body()
            answer = line.post(f"{url}/add-checkpoint", content=body)
            if answer.status_code != 409:
                return answer.status_code == 200
            old = int(answer.text)
        return False

    with ThreadPoolExecutor(8) as threads:
        cosigned = [number + 1 for number, done in enumerate(threads.map(ask, range(40))) if done]
    line.close()
    beyond = {size % 2 for size in cosigned if size > 10}  # up to ten entries the two histories are one
    assert len(beyond) == 1
    seen = board.memory.seen(LOG.name)
    assert seen is not None
    assert seen.size == max(cosigned)


def test_a_witness_does_not_start_without_the_memory_of_its_key(run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = run("witness", "serve", "--log", "not a key")
    assert "is not the public key of a log" in str(wrong.exception)
    (tmp_path / "witness.state").touch()
    orphan = run("witness", "serve", "--log", LOG.verifier.text())
    assert "no key in" in str(orphan.exception)


@pytest.fixture
def grow_now(database: Database, log: Signer) -> Callable[[int], None]:
    """Append entries under a checkpoint of this moment."""
    done = 0

    def more(count: int) -> None:
        nonlocal done
        with database.transaction() as session:
            append(session, leaves=leaves(count, done), log=log, now=utc_now())
        done += count

    return more


def test_a_board_looks_at_the_log_and_is_told_in_one_sentence(
    run, app, database: Database, log: Signer, grow_now: Callable, serve: Callable, tampering: Callable, tmp_path: Path
) -> None:
    state = str(tmp_path / "log.state")
    look = ["witness", "check", f"{serve(app)}/", "--log", log.verifier.text(), "--state", state]
    grow_now(270)
    first = run(*look)
    assert (first.exit_code, first.stdout) == (0, "The log has 270 entries; from now on it is compared with them.\n")
    grow_now(300)
    second = run(*look, "--full")
    assert second.exit_code == 0, second.output
    assert "570 entries, each of them hashed again, and begins with the 270 it had before." in second.stdout
    assert run(*look).stdout == "The log has 570 entries, and begins with the 570 it had before.\n"
    with tampering() as session:
        session.execute(text('UPDATE log_entry SET data = leaf_hash WHERE "index" = 7'))
    assert run(*look).exit_code == 0  # the hashes are as they were
    found = run(*look, "--full")
    assert (found.exit_code, found.stdout) == (1, "The entries of the log do not lead to the root that it signed.\n")
    with tampering() as session:
        for table in ("log_entry", "log_tile", "log_checkpoint"):
            session.execute(text(f"DELETE FROM {table}"))
    with database.transaction() as session:
        append(session, leaves=leaves(600, 9_000), log=log, now=utc_now() + timedelta(minutes=1))
    rewritten = run(*look)
    assert rewritten.exit_code == 1
    assert rewritten.stdout.startswith("The log does not begin with the 570 entries that it had on ")
    assert run(*look).stdout == rewritten.stdout  # it is not got used to


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_log_that_cannot_be_read_is_said_to_be_so(run, app, log: Signer, serve: Callable, tmp_path: Path) -> None:
    look = ["--log", log.verifier.text(), "--state", str(tmp_path / "log.state")]
    nobody = run("witness", "check", "http://127.0.0.1:9", *look)
    assert nobody.exit_code == 1
    assert "cannot be reached" in nobody.stdout
    empty = run("witness", "check", serve(app), *look)
    assert empty.exit_code == 1
    assert "/checkpoint answers with status 404" in empty.stdout
    assert "cannot be reached" in run("witness", "check", "no address", *look).stdout
