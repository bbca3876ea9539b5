"""What ails an installation is named, with how to mend it."""

import json
import os
import re
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from trainer.certificates.paper.scripts import FONTS
from trainer.clock import utc_now
from trainer.db import Database
from trainer.doctor.faulty_settings import KNOWN
from trainer.doctor.looks import FACES
from trainer.health.services import beat
from trainer.notices.models import Delivery, Notice
from trainer.settings import ROOT

Break = Callable[[Path, pytest.MonkeyPatch], None]


@pytest.fixture
def healthy(seeded: Path, tmp_path: Path) -> Path:
    """The demonstration, with a worker that has just gone round and sent every letter."""
    instance = Path(shutil.copytree(seeded, tmp_path / "instance"))
    database = Database(f"sqlite:///{instance / 'trainer.sqlite'}")
    with database.transaction() as session:
        for notice in session.query(Notice):
            session.add(Delivery(notice_id=notice.id, delivered=True, answer="taken", at=utc_now()))
        session.flush()
        beat(session, worker="here:1", has_mail=True, now=utc_now())
    database.close()
    return instance


def changed(instance: Path, *statements: str) -> None:
    connection = sqlite3.connect(instance / "trainer.sqlite")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def setting(name: str, value: str) -> Break:
    return lambda _instance, patch: patch.setenv(name, value)


def statement(*words: str) -> Break:
    return lambda instance, _patch: changed(instance, *words)


