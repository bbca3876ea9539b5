"""Mara has earned her certificate and waits for Dana, where a test asks for `earned`: walked once in a process."""

from functools import partial
from pathlib import Path

import pytest

from tests.stage.certified import tools  # noqa: F401
from tests.stage.people import a_person
from tests.stage.states import EMPTY, State, only
from tests.stage.way import a_cohort, a_place, a_walk, an_installation, sign_cases
from trainer.accounts.words import Role
from trainer.db import Database
from trainer.enrolment.models import Cohort, Enrolment
from trainer.requirements.catalogue import Catalogue


def until_earned(catalogue: Catalogue, archive: bytes, password_hash: str, database: Database, instance: Path) -> None:
    """Walk Mara through everything that the programme asks for."""
    a_person(database, password_hash, "Dana Rivers", Role.DIRECTOR)
    sign_cases(database, catalogue, a_person(database, password_hash, "Sol Marin", Role.SUPERVISOR))
    mara = a_person(database, password_hash, "Mara Vogel", Role.TRAINEE)
    place = a_place(database, a_cohort(database, catalogue, archive), mara)
    way = a_walk(database, an_installation(database.url, instance), mara, place)
    for leaf in way.leaves():
        way.do(leaf)


@pytest.fixture
def state(request: pytest.FixtureRequest, catalogue: Catalogue, archive: bytes, password_hash: str) -> State:
    if "earned" not in request.fixturenames:
        return EMPTY
    return State("earned", partial(until_earned, catalogue, archive, password_hash))


@pytest.fixture
def cohort(state: State, database: Database, catalogue: Catalogue, archive: bytes) -> Cohort:
    return a_cohort(database, catalogue, archive) if state == EMPTY else only(database, Cohort)


@pytest.fixture
def earned(database: Database) -> Enrolment:
    """Mara's place, with everything met."""
    return only(database, Enrolment)
