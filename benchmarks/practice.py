"""Does practice tell what a counted form asks? A script practises a whole bank, and then people use what it learnt.

    python -m benchmarks.practice [BANK] [ROUNDS] [PEOPLE]

The script works by pages alone, as somebody with a browser could: it keeps every answer that a result calls right or
wrong, for each question by its words. Then `PEOPLE` answer a counted form by that book and guess where it says
nothing, and as many others guess throughout. Printed are the shares of questions answered rightly and how likely a
difference at least as large would be by luck (two proportions, two-sided).
"""

import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from math import erfc, sqrt
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from rich.progress import track

from trainer.accounts import services as accounts
from trainer.accounts.models import Membership, Person
from trainer.accounts.words import Role
from trainer.app import create_app
from trainer.authoring.release import Release, read_folder, release_of
from trainer.clock import utc_now
from trainer.curriculum.course import course_of
from trainer.curriculum.services import mark_read, publish
from trainer.db import Database, new_id
from trainer.db.migrations import upgrade
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.services import enrol
from trainer.settings import ROOT, Settings
from trainer.web.limits import limiter

ASKED = re.compile(
    r'id="q(\d+)-stem" class="stem">(.*?)</div>\s*<p class="soft small">(.*?)</p>(.*?)<p class="small soft saved"', re.S
)
CHOICE = re.compile(r'value="(\d+)"[^>]*><span>(.*?)</span>', re.S)
RESULT = re.compile(r'<section class="question" aria-labelledby="r\d+">(.*?)</section>', re.S)
STEM = re.compile(r'<div class="stem">(.*?)</div>\s*<ul', re.S)
OPTION = re.compile(r'<li class="(chosen)?">\s*<p>(.*?)</p>', re.S)
RIGHT, NOT_RIGHT = re.compile(r"</svg>\s*Right</span>"), re.compile(r"</svg>\s*Not right</span>")
AFTER_TEXT = re.compile(r' <span class="(?:small soft|state).*$', re.S)