def full_disk(_instance: Path, patch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    patch.setattr("trainer.doctor.looks.shutil.disk_usage", lambda _path: usage(10**12, 10**12 - 10**6, 10**6))


def open_key(instance: Path, _patch: pytest.MonkeyPatch) -> None:
    (instance / "log/key.pem").chmod(0o644)


def open_folder(instance: Path, _patch: pytest.MonkeyPatch) -> None:
    (instance / "authority").chmod(0o777)


def lost_key(instance: Path, _patch: pytest.MonkeyPatch) -> None:
    (instance / "authority/signer-key.pem").unlink()


def lost_authority(instance: Path, _patch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(instance / "authority")


def lost_log(instance: Path, _patch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(instance / "log")


def damaged_database(instance: Path, _patch: pytest.MonkeyPatch) -> None:
    (instance / "trainer.sqlite").write_bytes(b"this is no database, " * 500)


def no_library(_instance: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("trainer.certificates.paper.layout_engine.ffi.harfbuzz_subset", None)


def damaged_release(instance: Path, _patch: pytest.MonkeyPatch) -> None:
    from trainer.enrolment import queries

    queries._KEPT.clear()
    changed(instance, "UPDATE content_release SET archive = x'00'")


@pytest.mark.parametrize(
    ("damage", "what", "sentence"),
    [
        (
            setting("TRAINER_SMPT_URL", "x"),
            "settings",
            "TRAINER_SMPT_URL is no setting, so it is passed over. Did you mean",
        ),
        (
            setting("TRAINER_SMTP_URL", "mail.example.org"),
            "settings",
            "TRAINER_SMTP_URL or TRAINER_MAIL_FROM cannot be",
        ),
        (setting("TRAINER_SIGNING_KEY", "/no/such.p12"), "settings", "TRAINER_SIGNING_KEY is '/no/such.p12', where no"),
        (setting("TRAINER_TIMESTAMP_URL", "http://t.example"), "settings", "needs TRAINER_TIMESTAMP_ROOT"),
        (setting("TRAINER_BASE_URL", "https://t.example/x"), "settings", "TRAINER_BASE_URL is"),
        (setting("TRAINER_BASE_URL", "http://t.example"), "address", "passwords travel in the clear"),
        (setting("TRAINER_SMTP_URL", "smtp://127.0.0.1:9"), "mail", "No letter can leave"),
        (full_disk, "disk", "MiB are free"),
        (open_key, "permissions", "log/key.pem may be read by others (mode 0644). Run: chmod 600"),
        (open_folder, "permissions", "authority (mode 0777). Run: chmod 700"),
        (lost_key, "keys", "signer-key.pem"),
        (lost_authority, "keys", "The signing keys are missing"),
        (lost_log, "log", "The log's key is missing"),
        (damaged_database, "database", "The database cannot be used"),
        (no_library, "paper", "libharfbuzz-subset is missing"),
        (damaged_release, "content", "Restore the database from a backup"),
        (statement('DELETE FROM log_entry WHERE "index" = 8'), "log", "8 entries, and its newest checkpoint covers 9"),
        (statement("UPDATE alembic_version SET version_num = '0008'"), "migrations", "trainer db upgrade"),
        (statement("UPDATE alembic_version SET version_num = '9999'"), "migrations", "a newer version"),
        (statement("UPDATE heartbeat SET at = '2026-01-01 00:00:00.000000'"), "worker", "No worker has been at work"),
        (statement("DELETE FROM heartbeat"), "worker", "since it was set up"),
        (statement("DELETE FROM delivery"), "mail", "Letters that wait to be sent"),
        (statement("UPDATE audit_entry SET at = '2099-01-01 00:00:00.000000'"), "clock", "it went backwards"),
    ],
)
def test_each_fault_is_named(run, healthy: Path, monkeypatch, damage: Break, what: str, sentence: str) -> None:
    damage(healthy, monkeypatch)
    found = run("doctor", "--json")
    assert found.exit_code == 1, (found.output, found.exc_info)
    told = json.loads(found.stdout)
    faults = [one for one in told["findings"] if not one["well"]]
    assert told["healthy"] is False
    assert [one for one in faults if one["what"] == what and sentence in one["says"]], faults


def test_a_healthy_installation_is_said_to_be_so(run, healthy: Path) -> None:
    found = run("doctor", "--deep")
    assert found.exit_code == 0, found.output
    assert "✗" not in found.output
    assert "✓ audit" in found.output


def test_a_school_that_names_nobody_to_ask_is_healthy_and_told_so(
    run, healthy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "○ contact: The school's file names nobody" in run("doctor").output
    file = tmp_path / "school.toml"
    file.write_text('name = "Meadow"\ncontact = "office@meadow.example"\n')
    monkeypatch.setenv("TRAINER_SCHOOL", str(file))
    assert "✓ contact: strangers are told whom to ask" in run("doctor").output


def test_only_the_whole_audit_finds_what_was_changed_in_the_past(run, healthy: Path) -> None:
    changed(healthy, "DELETE FROM status_change")
    assert run("doctor").exit_code == 0
    found = run("doctor", "--deep")
    assert found.exit_code == 1
    assert "✗ audit: " in found.stdout


@pytest.mark.parametrize(("days", "told"), [(61, False), (59, True)])
def test_a_key_is_named_before_it_ends_and_not_too_early(run, healthy: Path, days: int, told: bool) -> None:
    from trainer.certificates.signing.key_rotation import signers_in

    [signer] = signers_in(healthy)
    with time_machine.travel(signer.certificate.not_valid_after_utc - timedelta(days=days), tick=False):
        assert ("The signing certificate ends on" in run("doctor").output) is told


def test_where_nothing_is_nothing_is_made(run, tmp_path: Path) -> None:
    found = run("doctor")
    assert found.exit_code == 1
    assert "does not exist; run `trainer setup`" in found.output
    assert not (tmp_path / "instance").exists()


def test_a_database_that_is_not_there_is_named_once(run, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    monkeypatch.setenv("TRAINER_DATABASE_URL", f"postgresql+psycopg://postgres:secret@/x?host={tmp_path}")
    found = run("doctor")
    assert "✗ database: The database cannot be used" in found.output
    assert found.output.count("cannot be used") == 1
    assert "secret" not in found.output


def test_on_postgresql_the_doctor_looks_at_the_same(run, monkeypatch, own_postgres: str, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    monkeypatch.setenv("TRAINER_DATABASE_URL", own_postgres)
    found = run("doctor")
    wrong = [line.split(":")[0] for line in found.stdout.splitlines() if line.startswith("✗")]
    assert wrong == ["✗ worker", "✗ content"], found.output  # nothing runs, and nothing is published yet


def test_every_setting_of_the_readme_is_known_and_the_other_way_round() -> None:
    told = set(re.findall(r"`(TRAINER_[A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert told | {"TRAINER_TIMESTAMP_ROOT"} == KNOWN
    read = {
        name
        for file in (ROOT / "trainer").rglob("*.py")
        for name in re.findall(r'"(TRAINER_[A-Z_]+)"', file.read_text())
    }
    assert read - {"TRAINER_"} <= KNOWN


def test_every_face_is_looked_for() -> None:
    assert {one.name for one in FONTS.glob("*.ttf")} == set(FACES)


@pytest.mark.parametrize("command", [("keys", "list"), ("worker", "--once")])
def test_a_setting_that_cannot_work_is_one_sentence(run, healthy: Path, monkeypatch, command) -> None:
    monkeypatch.setenv("TRAINER_SMTP_URL", "mail.example.org")
    said = run(*command)
    assert said.exit_code == 1
    assert "TRAINER_SMTP_URL or TRAINER_MAIL_FROM cannot be read" in str(said.exception)
    assert os.path.exists(healthy)
