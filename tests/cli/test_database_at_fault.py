"""A database that cannot be used ends a command with one sentence, never with a traceback."""

import shutil
import sys
from pathlib import Path

import pytest

from trainer.cli import main


def run(command: str, monkeypatch, *, instance: Path, url: str) -> int:
    monkeypatch.setenv("TRAINER_INSTANCE", str(instance))
    monkeypatch.setenv("TRAINER_DATABASE_URL", url)
    monkeypatch.setattr(sys, "argv", ["trainer", *command.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


@pytest.mark.parametrize("command", ["serve --port 1", "setup", "db upgrade"])
def test_a_damaged_file_is_named_and_nothing_starts(tmp_path: Path, monkeypatch, capfd, command: str) -> None:
    (tmp_path / "trainer.sqlite").write_bytes(b"this is no database, " * 500)
    url = f"sqlite:///{tmp_path / 'trainer.sqlite'}"
    assert run(command, monkeypatch, instance=tmp_path, url=url) == 1
    said = capfd.readouterr().err
    assert said.startswith("trainer: The database cannot be used (file is not a database). See that")
    assert len(said.splitlines()) == 1


def test_a_file_that_may_not_be_written_is_named(tmp_path: Path, sqlite_template: Path, monkeypatch, capfd) -> None:
    shutil.copy(sqlite_template, tmp_path / "kept.sqlite")
    url = f"sqlite:///file:{tmp_path / 'kept.sqlite'}?mode=ro&uri=true"
    assert run("setup --empty", monkeypatch, instance=tmp_path, url=url) == 1
    said = capfd.readouterr().err
    assert "trainer: The database cannot be used (attempt to write a readonly database)." in said
    assert "Traceback" not in said


def test_a_server_that_is_not_there_is_named(tmp_path: Path, monkeypatch, capfd) -> None:
    url = f"postgresql+psycopg://postgres:secret@/x?host={tmp_path}"
    assert run("serve --port 1", monkeypatch, instance=tmp_path, url=url) == 1
    said = capfd.readouterr().err
    assert said.startswith("trainer: The database cannot be used (connection")
    assert "secret" not in said


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, monkeypatch, capfd) -> None:
    folder = Path("/sys/kernel/trainer")  # nobody may write here, not even root
    assert run("setup", monkeypatch, instance=folder, url="sqlite:///x") == 1
    assert capfd.readouterr().err.startswith(f"trainer: The folder {folder} (TRAINER_INSTANCE) cannot be made: ")
    assert run(f"demo --out {folder}", monkeypatch, instance=tmp_path, url="sqlite:///x") == 1
    assert capfd.readouterr().err.startswith(f"trainer: {folder} cannot be written (")
