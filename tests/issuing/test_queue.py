"""What a director has decided is issued by the worker: exactly once, whatever breaks on the way."""

import itertools
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Update, event, select, update

from tests.stage.deciding import decides
from tests.stage.forked import Forked
from tests.stage.issuing import issue_now
from trainer.accounts.models import Person
from trainer.certificates.audit.queries import audit_certificates
from trainer.certificates.documents.queries import document_for, documents_ordered
from trainer.certificates.documents.services import order_document
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.queries import certificate_for, waiting
from trainer.certificates.signing.key_rotation import add_signer
from trainer.certificates.tasks import DocumentKind
from trainer.clock import utc_now
from trainer.db import Database
from trainer.enrolment.models import Enrolment
from trainer.errors import Broken, Refused
from trainer.installation import Installation
from trainer.issuing.errands import issue_waiting, make_documents
from trainer.issuing.services import note_problem
from trainer.issuing.tools import tools_of
from trainer.lifecycle.acts import Act
from trainer.registry.audit.queries import audit_log, audit_registry
from trainer.registry.errands import check_newest
from trainer.registry.keys import verifier_in
from trainer.registry.models import LogEntry, RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.published.services import ensure_key_published
from trainer.registry.status import Reason, Word
from trainer.settings import Settings
from trainer.verify.offline.checking import verify_offline
from trainer.verify.trust.queries import trust_of
from trainer.worker import work


@pytest.fixture
def trainer(settings: Settings, database: Database) -> Installation:
    return Installation(settings, database)


@pytest.fixture
def decided(decide: Callable, enrol: Callable, person: Callable) -> Callable[[int], list[Conferral]]:
    """Let Dana decide about so many people: `decided(5)`."""

    numbers = itertools.count()

    def about(count: int) -> list[Conferral]:
        people = [person(f"Holder{next(numbers)} Example") for _ in range(count)]
        return [decide(enrol(one), one, now=utc_now()) for one in people]

    return about


def wrong_in(trainer: Installation) -> list[str]:
    """Everything that the audit finds."""
    with trainer.database.reading() as session:
        found = list(audit_log(session, verifier=verifier_in(trainer.settings.instance), step=lambda: None))
        found += audit_registry(session, step=lambda: None)
        return found + list(audit_certificates(session, step=lambda: None))


def test_the_worker_issues_what_was_decided(trainer: Installation, decided: Callable) -> None:
    decisions = decided(2)
    assert issue_waiting(trainer).issued == 2
    with trainer.database.reading() as session:
        assert {one.public_id for one in decisions} == set(session.scalars(select(Certificate.public_id)))
        assert not waiting(session)
    assert wrong_in(trainer) == []
    assert issue_waiting(trainer).issued == 0


def test_the_certificate_is_the_one_that_was_decided_even_after_the_name_changed(
    trainer: Installation, decide: Callable, enrolment: Enrolment, mara: Person
) -> None:
    decide(enrolment, mara, now=utc_now())
    with trainer.database.transaction() as session:
        session.get_one(Person, mara.id).name = "Somebody Else"
    issue_waiting(trainer)
    with trainer.database.reading() as session:
        [certificate] = session.scalars(select(Certificate))
        assert certificate.claim["holder"] == "Mara Vogel"


def test_a_full_disk_leaves_nothing_half_issued_and_room_completes_it(
    trainer: Installation, decided: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    engine = trainer.database.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite can be told how large it may grow")
    decisions = decided(3)

    def allow(connection, _record) -> None:
        [pages] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages + 5}")  # a paper alone needs more

    event.listen(engine, "connect", allow)
    engine.dispose()
    assert issue_waiting(trainer).failed == 3
    assert "database or disk is full" in caplog.text
    assert wrong_in(trainer) == []
    event.remove(engine, "connect", allow)
    engine.dispose()
    assert wrong_in(trainer) == []
    wait_for_none(trainer)
    assert all_issued_once(trainer, decisions)
    assert wrong_in(trainer) == []


