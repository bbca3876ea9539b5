"""What an operator asks of the log."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic import command as alembic
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.registry.conftest import grow
from trainer.db import Database
from trainer.db.migrations import configuration
from trainer.registry.notes import Signer, cosignature, read_checkpoint, read_verifier

__all__ = ["grow"]


@pytest.fixture
def demo(seeded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeded, tmp_path / "instance"))


def changed(demo: Path, *statements: str) -> None:
    """Write into the database without its triggers."""
    connection = sqlite3.connect(demo / "trainer.sqlite")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_the_demonstration_has_a_log_that_fits(run, demo: Path) -> None:
    result = run("registry", "audit")
    assert result.exit_code == 0, result.output
    assert "The log of 9 entries" in result.stdout


def test_a_log_on_either_database_is_audited(run, database, grow, settings, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRAINER_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TRAINER_INSTANCE", str(tmp_path))
    grow(3)
    result = run("registry", "audit")
    assert result.exit_code == 1, result.output  # three entries about nobody
    assert result.stdout.splitlines() == [
        f"Entry {number} of the log is about no certificate." for number in range(1, 4)
    ]


def test_the_audit_names_what_does_not_fit_and_says_so_with_its_exit_code(run, demo: Path) -> None:
    changed(demo, "DELETE FROM status_change")
    result = run("registry", "audit")
    assert result.exit_code == 1
    assert "nothing stored belongs to entry" in result.stdout


def test_cosignatures_are_audited_and_those_of_the_unknown_are_only_noted(run, demo: Path, monkeypatch) -> None:
    board = Signer("board.example/w", Ed25519PrivateKey.generate())
    line = cosignature("another log\n8\n", board, at=1_770_000_000)
    changed(demo, f"INSERT INTO log_cosignature VALUES (8, 'board.example/w', '{line}', '2026-03-01 00:00:00.000000')")
    noted = run("registry", "audit")
    assert noted.exit_code == 0, noted.output
    assert "cosignatures of board.example/w were not checked" in noted.stderr
    monkeypatch.setenv("TRAINER_WITNESSES", board.witness.text())
    found = run("registry", "audit")
    assert found.exit_code == 1
    assert "The cosignature of board.example/w for size 8 does not fit" in found.stdout


def test_a_value_that_cannot_be_read_is_a_finding_and_no_traceback(run, demo: Path) -> None:
    changed(demo, "UPDATE certificate SET pdf = CAST(pdf AS TEXT)")
    result = run("registry", "audit")
    assert result.exit_code == 1
    assert "cannot be read" in result.stdout


def test_the_public_key_opens_the_checkpoints(run, demo: Path) -> None:
    verifier = read_verifier(run("registry", "key").stdout)
    connection = sqlite3.connect(demo / "trainer.sqlite")
    [(note,)] = connection.execute("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1")
    connection.close()
    assert read_checkpoint(note, verifier).size == 9


def test_a_lost_key_is_not_replaced_by_a_new_one(run, demo: Path) -> None:
    shutil.rmtree(demo / "log")
    assert "Restore the log folder" in str(run("registry", "key").exception)
    assert "key is missing" in run("registry", "audit").stdout
    assert not (demo / "log").exists()


def test_an_empty_installation_has_nothing_wrong(run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    assert run("db", "upgrade").exit_code == 0
    assert "The log of 0 entries" in run("registry", "audit").stdout
    assert not (tmp_path / "instance/log").exists()


def as_of_the_first_release(demo: Path) -> None:
    """Put the demonstration back into a database as it was before there was a log."""
    new = demo / "trainer.sqlite"
    old = new.rename(demo / "later.sqlite")
    database = Database(f"sqlite:///{new}")
    alembic.upgrade(configuration(database), "0001")
    database.close()
    connection = sqlite3.connect(new)
    connection.execute("ATTACH ? AS later", (str(old),))
    both = "SELECT name FROM main.sqlite_master WHERE type = 'table' INTERSECT SELECT name FROM later.sqlite_master"
    for (table,) in connection.execute(both).fetchall():
        columns = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})"))
        if table != "alembic_version":
            connection.execute(f"INSERT INTO main.{table} SELECT {columns} FROM later.{table}")
    connection.commit()
    connection.close()
    old.unlink()
    shutil.rmtree(demo / "log")


def test_certificates_from_before_the_log_are_logged_by_the_upgrade(run, demo: Path) -> None:
    as_of_the_first_release(demo)
    result = run("db", "upgrade")
    assert result.exit_code == 0, result.output
    assert "begins with 6 entries" in result.output
    audited = run("registry", "audit")
    assert audited.exit_code == 0, audited.output
