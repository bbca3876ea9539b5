"""What an operator does with the keys that sign."""

from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from sqlalchemy import select

from tests.certificates.conftest import ISSUED
from tests.registry.conftest import grow
from trainer.audit.models import AuditEntry
from trainer.certificates.signing.authority import authority_in
from trainer.certificates.signing.chain import signer_certificate
from trainer.certificates.signing.key_rotation import signers_in
from trainer.certificates.signing.keys import private_key_in
from trainer.db import Database
from trainer.registry.issuer_keys import kid_of
from trainer.registry.notes import Signer
from trainer.registry.published.queries import published_keys
from trainer.registry.published.services import ensure_key_published

__all__ = ["grow"]


@pytest.fixture(autouse=True)
def installation(run, database: Database, settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation on either database, on the day of ISSUED."""
    monkeypatch.setenv("TRAINER_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TRAINER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRAINER_BASE_URL", settings.base_url)
    with time_machine.travel(ISSUED, tick=False):
        yield


@pytest.fixture
def kid(tmp_path: Path, database: Database, log: Signer) -> str:
    """The name of the first key, which has signed something."""
    signer = authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED).signer
    with database.transaction() as session:
        ensure_key_published(session, certificate=signer, log=log, now=ISSUED)
    return kid_of(signer.public_key())


def signing(folder: Path) -> str:
    return kid_of(authority_in(folder, issuer="Trainer test programme", now=ISSUED).signer.public_key())


def words(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {key.kid: key.status.value for key in published_keys(session)}


def acts(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_before_anything_was_issued_there_is_nothing_to_list(run) -> None:
    assert "There is no key yet" in run("keys", "list").stdout


def test_the_list_names_each_key_its_end_and_its_state(run, kid: str) -> None:
    told = run("keys", "list")
    assert told.exit_code == 0
    assert f"{kid}  until 31 January 2028, 12:00 UTC  published" in told.stdout
    assert "level B-T" in told.stdout


def test_rotating_makes_the_next_key_and_retires_the_present_one(
    run, kid: str, database: Database, tmp_path: Path
) -> None:
    told = run("keys", "rotate")
    assert told.exit_code == 0, told.output
    new = signing(tmp_path)
    assert f"{new} signs from now on, until 31 January 2028, 12:00 UTC at the latest." in told.stdout
    assert words(database) == {kid: "retired", new: "published"}
    assert run("registry", "audit").exit_code == 0
    assert acts(database) == ["rotate the signing key"]


def test_a_key_that_signed_before_keys_were_published_is_published_when_it_is_retired(
    run, database: Database, tmp_path: Path
) -> None:
    old = signing(tmp_path)
    run("keys", "rotate")
    assert words(database) == {old: "retired", signing(tmp_path): "published"}


def test_without_the_root_key_rotating_says_how_to_go_on_and_changes_nothing(
    run, kid: str, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "authority/root-key.pem").unlink()
    told = run("keys", "rotate")
    assert told.exit_code == 1
    assert "Put root-key.pem there for this one command" in str(told.exception)
    assert words(database) == {kid: "published"}
    assert len(signers_in(tmp_path)) == 1


def test_after_a_compromise_nothing_signs_until_there_is_a_new_key(
    run, kid: str, database: Database, grow, tmp_path: Path
) -> None:
    grow(4)
    told = run("keys", "compromise", kid)
    assert told.exit_code == 0, told.output
    assert "Certificates among the first 5 entries of the log stay valid." in told.stdout
    assert "make the next one with `trainer keys rotate`" in told.stdout
    assert words(database) == {kid: "compromised"}
    assert "compromised, trusted up to 5 log entries" in run("keys", "list").stdout
    run("keys", "rotate")
    assert words(database) == {kid: "compromised", signing(tmp_path): "published"}


def test_a_compromise_can_be_dated_back_and_is_recorded_once(run, kid: str, database: Database, grow) -> None:
    grow(4)
    for _ in range(2):
        told = run("keys", "compromise", kid, "--trusted-size", "2")
        assert "among the first 2 entries" in told.stdout
    assert run("keys", "compromise", kid, "--trusted-size", "3").exit_code == 1
    assert acts(database) == ["give up the signing key"]


def test_a_wrong_size_leaves_the_key_in_use(run, kid: str, database: Database, tmp_path: Path) -> None:
    assert run("keys", "compromise", kid, "--trusted-size", "99").exit_code == 1
    assert words(database) == {kid: "published"}
    assert signing(tmp_path) == kid


def test_a_key_that_was_never_published_can_be_given_up(run, database: Database, tmp_path: Path) -> None:
    kid = signing(tmp_path)
    assert run("keys", "compromise", kid).exit_code == 0
    assert words(database) == {kid: "compromised"}


def test_a_retired_key_that_is_given_up_leaves_the_present_one_signing(run, kid: str, tmp_path: Path) -> None:
    run("keys", "rotate")
    present = signing(tmp_path)
    assert f"{present} signs." in run("keys", "compromise", kid).stdout
    assert signing(tmp_path) == present


def test_an_unknown_key_is_not_found(run, kid: str) -> None:
    told = run("keys", "compromise", "nobody")
    assert told.exit_code == 1
    assert "There is no key nobody" in str(told.exception)


def test_the_key_of_a_token_is_vouched_for_by_the_root(run, kid: str, tmp_path: Path) -> None:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    request = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    (tmp_path / "request.pem").write_bytes(request.public_bytes(serialization.Encoding.PEM))
    made = x509.load_pem_x509_certificate(run("keys", "certify", str(tmp_path / "request.pem")).stdout.encode())
    root = x509.load_pem_x509_certificate((tmp_path / "authority/root.pem").read_bytes())
    made.verify_directly_issued_by(root)


def test_a_key_kept_elsewhere_is_not_renewed_here(run, kid: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINER_SIGNING_KEY", "/srv/issuer.p12")
    told = run("keys", "rotate")
    assert told.exit_code == 1
    assert "make the new one there" in str(told.exception)


def test_a_key_kept_elsewhere_can_be_given_up_and_is_not_said_to_sign(
    run, kid: str, database: Database, log: Signer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = x509.load_pem_x509_certificate((tmp_path / "authority/root.pem").read_bytes())
    root_key = private_key_in(tmp_path / "authority/root-key.pem", passphrase="")
    key = ec.generate_private_key(ec.SECP256R1())
    signer = signer_certificate(key.public_key(), root=root, root_key=root_key, issuer="Trainer", begins=ISSUED)
    locked = serialization.BestAvailableEncryption(b"open sesame")
    (tmp_path / "issuer.p12").write_bytes(pkcs12.serialize_key_and_certificates(None, key, signer, None, locked))
    monkeypatch.setenv("TRAINER_SIGNING_KEY", str(tmp_path / "issuer.p12"))
    monkeypatch.setenv("TRAINER_SIGNING_PASSPHRASE", "open sesame")
    with database.transaction() as session:
        ensure_key_published(session, certificate=signer, log=log, now=ISSUED)
    there = kid_of(key.public_key())
    assert words(database) == {kid: "retired", there: "published"}
    assert f"{there}  until" in run("keys", "list").stdout
    told = run("keys", "compromise", there)
    assert "make the next one where the signing key is kept" in told.stdout, told.output
    assert words(database) == {kid: "retired", there: "compromised"}


def test_a_key_whose_name_begins_with_a_hyphen_is_taken_for_a_key_and_for_no_option(run, kid: str) -> None:
    told = run("keys", "compromise", "-U40W59qov4iEeHgerCBEy6keBcQfpPhQtgysbRJfnk")
    assert told.exit_code == 1
    assert "There is no key -U40W59" in str(told.exception)