def test_a_missing_key_is_said_where_the_decision_waits_and_a_retry_completes_it(
    trainer: Installation, decided: Callable
) -> None:
    decided(1)
    assert issue_waiting(trainer).issued == 1
    authority = trainer.settings.instance / "authority"
    away = authority.rename(authority.with_name("away"))
    [late] = decided(1)
    assert issue_waiting(trainer).failed == 1
    with trainer.database.reading() as session:
        [one] = waiting(session)
    assert "signing keys are missing" in one.problem
    assert one.next_try == one.failed_at + timedelta(seconds=10)
    assert issue_waiting(trainer).issued == 0  # not before its time
    away.rename(authority)
    with time_machine.travel(utc_now() + timedelta(minutes=1)):
        assert issue_waiting(trainer).issued == 1
    with trainer.database.reading() as session:
        assert session.get(Certificate, late.public_id) is not None
    assert wrong_in(trainer) == []


@pytest.fixture
def corrected(trainer: Installation, decided: Callable, dana: Person) -> Conferral:
    """A decision to replace a certificate that was just issued."""
    [first] = decided(1)
    assert issue_waiting(trainer).issued == 1
    with trainer.database.transaction() as session:
        return decides(
            session, Act.CORRECT, dana, first.public_id, holder="New Example", now=utc_now(), private_reason="Wed."
        )


def revoked(trainer: Installation, public_id: str, dana: Person, log: Signer) -> None:
    with trainer.database.transaction() as session:
        decides(session, Act.REVOKE, dana, public_id, reason=Reason.CONDUCT, log=log, now=utc_now())


def test_a_certificate_that_is_revoked_while_its_successor_is_laid_out_keeps_nobody_waiting_for_ever(
    trainer: Installation, corrected: Conferral, dana: Person, log: Signer
) -> None:
    with ThreadPoolExecutor(1) as beside:
        started: list[Future[None]] = []

        def meanwhile(_paper: bytes) -> None:
            started.append(beside.submit(revoked, trainer, str(corrected.supersedes), dana, log))
            time.sleep(0.5)

        tools = replace(tools_of(trainer, now=utc_now()), check=meanwhile)
        issue_now(trainer.database, corrected.id, tools, utc_now())
        with pytest.raises(Refused, match="superseded"):
            started[0].result(timeout=20)
    assert wrong_in(trainer) == []


