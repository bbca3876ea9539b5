"""Measure the figures of the design: CPU time per request, as a ratio to a bare Flask view in the same run.

Run with `make bench`. Each figure is the least and the median of several rounds of calls through the same test client
straight into the WSGI application, on a fresh SQLite database with the shipped content. The reference, a Flask view
with one SELECT and one small precompiled template, is measured anew beside every figure, as a busy machine slows both.
"""

import gc
import io
import secrets
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, render_template, request
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import select

from benchmarks import registry
from trainer.accounts import services as accounts
from trainer.accounts.models import Membership, Person
from trainer.accounts.words import Role
from trainer.app import create_app
from trainer.authoring.release import read_folder
from trainer.bulk.table import MOST_ROWS
from trainer.cases.catalogue import site_limits
from trainer.cases.language.compiler import compile_case
from trainer.cases.physiology.curves import vital_at
from trainer.cases.play.engine import expert_choice
from trainer.cases.prover.report import proved
from trainer.cases.runs.models import CaseEnding, CaseRun, DebriefStep
from trainer.cases.runs.queries import run_of
from trainer.cases.runs.words import Pace, RunPurpose
from trainer.certificates.facts.claim import Claim
from trainer.certificates.facts.claim import fingerprint as claim_fingerprint
from trainer.certificates.facts.number import number_from
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.words import Occasion
from trainer.clock import utc_now
from trainer.cohorts import services as cohorts
from trainer.curriculum.models import LessonRead
from trainer.db import Base, Database, new_id
from trainer.db.migrations import upgrade
from trainer.demo.seed import PROGRAMME, conferred, sign_cases_as_demo
from trainer.demo.walk import Walk
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.services import enrol
from trainer.examinations.models import Sitting, SittingCase, SittingResult
from trainer.examinations.words import Zone
from trainer.installation import Installation
from trainer.issuing.errands import issue_waiting
from trainer.issuing.services import issue_conferral
from trainer.issuing.tools import IssuingTools, tools_of
from trainer.items.formats import FORMATS
from trainer.items.forms import form_from_json
from trainer.practicum.models import SignedAttestation
from trainer.publishing.folder import publish_folder
from trainer.quizzes.models import QuizAttempt, QuizSubmission
from trainer.registry.log.queries import log_key
from trainer.registry.published.queries import give_status_place
from trainer.registry.services import FinishedPaper, commit, enter_certificate
from trainer.requirements.queries import leaves
from trainer.requirements.rules import RequirementKind, RequirementLeaf
from trainer.settings import ROOT, Settings
from trainer.web.limits import limiter
from trainer.written.models import WrittenAnswer, WrittenOutcome

ROUNDS = 5
PEOPLE = 1000
WAITING = 40
APPENDED = 50


class Cost(NamedTuple):
    """CPU time of one call, in milliseconds, over several rounds."""

    least: float
    median: float

    @classmethod
    def of(cls, rounds: Sequence[float]) -> "Cost":
        return cls(min(rounds), statistics.median(rounds))

    def beyond(self, other: "Cost") -> "Cost":
        return Cost(self.least - other.least, self.median - other.median)


