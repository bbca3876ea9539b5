"""The stage: fresh databases, an application, browsers, and the people who appear in the tests.

Mara and Omar are trainees who have nothing to do with each other, Dana directs the programme
`foundations`, Sol supervises in it, Ada administers, and Nils directs another programme.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from trainer.accounts import services as accounts
from trainer.accounts.models import Membership, Person, Role
from trainer.accounts.passwords import hashed
from trainer.clock import utc_now
from trainer.db import Database, new_id
from trainer.db.migrations import upgrade
from trainer.settings import ROOT, Settings

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Switch off pytest-flask's own: one shared context shares `g`, hence who is signed in."""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of our own, reached by a socket; gives the address of a named database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    home = Path("/tmp") / f"trainer-pg-{os.getpid()}"
    home.mkdir(mode=0o700)
    user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        subprocess.run([*user, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")

    run(str(programs / "initdb"), "-D", f"{home}/data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8")
    options = f"-c listen_addresses='' -k {home} -c fsync=off -c full_page_writes=off -c max_connections=200"
    run(str(programs / "pg_ctl"), "-D", f"{home}/data", "-l", f"{home}/log", "-w", "-o", options, "start")
    try:
        yield lambda name: f"postgresql+psycopg://postgres@/{name}?host={home}"
    finally:
        run(str(programs / "pg_ctl"), "-D", f"{home}/data", "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: Callable[[str], str]) -> str:
    """The name of an empty, migrated PostgreSQL database, to be copied."""
    _on_postgres(postgres("postgres"), "CREATE DATABASE empty")
    database = Database(postgres("empty"))
    upgrade(database)
    database.close()
    return "empty"


def _on_postgres(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; each test that asks runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "trainer.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    postgres = request.getfixturevalue("postgres")
    name = f"t{new_id()}"
    template = request.getfixturevalue("postgres_template")
    _on_postgres(postgres("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgres(name)
    _on_postgres(postgres("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a small installation."""
    return Settings(
        instance=tmp_path,
        content=ROOT / "content",
        database_url=database_url,
        base_url="http://localhost",
        issuer="Trainer test programme",
        secret_key="a secret that is long enough for tests",
        secure_cookies=False,
    )


class Browser(FlaskClient):
    """A person's browser: it sends forms with the token that a page of ours would have held."""

    def send(self, path: str, data: dict[str, object] | None = None, **kwargs: object) -> TestResponse:
        """POST a form as the page itself would."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", "raw-token-of-the-test")
        signer = URLSafeTimedSerializer(self.application.config["SECRET_KEY"], salt="wtf-csrf-token")
        return self.post(path, data={**(data or {}), "csrf_token": signer.dumps(raw)}, **kwargs)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on a fresh database."""
    from trainer.app import create_app  # pure tests need not load the whole house

    app = create_app(settings)
    app.testing = True
    app.test_client_class = Browser
    yield app
    app.extensions["trainer.database"].close()


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's own database."""
    return app.extensions["trainer.database"]


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Somebody who is not signed in."""
    return app.test_client()


@pytest.fixture
def as_(app: Flask, database: Database) -> Callable[[Person], Browser]:
    """Sign somebody in, in a browser of their own."""

    def sign_in(person: Person) -> Browser:
        with database.transaction() as session:
            token = accounts.start_sign_in(session, person_id=person.id, browser="test", now=utc_now())
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser

    return sign_in


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of PASSWORD; hashing is slow on purpose, so it is done once."""
    return hashed(PASSWORD)


@pytest.fixture
def person(database: Database, password_hash: str) -> Callable[..., Person]:
    """Make a person: `person("Mara", Role.TRAINEE)`."""

    def make(name: str, *roles: Role, programme: str = "foundations") -> Person:
        with database.transaction() as session:
            now = utc_now() - timedelta(days=30)
            made = Person(
                id=new_id(),
                email=f"{name.split(maxsplit=1)[0].lower()}@example.org",
                name=name,
                password_hash=password_hash,
                created_at=now,
            )
            made.memberships = [Membership(programme=programme, role=role, granted_at=now) for role in roles]
            session.add(made)
        return made

    return make


@pytest.fixture
def mara(person: Callable[..., Person]) -> Person:
    """A trainee."""
    return person("Mara Vogel", Role.TRAINEE)


@pytest.fixture
def omar(person: Callable[..., Person]) -> Person:
    """Another trainee, who has nothing to do with Mara."""
    return person("Omar Haddad", Role.TRAINEE)


@pytest.fixture
def dana(person: Callable[..., Person]) -> Person:
    """The director of `foundations`."""
    return person("Dana Rivers", Role.DIRECTOR)


@pytest.fixture
def nils(person: Callable[..., Person]) -> Person:
    """The director of another programme."""
    return person("Nils Berg", Role.DIRECTOR, programme="elsewhere")


@pytest.fixture
def sol(person: Callable[..., Person]) -> Person:
    """A supervisor of `foundations`."""
    return person("Sol Marin", Role.SUPERVISOR)


@pytest.fixture
def ada(person: Callable[..., Person]) -> Person:
    """An administrator."""
    return person("Ada Quill", Role.ADMINISTRATOR)