def test_what_can_no_longer_be_issued_says_so_before_anything_is_laid_out(
    trainer: Installation, corrected: Conferral, dana: Person, log: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoked(trainer, str(corrected.supersedes), dana, log)
    monkeypatch.setattr("trainer.issuing.services.unsigned_paper", None)
    with trainer.database.reading() as session:
        assert not waiting(session)  # it waits no more
    tools = tools_of(trainer, now=utc_now())
    with pytest.raises(Refused, match="replaced has been revoked since the decision"):
        issue_now(trainer.database, corrected.id, tools, utc_now())


def test_a_second_worker_that_comes_late_to_a_replacement_finds_it_issued(
    trainer: Installation, corrected: Conferral
) -> None:
    tools = tools_of(trainer, now=utc_now())
    once, again = [issue_now(trainer.database, corrected.id, tools, utc_now()) for _ in range(2)]
    assert once.sha256 == again.sha256


def test_a_document_that_cannot_be_made_holds_up_no_other_and_says_why(
    trainer: Installation,
    decided: Callable,
    tampering: Callable,
    as_: Callable,
) -> None:
    one, other = decided(2)
    issue_waiting(trainer)
    with trainer.database.transaction() as session:
        for conferral in (one, other):
            holder = session.get_one(Person, conferral.person_id)
            wanted = {"kind": DocumentKind.TRANSCRIPT, "person": holder, "paper_size": PaperSize.A4, "now": utc_now()}
            order_document(session, public_id=conferral.public_id, **wanted)
    with tampering() as session:
        session.execute(update(Conferral).where(Conferral.id == one.id).values(proof={"title": "?", "parts": [1]}))
    tally = make_documents(trainer)
    assert (tally.issued, tally.failed) == (1, 1)
    assert make_documents(trainer).failed == 0  # it rests
    with trainer.database.reading() as session:
        [left] = documents_ordered(session)
        holder = session.get_one(Person, one.person_id)
    assert (left.public_id, left.tries) == (one.public_id, 1)
    assert "could not be made so far" in as_(holder).get("/certificates/").text


def test_a_dead_timestamp_authority_is_asked_before_anybody_is_kept_from_writing(
    trainer: Installation, decided: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(3)

    class Dead:
        asked = 0

        def stamp(self, _digest: bytes) -> bytes:
            self.asked += 1
            with trainer.database.transaction() as session:  # somebody else can write meanwhile
                session.execute(update(Person).values(name=Person.name))
            raise Broken("The timestamp authority does not answer.")

    dead = Dead()
    tools = tools_of(trainer, now=utc_now())
    without = replace(tools, authority=replace(tools.authority, timestamps=dead))
    monkeypatch.setattr("trainer.issuing.tools.tools_of", lambda _installation, now: without)
    assert issue_waiting(trainer).failed == 3
    assert dead.asked == 1
    with trainer.database.reading() as session:
        assert {one.problem for one in waiting(session)} == {"The timestamp authority does not answer."}


def test_a_key_that_was_replaced_meanwhile_fails_one_certificate_and_no_more(
    trainer: Installation, decided: Callable, log: Signer
) -> None:
    decided(3)
    issued: list[int] = []

    def rotate() -> None:
        issued.append(1)
        if len(issued) == 1:
            made = add_signer(trainer.settings.instance, issuer="Trainer test programme", now=utc_now())
            with trainer.database.transaction() as session:
                ensure_key_published(session, certificate=made, log=log, now=utc_now())

    tally = issue_waiting(trainer, step=rotate)
    assert (tally.issued, tally.failed) == (2, 1)
    wait_for_none(trainer)
    assert wrong_in(trainer) == []


def test_a_clock_that_was_ahead_holds_nothing_up(trainer: Installation, decided: Callable) -> None:
    [conferral] = decided(1)
    with trainer.database.transaction() as session:
        later = utc_now() + timedelta(days=400)
        note_problem(session, conferral_id=conferral.id, sentence="The clock was wrong.", now=later)
    assert issue_waiting(trainer).issued == 1


def test_the_worker_does_not_start_without_the_library_that_packs_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.certificates.paper.layout_engine.ffi", SimpleNamespace(harfbuzz_subset=None))
    with pytest.raises(Broken, match="libharfbuzz-subset0"):
        work()


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (update(Certificate).values(credential="e30.e30.e30"), "stored credential is not the one that was issued"),
        (update(Certificate).values(credential=None), "stored credential is not the one that was issued"),
        (
            update(Conferral).values(facts={"holder": "Somebody Else"}),
            "stored facts are not those that were decided",
        ),
    ],
)
def test_an_altered_credential_or_decision_is_found_and_put_into_no_further_document(
    trainer: Installation, decided: Callable, tampering: Callable, act: Update, said: str
) -> None:
    [conferral] = decided(1)
    issue_waiting(trainer)
    with trainer.database.transaction() as session:
        holder = session.get_one(Person, conferral.person_id)
        wanted = {"kind": DocumentKind.LETTER, "person": holder, "paper_size": PaperSize.A4, "now": utc_now()}
        order_document(session, public_id=conferral.public_id, **wanted)
    with tampering() as session:
        session.execute(act)
    assert [sentence for sentence in wrong_in(trainer) if said in sentence]
    if "credential" in said:
        assert make_documents(trainer).failed == 1
        with trainer.database.reading() as session, pytest.raises(Broken, match="was altered"):
            certificate_for(session, public_id=conferral.public_id, person=holder, paper=True)


def test_another_size_of_paper_ordered_when_the_key_has_ended_is_still_genuine_offline(
    trainer: Installation, decided: Callable, settings: Settings
) -> None:
    begun = utc_now()
    with time_machine.travel(begun - timedelta(days=800), tick=True):
        [conferral] = decided(1)
        assert issue_waiting(trainer).issued == 1
    add_signer(settings.instance, issuer="Trainer test programme", now=utc_now())
    with trainer.database.transaction() as session:
        holder = session.get_one(Person, conferral.person_id)
        wanted = {"kind": DocumentKind.LETTER, "person": holder, "paper_size": PaperSize.A4, "now": utc_now()}
        order_document(session, public_id=conferral.public_id, **wanted)
    assert make_documents(trainer).issued == 1
    with trainer.database.reading() as session:
        document, _ = document_for(session, public_id=conferral.public_id, kind="letter", person=holder)
        trust = trust_of(session, settings=settings, now=utc_now())
    verdict = verify_offline(document.pdf, trust, utc_now())
    assert verdict.status == Word.EXPIRED
    assert verdict.facts["holder"] == holder.name


def wait_for_none(trainer: Installation) -> None:
    """Let the worker finish what was left, as if its next try were due."""
    with time_machine.travel(utc_now() + timedelta(days=1)):
        issue_waiting(trainer)


