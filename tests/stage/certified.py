"""A cohort, Mara's place in it with everything met, and her certificate: for rooms whose tests begin there.

A room takes it into its `conftest.py` by `from tests.stage.certified import *`. A test that asks for `certificate`
finds it issued; the signing was done once in the process. A file that has its own programme, proof or tools gives
itself the state `EMPTY` too, and then everything is done anew.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.stage.authority import ISSUED
from tests.stage.people import a_person
from tests.stage.states import EMPTY, State, only
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.certificates.conferring.basis import Basis
from trainer.certificates.conferring.services import confer
from trainer.certificates.models import Certificate, Conferral, NameChoice
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.signing.authority import Authority
from trainer.certificates.words import ConsentLevel
from trainer.db import Database, new_id
from trainer.enrolment.models import Cohort, ContentRelease, Enrolment
from trainer.issuing.services import issue
from trainer.issuing.tools import IssuingTools
from trainer.registry.keys import key_in
from trainer.registry.notes import Signer
from trainer.requirements.hours import Learning
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Group, LeafRecord, Proof, RequirementKind, RequirementLeaf, prove_requirement

__all__ = [
    "award",
    "certificate",
    "cohort",
    "decide",
    "enrol",
    "enrolment",
    "met",
    "programme",
    "state",
    "tools",
]

BASE_URL = "http://localhost"
TOPICS = (("Ethics and informed consent", 400), ("Medical and psychiatric screening", 240), ("Hold me (case)", 114))
COVERED = tuple(title for title, _ in TOPICS)
NEEDS = Group(
    title="Everything", needed=1, parts=(RequirementLeaf(kind=RequirementKind.MODULE, slug="ethics", title=COVERED[0]),)
)
MET = prove_requirement(
    NEEDS, {(RequirementKind.MODULE, "ethics"): LeafRecord(done=1, whole=1, evidence="Read.", at=ISSUED)}
)
FOUNDATIONS = Programme(
    slug="foundations",
    title="Foundations of psychedelic-assisted therapy",
    credential="Certificate in psychedelic-assisted therapy, foundations",
    version="2026.1",
    validity_months=24,
    summary="All of it.",
    needs=NEEDS,
)


def _spring(database: Database) -> Cohort:
    with database.transaction() as session:
        session.add(ContentRelease(hash="3f" * 32, archive=b"", published_at=ISSUED, note=""))
        session.flush()
        made = Cohort(
            id=new_id(),
            programme="foundations",
            name="Spring 2026",
            release_hash="3f" * 32,
            starts_on=date(2026, 1, 5),
            created_at=ISSUED,
        )
        session.add(made)
    return made


def _enrolled(database: Database, cohort: Cohort, person: Person) -> Enrolment:
    """Enrol somebody who has said that their name may be shown once they have a certificate."""
    with database.transaction() as session:
        made = Enrolment(
            id=new_id(), person_id=person.id, cohort_id=cohort.id, programme="foundations", enrolled_at=ISSUED
        )
        session.add(made)
        session.add(NameChoice(person_id=person.id, level=ConsentLevel.SHOWN, at=ISSUED))
    return made


def _decided(
    database: Database,
    enrolment: Enrolment,
    director: Person,
    *,
    proof: Proof = MET,
    programme: Programme = FOUNDATIONS,
    now: datetime = ISSUED,
) -> Conferral:
    basis = Basis(programme=programme, proof=proof, learned=Learning(modules=TOPICS, work=()))
    with database.transaction() as session:
        return confer(
            session, enrolment=enrolment, director=director, basis=basis, issuer="Trainer test programme", now=now
        )


def _issued(database: Database, conferral: Conferral, tools: IssuingTools, now: datetime = ISSUED) -> Certificate:
    with database.transaction() as session:
        return issue(session, conferral_id=conferral.id, tools=tools, now=now)[0]


def _means(authority: Authority, log: Signer) -> IssuingTools:
    return IssuingTools(authority=authority, log=log, base_url=BASE_URL, size=PaperSize.A4, check=lambda _paper: None)


def until_issued(authority: Authority, password_hash: str, database: Database, instance: Path) -> None:
    """Everything that `certificate` stands on, in the order in which the fixtures would do it."""
    dana = a_person(database, password_hash, "Dana Rivers", Role.DIRECTOR)
    mara = a_person(database, password_hash, "Mara Vogel", Role.TRAINEE)
    cohort = _spring(database)
    enrolment = _enrolled(database, cohort, mara)
    conferral = _decided(database, enrolment, dana)
    _issued(database, conferral, _means(authority, key_in(instance, base_url=BASE_URL)))


@pytest.fixture
def state(request: pytest.FixtureRequest, authority: Authority, password_hash: str) -> State:
    """With Mara's certificate issued, where a test asks for it."""
    if "certificate" not in request.fixturenames:
        return EMPTY
    return State("issued", partial(until_issued, authority, password_hash))


@pytest.fixture
def programme() -> Programme:
    return FOUNDATIONS


@pytest.fixture
def met() -> Proof:
    return MET


@pytest.fixture
def cohort(state: State, database: Database) -> Cohort:
    return _spring(database) if state == EMPTY else only(database, Cohort)


@pytest.fixture
def enrol(database: Database, cohort: Cohort) -> Callable[[Person], Enrolment]:
    return lambda person: _enrolled(database, cohort, person)


@pytest.fixture
def enrolment(state: State, database: Database, enrol: Callable[[Person], Enrolment], mara: Person) -> Enrolment:
    return enrol(mara) if state == EMPTY else only(database, Enrolment)


@pytest.fixture
def tools(authority: Authority, log: Signer) -> IssuingTools:
    """What the worker issues with."""
    return _means(authority, log)


@pytest.fixture
def decide(
    database: Database, cohort: Cohort, programme: Programme, met: Proof, dana: Person
) -> Callable[..., Conferral]:
    """Confer, as the director's desk does: `decide(enrolment, mara)`."""

    def confer_as_dana(
        enrolment: Enrolment, holder: Person, *, proof: Proof = met, director: Person = dana, now: datetime = ISSUED
    ) -> Conferral:
        return _decided(database, enrolment, director, proof=proof, programme=programme, now=now)

    return confer_as_dana


@pytest.fixture
def award(database: Database, decide: Callable[..., Conferral], tools: IssuingTools) -> Callable[..., Certificate]:
    """Confer as the desk does, then issue as the worker does: `award(enrolment, mara)`."""

    def give(enrolment: Enrolment, holder: Person, *, now: datetime = ISSUED, **how: object) -> Certificate:
        return _issued(database, decide(enrolment, holder, now=now, **how), tools, now)

    return give


@pytest.fixture
def certificate(
    state: State, database: Database, award: Callable[..., Certificate], enrolment: Enrolment, mara: Person
) -> Certificate:
    return award(enrolment, mara) if state == EMPTY else only(database, Certificate)
