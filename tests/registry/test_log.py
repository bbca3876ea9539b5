"""The log grows by appending alone, in turn, and anybody can follow it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.registry.appending import append_in_a_process
from tests.registry.conftest import NOW, leaves
from tests.stage.forked import forks
from trainer.certificates.models import Certificate, Conferral
from trainer.db import Base, Database
from trainer.errors import Broken, Missing
from trainer.registry import merkle
from trainer.registry.audit.queries import audit_log
from trainer.registry.entries import EntryKind
from trainer.registry.keys import key_in, verifier_in
from trainer.registry.log.queries import consistency_of, log_key, newest_checkpoint, nodes, proof_of
from trainer.registry.log.services import append, begin_log
from trainer.registry.models import KeyEvent, LogCheckpoint, LogEntry, LogTile, RegistryEntry, StatusChange
from trainer.registry.notes import Signer, read_checkpoint, time_of
from trainer.registry.proofs import read_proof, verify_proof
from trainer.registry.status import Decision, Reason, Word

THREADS, PROCESSES, EACH = 8, 2, 20


def audited(database: Database, log: Signer) -> list[str]:
    with database.reading() as session:
        return list(audit_log(session, verifier=log.verifier, step=lambda: None))


def stored_hashes(database: Database) -> list[bytes]:
    with database.reading() as session:
        rows = session.execute(select(LogEntry.index, LogEntry.data).order_by(LogEntry.index)).all()
    assert [index for index, _ in rows] == list(range(len(rows)))
    return [merkle.leaf_hash(content) for _, content in rows]


def root_signed(database: Database, log: Signer) -> bytes:
    with database.reading() as session:
        newest = newest_checkpoint(session)
        assert newest is not None
        return read_checkpoint(newest.note, log.verifier).root


def test_a_certificate_has_three_entries_and_its_key_one_before(database: Database, certificate: Certificate) -> None:
    with database.reading() as session:
        entries = session.scalars(select(LogEntry).order_by(LogEntry.index)).all()
        assert [(one.kind, one.public_id) for one in entries] == [
            (EntryKind.KEY, None),
            (EntryKind.ISSUE, certificate.public_id),
            (EntryKind.CREDENTIAL, certificate.public_id),
            (EntryKind.ARTIFACT, certificate.public_id),
        ]
        assert session.scalars(select(LogCheckpoint.size)).all() == [1, 3, 4]


def test_the_log_itself_says_nothing_about_anybody(database: Database, certificate: Certificate, stranger) -> None:
    served = stranger.get("/tile/entries/000.p/2").data + stranger.get("/checkpoint").data
    for secret in (certificate.public_id, certificate.number, "Mara", certificate.sha256):
        assert secret.encode() not in served


def test_a_checkpoint_is_signed_with_its_time(database: Database, log: Signer, grow: Callable) -> None:
    grow(1)
    with database.reading() as session:
        newest = newest_checkpoint(session)
        assert newest is not None
        assert time_of(newest.note, log.verifier) == int(NOW.timestamp())
        assert newest.at == NOW


def test_root_and_tiles_are_those_of_all_entries(database: Database, log: Signer, grow: Callable) -> None:
    for count in (1, 2, 252, 1, 300, 1):
        grow(count)
        assert merkle.root(len(hashes := stored_hashes(database)), merkle.from_leaves(hashes)) == root_signed(
            database, log
        )
    with database.reading() as session:
        assert session.execute(select(LogTile.level, LogTile.index)).all() == [(0, 0), (0, 1)]
        assert merkle.root(557, nodes(session, size=557)) == root_signed(database, log)
    assert audited(database, log) == []


def test_a_second_level_of_tiles_is_kept_in_time(database: Database, log: Signer, grow: Callable) -> None:
    grow(256 * 256)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LogTile)) == 257
        assert session.get_one(LogTile, (1, 0)).root == root_signed(database, log)
    grow(3)
    with database.reading() as session:
        read = proof_of(session, index=65_537)
        entry = session.get_one(LogEntry, 65_537).data
    assert verify_proof(read, entry=entry, verifier=log.verifier).size == 65_539


def test_any_entry_can_be_proved_without_us(database: Database, log: Signer, grow: Callable) -> None:
    grow(300)
    for index in (0, 1, 255, 256, 299):
        with database.reading() as session:
            written = proof_of(session, index=index, extra=b"x" * 32).text()
            entry = session.get_one(LogEntry, index).data
        assert verify_proof(read_proof(written), entry=entry, verifier=log.verifier).size == 300
    with database.reading() as session, pytest.raises(Missing):
        proof_of(session, index=300)


def test_every_checkpoint_continues_every_earlier_one(database: Database, log: Signer, grow: Callable) -> None:
    sizes = (1, 3, 256, 300, 513)
    for before, size in zip((0, *sizes), sizes, strict=False):
        grow(size - before)
    with database.reading() as session:
        roots = {
            row.size: read_checkpoint(row.note, log.verifier).root for row in session.scalars(select(LogCheckpoint))
        }
        for old in sizes:
            for new in (size for size in sizes if size >= old):
                assert merkle.verify_consistency(
                    old=old,
                    new=new,
                    proof=consistency_of(session, old=old, new=new),
                    old_root=roots[old],
                    new_root=roots[new],
                )
        with pytest.raises(Missing):
            consistency_of(session, old=1, new=514)


def test_many_at_once_wait_for_their_turn(database: Database, log: Signer) -> None:
    def work(_: int) -> None:
        for _turn in range(EACH):
            with database.transaction() as session:
                append(session, leaves=leaves(1), log=log, now=NOW)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    hashes = stored_hashes(database)
    assert len(hashes) == THREADS * EACH
    assert root_signed(database, log) == merkle.root(len(hashes), merkle.from_leaves(hashes))
    assert audited(database, log) == []


def test_two_processes_agree_on_one_key_and_one_order(database: Database, database_url: str, tmp_path: Path) -> None:
    processes = [
        forks().Process(target=append_in_a_process, args=(database_url, str(tmp_path), EACH)) for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    hashes = stored_hashes(database)
    assert len(hashes) == PROCESSES * EACH
    assert audited(database, key_in(tmp_path, base_url="unused")) == []


def test_what_fails_leaves_no_entry(database: Database, log: Signer, grow: Callable) -> None:
    grow(2)

    def interrupted() -> None:
        with database.transaction() as session:
            append(session, leaves=leaves(1), log=log, now=NOW)
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="power"):
        interrupted()
    assert grow(1) == 2
    assert audited(database, log) == []


def test_without_its_key_the_log_is_not_continued(database: Database, grow: Callable, tmp_path: Path) -> None:
    grow(1)
    with database.transaction() as session, pytest.raises(Broken, match="Restore the log folder"):
        log_key(session, instance=tmp_path / "elsewhere", base_url="http://localhost")
    assert not (tmp_path / "elsewhere").exists()
    stranger = key_in(tmp_path / "elsewhere", base_url="http://localhost")
    with pytest.raises(Broken, match="another key"), database.transaction() as session:
        append(session, leaves=leaves(1), log=stranger, now=NOW)


def test_the_key_is_its_owners_alone_and_keeps_its_name(tmp_path: Path) -> None:
    first = key_in(tmp_path, base_url="https://trainer.example/school/")
    assert first.name == "trainer.example/school"
    assert key_in(tmp_path, base_url="https://moved.example").verifier == first.verifier == verifier_in(tmp_path)
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "log").iterdir())
    assert verifier_in(tmp_path / "nowhere") is None
    with pytest.raises(Broken, match="cannot name"):
        key_in(tmp_path / "spaced", base_url="https://a b")


@pytest.mark.parametrize("name", ["key.pem", "name", "public-key"])
def test_a_damaged_key_folder_is_said_to_be(tmp_path: Path, name: str) -> None:
    key_in(tmp_path, base_url="https://trainer.example")
    (tmp_path / "log" / name).write_text("other")
    with pytest.raises(Broken, match="restore"):
        key_in(tmp_path, base_url="https://trainer.example")
    (tmp_path / "log" / name).unlink()
    with pytest.raises(Broken, match="restore"):
        key_in(tmp_path, base_url="https://trainer.example")


@pytest.fixture
def revoked(database: Database, log: Signer, certificate: Certificate) -> Certificate:
    from trainer.registry.services import change_status

    with database.transaction() as session:
        change_status(
            session,
            public_id=certificate.public_id,
            decision=Decision(word=Word.REVOKED, at=NOW, reason_code=Reason.CONDUCT, private_reason="Why."),
            log=log,
        )
    return certificate


APPEND_ONLY = (LogEntry, LogCheckpoint, RegistryEntry, StatusChange, Certificate, Conferral)


@pytest.mark.parametrize("table", APPEND_ONLY, ids=lambda table: table.__tablename__)
def test_the_database_itself_refuses_to_change_or_delete(
    database: Database, revoked: Certificate, table: type[Base]
) -> None:
    column = next(iter(table.__table__.columns))
    for statement in (update(table).values({column.name: column}), delete(table)):
        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
            session.execute(statement)


def test_a_full_tile_cannot_be_changed_either(database: Database, grow: Callable) -> None:
    grow(256)
    for statement in (update(LogTile).values(root=b"x" * 32), delete(LogTile)):
        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
            session.execute(statement)


def test_what_was_issued_before_there_was_a_log_is_logged_when_it_begins(
    database: Database, log: Signer, revoked: Certificate, tampering: Callable
) -> None:
    from trainer.registry.audit.queries import audit_registry

    with tampering() as session:  # as after the migration: salts, but no log
        for table in (LogEntry, LogCheckpoint, KeyEvent):
            session.execute(delete(table))
    with database.transaction() as session:
        assert begin_log(session, log=log, now=NOW) == 4
        assert begin_log(session, log=log, now=NOW) == 0
    assert audited(database, log) == []
    with database.reading() as session:
        assert list(audit_registry(session, step=lambda: None)) == []


def test_checkpoint_and_tiles_are_served_as_the_specification_says(
    stranger, log: Signer, grow: Callable, database: Database
) -> None:
    assert stranger.get("/checkpoint").status_code == 404
    grow(70)
    grow(230)
    answer = stranger.get("/checkpoint")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=5"
    assert read_checkpoint(answer.text, log.verifier).size == 300
    full = stranger.get("/tile/0/000")
    assert full.content_type == "application/octet-stream"
    assert "immutable" in full.headers["Cache-Control"]
    assert len(full.data) == 8192
    hashes = stored_hashes(database)
    assert full.data + stranger.get("/tile/0/001.p/44").data == b"".join(hashes)
    assert stranger.get("/tile/0/000.p/70").data == b"".join(hashes[:70])
    assert stranger.get("/tile/1/000.p/1").data == merkle.node_above(hashes[:256])


def test_anybody_can_recompute_the_root_from_what_is_served(stranger, log: Signer, grow: Callable) -> None:
    grow(260)
    served = stranger.get("/tile/entries/000").data + stranger.get("/tile/entries/001.p/4").data
    found = []
    while served:
        length = int.from_bytes(served[:2], "big")
        found.append(merkle.leaf_hash(served[2 : 2 + length]))
        served = served[2 + length :]
    checkpoint = read_checkpoint(stranger.get("/checkpoint").text, log.verifier)
    assert checkpoint.root == merkle.root(260, merkle.from_leaves(found))


@pytest.mark.parametrize(
    "path",
    [
        "/tile/0/001",
        "/tile/0/000.p/6",
        "/tile/0/000",
        "/tile/1/000.p/1",
        "/tile/0/0",
        "/tile/0/000.p/0",
        "/tile/64/000",
        "/tile/00/000",
        "/tile/x/000",
        "/tile/63/x999/x999/x999/x999/x999/999",
        "/tile/entries/000",
        "/tile/entries/000.p/256",
        "/tile/entries/../000",
    ],
)
def test_a_tile_that_is_not_there_is_not_found(stranger, grow: Callable, path: str) -> None:
    grow(5)
    assert stranger.get(path).status_code == 404


def test_a_revocation_that_was_taken_out_is_missed_at_the_counter(
    stranger, revoked: Certificate, tampering: Callable
) -> None:
    assert "it was revoked on" in stranger.get(f"/c/{revoked.public_id}").text
    with tampering() as session:
        session.execute(delete(StatusChange))
    page = stranger.get(f"/c/{revoked.public_id}").text
    assert "cannot be proved to be in our public log" in page
    with tampering() as session:  # and it does not help to take out its entry as well
        session.execute(delete(LogEntry).where(LogEntry.kind == EntryKind.STATUS))
    assert "cannot be proved to be in our public log" in stranger.get(f"/c/{revoked.public_id}").text


def test_the_verdict_proves_the_entry_at_that_moment(
    stranger, certificate: Certificate, grow: Callable, tampering: Callable
) -> None:
    grow(300)
    page = stranger.get(f"/c/{certificate.public_id}").text
    assert "Is it in the public log?" in page
    assert "entry 3 of the 304 entries" in page
    with tampering() as session:
        session.execute(text("UPDATE registry_entry SET salt = paper_salt"))
    page = stranger.get(f"/c/{certificate.public_id}").text
    assert "cannot be proved to be in our public log" in page
    assert "Mara Vogel" not in page
