"""The power may go between any two steps of a case: what was acknowledged is there afterwards, and nothing twice."""

import http.client
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from tests.conftest import PASSWORD
from tests.journey.conftest import PATIENCE, free_port, served, started_again
from tests.journey.teacher import Teacher, transcript
from trainer.accounts.models import Membership, Person
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.db import Database, new_id
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.services import enrol


@dataclass
class Player:
    """A trainee with a browser of few words, who plays one case after another and remembers every answer.

    Attributes:
        taken: by run, the words of every choice that was sent until it was acknowledged.
        sent: the form whose answer has not come yet; it is sent again when there is a server again.
    """

    port: int
    email: str
    case: str
    heard: threading.Semaphore
    random: Random
    cookie: str = ""
    signed_in: bool = False
    run: str = ""
    taken: dict[str, list[str]] = field(default_factory=dict)
    sent: tuple[str, Mapping[str, str], str] | None = None

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Return status, location and body."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        held = dict(one.split("=", 1) for one in self.cookie.split("; ") if one)
        held |= dict(one.split(";")[0].split("=", 1) for one in answer.headers.get_all("Set-Cookie", ()))
        self.cookie = "; ".join(f"{name}={value}" for name, value in held.items())
        return answer.status, answer.getheader("Location") or "", body

    def sign_in(self) -> None:
        token = token_on(self.ask("GET", "/sign-in")[2])
        status, _, body = self.ask("POST", "/sign-in", {"email": self.email, "password": PASSWORD, "csrf_token": token})
        assert status == 303, body
        self.signed_in = True

    def play(self) -> None:
        """Play on until the server is gone."""
        try:
            while True:
                if not self.signed_in:
                    self.sign_in()
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
        """Look at the scene as it stands, pause now and then, and decide on one of its answers."""
        body = self.ask("GET", self.run)[2] if self.run else ""
        if 'name="choice"' in body and self.random.random() < 0.1:
            self.ask("POST", f"{self.run}/pause", {"csrf_token": token_on(body)})
            body = self.ask("GET", self.run)[2]
        if 'name="choice"' not in body:
            body = self.begin()
        offered = re.findall(r'name="choice" value="([^"]+)"[^>]*><span>(.*?)</span>', body, re.DOTALL)
        value, text = self.random.choice(offered)
        reason = f"{self.email} thought of {self.random.randrange(10**9)}" if 'name="reason"' in body else ""
        form = {"csrf_token": token_on(body), "choice": value, "reason": reason}
        self.sent = (f"{self.run}/steps", form, unescape(re.sub(r"<[^>]+>", "", text)))

    def begin(self) -> str:
        """Begin a run, or go on with the open one, paused or not; return its page."""
        token = token_on(self.ask("GET", self.case)[2])
        self.run = self.ask("POST", self.case, {"csrf_token": token})[1]
        self.ask("POST", f"{self.run}/resumption", {"csrf_token": token})
        return self.ask("GET", self.run)[2]


def token_on(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def furnish(instance: Path, count: int, password_hash: str) -> Sequence[tuple[str, str]]:
    """Add so many trainees to an installation; return their addresses and their enrolments."""
    database, made = Database(f"sqlite:///{instance / 'trainer.sqlite'}"), []
    with database.transaction() as session:
        cohort = session.scalars(select(Cohort).join(Enrolment, Enrolment.cohort_id == Cohort.id)).first()
        for number in range(count):
            now = utc_now()
            email = f"player{number}@example.org"
            person = Person(
                id=new_id(), email=email, name=f"Player {number}", password_hash=password_hash, created_at=now
            )
            person.memberships = [Membership(programme=cohort.programme, role=Role.TRAINEE, granted_at=now)]
            session.add(person)
            session.flush()
            made.append((email, enrol(session, person_id=person.id, cohort=cohort, now=now).id))
    database.close()
    return made


@dataclass
class Storm:
    """Players at a server that is killed again and again.

    Attributes:
        kills: how often it was killed; `answered`: how many answers were acknowledged.
    """

    instance: Path
    port: int
    players: Sequence[Player]
    heard: threading.Semaphore
    chance: Random = field(default_factory=lambda: Random(7))
    kills: int = 0
    answered: int = 0

    def rage(self, kills: int) -> None:
        """Let everybody play while the server is killed so many times, at random moments between and within answers."""
        while self.kills < kills:
            with served(self.instance, self.port, started_again) as process:
                threads = [threading.Thread(target=player.play) for player in self.players]
                for thread in threads:
                    thread.start()
                self.wait_for(self.chance.randrange(1, 10 + len(self.players)))
                time.sleep(self.chance.uniform(0, 0.05))
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                for thread in threads:
                    thread.join(PATIENCE)
                    assert not thread.is_alive()
            self.kills += 1

    def wait_for(self, answers: int) -> None:
        for _ in range(answers):
            assert self.heard.acquire(timeout=2 * PATIENCE)

    def settle(self) -> None:
        """Send again what was never answered."""
        with served(self.instance, self.port, started_again):
            for player in self.players:
                if player.sent:
                    player.step()

    def compare(self, teacher: Teacher) -> None:
        """Hold what every player remembers beside what was kept: the same choices, each once, in the same order."""
        for player in self.players:
            for run, texts in player.taken.items():
                slug, _, _, kept = transcript(self.instance, run)
                assert [teacher.words_of(slug, choice) for choice in kept] == texts
                self.answered += len(texts)
        assert self.answered >= self.kills  # each kill waits for an answer at least


def storm_at(seeded: Path, tmp_path: Path, teacher: Teacher, password_hash: str, *, players: int, kills: int) -> Storm:
    instance = tmp_path / "instance"
    shutil.copytree(seeded, instance)
    port, heard = free_port(), threading.Semaphore(0)
    slugs = sorted(slug for slug, case in teacher.cases.items() if not case.head.examined_only)
    people = [
        Player(port, email, f"/cases/{enrolment}/{slugs[number % len(slugs)]}", heard, Random(email))
        for number, (email, enrolment) in enumerate(furnish(instance, players, password_hash))
    ]
    storm = Storm(instance, port, people, heard)
    storm.rage(kills)
    storm.settle()
    storm.compare(teacher)
    return storm


def test_no_step_of_a_case_is_lost_or_doubled_however_often_the_server_is_killed(
    seeded: Path, tmp_path: Path, teacher: Teacher, password_hash: str
) -> None:
    assert storm_at(seeded, tmp_path, teacher, password_hash, players=6, kills=5).kills == 5


@pytest.mark.stress
def test_twenty_players_lose_nothing_in_a_hundred_kills(
    seeded: Path, tmp_path: Path, teacher: Teacher, password_hash: str
) -> None:
    storm = storm_at(seeded, tmp_path, teacher, password_hash, players=20, kills=100)
    assert storm.kills == 100
    assert storm.answered > storm.kills