def cpu_ms(work: Callable[[], Any], times: int) -> Cost:
    """Return the CPU time of one call, over rounds of `times` calls."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - begun) * 1000 / times)
    return Cost.of(rounds)


class Bench:
    """A small installation, and people in it."""

    def __init__(self, folder: Path) -> None:
        settings = replace(
            Settings.from_env({"TRAINER_INSTANCE": str(folder)}), secret_key="a secret for measuring, long enough"
        )
        self.database = Database(settings.database_url)
        upgrade(self.database)
        self.trainer = Installation(settings, self.database)
        self.app = create_app(settings)
        self.app.config["TESTING"] = True
        gc.freeze()  # as in wsgi.py
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
    """Return a client of two bare Flask views: one SELECT and one small template; and one that takes a file.

    The template is compiled once, as every page of ours is: compiled in each call, the reference would be 2.3 times as
    slow, and every figure beside it would look that much better.
    """
    app = Flask("reference")
    template = app.jinja_env.from_string("<!doctype html><title>{{ row.name }}</title><p>{{ row.id }}</p>")

    @app.get("/")
    def view() -> str:
        with database.reading() as session:
            row = session.execute(select(Cohort.id, Cohort.name)).first()
        return render_template(template, row=row)

    @app.post("/")
    def upload() -> str:
        return str(len(request.files["file"].read()))

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


def measure_reading(bench: Bench) -> Cost:
    mara = bench.trainee("Reader")
    client = bench.browser(mara.person)
    lesson = bench.catalogue.course.module("ethics").lessons[0]
    return cpu_ms(lambda: ok(client.get(f"/learn/{mara.enrolment.id}/ethics/{lesson.slug}")), 30)


def answers_to(bench: Bench, address: str, slug: str) -> dict[str, list[str]]:
    """Return what a page with right answers to all questions of a try would send."""
    bank = bench.catalogue.banks[slug]
    with bench.database.reading() as session:
        form = form_from_json(session.get_one(QuizAttempt, address.rsplit("/", 1)[1]).form)
    items = [(number, question, bank.item(question.item_id)) for number, question in enumerate(form, start=1)]
    formats = [(number, question, item, FORMATS[item.kind]) for number, question, item in items]
    return {f"q{n}": how.sendable(item, question.order, how.key(item)) for n, question, item, how in formats}


def measure_autosave(bench: Bench) -> Cost:
    mara = bench.trainee("Saver")
    mara.read("ethics")
    client = bench.browser(mara.person)
    begin = {"csrf_token": bench.csrf(), "mode": "counted"}
    address = ok(client.post(f"/quizzes/{mara.enrolment.id}/ethics", data=begin), 303).location
    turn = iter(range(10**9))
    asked = next(name for name, values in answers_to(bench, address, "ethics").items() if len(values) == 1)

    def save() -> None:
        n = next(turn)
        form = {"csrf_token": bench.csrf(), "seen": 10**6, "only": asked[1:], asked: str(n % 3)}
        ok(client.post(f"{address}/answers", data=form, headers={"Accept": "application/json"}))

    return cpu_ms(save, 30)


def measure_attempt(bench: Bench) -> Cost:
    walks = [bench.trainee(f"Taker{n}") for n in range(ROUNDS * 2 + 1)]
    for walk in walks:
        walk.read("screening")
    clients = iter([(walk, bench.browser(walk.person)) for walk in walks])

    def take() -> None:
        walk, client = next(clients)
        begin = {"csrf_token": bench.csrf(), "mode": "counted"}
        start = client.post(f"/quizzes/{walk.enrolment.id}/screening", data=begin)
        address = ok(start, 303).location
        ok(client.get(address))
        form = {"csrf_token": bench.csrf(), "seen": "0"} | answers_to(bench, address, "screening")
        ok(client.post(f"{address}/answers", data=form), 303)
        ok(client.post(f"{address}/submission", data={"csrf_token": bench.csrf()}), 303)
        ok(client.get(f"{address}/result"))

    return cpu_ms(take, 2)


def measure_step(bench: Bench) -> Cost:
    case = bench.catalogue.cases["hold-me"]
    walk = bench.trainee("Player")
    client = bench.browser(walk.person)
    spent: list[float] = []
    for _ in range(ROUNDS):
        start = client.post(f"/cases/{walk.enrolment.id}/hold-me", data={"csrf_token": bench.csrf()})
        address = ok(start, 303).location
        while True:
            with bench.database.reading() as session:
                run = run_of(session, session.get_one(CaseRun, address.split("/")[-1]), case)
            choice = expert_choice(case, run.play.state)
            if run.has_ended or choice is None:
                break
            token = run.token(bench.app.config["SECRET_KEY"], choice)
            begun = time.process_time()
            ok(client.post(f"{address}/steps", data={"csrf_token": bench.csrf(), "choice": token}), 303)
            ok(client.get(address), 200, 303)
            spent.append((time.process_time() - begun) * 1000)
    return Cost.of(spent)


def measure_proving() -> Cost:
    """Return the cost of playing every shipped case in every possible way: all variants, twenty people each."""
    files = read_folder(ROOT / "content")
    limits = site_limits(files)

    def prove_all() -> None:
        vital_at.cache_clear()
        for path in sorted(path for path in files if path.startswith("cases/")):
            case, messages = compile_case(path, files[path].decode(), limits)
            if case is None or proved(case).messages:
                raise RuntimeError(f"{path} is not sound: {messages}")

    return cpu_ms(prove_all, 1)


def evidence_of(bench: Bench, leaf: RequirementLeaf, enrolment: Enrolment, at: datetime) -> Iterator[Base]:
    """Yield the rows of somebody who has done one leaf."""
    whose: dict[str, Any] = {"enrolment_id": enrolment.id}
    source: dict[str, Any] = {"person_id": enrolment.person_id, "release_hash": bench.catalogue.release.hash}
    key = new_id()
    match leaf.kind:
        case RequirementKind.MODULE:
            module = bench.catalogue.course.module(leaf.slug)
            for lesson in module.lessons if module else ():
                name = {"module": leaf.slug, "lesson": lesson.slug, "lesson_hash": lesson.hash}
                yield LessonRead(**whose, **name, minutes=lesson.minutes, read_at=at)
        case RequirementKind.QUIZ:
            yield from passed_questions(leaf.slug, key, whose | source, at)
        case RequirementKind.CASE:
            story = {"case_slug": leaf.slug, "case_hash": bench.catalogue.cases[leaf.slug].hash, "variant": "measured"}
            calm = {"purpose": RunPurpose.PRACTICE, "pace": Pace.CALM, "factor": 100}
            yield CaseRun(id=key, **whose, **source, **story, **calm, seed=0, number=1, started_at=at)
            end = {"ending": "measured", "passed": True, "result": {}, "rubric": "measured"}
            yield CaseEnding(run_id=key, **end, ended_at=at)
            yield DebriefStep(run_id=key, number=1, whole=1, at=at)
        case RequirementKind.EXAM if leaf.slug in bench.catalogue.knowledge_exams:
            yield from passed_questions(leaf.slug, key, whose | source, at)
        case RequirementKind.EXAM:
            sat = {"exam": leaf.slug, "number": 1, "form": 0}
            yield Sitting(id=key, **whose, **source, **sat, started_at=at)
            story = {"case_slug": "measured", "case_hash": "0" * 64, "variant": "measured", "seed": 0}
            yield SittingCase(sitting_id=key, position=1, warm_up=False, **story)
            yield SittingResult(sitting_id=key, zone=Zone.ABOVE, result={}, at=at)
        case RequirementKind.ATTESTATION:
            text = bench.catalogue.course.attestations[leaf.slug]
            signed = {"attestation": leaf.slug, "version": text.version, "text_hash": text.hash, "name_signed": "-"}
            yield SignedAttestation(id=key, **whose, **signed, signed_at=at)
        case RequirementKind.WRITTEN:
            task = bench.catalogue.written[leaf.slug]
            sent = {"task": task.id, "task_hash": task.hash, "number": 1, "text": "Measured."}
            yield WrittenAnswer(id=key, **whose, **source, **sent, sent_at=at)
            steps = [len(criterion.anchors) - 1 for criterion in task.rubric]
            yield WrittenOutcome(answer_id=key, steps=steps, holds=True, rule="measured", at=at)


def passed_questions(bank: str, key: str, whose: Mapping[str, Any], at: datetime) -> Iterator[Base]:
    """Yield the rows of somebody who has passed a quiz, or an examination by questions."""
    form = {"bank": bank, "counted": True, "number": 1, "seed": key, "form": []}
    yield QuizAttempt(id=key, **whose, **form, started_at=at)
    mark = {"points": 12, "out_of": 12, "passed": True, "failed_critical": [], "grader": "measured"}
    yield QuizSubmission(attempt_id=key, **mark, submitted_at=at)


def measure_matrix(bench: Bench) -> Cost:
    """Return the cost of a cohort's page. Its people stand everywhere from the first lesson to the last signature."""
    asked = leaves(bench.catalogue.programmes[PROGRAMME].needs)
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
            for leaf in asked[: n % (len(asked) + 1)]:
                session.bulk_save_objects(evidence_of(bench, leaf, enrolment, bench.now + timedelta(seconds=n)))
    client = bench.browser(bench.dana)
    return cpu_ms(lambda: ok(client.get(f"/desk/cohorts/{cohort.id}")), 1)


