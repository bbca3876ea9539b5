"""Whoever writes into the database past its guards is found out."""

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from tests.certificates.conftest import BASE_URL, ISSUED
from tests.registry.conftest import NOW, grown
from tests.stage.certified import until_issued
from tests.stage.states import State, only
from trainer.certificates.audit.queries import audit_certificates
from trainer.certificates.models import Certificate, Document
from trainer.certificates.signing.authority import Authority
from trainer.db import Database
from trainer.registry.audit.queries import audit_log, audit_registry
from trainer.registry.keys import key_in
from trainer.registry.models import RegistryDocument, RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.services import change_status, enter_document
from trainer.registry.status import Decision, Reason, Word


@pytest.fixture
def audit(database: Database, log: Signer) -> Callable[[], list[str]]:
    """Recompute everything; give what is wrong but for the entries about nobody, which `grow` made."""
    about_nobody = {f"Entry {number} of the log is about no certificate." for number in (*range(5, 265), 267, 268, 269)}

    def all_of_it() -> list[str]:
        with database.reading() as session:
            found = [
                *audit_log(session, verifier=log.verifier, step=lambda: None),
                *audit_registry(session, step=lambda: None),
                *audit_certificates(session, step=lambda: None),
            ]
        return [sentence for sentence in found if sentence not in about_nobody]

    return all_of_it


def until_three_entries_more(authority: Authority, password_hash: str, database: Database, instance: Path) -> None:
    until_issued(authority, password_hash, database, instance)
    log, public_id = key_in(instance, base_url=BASE_URL), only(database, Certificate).public_id
    grown(database, log, 260)
    for word in (Word.SUSPENDED, Word.VALID):
        with database.transaction() as session:
            change_status(
                session,
                public_id=public_id,
                decision=Decision(word=word, at=NOW, reason_code=Reason.UNDER_REVIEW, private_reason="Why."),
                log=log,
            )
    grown(database, log, 3, 260)


@pytest.fixture
def state(authority: Authority, password_hash: str) -> State:
    """With a certificate, 260 entries about nobody, a suspension, its end, and three entries more."""
    return State("with a history", partial(until_three_entries_more, authority, password_hash))


def test_an_honest_history_has_nothing_wrong(audit: Callable) -> None:
    assert audit() == []


def swap(session: Session) -> None:
    session.execute(text('UPDATE log_entry SET "index" = 9999 WHERE "index" = 5'))
    session.execute(text('UPDATE log_entry SET "index" = 5 WHERE "index" = 6'))
    session.execute(text('UPDATE log_entry SET "index" = 6 WHERE "index" = 9999'))


def forget_the_end(session: Session) -> None:
    session.execute(text('DELETE FROM log_entry WHERE "index" >= 267'))


def forget_the_certificate(session: Session) -> None:
    for table in ("certificate", "status_change", "registry_entry"):
        session.execute(text(f"DELETE FROM {table}"))


def hide_the_last_decision(session: Session) -> None:
    session.execute(text("DELETE FROM status_change WHERE id = (SELECT MAX(id) FROM status_change)"))
    session.execute(text('UPDATE log_entry SET public_id = NULL WHERE "index" = 265'))


def add_a_document(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO registry_document (sha256, public_id, kind, size, salt, at) "
            "SELECT claim_sha256, public_id, 'letter', 1, salt, issued_at FROM registry_entry"
        )
    )


def exchange_the_paper_for_a_document(session: Session) -> None:
    """Say that the entry of the paper is that of another document."""
    session.execute(
        text(
            "INSERT INTO registry_document (sha256, public_id, kind, size, salt, at) "
            "SELECT sha256, public_id, 'letter', 1, paper_salt, valid_until FROM registry_entry"
        )
    )
    session.execute(text("UPDATE registry_entry SET sha256 = claim_sha256"))


