"""The stage: fresh databases, an application, browsers, and the people who appear in the tests.

Mara and Omar are trainees who have nothing to do with each other, Dana directs the programme
`foundations`, Sol supervises in it, Ada administers, and Nils directs another programme.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from tests.stage.browser import Browser
from tests.stage.people import a_person
from tests.stage.way import a_cohort, a_place, a_walk, an_installation, sign_cases
from trainer.accounts import services as accounts
from trainer.accounts.models import Person
from trainer.accounts.passwords import hashed
from trainer.accounts.words import Role
from trainer.authoring.archive import pack_release
from trainer.authoring.release import read_folder, release_of
from trainer.clock import utc_now
from trainer.db import Database
from trainer.enrolment.models import Cohort, Enrolment
from trainer.registry.keys import key_in
from trainer.registry.notes import Signer
from trainer.requirements.catalogue import Catalogue, catalogue_of
from trainer.settings import ROOT, Settings

pytest_plugins = [
    "tests.stage.garbage",
    "tests.stage.postgres",
    "tests.stage.states",
    "tests.stage.databases",
    "tests.stage.application",
    "tests.stage.authority",
    "tests.stage.chromium",
    "tests.stage.inspector",
    "tests.stage.demonstration",
]

PASSWORD = "correct horse battery"
WITHOUT_TRIGGERS = (
    "PRAGMA writable_schema = ON",
    "DELETE FROM sqlite_master WHERE type = 'trigger'",  # to drop a hundred one by one reads the schema as often
    "PRAGMA schema_version = 1000000",  # so that every connection reads the schema anew
)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a small installation."""
    return an_installation(database_url, tmp_path)


@pytest.fixture
def log(settings: Settings) -> Signer:
    """The key that signs the installation's log."""
    return key_in(settings.instance, base_url=settings.base_url)


@pytest.fixture
def tampering(database: Database) -> Callable[[], AbstractContextManager[Session]]:
    """Write into the database as its own administrator could: past the triggers and the references."""

    @contextmanager
    def past_the_guards() -> Iterator[Session]:
        engine = create_engine(database.url)
        with Session(engine) as session, session.begin():
            if engine.dialect.name == "sqlite":
                for statement in WITHOUT_TRIGGERS:
                    session.execute(text(statement))
            else:
                session.execute(text("SET LOCAL session_replication_role = replica"))
            yield session
        engine.dispose()

    return past_the_guards


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

    return lambda name, *roles, **where: a_person(database, password_hash, name, *roles, **where)


@pytest.fixture
def omar(person: Callable[..., Person]) -> Person:
    """Another trainee, who has nothing to do with Mara."""
    return person("Omar Haddad", Role.TRAINEE)


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


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped content, understood; parsed once."""
    return catalogue_of(release_of(read_folder(ROOT / "content")))


@pytest.fixture(scope="session")
def archive(catalogue: Catalogue) -> bytes:
    """The shipped content as it is kept in the database."""
    return pack_release(catalogue.release.files)


@pytest.fixture
def cohort(database: Database, catalogue: Catalogue, archive: bytes) -> Cohort:
    """A cohort of `foundations` on the shipped content."""
    return a_cohort(database, catalogue, archive)


@pytest.fixture
def enrolled(database: Database, cohort: Cohort) -> Callable[[Person], Enrolment]:
    """Enrol somebody in the cohort."""
    return lambda person: a_place(database, cohort, person)


@pytest.fixture
def reviewed(database: Database, catalogue: Catalogue, sol: Person) -> None:
    """Sol has signed every case, so that cases count."""
    sign_cases(database, catalogue, sol)


@pytest.fixture
def worked(database: Database, settings: Settings) -> Callable[[], None]:
    """Let the worker do what waits for it: `worked()`."""
    from trainer.installation import Installation
    from trainer.issuing.errands import issue_waiting

    def work() -> None:
        assert issue_waiting(Installation(settings, database)).failed == 0

    return work


@pytest.fixture
def walk(app: Flask, database: Database, settings: Settings, enrolled: Callable[[Person], Enrolment]):
    """Set somebody on the way: `walk(mara)` gives a Walk that reads, answers, plays and promises."""
    return lambda person: a_walk(database, settings, person, enrolled(person))