def holders(bench: Bench, count: int) -> list[Walk]:
    """Return people who have done everything, by the rows that this leaves behind."""
    walks = [bench.trainee(f"Holder-{new_id()}") for _ in range(count)]
    with bench.database.transaction() as session:
        for walk in walks:
            for leaf in walk.leaves():
                rows = evidence_of(bench, leaf, walk.enrolment, bench.now + timedelta(days=1))
                session.bulk_save_objects(rows)
    return walks


def decided(bench: Bench, walks: Sequence[Walk]) -> list[str]:
    """Confer, as the web does; return the ids of the decisions, whose certificates now wait for the worker."""
    ids = []
    for walk in walks:
        with bench.database.transaction() as session:
            decision = cohorts.confer_on_enrolment(
                session,
                enrolment=walk.enrolment,
                director=bench.dana,
                settings=bench.trainer.settings,
                now=utc_now(),
            )
            ids.append(decision.id)
    return ids


def issued(bench: Bench, conferral_id: str, tools: IssuingTools) -> None:
    """Issue one certificate, as the worker does."""
    with bench.trainer.database.transaction() as session:
        issue_conferral(session, conferral_id=conferral_id, tools=tools, now=utc_now())


def measure_issue(bench: Bench) -> Cost:
    """Return the cost of one certificate as the worker makes it: laid out, signed, checked, logged and kept."""
    first, *ids = decided(bench, holders(bench, 13))
    tools = tools_of(bench.trainer, now=utc_now())
    issued(bench, first, tools)  # the first also reads the fonts
    spent = []
    for one in ids:
        begun = time.process_time()
        issued(bench, one, tools)
        spent.append((time.process_time() - begun) * 1000)
    return Cost.of(spent)


