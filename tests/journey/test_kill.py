"""The power may go between any two steps of a case: what was acknowledged is there afterwards, and nothing twice."""

import http.client
import json
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from tests.journey.conftest import PATIENCE, free_port, served
from tests.journey.teacher import transcript

LIVES = 10
"""How often the server is killed."""


@dataclass
class Player:
    """A trainee with a browser of few words, who plays one case after another and remembers every answer.

    Attributes:
        taken: by run, the words of every choice that was sent until it was acknowledged.
        sent: the form whose answer has not come yet; it is sent again when there is a server again.
    """

    port: int
    name: str
    password: str
    heard: threading.Semaphore
    random: Random
    cookie: str = ""
    case: str = ""
    taken: dict[str, list[str]] = field(default_factory=dict)
    sent: tuple[str, Mapping[str, str], str] | None = None

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, location and body."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.split(";")[0]
        return answer.status, answer.getheader("Location") or "", body

    def sign_in(self) -> None:
        """Sign in and find the case on the path."""
        form = {"email": f"{self.name}@demo.example", "password": self.password}
        token = token_on(self.ask("GET", "/sign-in")[2])
        status, home, body = self.ask("POST", "/sign-in", {**form, "csrf_token": token})
        assert status == 303, body
        path = self.ask("GET", home)[1]
        self.case = re.search(r'href="(/cases/[^"]*/hold-me)"', self.ask("GET", path)[2])[1]

    def play(self) -> None:
        """Play on until the server is gone."""
        try:
            while True:
                self.step()
        except (OSError, http.client.HTTPException):
            pass  # the power is gone

    def step(self) -> None:
        """Make one choice, or send the one again that was never answered."""
        if self.sent is None:
            self.choose()
        address, form, text = self.sent
        status, _, body = self.ask("POST", address, form)
        assert status in (303, 409), body  # 409: it had been kept before the power went
        self.taken.setdefault(address.split("/")[-2], []).append(text)
        self.sent = None
        self.heard.release()

    def choose(self) -> None:
        """Look at the scene as it stands and decide on one of its answers."""
        token = token_on(self.ask("GET", self.case)[2])
        run = self.ask("POST", self.case, {"csrf_token": token})[1]
        _, _, body = self.ask("GET", run)
        offered = re.findall(r'name="choice" value="([^"]+)"[^>]*><span>(.*?)</span>', body, re.DOTALL)
        value, text = self.random.choice(offered)
        reason = f"{self.name} thought of {self.random.randrange(10**9)}" if 'name="reason"' in body else ""
        form = {"csrf_token": token_on(body), "choice": value, "reason": reason}
        self.sent = (f"{run}/steps", form, unescape(text))


def token_on(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def test_no_step_of_a_case_is_lost_or_doubled_however_often_the_server_is_killed(
    seeded: Path, tmp_path: Path, teacher
) -> None:
    instance = tmp_path / "instance"
    shutil.copytree(seeded, instance)
    password = json.loads((instance / "demo.json").read_text())["password"]
    port, chance = free_port(), Random(7)
    heard = threading.Semaphore(0)
    players = [Player(port, name, password, heard, Random(name)) for name in ("noor", "omar", "mara", "ilse")]
    for life in range(LIVES):
        with served(instance, port) as process:
            for player in players if life == 0 else ():
                player.sign_in()
            threads = [threading.Thread(target=player.play) for player in players]
            for thread in threads:
                thread.start()
            for _ in range(chance.randrange(4, 12)):
                assert heard.acquire(timeout=PATIENCE)
            time.sleep(chance.uniform(0, 0.05))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for thread in threads:
                thread.join(PATIENCE)
    with served(instance, port):
        for player in players:
            if player.sent:
                player.step()
    for player in players:
        assert player.taken
        for run, texts in player.taken.items():
            slug, _, _, kept = transcript(instance, run)
            assert [teacher.words_of(slug, choice) for choice in kept] == texts
