"""An operator keeps an installation in one file, and has it again somewhere else."""

import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from tests.golden.keep import DUMP, HERE
from trainer.audit.models import AuditEntry
from trainer.audit.services import note
from trainer.backups.services import copy_database, state_at
from trainer.clock import utc_now
from trainer.db import Database
from trainer.db.migrations import upgrade
from trainer.errors import Broken, TrainerError
from trainer.registry.models import RegistryEntry

MOMENT = re.compile(r"\d\d:\d\d UTC")  # at which an answer was given
KEPT = {"sqlite": "2026-11-26-4e8fd0f.tar.xz", "postgresql": "2026-11-26-4e8fd0f-postgresql.tar.xz"}
"""Installations with certificates, one of them revoked, as an earlier version left them."""


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def new_database(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """The address of a database that does not exist yet, or is empty: `new_database("other")`."""
    made: list[str] = []

    def on_server(statement: str) -> None:
        engine = create_engine(request.getfixturevalue("postgres")("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def make(name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name / 'trainer.sqlite'}"
        on_server(f"CREATE DATABASE backup_{name}")
        made.append(name)
        return str(request.getfixturevalue("postgres")(f"backup_{name}"))

    yield make
    for name in made:
        on_server(f"DROP DATABASE backup_{name} WITH (FORCE)")


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], Path]:
    """Turn to the installation in a folder: `use("here", url)`."""

    def turn_to(name: str, url: str) -> Path:
        monkeypatch.setenv("TRAINER_INSTANCE", str(tmp_path / name))
        monkeypatch.setenv("TRAINER_DATABASE_URL", url)
        return tmp_path / name

    return turn_to


def put(kind: str, instance: Path, url: str) -> None:
    """Put an installation of an earlier version there."""
    instance.mkdir(mode=0o700)
    with tarfile.open(HERE / KEPT[kind]) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(instance)
    if kind == "postgresql":
        plain = url.replace("+psycopg", "")
        subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", "-d", plain, str(instance / DUMP)], check=True)
        (instance / DUMP).unlink()


@contextmanager
def writers(database: Database, count: int = 3) -> Iterator[None]:
    """Others go on writing, as fast as they can."""
    ended, failed = threading.Event(), []

    def write() -> None:
        while not ended.is_set():
            try:
                with database.transaction() as session:
                    note(session, actor_id=None, programme="", act="try", subject="under load", now=utc_now())
            except Exception as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=write) for _ in range(count)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        ended.set()
        for one in threads:
            one.join()
    assert not failed


def written(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(AuditEntry.id)).all())


def test_a_backup_made_while_others_write_is_the_same_elsewhere(run, use, new_database, kind: str, tmp_path) -> None:
    url = new_database("here")
    here = use("here", url)
    put(kind, here, url)
    database = Database(url)
    upgrade(database)
    file = tmp_path / "kept.zip"
    with writers(database):
        before = written(database)
        made = run("backup", str(file))
        after = written(database)
    assert made.exit_code == 0, (made.output, made.exception)
    assert after > before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    manifest = json.loads(zipfile.ZipFile(file).read("manifest.json"))
    assert before <= manifest["state"]["rows"]["audit_entry"] <= after
    with database.reading() as session:
        public_ids = session.scalars(select(RegistryEntry.public_id)).all()
    database.close()
    said = {one: MOMENT.sub("", run("verify", one).output) for one in public_ids}

    there_url = new_database("there")
    there = use("there", there_url)
    done = run("restore", str(file))
    assert done.exit_code == 0, (done.output, done.exception)
    there_state = state_at(there_url)
    assert there_state.rows == manifest["state"]["rows"]
    assert (there_state.log_size, there_state.log_root) == (8, state_at(url).log_root)
    assert "The log of 8 entries" in run("registry", "audit").output
    assert {one: MOMENT.sub("", run("verify", one).output) for one in public_ids} == said
    assert "evoked" in "".join(said.values())
    for path in (one for one in here.rglob("*") if one.is_file() and "trainer.sqlite" not in one.name):
        again = there / path.relative_to(here)
        assert again.read_bytes() == path.read_bytes()
        assert stat.S_IMODE(again.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".")) == []
    assert not [one for one in there.iterdir() if one.name.startswith(".restoring")]


def test_a_backup_of_an_earlier_version_comes_back_and_is_then_upgraded(run, use, new_database, kind, tmp_path) -> None:
    url = new_database("here")
    put(kind, use("here", url), url)
    made = run("backup", str(tmp_path / "kept.zip"))
    assert made.exit_code == 0, (made.output, made.exception)
    there = new_database("there")
    use("there", there)
    done = run("restore", str(tmp_path / "kept.zip"))
    assert done.exit_code == 0, (done.output, done.exception)
    assert "run `trainer db upgrade`" in done.output
    database = Database(there)
    upgrade(database)  # as `trainer db upgrade` does; these copies hold no private key
    database.close()
    assert run("registry", "audit").exit_code == 0