def measure_bulk_issue(bench: Bench) -> Cost:
    """Return the cost of each of many certificates that wait; the worker's breaths in between cost no CPU time."""
    decided(bench, holders(bench, WAITING))
    begun = time.process_time()
    if (tally := issue_waiting(bench.trainer)).issued != WAITING:
        raise RuntimeError(f"{tally.issued} of {WAITING} certificates were issued")
    return Cost.of([(time.process_time() - begun) * 1000 / WAITING])


def certificate_in(bench: Bench) -> tuple[Walk, str]:
    """Return somebody with a certificate, and its public id."""
    (walk,) = holders(bench, 1)
    return walk, conferred(bench.trainer, walk.enrolment, now=utc_now())


def measure_number(bench: Bench) -> Cost:
    _walk, public_id = certificate_in(bench)
    client = bench.app.test_client()
    return cpu_ms(lambda: ok(client.get(f"/c/{public_id}")), 30)


def measure_receipt(bench: Bench) -> Cost:
    _walk, public_id = certificate_in(bench)
    client = bench.app.test_client()
    return cpu_ms(lambda: ok(asked_anew(client).get(f"/c/{public_id}/receipt")), 30)


def measure_file(bench: Bench) -> Cost:
    """Return the cost of verifying an uploaded genuine file, beyond that of taking any upload."""
    walk, public_id = certificate_in(bench)
    client, bare = bench.app.test_client(), reference(bench.database)
    paper = ok(bench.browser(walk.person).get(f"/certificates/{public_id}.pdf")).data
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "raw"

    def form() -> dict[str, Any]:
        return {"csrf_token": bench.csrf(), "file": (io.BytesIO(paper), "certificate.pdf")}

    kind = {"content_type": "multipart/form-data"}
    taken = cpu_ms(lambda: ok(bare.post("/", data=form(), **kind)), 20)
    return cpu_ms(lambda: ok(asked_anew(client).post("/verify", data=form(), **kind)), 20).beyond(taken)


def measure_table(bench: Bench) -> Cost:
    """Return the cost of checking a table of as many certificates as fit into one."""
    numbers = certificates_without_paper(bench, MOST_ROWS)
    client = bench.app.test_client()
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "raw"
    form = {"csrf_token": bench.csrf(), "lines": "\n".join(numbers)}
    return cpu_ms(lambda: ok(asked_anew(client).post("/verify/bulk", data=form)), 1)


