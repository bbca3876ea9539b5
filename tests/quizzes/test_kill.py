"""The power may go between any two answers: what the page called saved is there afterwards."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from tests.conftest import PASSWORD
from tests.quizzes.conftest import chosen_on, course_files
from tests.stage.forked import Forked
from trainer.accounts.models import Membership, Person
from trainer.accounts.words import Role
from trainer.authoring.release import release_of
from trainer.clock import utc_now
from trainer.curriculum.services import publish
from trainer.db import Database, new_id
from trainer.enrolment.models import Cohort
from trainer.enrolment.services import enrol
from trainer.settings import ROOT

Server = subprocess.Popen[bytes] | Forked
PATIENCE = 60
"""Seconds until a server must have answered for the first time."""


class Visit:
    """A browser of few words: it keeps cookies, sends forms with their token, no script."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.cookie = cookie

    def ask(self, method: str, path: str, sent: dict[str, str] | None = None, **headers: str) -> tuple[int, str, str]:
        """Return status, location and body."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded", **headers}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request(method, path, urlencode(sent) if sent else None, headers)
            with closing(connection.getresponse()) as answer:
                body = answer.read().decode()
        held = dict(one.split("=", 1) for one in self.cookie.split("; ") if one)
        held |= dict(one.split(";")[0].split("=", 1) for one in answer.headers.get_all("Set-Cookie", ()))
        self.cookie = "; ".join(f"{name}={value}" for name, value in held.items())
        return answer.status, answer.getheader("Location") or "", body

    def send(self, page: str, path: str, sent: dict[str, str], **headers: str) -> tuple[int, str, str]:
        """Send a form with the token that the page at `page` holds."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", page)[2])[1]
        return self.ask("POST", path, {**sent, "csrf_token": token}, **headers)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(instance: Path, port: int, *, again: bool = True) -> Iterator[Server]:
    """A real server of two processes, in a process group of its own; it is always killed.

    Whoever starts it again need not load everything anew.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("TRAINER_")}
    env |= {"TRAINER_INSTANCE": str(instance), "TRAINER_BASE_URL": f"http://127.0.0.1:{port}"}
    env |= {"PYTHONPATH": str(ROOT)}
    words = ("wsgi:app", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2")
    log = instance / "server.log"
    process: Server
    if again:
        process = Forked("gunicorn", *words, env=env, out=log)
    else:
        command = [sys.executable, "-m", "gunicorn", *words]
        with log.open("ab") as file:
            process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=file, stderr=file, start_new_session=True)
    try:
        wait_until_it_answers(port, process, instance)
        yield process
    finally:
        kill(process)


def wait_until_it_answers(port: int, process: Server, instance: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if Visit(port).ask("GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError((instance / "server.log").read_text())


def kill(process: Server) -> None:
    """Kill every process of the server at once, without a chance to tidy up."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def furnish(instance: Path, template: Path, password_hash: str) -> str:
    """Put Mara into a small course; return the address of her quiz."""
    shutil.copy(template, instance / "trainer.sqlite")
    database = Database(f"sqlite:///{instance / 'trainer.sqlite'}")
    now = utc_now() - timedelta(days=1)
    with database.transaction() as session:
        mara = Person(id=new_id(), email="mara@example.org", name="Mara", password_hash=password_hash, created_at=now)
        mara.memberships = [Membership(programme="foundations", role=Role.TRAINEE, granted_at=now)]
        session.add(mara)
        release = publish(session, release=release_of(course_files()), now=now)
        cohort = Cohort(
            id=new_id(),
            programme="foundations",
            name="Spring",
            release_hash=release.hash,
            starts_on=date(2026, 1, 1),
            created_at=now,
        )
        session.add(cohort)
        session.flush()
        enrolment = enrol(session, person_id=mara.id, cohort=cohort, now=now)
    database.close()
    return f"/quizzes/{enrolment.id}/ethics"


def test_killing_the_server_between_two_answers_loses_nothing(
    tmp_path: Path, sqlite_template: Path, password_hash: str
) -> None:
    quiz, port = furnish(tmp_path, sqlite_template, password_hash), free_port()
    browser = Visit(port)
    with server(tmp_path, port, again=False) as process:
        browser.send("/sign-in", "/sign-in", {"email": "mara@example.org", "password": PASSWORD})
        status, attempt, body = browser.send(quiz, quiz, {"mode": "counted"})
        assert status == 303, body
        for number in (1, 2):
            sent = {"only": str(number), f"q{number}": str(number)}
            body = browser.send(attempt, f"{attempt}/answers", sent, Accept="application/json")[2]
            assert json.loads(body)["saved_at"], body
        kill(process)
    with server(tmp_path, port):
        page = browser.ask("GET", attempt)[2]
        assert chosen_on(page) == {"q1": ["1"], "q2": ["2"]}
        assert "Everything you saved before is here." in " ".join(page.split())
        sent = {"only": "3", "q3": "3"}
        body = browser.send(attempt, f"{attempt}/answers", sent, Accept="application/json")[2]
        assert (json.loads(body)["seen"], json.loads(body)["answered"]) == (3, 3)
        assert browser.send(f"{attempt}/check", f"{attempt}/submission", {})[0] == 303
        assert browser.ask("GET", f"{attempt}/result")[0] == 200


def test_a_kill_in_the_midst_of_saving_keeps_what_was_answered_for(
    tmp_path: Path, sqlite_template: Path, password_hash: str
) -> None:
    quiz, port = furnish(tmp_path, sqlite_template, password_hash), free_port()
    browser = Visit(port)
    heard = 0
    with server(tmp_path, port) as process:
        browser.send("/sign-in", "/sign-in", {"email": "mara@example.org", "password": PASSWORD})
        attempt = browser.send(quiz, quiz, {"mode": "counted"})[1]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.ask("GET", attempt)[2])[1]
        doom = subprocess.Popen([sys.executable, "-c", f"import os,time; time.sleep(0.5); os.killpg({process.pid}, 9)"])
        try:
            while True:
                sent = {"csrf_token": token, "only": "1", "q1": str(heard % 4)}
                said = browser.ask("POST", f"{attempt}/answers", sent, Accept="application/json")[2]
                heard = json.loads(said)["seen"]
        except (OSError, http.client.HTTPException):
            pass  # the power is gone
        finally:
            doom.wait()
    assert heard > 0
    with server(tmp_path, port):
        page = browser.ask("GET", attempt)[2]
        last = int(re.search(r'name="seen" value="(\d+)"', page)[1])
        assert last in (heard, heard + 1)  # the last one may have been kept without having been answered for
        assert chosen_on(page) == {"q1": [str((last - 1) % 4)]}