@pytest.fixture
def demo(seeded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeded, tmp_path / "instance"))


@pytest.fixture
def kept(run, demo: Path, tmp_path: Path) -> Path:
    """A backup of the demonstration."""
    made = run("backup", str(tmp_path / "kept.zip"))
    assert made.exit_code == 0, (made.output, made.exception)
    return tmp_path / "kept.zip"


def test_nothing_is_written_over_and_another_folder_takes_it(run, demo: Path, kept: Path, tmp_path: Path) -> None:
    before = {one: one.read_bytes() for one in demo.rglob("*") if one.is_file()}
    refused = run("restore", str(kept))
    assert refused.exit_code == 1
    assert "is not empty" in str(refused.exception)
    assert "--into" in str(refused.exception)
    assert {one: one.read_bytes() for one in demo.rglob("*") if one.is_file()} == before
    done = run("restore", str(kept), "--into", str(tmp_path / "other"))
    assert done.exit_code == 0, (done.output, done.exception)
    assert (tmp_path / "other/secret-key").read_bytes() == (demo / "secret-key").read_bytes()


def test_what_does_not_fit_together_is_no_backup_and_the_last_one_stays(run, demo: Path, kept: Path) -> None:
    good = kept.read_bytes()
    connection = sqlite3.connect(demo / "trainer.sqlite")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DELETE FROM status_change")
    connection.commit()
    connection.close()
    made = run("backup", str(kept))
    assert made.exit_code == 1
    assert "does not count as a backup" in str(made.exception)
    assert "nothing stored belongs to entry" in made.output
    assert kept.read_bytes() == good
    assert [one.name for one in kept.parent.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize(("place", "sentence"), [("instance/b.zip", "outside"), ("no/b.zip", "no folder")])
def test_a_backup_is_kept_in_a_folder_of_its_own(run, demo: Path, tmp_path: Path, place: str, sentence: str) -> None:
    assert sentence in str(run("backup", str(tmp_path / place)).exception)


def test_a_file_that_is_no_backup_is_not_written_over(run, demo: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.zip").write_text("years of work")
    assert "is no backup" in str(run("backup", str(tmp_path / "thesis.zip")).exception)
    assert (tmp_path / "thesis.zip").read_text() == "years of work"


def test_an_installation_without_a_database_has_nothing_to_keep(run, tmp_path: Path) -> None:
    assert "no installation here to keep" in str(run("backup", str(tmp_path / "b.zip")).exception)
    assert not (tmp_path / "b.zip").exists()
    assert not (tmp_path / "instance/trainer.sqlite").exists()


def test_a_full_disk_is_one_sentence_of_a_backup(demo: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "place").mkdir()

    def full(path: Path) -> sqlite3.Connection:
        copy = connect(path)
        copy.execute("PRAGMA max_page_count = 3")
        return copy

    connect = sqlite3.connect
    database = Database(f"sqlite:///{demo / 'trainer.sqlite'}")
    with database.engine.connect():  # it has one connection of its own by now
        pass
    monkeypatch.setattr("trainer.backups.services.sqlite3.connect", full)
    with pytest.raises(Broken, match=re.escape(f"cannot be copied to {tmp_path} (database or disk is full)")):
        copy_database(database, tmp_path / "place" / "dump")
    database.close()


def test_a_link_in_the_folder_is_followed_and_a_circle_ends(run, demo: Path, tmp_path: Path) -> None:
    (demo / "authority").rename(tmp_path / "vault")
    (demo / "authority").symlink_to(tmp_path / "vault")
    (tmp_path / "vault/back").symlink_to(demo)
    made = run("backup", str(tmp_path / "b.zip"))
    assert made.exit_code == 0, (made.output, made.exception)
    names = zipfile.ZipFile(tmp_path / "b.zip").namelist()
    assert "instance/authority/root.pem" in names
    assert len(set(names)) == len(names)


Change = Callable[[dict, dict], None]
"""Changes what the manifest says, and what the archive holds under each name."""


def adding(name: str) -> Change:
    def change(manifest: dict, parts: dict) -> None:
        parts[name] = b"x"
        sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        manifest["parts"].append({"name": name, "size": 1, "sha256": sha256})

    return change


def of_a_format_to_come(manifest: dict, parts: dict) -> None:
    manifest["format"] = 2


def of_a_schema_to_come(manifest: dict, parts: dict) -> None:
    manifest["state"]["schema"] = "9999"


def with_a_part_that_nobody_names(manifest: dict, parts: dict) -> None:
    parts["instance/more"] = b"x"


def with_one_letter_changed(manifest: dict, parts: dict) -> None:
    parts["instance/secret-key"] = b"#" + parts["instance/secret-key"][1:]


def with_a_shorter_part(manifest: dict, parts: dict) -> None:
    parts["instance/secret-key"] = parts["instance/secret-key"][1:]


def with_fewer_rows_than_told(manifest: dict, parts: dict) -> None:
    manifest["state"]["rows"]["person"] += 1


def with_another_log(manifest: dict, parts: dict) -> None:
    manifest["state"]["log_size"] += 1


def without_a_database(manifest: dict, parts: dict) -> None:
    del parts["database"]
    manifest["parts"] = [one for one in manifest["parts"] if one["name"] != "database"]


def larger_than_any_disk(manifest: dict, parts: dict) -> None:
    for one in manifest["parts"]:
        one["size"] = 2**60


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (adding("instance/../../evil"), "leads out of the folder"),
        (adding("/etc/evil"), "leads out of the folder"),
        (adding("instance//evil"), "leads out of the folder"),
        (adding("instance/..\\evil"), "leads out of the folder"),
        (adding("evil"), "leads out of the folder"),
        (adding("instance/trainer.sqlite-wal"), "where the database belongs"),
        (adding("instance/secret-key/evil"), "stands where another part is"),
        (of_a_format_to_come, "has the format 2"),
        (of_a_schema_to_come, "schema"),
        (with_a_part_that_nobody_names, "does not hold the parts"),
        (with_one_letter_changed, "is not what was written"),
        (with_a_shorter_part, "not as long as"),
        (with_fewer_rows_than_told, "rows in person"),
        (with_another_log, "another checkpoint"),
        (without_a_database, "does not hold the parts"),
        (larger_than_any_disk, "not as long as"),
    ],
)
def test_a_backup_that_was_changed_is_refused_and_nothing_is_left(
    run, kept: Path, tmp_path: Path, change: Change, sentence: str
) -> None:
    with zipfile.ZipFile(kept) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    change(manifest, parts)
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as archive:
        for name, content in (parts | {"manifest.json": json.dumps(manifest).encode()}).items():
            archive.writestr(name, content)
    refused(run, tmp_path, sentence)