def certificates_without_paper(bench: Bench, count: int) -> list[str]:
    """Enter certificates as issuing does, but for the credential and the paper; return their numbers."""
    _walk, public_id = certificate_in(bench)
    settings, now, numbers = bench.trainer.settings, utc_now(), []
    with bench.database.transaction() as session:
        model = session.get_one(Certificate, public_id)
        decision = session.scalars(select(Conferral).where(Conferral.public_id == public_id)).one()
        shared = {column.key: getattr(decision, column.key) for column in Conferral.__table__.columns}
        log = log_key(session, instance=settings.instance, base_url=settings.base_url)
        for _ in track(range(count), description=f"{count} certificates", transient=True):
            claim = replace(Claim.read(model.claim), public_id=new_id(), number=number_from(secrets.randbits(128)))
            sha256 = secrets.token_hex(32)
            numbers.append(claim.number)
            key = {"id": new_id(), "public_id": claim.public_id, "occasion": Occasion.RENEWAL}
            session.add(Conferral(**{**shared, **key}))
            committed = commit(
                session,
                public_id=claim.public_id,
                claim_sha256=claim_fingerprint(claim),
                credential_sha256=secrets.token_hex(32),
                log=log,
                now=model.issued_at,
            )
            paper = FinishedPaper(
                public_id=claim.public_id,
                number=claim.number,
                sha256=sha256,
                size=1,
                status_index=give_status_place(session),
                issued_at=model.issued_at,
                valid_until=claim.ends_at,
            )
            enter_certificate(session, paper=paper, committed=committed, log=log)
            session.add(
                Certificate(
                    public_id=claim.public_id,
                    conferral_id=key["id"],
                    number=claim.number,
                    claim=claim.plain(),
                    pdf=b"-",
                    sha256=sha256,
                    issued_at=now,
                )
            )
    return numbers


def asked_anew(client: FlaskClient) -> FlaskClient:
    """Return the client as if its network had not asked in this minute."""
    limiter.reset()
    return client


def measure_append(shelf: registry.Library) -> Cost:
    """Return the cost of one entry in a transaction that has other things to do as well, as issuing has."""
    many = cpu_ms(registry.measure_append(shelf, times=APPENDED), 2)
    return Cost(many.least / APPENDED, many.median / APPENDED)


def main() -> None:
    """Print the table."""
    table = Table(title="CPU per request; the reference is a bare Flask view, one SELECT, one precompiled template")
    for heading in ("work", "least ms", "median ms", "reference", "ratio", "goal"):
        table.add_column(heading, justify="left" if heading in ("work", "goal") else "right")
    with installation() as bench:
        client = reference(bench.database)
        figures: list[tuple[str, Callable[[], Cost], str]] = [
            ("reading page, signed in", lambda: measure_reading(bench), "≤ 3.5 ×"),
            ("quiz autosave of one answer, durable", lambda: measure_autosave(bench), "≤ 4 ×"),
            ("a whole 16-question attempt", lambda: measure_attempt(bench), "≤ 30 ×"),
            ("one case step and the next scene", lambda: measure_step(bench), "≤ 6 ×"),
            ("certificate: laid out, checked, signed, logged", lambda: measure_issue(bench), "≤ 75 ms"),
            (f"the same, each of {WAITING} that wait", lambda: measure_bulk_issue(bench), "≤ 77 ms: 13 a second"),
            ("verification page by number", lambda: measure_number(bench), "≤ 3 ×"),
            ("genuine file, beyond the upload", lambda: measure_file(bench), "≤ 5 ms"),
            ("receipt of a verification", lambda: measure_receipt(bench), ""),
            (f"table of {MOST_ROWS:,} certificates to verify", lambda: measure_table(bench), ""),
            ("every play of every case, proved", measure_proving, "≤ 60 s"),
            (
                f"matrix, {PEOPLE:,} people × {len(leaves(bench.catalogue.programmes[PROGRAMME].needs))}",
                lambda: measure_matrix(bench),
                "≤ 40 ms",
            ),
        ]
        with installation() as large:
            shelf = registry.stocked(large.database, large.trainer.settings)
            figures += [
                ("verification page by number at 10⁶", lambda: measure_number(large), "≤ 3 ×"),
                ("log append at 10⁶", lambda: measure_append(shelf), "≤ 0.5 ms"),
                ("the same, with a commit of its own", lambda: cpu_ms(registry.measure_append(shelf), 50), ""),
                ("inclusion proof at 10⁶", lambda: cpu_ms(registry.measure_proof(shelf), 50), "≤ 5 ms"),
                ("offline check of such a proof", lambda: cpu_ms(registry.measure_check(shelf), 50), "≤ 1 ms"),
            ]
            for work, measure, goal in figures:
                base = cpu_ms(lambda: ok(client.get("/")), 100)
                cost = measure()
                ratio = f"{cost.median / base.median:.1f}"
                table.add_row(work, f"{cost.least:.2f}", f"{cost.median:.2f}", f"{base.median:.2f}", ratio, goal)
            audit = registry.seconds_to_audit(shelf)
    Console(width=110).print(table)
    print(f"Audit of the log of {registry.ENTRIES:,} entries: {audit:.1f} s CPU.")


if __name__ == "__main__":
    main()
