"""A director confers; the system issues exactly once."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from tests.certificates.conftest import COVERED
from trainer.accounts.models import Person
from trainer.audit.models import AuditEntry
from trainer.certificates.facts.claim import Claim
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.queries import certificate_of, certificates_of
from trainer.db import Database
from trainer.enrolment.models import Enrolment
from trainer.errors import Refused
from trainer.registry.models import RegistryEntry
from trainer.requirements.rules import Proof

COUNTED = (Certificate, Conferral, RegistryEntry, AuditEntry)


def counts(database: Database) -> list[int]:
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED]


def test_mara_gets_a_certificate_with_every_fact(certificate: Certificate, database: Database, mara: Person) -> None:
    with database.reading() as session:
        [mine] = certificates_of(session, person_id=mara.id)
        facts = Claim.read(mine.claim)
    assert (facts.holder, facts.conferred_by, facts.covered) == ("Mara Vogel", "Dana Rivers", COVERED)
    assert facts.valid_until.isoformat() == "2028-02-01"


def test_registry_and_record_hold_the_hash_of_the_stored_bytes(certificate: Certificate, database: Database) -> None:
    with database.reading() as session:
        stored = session.get_one(Certificate, certificate.public_id)
        entry = session.get_one(RegistryEntry, certificate.public_id)
        assert hashlib.sha256(stored.pdf).hexdigest() == stored.sha256 == entry.sha256
        assert entry.size == len(stored.pdf)
        assert entry.valid_until == datetime(2028, 2, 2, tzinfo=UTC)


def test_the_decision_is_written_down_with_its_proof(certificate: Certificate, database: Database) -> None:
    with database.reading() as session:
        conferral = session.get_one(Conferral, certificate.conferral_id)
        assert conferral.proof["met"] is True
        [act] = session.scalars(select(AuditEntry).where(AuditEntry.act == "confer"))
        assert certificate.number in act.subject


def test_nothing_is_issued_while_a_requirement_is_open(
    award: Callable, enrolment: Enrolment, mara: Person, not_met: Proof, database: Database
) -> None:
    with pytest.raises(Refused, match="not met yet"):
        award(enrolment, mara, proof=not_met)
    assert counts(database) == [0, 0, 0, 0]


def test_a_director_of_another_programme_cannot_confer(
    award: Callable, enrolment: Enrolment, mara: Person, nils: Person, database: Database
) -> None:
    with pytest.raises(Refused, match="director of this programme"):
        award(enrolment, mara, director=nils)
    assert counts(database) == [0, 0, 0, 0]


def test_a_name_that_cannot_be_written_leaves_nothing_behind(
    award: Callable, enrol: Callable, person: Callable, database: Database
) -> None:
    ravi = person("रवि Shankar")
    with pytest.raises(Refused, match="fonts"):
        award(enrol(ravi), ravi)
    assert counts(database) == [0, 0, 0, 0]


def test_conferring_twice_finds_the_first(award: Callable, enrolment: Enrolment, mara: Person) -> None:
    assert award(enrolment, mara).public_id == award(enrolment, mara).public_id


def test_fifty_requests_at_once_give_one_certificate(
    award: Callable, enrolment: Enrolment, mara: Person, database: Database
) -> None:
    with ThreadPoolExecutor(50) as pool:
        given = list(pool.map(lambda _: award(enrolment, mara).public_id, range(50)))
    assert len(set(given)) == 1
    assert counts(database) == [1, 1, 1, 1]


def test_an_enrolment_without_certificate_has_none(enrolment: Enrolment, database: Database) -> None:
    with database.reading() as session:
        assert certificate_of(session, enrolment_id=enrolment.id) is None
