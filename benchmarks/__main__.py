"""Measure the figures of the design: CPU time per request, as a ratio to a bare Flask view in the same run.

Run with `make bench`. Each figure is the median of several rounds of calls straight into the WSGI application, on a
fresh SQLite database with the shipped content; the reference is a Flask view with one SELECT and one small template.
"""

import io
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import select

from trainer.accounts import services as accounts
from trainer.accounts.models import Membership, Person, Role
from trainer.app import create_app
from trainer.cases import services as cases
from trainer.cases.engine import expert_choice
from trainer.cases.tokens import option_token
from trainer.cli.opening import Opened
from trainer.cli.seed import PROGRAMME, conferred, publish_folder, sign_cases_as_demo
from trainer.cli.walk import Walk
from trainer.clock import utc_now
from trainer.cohorts import services as cohorts
from trainer.curriculum.models import Cohort, Enrolment, LessonRead
from trainer.curriculum.services import enrol
from trainer.db import Database, new_id
from trainer.db.migrations import upgrade
from trainer.settings import Settings

ROUNDS = 5
PEOPLE = 1000


def cpu_ms(work: Callable[[], Any], times: int) -> float:
    """Return the CPU time of one call in milliseconds: the median over rounds of `times` calls."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - begun) * 1000 / times)
    return statistics.median(rounds)


class Bench:
    """A small installation, and people in it."""

    def __init__(self, folder: Path) -> None:
        settings = replace(
            Settings.from_env({"TRAINER_INSTANCE": str(folder)}), secret_key="a secret for measuring, long enough"
        )
        self.database = Database(settings.database_url)
        upgrade(self.database)
        self.trainer = Opened(settings, self.database)
        self.app = create_app(settings)
        self.app.config["TESTING"] = True
        self.now = utc_now() - timedelta(days=3)
        self.catalogue = publish_folder(self.trainer, now=self.now)
        with self.database.transaction() as session:
            self.dana = self.person(session, "Dana", Role.DIRECTOR)
            sign_cases_as_demo(session, catalogue=self.catalogue, reviewer=self.dana, now=self.now)
            self.cohort = cohorts.create_cohort(
                session,
                programme=PROGRAMME,
                name="Measured",
                release_hash=self.catalogue.release.hash,
                starts_on=self.now.date(),
                by=None,
                now=self.now,
            )

    def person(self, session: Any, name: str, role: Role) -> Person:
        person = Person(
            id=new_id(), email=f"{name.lower()}@demo.example", name=name, password_hash="-", created_at=self.now
        )
        person.memberships = [Membership(programme=PROGRAMME, role=role, granted_at=self.now)]
        session.add(person)
        session.flush()
        return person

    def trainee(self, name: str) -> Walk:
        with self.database.transaction() as session:
            person = self.person(session, name, Role.TRAINEE)
            enrolment = enrol(session, person_id=person.id, cohort=self.cohort, now=self.now)
        return Walk(self.trainer, person, enrolment, self.now)

    def browser(self, person: Person) -> FlaskClient:
        with self.database.transaction() as session:
            token = accounts.start_sign_in(session, person_id=person.id, browser="bench", now=utc_now())
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["csrf_token"] = token, "raw"
        return client

    def csrf(self) -> str:
        signer = URLSafeTimedSerializer(self.app.config["SECRET_KEY"], salt="wtf-csrf-token")
        return str(signer.dumps("raw"))


def reference(database: Database) -> FlaskClient:
    """Return a client of a bare Flask view: one SELECT, one small template."""
    app = Flask("reference")

    @app.get("/")
    def view() -> str:
        with database.reading() as session:
            row = session.execute(select(Cohort.id, Cohort.name)).first()
        return render_template_string("<!doctype html><title>{{ row.name }}</title><p>{{ row.id }}</p>", row=row)

    return app.test_client()


@contextmanager
def installation() -> Iterator[Bench]:
    folder = Path(tempfile.mkdtemp(prefix="trainer-bench-"))
    try:
        bench = Bench(folder)
        yield bench
        bench.database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ok(answer: Any, *codes: int) -> Any:
    if answer.status_code not in (codes or (200,)):
        raise RuntimeError(f"{answer.request.path}: {answer.status_code}")
    return answer


def measure_reading(bench: Bench) -> float:
    mara = bench.trainee("Reader")
    client = bench.browser(mara.person)
    lesson = bench.catalogue.course.modules[0].lessons[0]
    return cpu_ms(lambda: ok(client.get(f"/learn/{mara.enrolment.id}/ethics/{lesson.slug}")), 30)


def measure_autosave(bench: Bench) -> float:
    mara = bench.trainee("Saver")
    client = bench.browser(mara.person)
    address = ok(client.post(f"/quizzes/{mara.enrolment.id}/ethics", data={"csrf_token": bench.csrf()}), 303).location
    turn = iter(range(10**9))

    def save() -> None:
        n = next(turn)
        form = {"csrf_token": bench.csrf(), "seen": 10**6, "only": "1", "q1": str(n % 3)}
        ok(client.post(f"{address}/answers", data=form, headers={"Accept": "application/json"}))

    return cpu_ms(save, 30)


def measure_attempt(bench: Bench) -> float:
    clients = iter([(w := bench.trainee(f"Taker{n}"), bench.browser(w.person)) for n in range(ROUNDS * 2 + 1)])

    def take() -> None:
        walk, client = next(clients)
        start = client.post(f"/quizzes/{walk.enrolment.id}/screening", data={"csrf_token": bench.csrf()})
        address = ok(start, 303).location
        ok(client.get(address))
        form = {"csrf_token": bench.csrf(), "seen": "0"} | {f"q{n}": "0" for n in range(1, 17)}
        ok(client.post(f"{address}/answers", data=form), 303)
        ok(client.post(f"{address}/submission", data={"csrf_token": bench.csrf()}), 303)
        ok(client.get(f"{address}/result"))

    return cpu_ms(take, 2)


def measure_step(bench: Bench) -> float:
    case = bench.catalogue.cases["hold-me"]
    walk = bench.trainee("Player")
    client = bench.browser(walk.person)
    spent: list[float] = []
    for _ in range(ROUNDS):
        start = client.post(f"/cases/{walk.enrolment.id}/hold-me", data={"csrf_token": bench.csrf()})
        address = ok(start, 303).location
        while True:
            with bench.database.reading() as session:
                run = cases.run_for(session, person_id=walk.person.id, run_id=address.split("/")[-1])
                play = cases.play_of(case, run, cases.events_of(session, run_id=run.id))
            choice = expert_choice(case, play.state)
            if play.state.ending or choice is None:
                break
            secret = bench.app.config["SECRET_KEY"]
            token = option_token(secret, run_id=run.id, step=len(play.steps), choice_id=choice)
            begun = time.process_time()
            ok(client.post(f"{address}/steps", data={"csrf_token": bench.csrf(), "choice": token}), 303)
            ok(client.get(address), 200, 303)
            spent.append((time.process_time() - begun) * 1000)
    return statistics.median(spent)


def measure_matrix(bench: Bench) -> float:
    lessons = [lesson for module in bench.catalogue.course.modules for lesson in module.lessons]
    with bench.database.transaction() as session:
        cohort = cohorts.create_cohort(
            session,
            programme=PROGRAMME,
            name="Large",
            release_hash=bench.catalogue.release.hash,
            starts_on=bench.now.date(),
            by=None,
            now=bench.now,
        )
        for n in track(range(PEOPLE), description=f"{PEOPLE} people", transient=True):
            person = bench.person(session, f"Person{n}", Role.TRAINEE)
            enrolment = Enrolment(
                id=new_id(), person_id=person.id, cohort_id=cohort.id, programme=PROGRAMME, enrolled_at=bench.now
            )
            session.add(enrolment)
            session.flush()
            session.add_all(
                LessonRead(
                    enrolment_id=enrolment.id,
                    module=lesson.module,
                    lesson=lesson.slug,
                    lesson_hash=lesson.hash,
                    minutes=lesson.minutes,
                    read_at=bench.now,
                )
                for lesson in lessons[: n % 20]
            )
    client = bench.browser(bench.dana)
    return cpu_ms(lambda: ok(client.get(f"/desk/cohorts/{cohort.id}")), 1)


def measure_certificates(bench: Bench) -> tuple[float, float, float]:
    """Return the cost of issuing, of verifying by number, and of verifying an uploaded genuine file."""
    walks = [bench.trainee(f"Holder{n}") for n in range(6)]
    for walk in track(walks, description="walking", transient=True):
        for leaf in walk.leaves():
            walk.do(leaf)
    spent = []
    for walk in walks:
        begun = time.process_time()
        public_id = conferred(bench.trainer, walk.enrolment, now=utc_now())
        spent.append((time.process_time() - begun) * 1000)
    client = bench.app.test_client()
    by_number = cpu_ms(lambda: ok(client.get(f"/c/{public_id}")), 30)
    paper = bench.browser(walks[-1].person).get(f"/certificates/{public_id}.pdf").data
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "raw"
    form = lambda: {"csrf_token": bench.csrf(), "file": (io.BytesIO(paper), "certificate.pdf")}  # noqa: E731
    bench.app.config["RATELIMIT_ENABLED"] = False
    by_file = cpu_ms(lambda: ok(client.post("/verify", data=form(), content_type="multipart/form-data")), 10)
    return statistics.median(spent[1:]), by_number, by_file


def main() -> None:
    """Print the table."""
    console = Console()
    with installation() as bench:
        client = reference(bench.database)
        base = cpu_ms(lambda: ok(client.get("/")), 200)
        rows: list[tuple[str, float, str]] = [
            ("reading page, signed in", measure_reading(bench), "≤ 3 ×"),
            ("quiz autosave of one answer, durable", measure_autosave(bench), "≤ 3 ×"),
            ("a whole 16-question attempt, start to result", measure_attempt(bench), "≤ 40 ×"),
            ("one case step and the next scene", measure_step(bench), "≤ 5 ×"),
        ]
        issue, by_number, by_file = measure_certificates(bench)
        rows += [
            ("verification page by number", by_number, "≤ 3 ×"),
            ("verification of an uploaded genuine file", by_file, "≤ 5 ms"),
            ("certificate: proved, laid out, signed, entered", issue, "≤ 75 ms"),
            (f"progress matrix, {PEOPLE:,} people × 16 requirements", measure_matrix(bench), "≤ 40 ms"),
        ]
    table = Table(title=f"CPU per request; the reference (bare Flask, one SELECT, one template) costs {base:.2f} ms")
    for heading in ("work", "ms CPU", "ratio", "goal"):
        table.add_column(heading, justify="left" if heading in ("work", "goal") else "right")
    for work, cost, goal in rows:
        table.add_row(work, f"{cost:.2f}", f"{cost / base:.1f}", goal)
    console.print(table)


if __name__ == "__main__":
    main()
