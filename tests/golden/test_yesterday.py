"""What was set up under an earlier version opens, verifies and is of use under this one.

The installations in `installations/` were kept by `make golden`, each by the very version that its name gives.
"""

import re
import shutil
import subprocess
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.golden.keep import DUMP, HERE
from trainer.accounts import services as accounts
from trainer.accounts.queries import person_by_email
from trainer.app import create_app
from trainer.certificates.audit.queries import audit_certificates
from trainer.certificates.models import Certificate
from trainer.clock import utc_now
from trainer.db import Database
from trainer.db.migrations import upgrade
from trainer.enrolment.models import Cohort, ContentRelease, Enrolment
from trainer.enrolment.queries import release_with
from trainer.quizzes.models import QuizAnswer
from trainer.registry.audit.queries import audit_log, audit_registry
from trainer.registry.keys import verifier_in
from trainer.registry.services import log_what_is_older
from trainer.requirements.catalogue import catalogue_of
from trainer.requirements.queries import what_is_unreadable
from trainer.settings import ROOT, Settings
from trainer.verify.offline.checking import verify_offline
from trainer.verify.trust.trust_file import read_trust

COPIES = sorted(HERE.glob("*.tar.xz"))
PEOPLE = ("dana", "sol", "ada", "omar", "tomas")
OF_A_KIND = 2
"""So many pages of one kind are opened for each of the people."""


@dataclass(frozen=True)
class Yesterday:
    """An installation of an earlier version, brought to the newest schema."""

    app: Flask
    settings: Settings
    database: Database

    def browser(self, name: str) -> Browser:
        """Sign in somebody of the demonstration."""
        with self.database.transaction() as session:
            person = person_by_email(session, f"{name}@demo.example")
            assert person
            token = accounts.start_sign_in(session, person_id=person.id, browser="test", now=utc_now())
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return browser


@pytest.fixture(scope="module", params=COPIES, ids=lambda path: path.name.removesuffix(".tar.xz"))
def yesterday(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yesterday]:
    """Give an installation of each kept version, upgraded."""
    yield from _upgraded(request.param, tmp_path_factory.mktemp("yesterday"), request)


@pytest.fixture(
    params=[one for one in COPIES if "4e8fd0f" in one.name], ids=lambda path: path.name.removesuffix(".tar.xz")
)
def spoilt(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Yesterday]:
    """Give an installation of yesterday, on each database, in which one more cohort follows what cannot be read."""
    for yesterday in _upgraded(request.param, tmp_path, request):
        with yesterday.database.transaction() as session:
            _spoil(session)
        yield yesterday


def _upgraded(copy: Path, instance: Path, request: pytest.FixtureRequest) -> Iterator[Yesterday]:
    """Unpack a copy and upgrade it, as `trainer db upgrade` does."""
    with tarfile.open(copy) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.2 of Debian 12 has none
        archive.extractall(instance)
    address = f"sqlite:///{instance / 'trainer.sqlite'}"
    if (instance / DUMP).exists():
        address = _restored(instance / DUMP, request.getfixturevalue("postgres"))
    settings = Settings(
        instance=instance,
        content=ROOT / "content",
        database_url=address,
        base_url="http://127.0.0.1:8000",
        issuer="Trainer demonstration programme",
        secret_key="a secret that is long enough for tests",
        secure_cookies=False,
    )
    database = Database(address)
    upgrade(database)
    if not (instance / "log").exists():  # before there was a log; the key of a later one is not kept
        with database.transaction() as session:
            log_what_is_older(session, instance=instance, base_url=settings.base_url, now=utc_now())
    app = create_app(settings)
    app.testing = True
    app.test_client_class = Browser
    yield Yesterday(app, settings, database)
    app.extensions["trainer.database"].close()
    database.close()


SPOILT = "spoilt"


def _spoil(session: Session) -> None:
    now = utc_now()
    session.add(
        ContentRelease(hash="0" * 64, archive=b"no archive", format=1, published_at=now - timedelta(days=900), note="")
    )
    session.flush()
    whole = session.scalars(select(Cohort)).first()
    session.add(
        Cohort(
            id=SPOILT,
            programme=whole.programme,
            name="Spoilt",
            release_hash="0" * 64,
            starts_on=now.date() - timedelta(days=900),
            created_at=now,
        )
    )
    session.flush()
    omar = person_by_email(session, "omar@demo.example")
    session.add(
        Enrolment(
            id=SPOILT, person_id=omar.id, cohort_id=SPOILT, programme=whole.programme, enrolled_at=now - timedelta(9)
        )
    )


