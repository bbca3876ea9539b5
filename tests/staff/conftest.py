"""A small world with everybody in it, made once, for the table of rights."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.certificates.conftest import claim
from tests.conftest import Browser
from trainer.accounts import services as accounts
from trainer.accounts.models import Membership, Person
from trainer.accounts.offers import OfferedRole
from trainer.accounts.words import NOBODYS, Role
from trainer.app import create_app
from trainer.cases.runs.models import CaseNote, CaseRun
from trainer.cases.runs.words import Pace, RunPurpose
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.words import Occasion
from trainer.clock import utc_now
from trainer.db import Database, new_id
from trainer.enrolment.models import Cohort, ContentRelease, Enrolment
from trainer.enrolment.services import enrol
from trainer.examinations.models import Flag, Sitting, SittingResult
from trainer.examinations.words import Zone
from trainer.registry.models import RegistryEntry
from trainer.requirements.catalogue import Catalogue
from trainer.settings import ROOT, Settings
from trainer.staff import services
from trainer.staff.closing import services as closing
from trainer.written.models import WrittenAnswer, WrittenRating

HERE, ELSEWHERE = "foundations", "elsewhere"
LONG_AGO = timedelta(days=30)
RESULT = {"mean": 60, "error": 5, "cut": 60}


@dataclass
class World:
    """An installation, and ways to put somebody or something new into it."""

    app: Flask
    database: Database
    cohort: Cohort
    browsers: dict[str, Browser] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, *roles: Role, programme: str = HERE, by: str | None = None) -> Person:
        """Somebody new with these roles; an office was given by `by`."""
        made = new_id()
        with self.database.transaction() as session:
            now = utc_now() - LONG_AGO
            one = Person(
                id=made, email=f"{made}@example.org", name=f"Person {made}", password_hash=NOBODYS, created_at=now
            )
            one.memberships = [
                Membership(programme=programme, role=role, granted_at=now, granted_by=by) for role in roles
            ]
            session.add(one)
        return one

    def office(self, person: Person, role: Role, *, by: str) -> None:
        """Give somebody an office."""
        with self.database.transaction() as session:
            held = Membership(person_id=person.id, programme=HERE, role=role, granted_at=utc_now(), granted_by=by)
            session.add(held)

    def browser(self, person: Person) -> Browser:
        """Where somebody is signed in."""
        with self.database.transaction() as session:
            token = accounts.start_sign_in(session, person_id=person.id, browser="test", now=utc_now())
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser

    def role_of(self, person: Person) -> int:
        """The number of the only role of somebody."""
        return person.memberships[0].id

    def enrolment(self, person: Person | None = None) -> Enrolment:
        """A place in the cohort, for somebody new unless another is named."""
        person = person or self.person(Role.TRAINEE)
        with self.database.transaction() as session:
            return enrol(session, person_id=person.id, cohort=self.cohort, now=utc_now() - LONG_AGO)

    def certificate(self, enrolment: Enrolment | None = None) -> str:
        """The id of a certificate, as rows: nothing of it was signed."""
        enrolment, public_id, paper = enrolment or self.enrolment(), new_id(), b"%PDF-1.7"
        now, number = utc_now() - LONG_AGO, new_id()[:14].upper()
        facts = claim(public_id=public_id, number=number)
        sha256 = hashlib.sha256(paper + public_id.encode()).hexdigest()
        with self.database.transaction() as session:
            entry = {"public_id": public_id, "number": number, "sha256": sha256, "size": 8, "claim_sha256": "c" * 64}
            session.add(RegistryEntry(**entry, issued_at=now, valid_until=facts.ends_at, salt=b"s", paper_salt=b"s"))
            session.flush()
            conferral = Conferral(
                id=new_id(),
                public_id=public_id,
                enrolment_id=enrolment.id,
                person_id=enrolment.person_id,
                programme=HERE,
                decided_by=self.people["director"].id,
                decided_at=now,
                release_hash=self.cohort.release_hash,
                proof={},
                occasion=Occasion.FIRST,
                facts={},
            )
            session.add(conferral)
            session.flush()
            session.add(
                Certificate(
                    public_id=public_id,
                    conferral_id=conferral.id,
                    number=number,
                    claim=facts.plain(),
                    pdf=paper + public_id.encode(),
                    sha256=sha256,
                    issued_at=now,
                )
            )
        return public_id

    def decision(self, public_id: str) -> str:
        """The id of the decision from which a certificate followed."""
        with self.database.reading() as session:
            return session.query(Conferral.id).where(Conferral.public_id == public_id).scalar()

    def answer(self, enrolment: Enrolment | None = None, *, twice: bool = False) -> str:
        """The id of an answer in somebody's own words, which waits for a rater or was rated twice."""
        enrolment, now = enrolment or self.enrolment(), utc_now() - LONG_AGO
        about = {"enrolment_id": enrolment.id, "person_id": enrolment.person_id, "task": "coffee", "number": 1}
        about |= {"release_hash": self.cohort.release_hash, "task_hash": "a" * 64, "text": "No.", "sent_at": now}
        answer, raters = WrittenAnswer(id=new_id(), **about), [self.person(), self.person()] if twice else []
        with self.database.transaction() as session:
            session.add(answer)
            session.flush()
            for place, rater in enumerate(raters, start=1):
                given = {"steps": [2, 2, 2, 2, 2], "comment": "Clear.", "rated_by": rater.id, "at": now}
                session.add(WrittenRating(answer_id=answer.id, place=place, **given))
        return answer.id

    def sitting(self, enrolment: Enrolment | None = None, *, zone: Zone = Zone.GREY, flagged: bool = False) -> str:
        """The id of a sitting that came to its end, or that of the flag raised in it."""
        enrolment, now = enrolment or self.enrolment(), utc_now() - LONG_AGO
        about = {"enrolment_id": enrolment.id, "person_id": enrolment.person_id, "started_at": now}
        about |= {"release_hash": self.cohort.release_hash, "number": 1}
        sitting = Sitting(id=new_id(), exam="judgement", form=1, **about)
        case = {"case_slug": "tablet", "case_hash": "a" * 64, "variant": "one", "seed": 1}
        run = CaseRun(id=new_id(), **case, **about, purpose=RunPurpose.EXAM, pace=Pace.REAL, factor=100)
        flag = Flag(id=new_id(), sitting_id=sitting.id, run_id=run.id, rule="cf05-left-alone", raised_at=now)
        with self.database.transaction() as session:
            session.add_all([sitting, run])
            session.flush()
            if flagged:
                session.add(flag)
            session.add(SittingResult(sitting_id=sitting.id, zone=zone, result=RESULT, at=now))
        return flag.id if flagged else sitting.id

    def note(self) -> str:
        """What a trainee wrote after a case and shows to supervisors."""
        self.sitting()
        text = new_id()
        with self.database.transaction() as session:
            run = session.query(CaseRun).order_by(CaseRun.started_at.desc(), CaseRun.id).first()
            session.add(
                CaseNote(run_id=run.id, seq=session.query(CaseNote).count() + 1, text=text, shared=True, at=utc_now())
            )
        return text

    def invitation(self, role: Role) -> str:
        """The id of an open invitation."""
        with self.database.transaction() as session:
            invitation, _ = accounts.make_invitation(
                session,
                email=f"{new_id()}@example.org",
                name="Noor",
                into=OfferedRole(programme=HERE, role=role, cohort_id=self.cohort.id if role is Role.TRAINEE else None),
                invited_by=None,
                now=utc_now(),
            )
            return invitation.id


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue, archive) -> Iterator:
    """Everybody of the columns of the table, each in a browser of their own."""
    home = tmp_path_factory.mktemp("rights")
    shutil.copy(sqlite_template, home / "trainer.sqlite")
    app = create_app(
        Settings(
            instance=home,
            content=ROOT / "content",
            database_url=f"sqlite:///{home}/trainer.sqlite",
            base_url="http://localhost",
            issuer="Trainer test programme",
            secret_key="a secret that is long enough for tests",
            secure_cookies=False,
        )
    )
    app.testing = True
    app.test_client_class = Browser
    database: Database = app.extensions["trainer.database"]
    with database.transaction() as session:
        now = utc_now() - LONG_AGO
        session.add(ContentRelease(hash=catalogue.release.hash, archive=archive, published_at=now, note=""))
        session.flush()
        cohort = Cohort(
            id=new_id(),
            programme=HERE,
            name="Spring",
            release_hash=catalogue.release.hash,
            starts_on=now.date(),
            created_at=now,
        )
        session.add(cohort)
    made = World(app, database, cohort)
    _people(made)
    yield made
    database.close()


def _people(world: World) -> None:
    here = {
        "trainee": Role.TRAINEE,
        "supervisor": Role.SUPERVISOR,
        "director": Role.DIRECTOR,
        "administrator": Role.ADMINISTRATOR,
        "until it ended": Role.DIRECTOR,
        "closed": Role.DIRECTOR,
    }
    there = {"director elsewhere": Role.DIRECTOR, "administrator elsewhere": Role.ADMINISTRATOR}
    world.people |= {name: world.person(role) for name, role in here.items()}
    world.people |= {name: world.person(role, programme=ELSEWHERE) for name, role in there.items()}
    world.browsers["stranger"] = world.app.test_client()
    world.browsers |= {name: world.browser(person) for name, person in world.people.items()}
    with world.database.transaction() as session:
        now, why = utc_now(), "A test of what is left."
        left = session.get_one(Person, world.people["until it ended"].id)
        services.end_role(session, membership=left.memberships[0], by=None, reason=why, now=now)
        closed = session.get_one(Person, world.people["closed"].id)
        closing.close_account(session, person=closed, by=None, reason=why, now=now)