def press_room(trainer: Installation, *, lifetimes: list[float]) -> Forked:
    """Start workers one after the other, each killed with SIGKILL after so many seconds; all of 0 finish, at once."""
    wanted = {
        "TRAINER_INSTANCE": str(trainer.settings.instance),
        "TRAINER_DATABASE_URL": trainer.settings.database_url,
        "TRAINER_BASE_URL": trainer.settings.base_url,
        "TRAINER_ISSUER": trainer.settings.issuer,
    }
    words, said = map(str, lifetimes), trainer.settings.instance / "press-room.log"
    return Forked("tests.issuing.press_room", *words, env={**os.environ, **wanted}, out=said, err=Path(os.devnull))


def check_killed(trainer: Installation, decisions: list[Conferral], kills: int) -> None:
    chance = random.Random(20260301)
    killed = press_room(trainer, lifetimes=[chance.uniform(0.02, 1.0) for _ in range(kills)])
    assert killed.wait(timeout=240) == 0
    assert wrong_in(trainer) == []  # whatever is there is whole
    wait_for_none(trainer)
    assert wrong_in(trainer) == []
    assert all_issued_once(trainer, decisions)


def all_issued_once(trainer: Installation, decisions: list[Conferral]) -> bool:
    with trainer.database.reading() as session:
        issued = session.scalars(select(Certificate.public_id)).all()
        entered = session.scalars(select(RegistryEntry.public_id)).all()
        places = session.scalars(select(LogEntry.index).order_by(LogEntry.index)).all()
    assert list(places) == list(range(len(places)))
    return sorted(issued) == sorted(entered) == sorted(one.public_id for one in decisions)


def test_a_worker_killed_in_the_midst_leaves_every_certificate_whole_or_absent(
    trainer: Installation, decided: Callable
) -> None:
    check_killed(trainer, decided(12), kills=6)


@pytest.mark.stress
def test_a_worker_killed_a_hundred_times_leaves_every_certificate_whole_or_absent(
    trainer: Installation, decided: Callable
) -> None:
    check_killed(trainer, decided(120), kills=100)


def check_crowd(trainer: Installation, decisions: list[Conferral]) -> None:
    assert press_room(trainer, lifetimes=[0, 0, 0, 0]).wait(timeout=900) == 0
    tried = [int(line) for line in (trainer.settings.instance / "press-room.log").read_text().split()]
    assert len(tried) == 4
    assert sum(tried) >= 2 * len(decisions)  # they were at one queue, and more than one came to the same certificate
    assert all_issued_once(trainer, decisions)
    assert wrong_in(trainer) == []


def test_four_workers_at_one_queue_issue_each_certificate_once(trainer: Installation, decided: Callable) -> None:
    check_crowd(trainer, decided(8))


@pytest.mark.stress
def test_four_workers_issue_a_thousand_certificates_once(trainer: Installation, decided: Callable) -> None:
    check_crowd(trainer, decided(1000))


def test_a_witness_that_cannot_be_read_is_named_and_no_certificate_is_blamed(
    trainer: Installation, decided: Callable
) -> None:
    decided(1)
    issue_waiting(trainer)
    mistyped = replace(trainer.settings, witnesses=(("other.example+00000000+AAAA", ""),))
    with trainer.database.reading() as session, pytest.raises(Broken, match=r"The witness 'other\.example"):
        trust_of(session, settings=mistyped, now=utc_now())


class SeenMore(BaseHTTPRequestHandler):
    """A witness that remembers a longer log than there is."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(409)
        self.end_headers()
        self.wfile.write(b"999999\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_no_worker_begins_on_a_database_older_than_what_a_witness_has_seen(
    trainer: Installation, decided: Callable
) -> None:
    decided(1)
    issue_waiting(trainer)
    key = Ed25519PrivateKey.generate()
    with HTTPServer(("127.0.0.1", 0), SeenMore) as server, ThreadPoolExecutor(1) as beside:
        beside.submit(server.serve_forever)
        named = ((Signer("other.example", key).witness.text(), f"http://127.0.0.1:{server.server_port}"),)
        try:
            with pytest.raises(Broken, match="has seen 999999 entries"):
                check_newest(replace(trainer, settings=replace(trainer.settings, witnesses=named)))
        finally:
            server.shutdown()
    check_newest(replace(trainer, settings=replace(trainer.settings, witnesses=((named[0][0], "http://127.0.0.1:9"),))))