def _restored(dump: Path, postgres: Callable[[str], str]) -> str:
    name = f"golden_{dump.parent.name}"
    server = create_engine(postgres("postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    server.dispose()
    program = shutil.which("pg_restore") or "pg_restore"
    plain = postgres(name).replace("postgresql+psycopg://", "postgresql://")
    subprocess.run([program, "--no-owner", "--exit-on-error", "-d", plain, str(dump)], check=True)
    return postgres(name)


def test_at_least_seven_earlier_versions_are_kept() -> None:
    assert len(COPIES) >= 8
    assert any("postgresql" in path.name for path in COPIES)


def test_every_kind_of_page_that_its_people_can_reach_opens(yesterday: Yesterday) -> None:
    for name in PEOPLE:
        seen = _seen(yesterday, name, of_a_kind=OF_A_KIND)
        assert not [path for path, (_, status) in seen.items() if status >= 400], name
        assert len({endpoint for endpoint, _ in seen.values()}) > 5, f"{name} sees nothing but {seen}"


def _seen(yesterday: Yesterday, name: str, *, of_a_kind: int) -> dict[str, tuple[str, int]]:
    """Let somebody follow every link, so many of a kind; return each path with its endpoint and status."""
    browser, seen, to_see = yesterday.browser(name), {}, ["/"]
    count = Counter[str]()
    for path in to_see:
        endpoint = _endpoint(yesterday.app, path)
        if count[endpoint] == of_a_kind:
            continue
        count[endpoint] += 1
        answer = browser.get(path)
        if endpoint != "staff.end" or answer.status_code != 409:  # the last director cannot lay it down
            seen[path] = endpoint, answer.status_code
        links = _links(answer.text) if answer.mimetype == "text/html" else []
        onward = (answer.location or "").partition("#")[0]  # which no browser sends
        to_see += [link for link in (*links, onward) if link and link not in to_see]
    return seen


def _endpoint(app: Flask, path: str) -> str:
    return app.url_map.bind("localhost").match(path.partition("?")[0])[0]


def _links(page: str) -> list[str]:
    found = (unescape(link).partition("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', page))
    return [link for link in found if not link.startswith(("/static/", "/api/", "/tile/"))]


def test_a_cohort_that_cannot_be_read_is_named_and_holds_up_nobody_else(spoilt: Yesterday) -> None:
    with spoilt.database.reading() as session:
        said = what_is_unreadable(session)
    assert (
        "cannot read 1 of its cohorts. “Spoilt” of foundations: The stored content of this cohort is damaged." in said
    )
    assert "damaged" in spoilt.browser("dana").get("/desk/").text
    for name in (*PEOPLE, "noor"):
        failed = {path for path, (_, status) in _seen(spoilt, name, of_a_kind=4).items() if status >= 400}
        assert not [path for path in failed if SPOILT not in path], name
        assert bool(failed) is (name in {"dana", "ada", "omar"}), f"{name}: {failed}"


def test_every_text_that_was_published_can_still_be_read(yesterday: Yesterday) -> None:
    with yesterday.database.reading() as session:
        for release_hash in session.scalars(select(ContentRelease.hash)):
            release = release_with(session, release_hash)
            read = catalogue_of(release)
            count = {kind: sum(bool(re.match(path, name)) for name in release.files) for kind, path in TEXTS.items()}
            assert len(read.course.modules) == count["modules"]
            assert len(read.banks) == count["banks"]
            assert len(read.cases) == count["cases"]
            assert len(read.exams) == count["exams"]
            assert len(read.programmes) == count["programmes"]
        for cohort in session.scalars(select(Cohort)):
            assert cohort.programme in catalogue_of(release_with(session, cohort.release_hash)).programmes


TEXTS = {
    "modules": r"modules/[^/]+/module\.md$",
    "banks": r"modules/[^/]+/bank\.md$",
    "cases": r"cases/[^/]+/en\.md$",
    "exams": r"exams/[^/]+\.yaml$",
    "programmes": r"programmes/[^/]+\.yaml$",
}


def test_its_log_and_certificates_fit_together(yesterday: Yesterday) -> None:
    with yesterday.database.reading() as session:
        verifier = verifier_in(yesterday.settings.instance)
        assert not [*audit_log(session, verifier=verifier, step=lambda: None)]
        assert not [*audit_registry(session, step=lambda: None)]
        assert not [*audit_certificates(session, step=lambda: None)]


def test_a_stranger_finds_its_certificates_genuine(yesterday: Yesterday) -> None:
    stranger = yesterday.app.test_client()
    for name, status in (("Ilse Exemplar", "valid"), ("Tomas Specimen", "revoked")):
        number, public_id, paper = _paper_of(yesterday, name)
        assert stranger.post("/api/v1/verify", json={"text": number}).json["status"] == status
        assert stranger.get(f"/c/{public_id}").status_code == 200
        sent = {"file": (BytesIO(paper), "certificate.pdf")}
        answer = stranger.send("/verify", sent, content_type="multipart/form-data")
        assert answer.status_code == 200
        assert {"valid": "Valid", "revoked": "Revoked"}[status] in answer.text


def test_its_trust_file_still_checks_its_papers_offline(yesterday: Yesterday) -> None:
    pinned = yesterday.settings.instance / "trust.json"
    if not pinned.exists():  # before there was one
        return
    paper = _paper_of(yesterday, "Ilse Exemplar")[2]
    verdict = verify_offline(paper, trust=read_trust(pinned.read_text()), now=utc_now())
    assert verdict.status == "valid"


def _paper_of(yesterday: Yesterday, name: str) -> tuple[str, str, bytes]:
    with yesterday.database.reading() as session:
        for one in session.scalars(select(Certificate)):
            if one.claim["holder"] == name:
                return one.number, one.public_id, one.pdf
    raise AssertionError(name)


def test_its_people_go_on_where_they_were(yesterday: Yesterday) -> None:
    noor = yesterday.browser("noor")
    with yesterday.database.reading() as session:
        person = person_by_email(session, "noor@demo.example")
        enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
        before = session.scalar(select(func.count()).select_from(QuizAnswer))
        modules = catalogue_of(release_with(session, session.get_one(Cohort, enrolment.cohort_id).release_hash)).course
    for lesson in modules.modules[0].lessons:
        assert noor.send(f"/learn/{enrolment.id}/ethics/{lesson.slug}/read").status_code == 303
    attempt = noor.send(f"/quizzes/{enrolment.id}/ethics", {"mode": "counted"}).location
    assert noor.send(f"{attempt}/answers", {"seen": "0", "q1": "0", "q2": "1"}).status_code == 303
    assert noor.send(f"{attempt}/submission").status_code == 303
    run = noor.send(f"/cases/{enrolment.id}/tablet").location
    assert noor.get(run).status_code == 200
    with yesterday.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(QuizAnswer)) == before + 2
