"""Who asks to be erased is erased; what we issued stays provable."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Integer, Table, func, select, text
from sqlalchemy.orm import mapped_column

from tests.certificates.conftest import ISSUED
from tests.stage.deciding import decides
from trainer.accounts.models import Person
from trainer.accounts.passwords import check_password
from trainer.audit.models import AuditEntry
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.words import Occasion
from trainer.clock import utc_now
from trainer.db import Base, Database
from trainer.db.erasing import fates
from trainer.db.fates import AboutNobody, Blanked, Deleted, Fate, Kept
from trainer.db.migrations import load_models
from trainer.enrolment.models import Enrolment
from trainer.erasure.services import erase_person
from trainer.errors import Missing, Refused
from trainer.issuing.services import note_problem
from trainer.lifecycle.acts import Act
from trainer.registry.models import Erasure, LogEntry, RegistryEntry, StatusChange
from trainer.registry.notes import Signer
from trainer.registry.queries import status_at
from trainer.registry.status import Reason, Word
from trainer.settings import ROOT
from trainer.watches.models import Watch, WatchStep

LEADS_TO_MARA = re.compile(r"mara(?!vogelia)|vogel(?!ia)|board@example", re.IGNORECASE)
# Signatures and hashes are letters by chance: now and then one of them spells a name.
LETTERS_BY_CHANCE = re.compile(r"[A-Za-z0-9+/=_-]{40,}")


def erased(database: Database, log: Signer, person: Person, by: Person | None = None):
    with database.transaction() as session:
        return erase_person(session, person_id=person.id, by=by.id if by else None, log=log, now=utc_now())


def about(database: Database) -> dict[str, list[str]]:
    """Return every value of every table that leads to Mara."""
    load_models()
    found: dict[str, list[str]] = {}
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name == "content_release":
                continue
            for row in session.execute(select(table)):
                for value in row:
                    written = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    if LEADS_TO_MARA.search(LETTERS_BY_CHANCE.sub("", written)):
                        found.setdefault(table.name, []).append(written[:80])
    return found


def test_a_table_that_does_not_say_its_fate_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="Say in Diary"):
        type("Diary", (Base,), {"__tablename__": "diary", "id": mapped_column(Integer, primary_key=True)})


def test_only_what_no_person_stands_behind_is_about_nobody() -> None:
    about_people = {Person.__table__, RegistryEntry.__table__}
    for table in fates():
        if about_people & {key.column.table for key in table.foreign_keys}:
            about_people.add(table)
    assert not [table.name for table in about_people if isinstance(table.info["erasure"], AboutNobody)]


def told_of(fate: Fate) -> tuple[str, ...]:
    match fate:
        case Deleted():
            return ("What is deleted",)
        case Blanked():
            return ("What is blanked", ", ".join(fate.to), fate.why)
        case Kept():
            return ("What is kept", fate.why)
        case AboutNobody():
            return ("What is about nobody",)


def test_the_guide_tells_of_every_table_what_its_model_says() -> None:
    told, heading = {}, ""
    for line in (ROOT / "docs" / "erasure.md").read_text().splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        if line.startswith("| `"):
            table, row, *rest = line.strip("| ").split(" | ")
            told[table.strip("`")] = row, heading, *rest
    rows = {mapper.local_table: mapper.class_.__doc__.splitlines()[0] for mapper in Base.registry.mappers}
    assert told == {table.name: (rows[table], *told_of(fate)) for table, fate in fates().items()}


@pytest.mark.usefixtures("record")
def test_nothing_that_is_stored_leads_to_mara_any_more(
    database: Database, log: Signer, mara: Person, ada: Person
) -> None:
    before = about(database)
    assert {"person", "certificate", "audit_entry", "status_change", "document", "watch", "case_event"} <= set(before)
    erased(database, log, mara, by=ada)
    assert about(database) == {}


@pytest.mark.usefixtures("record")
def test_what_is_to_be_deleted_is_deleted_whole(database: Database, log: Signer, mara: Person, dana: Person) -> None:
    tables = [table for table, fate in fates().items() if isinstance(fate, Deleted)]
    staff = {"membership": 2, "tally": 2, "issuing_problem": 0, "invitation_withdrawal": 0}
    with database.reading() as session:
        empty = [one.name for one in tables if not session.scalar(select(func.count()).select_from(one))]
    assert set(empty) <= {"issuing_problem", "invitation_withdrawal"}
    erased(database, log, mara)
    with database.reading() as session:
        left = {one.name: session.scalar(select(func.count()).select_from(one)) for one in tables}
    del staff["membership"]
    left.pop("membership")  # those of the staff stay
    assert left == dict.fromkeys(left, 0) | staff  # the wrong password counts for its network and the installation too


@pytest.mark.usefixtures("record")
def test_the_log_stays_whole_and_proves_the_erasure(
    database: Database, log: Signer, mara: Person, certificate: Certificate, audited: Callable
) -> None:
    with database.reading() as session:
        before = session.execute(select(LogEntry.index, LogEntry.data).order_by(LogEntry.index)).all()
    erased(database, log, mara)
    assert audited() == []
    with database.reading() as session:
        after = session.execute(select(LogEntry.index, LogEntry.data).order_by(LogEntry.index)).all()
        entry = session.get_one(RegistryEntry, certificate.public_id)
        last = session.scalars(select(StatusChange).order_by(StatusChange.id.desc())).first()
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert (entry.number, entry.sha256) == (certificate.number, certificate.sha256)
    assert (entry.salt, entry.paper_salt, entry.claim_sha256) == (None, None, "")
    assert last is not None
    assert (last.status, last.salt is not None) == (Word.ERASED, True)


TAMPERINGS = {
    "erasure taken back": ("DELETE FROM erasure", "the certificate or the decision behind it is missing"),
    "decision deleted": ("DELETE FROM status_change WHERE status = 'erased'", "no decision says so"),
    "decision dated back": (
        "UPDATE status_change SET at = (SELECT MIN(at) FROM status_change) WHERE status = 'erased'",
        "the log has no such decision",
    ),
    "earlier decision deleted": (
        "DELETE FROM status_change WHERE status = 'suspended'",
        "2 changes of status are stored, but 3 are in the log",
    ),
    "earlier decision dated back": (
        "UPDATE status_change SET at = (SELECT MIN(at) FROM log_entry) WHERE status = 'suspended'",
        "1. change of status is dated",
    ),
    "entry hidden": (
        "UPDATE log_entry SET public_id = NULL WHERE kind = 'issue'",
        "does not have the entries of one claim",
    ),
    "something kept": ("UPDATE registry_entry SET claim_sha256 = sha256", "not everything that leads to them is gone"),
}


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("act", TAMPERINGS)
def test_an_erasure_is_no_cover_for_tampering(
    act: str, database: Database, log: Signer, mara: Person, tampering: Callable, audited: Callable
) -> None:
    erased(database, log, mara)
    how, said = TAMPERINGS[act]
    with tampering() as session:
        session.execute(text(how))
    found = audited()
    assert any(said in sentence for sentence in found), found


@pytest.mark.usefixtures("record")
def test_the_counter_says_that_we_issued_it_and_deleted_its_data(
    database: Database, log: Signer, mara: Person, certificate: Certificate, stranger, tampering: Callable
) -> None:
    with database.reading() as session:
        pdf = session.scalars(select(Certificate.pdf)).one()
    erased(database, log, mara)
    (row,) = stranger.post("/api/v1/bulk", json=[{"reference": certificate.number, "name": "Mara Vogel"}]).json["rows"]
    assert (row["status"], row["name_match"], row["valid_until"]) == ("erased", "no", None)
    assert "was deleted on" in row["note"]
    assert "Erased" in stranger.send("/verify/bulk", {"lines": certificate.number}).text
    from io import BytesIO

    pages = [
        stranger.get(f"/c/{certificate.public_id}"),
        stranger.send("/verify", {"file": (BytesIO(pdf), "x.pdf")}, content_type="multipart/form-data"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "Erased" in page.text
        assert "its data was deleted on" in page.text
        assert "Mara" not in page.text
    assert "This file is one that we issued" in pages[1].text
    pages[1].request.environ["wsgi.input"].close()
    with tampering() as session:
        session.execute(text("DELETE FROM log_entry WHERE kind = 'status'"))
    assert "cannot be proved" in stranger.get(f"/c/{certificate.public_id}").text


def test_a_certificate_that_vanished_without_an_erasure_is_not_called_erased(
    certificate: Certificate, stranger, tampering: Callable, app
) -> None:
    with tampering() as session:
        session.execute(text("DELETE FROM certificate"))
    assert stranger.get(f"/c/{certificate.public_id}").status_code == 500


@pytest.mark.usefixtures("record")
def test_watchers_are_told_no_more_and_are_forgotten(database: Database, log: Signer, mara: Person) -> None:
    erased(database, log, mara)
    with database.reading() as session:
        watch = session.scalars(select(Watch)).one()
        steps = session.scalars(select(WatchStep.step).order_by(WatchStep.at)).all()
    assert watch.target == ""
    assert watch.token_hash != "t" * 64
    assert steps == ["confirmed", "ended"]


@pytest.mark.usefixtures("record")
def test_nobody_can_sign_in_as_somebody_erased(database: Database, log: Signer, mara: Person, as_, holder_of) -> None:
    browser = as_(mara)
    assert browser.get("/account").status_code == 200
    erased(database, log, mara)
    assert browser.get("/account").location.startswith("/sign-in")
    left = holder_of(mara.id)
    for password in ("", "!", "nobody has this password", "correct horse battery"):
        assert not check_password(password, left.password_hash).right


@pytest.mark.usefixtures("record")
def test_what_others_hold_and_did_stays(
    database: Database, log: Signer, mara: Person, award: Callable, enrol: Callable, omar: Person, audited: Callable
) -> None:
    other = award(enrol(omar), omar)
    erased(database, log, mara)
    with database.reading() as session:
        assert session.scalars(select(Certificate.number)).all() == [other.number]
        assert status_at(session, public_id=other.public_id, now=utc_now()).word is Word.VALID
        assert session.scalars(select(Enrolment.person_id)).all() == [omar.id]
        subjects = session.scalars(select(AuditEntry.subject).where(AuditEntry.act.in_(["invite", "sign"]))).all()
    assert sorted(subjects) == ["Maravogelia", "somebody"]
    assert audited() == []


def rows(database: Database) -> dict[Table, list[dict[str, object]]]:
    with database.reading() as session:
        return {table: [dict(row._mapping) for row in session.execute(select(table))] for table in fates()}


@pytest.mark.usefixtures("record")
def test_nothing_of_what_others_have_is_touched(
    database: Database, log: Signer, mara: Person, omar: Person, award: Callable, enrol: Callable
) -> None:
    award(enrol(omar), omar)
    before = rows(database)
    erased(database, log, mara)
    after = rows(database)
    for table, fate in fates().items():
        changing = set(fate.to) if isinstance(fate, Blanked) else {"subject", "detail"}  # the latter of the audit
        stayed = [{name: row[name] for name in row.keys() - changing} for row in after[table]]
        was = [{name: row[name] for name in row.keys() - changing} for row in before[table]]
        if isinstance(fate, Deleted):
            assert all(row in was for row in stayed), table
        else:
            assert all(row in stayed for row in was), table
    assert {row["person_id"] for table in after if "person_id" in table.c for row in after[table]}.isdisjoint({mara.id})
    assert {"enrolment", "conferral", "certificate"} <= {table.name for table, left in after.items() if left}


@pytest.mark.usefixtures("record")
def test_a_replaced_and_a_revoked_certificate_are_erased_as_well(
    database: Database, log: Signer, certificate: Certificate, mara: Person, dana: Person, issued, audited
) -> None:
    with database.transaction() as session:
        conferral = decides(
            session, Act.CORRECT, dana, certificate.public_id, holder="Mara Falk", now=utc_now(), private_reason="Wed."
        )
    issued(conferral, utc_now() + timedelta(seconds=5))
    assert conferral.occasion is Occasion.CORRECTION
    erased(database, log, mara)
    assert about(database) == {}
    with database.reading() as session:
        assert len(session.scalars(select(Erasure)).all()) == 2
    assert audited() == []


def test_nobody_is_erased_while_a_certificate_is_on_its_way(
    database: Database, log: Signer, certificate: Certificate, mara: Person, dana: Person
) -> None:
    with database.transaction() as session:
        decides(
            session, Act.CORRECT, dana, certificate.public_id, holder="Mara Falk", now=ISSUED, private_reason="Wed."
        )
    with pytest.raises(Refused, match="about to be issued"):
        erased(database, log, mara)
    with database.reading() as session:
        assert session.scalars(select(Erasure)).all() == []
        assert len(session.scalars(select(Conferral)).all()) == 2


def test_somebody_whose_certificate_will_never_be_replaced_is_erased(
    database: Database, log: Signer, certificate: Certificate, mara: Person, dana: Person, audited: Callable
) -> None:
    with database.transaction() as session:
        waiting = decides(
            session, Act.CORRECT, dana, certificate.public_id, holder="Mara Falk", now=ISSUED, private_reason="Wed."
        )
        note_problem(session, conferral_id=waiting.id, sentence="Mara Falk cannot be written.", now=ISSUED)
        decides(session, Act.SURRENDER, mara, certificate.public_id, log=log, now=utc_now())
    erased(database, log, mara)
    assert about(database) == {}
    with database.reading() as session:
        assert session.scalars(select(Conferral)).all() == []
    assert audited() == []


@pytest.mark.parametrize(("hours", "refused"), [(23, True), (25, False)])
def test_a_revocation_that_is_not_final_yet_is_not_lost_by_erasing(
    database: Database, log: Signer, certificate: Certificate, mara, dana, audited: Callable, hours: int, refused: bool
) -> None:
    with database.transaction() as session:
        decides(
            session,
            Act.REVOKE,
            dana,
            certificate.public_id,
            reason=Reason.CONDUCT,
            private_reason="Why.",
            log=log,
            now=utc_now() - timedelta(hours=hours),
            recall_within=timedelta(hours=24),
        )
    if refused:
        with pytest.raises(Refused, match="a certificate of this person is revoked"):
            erased(database, log, mara)
    else:
        erased(database, log, mara)
    with database.reading() as session:
        changes = session.scalars(select(StatusChange).order_by(StatusChange.id)).all()
    entered = [Word.SUSPENDED] if refused else [Word.SUSPENDED, Word.REVOKED, Word.ERASED]
    assert [one.status for one in changes] == entered
    assert (changes[0].becomes, changes[0].decided_by) == (Word.REVOKED, dana.id if refused else None)
    assert audited() == []


@pytest.mark.usefixtures("record")
def test_erasing_twice_changes_nothing(database: Database, log: Signer, mara: Person, audited: Callable) -> None:
    erased(database, log, mara)
    with pytest.raises(Missing):
        erased(database, log, mara)
    assert audited() == []


@pytest.mark.usefixtures("record")
def test_on_sqlite_nothing_is_left_in_the_file_either(database: Database, log: Signer, mara: Person, settings) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL overwrites in its own time: VACUUM")
    erased(database, log, mara)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = (settings.instance / "trainer.sqlite").read_bytes()
    for trace in (b"mara@example.org", b"Mara Vogel", b"Mara Ilona Vogel", b"would wait", b"board@example.gov"):
        assert trace not in stored, trace