ACTS = {
    "decision and its entry parted": (hide_the_last_decision, "Entry 266 of the log is about no certificate"),
    "entry changed": ('UPDATE log_entry SET data = leaf_hash WHERE "index" = 7', "Entry 8 of the log does not have"),
    "entry and hash changed": (
        'UPDATE log_entry SET data = (SELECT data FROM log_entry WHERE "index" = 9), '
        'leaf_hash = (SELECT leaf_hash FROM log_entry WHERE "index" = 9) WHERE "index" = 8',
        "The checkpoint of size 264 has another root",
    ),
    "hash changed": (
        'UPDATE log_entry SET leaf_hash = (SELECT leaf_hash FROM log_entry WHERE "index" = 9) WHERE "index" = 8',
        "Entry 9 of the log does not have the hash",
    ),
    "entry deleted": ('DELETE FROM log_entry WHERE "index" = 7', "Entry 8 of the log is missing"),
    "last entries deleted": (forget_the_end, "covers more entries than there are"),
    "entries reordered": (swap, "has another root than its entries"),
    "entry dated back": (
        'UPDATE log_entry SET at = (SELECT at FROM log_entry WHERE "index" = 0) WHERE "index" = 268',
        "Entry 269 of the log has another time",
    ),
    "checkpoint dated back": (
        "UPDATE log_checkpoint SET at = (SELECT MIN(at) FROM log_checkpoint) WHERE size = 269",
        "The checkpoint of size 269 has another time than the one signed",
    ),
    "checkpoint changed": (
        "UPDATE log_checkpoint SET note = REPLACE(note, '264', '263') WHERE size = 264",
        "The checkpoint of size 264 is not genuine",
    ),
    "checkpoint deleted": (
        "DELETE FROM log_checkpoint WHERE size = 269",
        "Entry 269 of the log is under no checkpoint",
    ),
    "tile changed": ("UPDATE log_tile SET root = hashes", "Tile 0 of level 0 is not the one"),
    "tile deleted": ("DELETE FROM log_tile", "Tile 0 of level 0 is not the one"),
    "revocation lifted": (
        "DELETE FROM status_change WHERE status = 'suspended'",
        "nothing stored belongs to entry 265",
    ),
    "decisions reordered": (
        "UPDATE status_change SET id = 9999 WHERE status = 'suspended'",
        "its changes of status stand in another order",
    ),
    "suspension prolonged": (
        "UPDATE status_change SET until = (SELECT valid_until FROM registry_entry) WHERE status = 'suspended'",
        "1. change of status is not what entry 265",
    ),
    "said to be erased": (
        "INSERT INTO erasure (public_id, at) SELECT public_id, issued_at FROM registry_entry",
        "its holder is said to be erased, but no decision says so",
    ),
    "said and recorded to be erased": (
        (
            "INSERT INTO erasure (public_id, at) SELECT public_id, issued_at FROM registry_entry",
            "UPDATE status_change SET status = 'erased' WHERE id = (SELECT MAX(id) FROM status_change)",
        ),
        "but the log has no such decision",
    ),
    "document added": (add_a_document, "its document “letter” is not in the log"),
    "document added instead of the paper": (
        exchange_the_paper_for_a_document,
        "its document “letter” is dated",
    ),
    "last decision deleted": (
        "DELETE FROM status_change WHERE id = (SELECT MAX(id) FROM status_change)",
        "nothing stored belongs to entry 266",
    ),
    "decision reworded": ("UPDATE status_change SET reason_code = 'conduct'", "1. change of status is not what entry"),
    "private reason reworded": (
        "UPDATE status_change SET private_reason = ''",
        "1. change of status is not what entry",
    ),
    "decision dated back": (
        "UPDATE status_change SET at = (SELECT MIN(at) FROM log_entry)",
        "1. change of status is not what entry",
    ),
    "decision turned into another": ("UPDATE status_change SET status = 'revoked'", "change of status is not what"),
    "decision added": (
        "INSERT INTO status_change (public_id, status, reason_code, public_note, private_reason, at, salt) "
        "SELECT public_id, status, reason_code, public_note, private_reason, at, salt FROM status_change",
        "change of status is not in the log",
    ),
    "claim fingerprint changed": ("UPDATE registry_entry SET claim_sha256 = sha256", "its claim is not what entry 2"),
    "salt deleted": ("UPDATE registry_entry SET salt = NULL", "a salt is missing"),
    "certificate dated back": (
        "UPDATE registry_entry SET issued_at = (SELECT valid_until FROM registry_entry)",
        "its dates of issue differ",
    ),
    "certificate prolonged": ("UPDATE registry_entry SET valid_until = issued_at", "its last day of validity differs"),
    "paper exchanged": (
        "UPDATE certificate SET pdf = (SELECT salt FROM registry_entry)",
        "the stored paper is not the one",
    ),
    "certificate deleted": ("DELETE FROM certificate", "the certificate or the decision behind it is missing"),
    "decision to confer deleted": ("DELETE FROM conferral", "the certificate or the decision behind it is missing"),
    "everything about a certificate deleted": (forget_the_certificate, "that the registry no longer holds"),
    "facts changed": (
        "UPDATE certificate SET claim = REPLACE(CAST(claim AS TEXT), 'Mara', 'Mona')",
        "stored facts are not",
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_tampering_is_found_and_named(act: str, tampering: Callable, audit: Callable, database: Database) -> None:
    how, said = ACTS[act]
    if act == "facts changed" and database.engine.dialect.name == "postgresql":
        how = "UPDATE certificate SET claim = CAST(REPLACE(CAST(claim AS TEXT), 'Mara', 'Mona') AS JSON)"
    with tampering() as session:
        if callable(how):
            how(session)
        for statement in () if callable(how) else (how,) if isinstance(how, str) else how:
            session.execute(text(statement))
    found = audit()
    assert any(said in sentence for sentence in found), found


def test_a_credential_and_a_further_document_are_recomputed_as_well(
    database: Database, log: Signer, certificate: Certificate, tampering: Callable, audit: Callable
) -> None:
    content = b"%PDF-1.7 a letter"
    digest = hashlib.sha256(content).hexdigest()
    with database.transaction() as session:
        enter_document(
            session,
            public_id=certificate.public_id,
            kind="letter",
            sha256=digest,
            size=len(content),
            log=log,
            now=NOW,
        )
        session.add(Document(sha256=digest, public_id=certificate.public_id, kind="letter", pdf=content, at=NOW))
    assert audit() == []
    with tampering() as session:
        session.execute(update(Document).values(pdf=b"another"))
    assert any("its stored document “letter” is not the one" in sentence for sentence in audit())
    with tampering() as session:
        session.execute(update(RegistryDocument).values(salt=b"\x03" * 32))
    assert any("“letter” is not what entry 270 of the log" in sentence for sentence in audit())
    with tampering() as session:
        session.execute(update(Certificate).values(credential="eyJ.another.one"))
    assert any("the stored credential is not the one" in sentence for sentence in audit())
    with tampering() as session:
        session.execute(update(RegistryEntry).values(credential_salt=None))
    assert any("a salt is missing" in sentence for sentence in audit())


def test_a_log_signed_with_another_key_is_not_genuine(database: Database) -> None:
    with database.reading() as session:
        found = list(audit_log(session, verifier=None, step=lambda: None))
    assert len(found) == 7
    assert all("key is missing" in sentence for sentence in found)


def test_dates_before_the_log_began_are_no_excuse_later(tampering: Callable, audit: Callable) -> None:
    with tampering() as session:
        session.execute(text("UPDATE log_entry SET at = :at"), {"at": ISSUED.replace(year=2025)})
    assert any("another time than the checkpoint" in sentence for sentence in audit())