def words(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


@dataclass
class Book:
    """What is known of each question: options that are right, and options that are wrong."""

    right: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wrong: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def answer(self, stem: str, texts: list[str], several: bool, luck: random.Random) -> set[str]:
        if known := self.right[stem] & set(texts):
            return known
        left = [text for text in texts if text not in self.wrong[stem]] or texts
        return set(luck.sample(left, luck.randint(1, len(left)) if several else 1))

    def learn(self, page: str) -> None:
        """Keep whatever a result page says."""
        for section in RESULT.findall(page):
            stem = words(STEM.search(section)[1])
            head = section.split('<div class="stem">')[0]
            verdict, not_right = RIGHT.search(head), NOT_RIGHT.search(head)
            for chosen, shown in OPTION.findall(section):
                text = words(AFTER_TEXT.sub("", shown))
                if shown.rstrip().endswith("right</span>") or (chosen and verdict):
                    self.right[stem].add(text)
                elif chosen and not_right and section.count('class="chosen"') == 1:
                    self.wrong[stem].add(text)


class School:
    """A small installation with the shipped content; its people have read everything."""

    def __init__(self, folder: Path) -> None:
        settings = Settings.from_env({"TRAINER_INSTANCE": str(folder)})
        self.database = Database(settings.database_url)
        upgrade(self.database)
        self.app: Flask = create_app(settings)
        self.app.config["TESTING"] = True
        limiter.enabled = False
        self.release: Release = release_of(read_folder(ROOT / "content"))
        now = utc_now() - timedelta(days=9)
        with self.database.transaction() as session:
            publish(session, release=self.release, now=now)
            self.cohort = Cohort(
                id=new_id(),
                programme="foundations",
                name="Practised",
                release_hash=self.release.hash,
                starts_on=now.date(),
                created_at=now,
            )
            session.add(self.cohort)

    def pupil(self, module: str) -> tuple[FlaskClient, Enrolment]:
        now = utc_now() - timedelta(days=1)
        with self.database.transaction() as session:
            person = Person(id=new_id(), email=f"{new_id()}@demo.example", name="P", password_hash="-", created_at=now)
            person.memberships = [Membership(programme="foundations", role=Role.TRAINEE, granted_at=now)]
            session.add(person)
            session.flush()
            enrolment = enrol(session, person_id=person.id, cohort=self.cohort, now=now)
            for lesson in course_of(self.release).module(module).lessons:
                mark_read(session, enrolment=enrolment, lesson=lesson, now=now)
            token = accounts.start_sign_in(session, person_id=person.id, browser="script", now=utc_now())
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["csrf_token"] = token, "raw"
        return client, enrolment

    def send(self, client: FlaskClient, address: str, **form: object) -> str:
        signer = URLSafeTimedSerializer(self.app.config["SECRET_KEY"], salt="wtf-csrf-token")
        answer = client.post(address, data={**form, "csrf_token": signer.dumps("raw")})
        if answer.status_code != 303:
            raise RuntimeError(f"{address}: {answer.status_code}")
        return answer.location

    def take(self, client: FlaskClient, quiz: str, mode: str, book: Book, luck: random.Random) -> tuple[str, set[str]]:
        """Answer one form by the book; return the page of its result, and the questions that were asked."""
        attempt = self.send(client, quiz, mode=mode)
        form: dict[str, object] = {"seen": "0"}
        stems = set()
        for number, stem, how, choices in ASKED.findall(client.get(attempt).text):
            texts = {words(text): place for place, text in CHOICE.findall(choices)}
            stems.add(words(stem))
            chosen = book.answer(words(stem), list(texts), "every" in how, luck)
            form[f"q{number}"] = [texts[text] for text in sorted(chosen)]
        self.send(client, f"{attempt}/answers", **form)
        return client.get(self.send(client, f"{attempt}/submission")).text, stems


def scores(school: School, bank: str, people: int, book: Book, seed: int) -> Iterator[tuple[int, int, int]]:
    """Give for each person the points, of how many, and how many of the questions the book knew."""
    luck = random.Random(seed)
    for _ in range(people):
        client, enrolment = school.pupil(bank)
        page, stems = school.take(client, f"/quizzes/{enrolment.id}/{bank}", "counted", book, luck)
        points, whole = re.search(r"<h1>(\d+) of (\d+) points</h1>", page).groups()
        yield int(points), int(whole), sum(bool(book.right[stem] | book.wrong[stem]) for stem in stems)


def main(bank: str = "screening", rounds: str = "1000", people: str = "200") -> None:
    with tempfile.TemporaryDirectory(prefix="trainer-practice-") as folder:
        school, book, luck = School(Path(folder)), Book(), random.Random(1)
        client, enrolment = school.pupil(bank)
        for _ in track(range(int(rounds)), description=f"Practising {bank}"):
            page, _ = school.take(client, f"/quizzes/{enrolment.id}/{bank}", "practice", book, luck)
            book.learn(page)
        known = sum(map(bool, book.right.values()))
        print(f"{bank}: {rounds} rounds of practice told the right answer of {known} questions.")
        told = []
        for name, used in (("with the book", book), ("guessing", Book())):
            marks = list(scores(school, bank, int(people), used, seed=2 + len(told)))
            right, asked = sum(mark[0] for mark in marks), sum(mark[1] for mark in marks)
            told.append((right, asked))
            print(
                f"  {name}: {right} of {asked} right ({100 * right / asked:.1f} %), best {max(m[0] for m in marks)} of "
                f"{marks[0][1]}, questions the book knew: {sum(mark[2] for mark in marks)}"
            )
        (a, n), (b, m) = told
        pooled = (a + b) / (n + m)
        z = (a / n - b / m) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        print(
            f"  difference {100 * (a / n - b / m):+.1f} points of 100, z = {z:+.2f}, p = {erfc(abs(z) / sqrt(2)):.2g}"
        )
        school.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
