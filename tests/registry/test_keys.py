"""Issuer keys are published, retired and given up in the open."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select, text

from tests.registry.conftest import NOW
from trainer.certificates.models import Certificate
from trainer.certificates.signing.chain import root_certificate, signer_certificate
from trainer.db import Database
from trainer.errors import Broken, Missing, Refused
from trainer.registry.audit.queries import audit_log, audit_registry
from trainer.registry.entries import EntryKind, public_entry
from trainer.registry.issuer_keys import KeyStatus, PublishedKey, kid_of
from trainer.registry.log.queries import log_size
from trainer.registry.log.services import begin_log
from trainer.registry.models import KeyEvent, LogEntry, RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.published.queries import published_keys
from trainer.registry.published.services import ensure_key_published, record_key_event


@pytest.fixture(scope="session")
def signers() -> list[x509.Certificate]:
    """Three keys of one root, as three years bring them."""
    root_key = ec.generate_private_key(ec.SECP384R1())
    root = root_certificate(root_key, issuer="Trainer test programme", begins=NOW)
    return [
        signer_certificate(
            ec.generate_private_key(ec.SECP256R1()).public_key(),
            root=root,
            root_key=root_key,
            issuer="Trainer test programme",
            begins=NOW,
        )
        for _ in range(3)
    ]


@pytest.fixture
def publish(database: Database, log: Signer) -> Callable[[x509.Certificate], None]:
    def make_known(certificate: x509.Certificate) -> None:
        with database.transaction() as session:
            ensure_key_published(session, certificate=certificate, log=log, now=NOW)

    return make_known


@pytest.fixture
def give_up(database: Database, log: Signer) -> Callable[..., bool]:
    def compromise(certificate: x509.Certificate, trusted_size: int | None = None, *, days: int = 0) -> bool:
        with database.transaction() as session:
            return record_key_event(
                session,
                kid=kid_of(certificate.public_key()),
                event=KeyStatus.COMPROMISED,
                certificate_pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
                trusted_size=trusted_size,
                log=log,
                now=NOW + timedelta(days=days),
            )

    return compromise


@pytest.fixture
def known(database: Database) -> Callable[[], list[PublishedKey]]:
    def read() -> list[PublishedKey]:
        with database.reading() as session:
            return published_keys(session)

    return read


@pytest.fixture
def audit(database: Database, log: Signer) -> Callable[[], list[str]]:
    def all_of_it() -> list[str]:
        with database.reading() as session:
            found = audit_log(session, verifier=log.verifier, step=lambda: None)
            return [*found, *audit_registry(session, step=lambda: None)]

    return all_of_it


def entries(database: Database) -> list[dict]:
    with database.reading() as session:
        rows = session.scalars(select(LogEntry.data).where(LogEntry.kind == EntryKind.KEY).order_by(LogEntry.index))
        return [json.loads(row) for row in rows]


def test_a_key_is_named_as_rfc_7638_prescribes() -> None:
    from joserfc.jwk import ECKey

    key = ec.generate_private_key(ec.SECP256R1())
    assert kid_of(key.public_key()) == ECKey.import_key(key).thumbprint()
    assert len(kid_of(key.public_key())) == 43


def test_a_key_on_another_curve_has_no_name() -> None:
    with pytest.raises(ValueError, match="P-256"):
        kid_of(ec.generate_private_key(ec.SECP384R1()).public_key())


def test_a_public_entry_is_canonical_and_its_kind_cannot_be_overwritten() -> None:
    made = public_entry(EntryKind.KEY, {"kid": "Ü", "a": None, "n": 7})
    assert made == '{"a":null,"kid":"Ü","n":7,"t":"key","v":1}'.encode()
    for reserved in ("t", "v", "c"):
        with pytest.raises(ValueError, match="reserved"):
            public_entry(EntryKind.KEY, {reserved: "issue"})


def test_a_key_is_published_once_before_its_first_signature(
    database: Database, signers: list, publish: Callable, known: Callable, audit: Callable
) -> None:
    for _ in range(3):
        publish(signers[0])
    kid = kid_of(signers[0].public_key())
    [key] = known()
    assert (key.kid, key.status, key.trusted_size) == (kid, KeyStatus.PUBLISHED, None)
    assert x509.load_pem_x509_certificate(key.certificate.encode()) == signers[0]
    fingerprint = signers[0].fingerprint(hashes.SHA256()).hex()
    assert entries(database) == [
        {"v": 1, "t": "key", "kid": kid, "event": "published", "certificate": fingerprint, "trusted_size": None}
    ]
    assert audit() == []


def test_two_workers_that_publish_one_key_at_once_agree(signers: list, publish: Callable, known: Callable) -> None:
    threads = [threading.Thread(target=publish, args=(signers[0],)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(known()) == 1


def test_the_next_key_retires_the_one_before_and_all_stay_published(
    database: Database, signers: list, publish: Callable, known: Callable, audit: Callable
) -> None:
    for certificate in signers:
        publish(certificate)
    assert [key.kid for key in known()] == [kid_of(one.public_key()) for one in signers]
    assert [key.status for key in known()] == [KeyStatus.RETIRED, KeyStatus.RETIRED, KeyStatus.PUBLISHED]
    assert [one["event"] for one in entries(database)] == ["published", "published", "retired", "published", "retired"]
    assert audit() == []


def test_a_retired_key_must_not_sign_again(signers: list, publish: Callable) -> None:
    publish(signers[0])
    publish(signers[1])
    with pytest.raises(Broken, match="was retired on 1 March 2026, 09:30 UTC and must not sign again"):
        publish(signers[0])


def test_a_key_that_was_given_up_must_not_sign_again(signers: list, publish: Callable, give_up: Callable) -> None:
    publish(signers[0])
    give_up(signers[0])
    with pytest.raises(Broken, match="was compromised on 1 March 2026"):
        publish(signers[0])


def test_what_the_log_held_before_a_compromise_stays_trusted(
    signers: list, publish: Callable, give_up: Callable, known: Callable, grow: Callable, database: Database
) -> None:
    publish(signers[0])
    grow(6)
    assert give_up(signers[0])
    [key] = known()
    assert (key.status, key.trusted_size) == (KeyStatus.COMPROMISED, 7)
    assert key.vouches_at(6)
    assert not key.vouches_at(7)
    assert entries(database)[-1]["trusted_size"] == 7


def test_an_earlier_size_can_be_named_and_nothing_is_trusted_at_zero(
    signers: list, publish: Callable, give_up: Callable, known: Callable, grow: Callable
) -> None:
    publish(signers[0])
    grow(6)
    give_up(signers[0], 0)
    assert not known()[0].vouches_at(0)


def test_giving_up_twice_changes_nothing(
    signers: list, publish: Callable, give_up: Callable, grow: Callable, known: Callable, audit: Callable
) -> None:
    publish(signers[0])
    assert give_up(signers[0], 1)
    assert not give_up(signers[0], 1)
    assert not give_up(signers[0], days=3)
    with pytest.raises(Refused, match="already recorded as compromised, trusted up to 1 entries"):
        give_up(signers[0], 0)
    assert known()[0].trusted_size == 1
    assert audit() == []


@pytest.mark.parametrize("size", [-1, 2])
def test_a_size_that_the_log_never_had_is_refused(
    signers: list, publish: Callable, give_up: Callable, known: Callable, size: int
) -> None:
    publish(signers[0])
    with pytest.raises(Refused, match="The log has 1 entries"):
        give_up(signers[0], size)
    assert known()[0].status is KeyStatus.PUBLISHED


def test_a_key_nobody_was_told_of_cannot_be_given_up(signers: list, give_up: Callable) -> None:
    with pytest.raises(Missing, match="never published"):
        give_up(signers[0])


def test_a_retired_key_can_still_be_given_up_and_stays_so(
    signers: list, publish: Callable, give_up: Callable, known: Callable
) -> None:
    publish(signers[0])
    publish(signers[1])
    give_up(signers[0])
    publish(signers[2])
    assert [key.status for key in known()] == [KeyStatus.COMPROMISED, KeyStatus.RETIRED, KeyStatus.PUBLISHED]


def test_what_was_issued_before_there_was_a_log_comes_before_its_first_key(
    database: Database, signers: list, log: Signer
) -> None:
    with database.transaction() as session:
        session.add(
            RegistryEntry(
                public_id="a" * 26,
                number="7K4M-2QXH-9PTC",
                sha256="1" * 64,
                size=1,
                claim_sha256="2" * 64,
                issued_at=NOW,
                valid_until=NOW,
                salt=bytes(32),
                paper_salt=bytes(32),
            )
        )
    with database.transaction() as session:
        ensure_key_published(session, certificate=signers[0], log=log, now=NOW)
        assert begin_log(session, log=log, now=NOW) == 0
        assert log_size(session) == 3


ACTS = {
    "row deleted": (
        "DELETE FROM key_event WHERE event = 'retired'",
        "Entry 3 of the log is about a key, and nothing stored belongs to it",
    ),
    "all rows deleted": ("DELETE FROM key_event", "Entry 1 of the log is about a key, and nothing stored belongs"),
    "trusted size changed": ("UPDATE key_event SET trusted_size = 2 WHERE event = 'compromised'", "is not in the log"),
    "compromise called retirement": (
        "UPDATE key_event SET kid = 'x' WHERE event = 'compromised'",
        "Key x: its event 'compromised' is not in the log",
    ),
    "certificate exchanged": (
        "UPDATE key_event SET certificate = (SELECT certificate FROM key_event WHERE id = 2) WHERE id = 1",
        "its event 'published' is not in the log",
    ),
    "certificate damaged": ("UPDATE key_event SET certificate = 'x' WHERE id = 1", "cannot be read"),
    "dated back": (
        "UPDATE key_event SET at = (SELECT MIN(at) FROM key_event) WHERE event = 'compromised'",
        "its event 'compromised' is dated",
    ),
    "entry called something else": (
        "UPDATE log_entry SET kind = 'status' WHERE \"index\" = 3",
        "its event 'compromised' is not in the log",
    ),
}


@pytest.mark.parametrize(("act", "sentence"), ACTS.values(), ids=ACTS.keys())
def test_whoever_changes_what_was_said_about_a_key_is_found_out(
    act: str,
    sentence: str,
    signers: list,
    publish: Callable,
    give_up: Callable,
    tampering: Callable,
    audit: Callable,
) -> None:
    publish(signers[0])
    publish(signers[1])
    give_up(signers[1], days=1)
    assert audit() == []
    with tampering() as session:
        session.execute(text(act))
    assert any(sentence in found for found in audit()), audit()


def test_a_key_entry_that_nobody_stored_is_found(
    database: Database, log: Signer, signers: list, publish: Callable, audit: Callable
) -> None:
    from trainer.registry.log.leaves import LogLeaf
    from trainer.registry.log.services import append

    publish(signers[0])
    with database.transaction() as session:
        twice = session.scalars(select(LogEntry.data)).one()
        append(session, leaves=[LogLeaf(kind=EntryKind.KEY, data=twice, public_id=None)], log=log, now=NOW)
    assert audit() == ["Entry 2 of the log is about a key, and nothing stored belongs to it."]


def test_certificates_and_keys_stand_in_one_log(
    certificate: Certificate, publish: Callable, signers: list, audit: Callable
) -> None:
    publish(signers[0])
    assert audit() == []


def test_nothing_said_about_a_key_can_be_edited(database: Database, signers: list, publish: Callable) -> None:
    publish(signers[0])
    with pytest.raises(Exception, match="key_event"), database.transaction() as session:
        session.scalars(select(KeyEvent)).one().event = "retired"