def refused(run, tmp_path: Path, sentence: str) -> None:
    before = sorted(tmp_path.iterdir())
    done = run("restore", str(tmp_path / "changed.zip"), "--into", str(tmp_path / "other"))
    assert done.exit_code == 1
    assert isinstance(done.exception, TrainerError), done.exc_info
    assert sentence in str(done.exception)
    assert sorted(one for one in tmp_path.iterdir() if one.name != "other") == before
    assert not (tmp_path / "other").exists() or not list((tmp_path / "other").iterdir())


def test_a_link_within_a_backup_is_refused(run, kept: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(kept) as archive, zipfile.ZipFile(tmp_path / "changed.zip", "w") as changed:
        for one in archive.infolist():
            if one.filename == "instance/secret-key":
                one.external_attr = (stat.S_IFLNK | 0o777) << 16
            changed.writestr(one, archive.read(one.filename))
    refused(run, tmp_path, "is no plain file")


@pytest.mark.parametrize("part", [0.0, 0.3, 0.99])
def test_a_backup_that_was_cut_off_is_refused(run, kept: Path, tmp_path: Path, part: float) -> None:
    whole = kept.read_bytes()
    (tmp_path / "changed.zip").write_bytes(whole[: int(len(whole) * part)])
    refused(run, tmp_path, "is no backup")


def test_a_bit_that_fell_over_is_found(run, kept: Path, tmp_path: Path) -> None:
    changed = bytearray(kept.read_bytes())
    changed[len(changed) // 2] ^= 1
    (tmp_path / "changed.zip").write_bytes(changed)
    refused(run, tmp_path, "The backup is damaged")


def test_whoever_lacks_the_programs_of_postgresql_is_told_which(
    run, monkeypatch: pytest.MonkeyPatch, own_postgres: str, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRAINER_DATABASE_URL", own_postgres)
    monkeypatch.setenv("PATH", str(tmp_path))
    made = run("backup", str(tmp_path / "b.zip"))
    assert "pg_dump is not on the PATH; install" in str(made.exception)
    assert os.listdir(tmp_path) == ["instance"]


def test_a_backup_goes_back_to_the_kind_of_database_it_came_from(
    run, kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRAINER_DATABASE_URL", "postgresql+psycopg://nobody@localhost/none")
    done = run("restore", str(kept), "--into", str(tmp_path / "other"))
    assert "is of a sqlite database: set TRAINER_DATABASE_URL to sqlite:///" in str(done.exception)
