"""Mara's certificate is revoked or given back: suspended at once, final a day later, and recalled in between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest
import time_machine
from sqlalchemy import select

from tests.certificates.conftest import ISSUED
from tests.lifecycle.conftest import REASONS
from tests.stage.deciding import decides
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.certificates.models import Certificate
from trainer.clock import utc_now
from trainer.db import Database
from trainer.errors import Broken, Refused
from trainer.installation import Installation
from trainer.lifecycle.acts import Act
from trainer.lifecycle.decisions.services import make_final
from trainer.lifecycle.errands import make_endings_final
from trainer.lifecycle.queries import endings_due
from trainer.registry.audit.queries import audit_log, audit_registry
from trainer.registry.models import StatusChange
from trainer.registry.notes import Signer
from trainer.registry.queries import status_at
from trainer.registry.status import Reason, Word
from trainer.settings import Settings

DAY, MOMENT = timedelta(hours=24), timedelta(microseconds=1)
AT = ISSUED + timedelta(days=10)
WHY = {"private_reason": "The letter was about somebody else.", "sure": "y"}
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation as it comes: what ends a certificate can be recalled for a day."""
    return replace(settings, recall_hours=24)


@pytest.fixture
def ester(person: Callable) -> Person:
    """Another director of Mara's programme."""
    return person("Ester Lund", Role.DIRECTOR)


@pytest.fixture
def place(certificate: Certificate) -> str:
    return f"/certificates/{certificate.public_id}"


@pytest.fixture
def does(database: Database, certificate: Certificate, log: Signer, dana: Person, mara: Person) -> Callable:
    """Do something about Mara's certificate, as the routes and the worker do: `does("revoke", AT)`."""

    def act(what: str, now: datetime) -> object:
        about = {"log": log, "now": now, "recall_within": DAY}
        words = {"public_note": "By the board.", "private_reason": "A letter.", "reason": Reason.CONDUCT}
        known: dict[str, tuple[Act, Person, dict[str, object]]] = {
            "revoke": (Act.REVOKE, dana, words),
            "suspend": (Act.SUSPEND, dana, words),
            "suspend for a week": (Act.SUSPEND, dana, {**words, "last_day": (now + timedelta(days=6)).date()}),
            "lift": (Act.LIFT, dana, {**words, "reason": Reason.REVIEW_ENDED}),
            "surrender": (Act.SURRENDER, mara, {}),
            "recall": (Act.RECALL, dana, {"private_reason": "Wrong."}),
            "keep": (Act.KEEP, mara, {"private_reason": "Kept."}),
        }
        with database.transaction() as session:
            if what == "make final":
                return make_final(session, public_id=certificate.public_id, log=log, now=now)
            word, person, said = known[what]
            return decides(session, word, person, certificate.public_id, **said, **about)

    return act


def entries(database: Database) -> list[tuple[Word, Word | None]]:
    """Return everything that was entered about the certificate, and check that the log bears it out."""
    with database.reading() as session:
        assert list(audit_registry(session, step=lambda: None)) == []
        return [(one.status, one.becomes) for one in session.scalars(select(StatusChange).order_by(StatusChange.id))]


def word(database: Database, certificate: Certificate, now: datetime) -> Word:
    with database.reading() as session:
        return status_at(session, public_id=certificate.public_id, now=now).word


def acts(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.act != "confer").order_by(AuditEntry.id))
        return [(one.act, one.actor_id) for one in found]


def test_dana_revokes_and_everybody_reads_at_once_that_it_is_suspended_and_from_when_it_is_final(
    as_: Callable, dana: Person, mara: Person, ester: Person, place: str, certificate, database, letters, stranger
) -> None:
    with time_machine.travel(AT, tick=False):
        browser = as_(dana)
        form = browser.get(f"{place}/revocation").text
        assert f'<time datetime="{(AT + DAY).isoformat()}">' in form
        assert browser.decide(f"{place}/revocation", REASONS).status_code == 303
        public = stranger.get(f"/c/{certificate.public_id}").text
        said = stranger.get(f"/api/v1/credentials/{certificate.public_id}").json
        shown = [browser.get(page).text for page in (f"{place}/status", "/desk/")]
        mine = as_(mara).get("/certificates/").text
    when = f"{AT + DAY:%-d %B %Y, %H:%M} UTC"
    assert f"its revocation is final from {when}, and can be recalled until then" in public
    assert "Professional conduct" in public
    assert (said["status"], said["status_reason_code"]) == ("suspended", "conduct")
    for page in shown:
        assert "24 hours left" in page
        assert f"{place}/recall" in page
    assert "It was decided that it is revoked." in mine
    assert f"{place}/surrender" not in mine
    assert letters() == [(mara.id, f"Your certificate {certificate.number} is to be revoked")]
    assert entries(database) == [(Word.SUSPENDED, Word.REVOKED)]
    with time_machine.travel(AT + DAY - timedelta(minutes=5), tick=False):
        assert "less than an hour left" in as_(ester).get(f"{place}/status").text
    with time_machine.travel(AT + DAY, tick=False):  # and no worker has been there
        assert "That is final since" in as_(mara).get("/certificates/").text


def test_it_becomes_final_at_its_moment_and_not_before_and_only_once(
    does: Callable, database, certificate, letters, mara: Person, dana: Person, log: Signer
) -> None:
    does("revoke", AT)
    assert does("make final", AT + DAY - MOMENT) is False
    with database.reading() as session:
        assert endings_due(session, now=AT + DAY - MOMENT) == []
        assert endings_due(session, now=AT + DAY) == [certificate.public_id]
    assert [does("make final", AT + DAY) for _ in range(2)] == [True, False]
    assert entries(database) == [(Word.SUSPENDED, Word.REVOKED), (Word.REVOKED, None)]
    assert word(database, certificate, AT + DAY - MOMENT) is Word.SUSPENDED
    assert word(database, certificate, AT + DAY) is Word.REVOKED
    assert acts(database) == [("revoke", dana.id), ("revocation becomes final", None)]
    assert [subject.rpartition(" is ")[2] for _, subject in letters()] == [
        "to be revoked",
        f"Your certificate {certificate.number} was revoked",
    ]
    with database.reading() as session:
        assert endings_due(session, now=AT + 9 * DAY) == []
        last = session.scalars(select(StatusChange).order_by(StatusChange.id.desc())).first()
        assert (last.reason_code, last.public_note, last.private_reason) == ("conduct", "By the board.", "A letter.")
        assert last.decided_by == dana.id
        assert list(audit_log(session, verifier=log.verifier, step=lambda: None)) == []


def test_a_worker_that_comes_late_enters_what_reads_as_suspended_until_then(
    does: Callable, database, settings: Settings, certificate: Certificate
) -> None:
    does("revoke", AT)
    late = AT + timedelta(days=30)
    assert word(database, certificate, late) is Word.SUSPENDED
    for what in ("recall", "lift", "suspend", "surrender"):
        with pytest.raises(Refused, match=r"That is final since"):
            does(what, late)
    workers = [Thread(target=make_endings_final, args=(Installation(settings, database),)) for _ in range(3)]
    with time_machine.travel(late):
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert entries(database) == [(Word.SUSPENDED, Word.REVOKED), (Word.REVOKED, None)]
    assert word(database, certificate, late - MOMENT) is Word.SUSPENDED  # the log says what held, and nothing is unsaid
    assert word(database, certificate, late + timedelta(minutes=1)) is Word.REVOKED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, (Word.VALID, None)),
        ("suspend", (Word.SUSPENDED, None)),
        ("suspend for a week", (Word.SUSPENDED, None)),
    ],
)
@one_database
def test_what_is_recalled_leaves_what_stood_before(
    does: Callable, database, certificate, letters, dana: Person, before: str | None, after: tuple
) -> None:
    if before:
        does(before, AT - timedelta(hours=1))
    with database.reading() as session:
        stood = session.scalars(select(StatusChange)).first()
    does("revoke", AT)
    does("recall", AT + DAY - MOMENT)
    assert entries(database)[-2:] == [(Word.SUSPENDED, Word.REVOKED), after]
    assert does("make final", AT + 3 * DAY) is False
    with database.reading() as session:
        last = session.scalars(select(StatusChange).order_by(StatusChange.id.desc())).first()
    if stood:
        assert (last.until, last.reason_code, last.public_note) == (stood.until, stood.reason_code, stood.public_note)
        assert word(database, certificate, AT + 9 * DAY) is (Word.VALID if stood.until else Word.SUSPENDED)
    else:
        assert word(database, certificate, AT + DAY) is Word.VALID
    assert last.private_reason == "Wrong."
    assert acts(database)[-1] == ("recall revocation", dana.id)
    assert letters()[-1][1] == f"The revocation of your certificate {certificate.number} was recalled"


@one_database
def test_a_suspension_that_ran_out_meanwhile_does_not_come_back(does: Callable, database, certificate) -> None:
    does("suspend for a week", AT)
    does("revoke", AT + timedelta(days=6, hours=11))
    does("recall", AT + timedelta(days=7, hours=10))
    assert entries(database)[-1] == (Word.VALID, None)


@one_database
def test_while_one_decision_is_pending_nothing_else_is_decided(does: Callable, database) -> None:
    does("revoke", AT)
    for what in ("revoke", "suspend", "lift", "surrender"):
        with pytest.raises(Refused, match=f"becomes final on {AT + DAY:%-d %B %Y, %H:%M} UTC"):
            does(what, AT + timedelta(hours=1))
    with pytest.raises(Refused, match="Only a director"):
        does("keep", AT + timedelta(hours=1))
    assert entries(database) == [(Word.SUSPENDED, Word.REVOKED)]


@pytest.mark.parametrize("act", ["revocation", "suspension", "lifting", "correction", "renewal"])
@one_database
def test_the_page_of_any_other_decision_says_that_it_can_only_be_recalled(
    as_: Callable, ester: Person, dana: Person, does: Callable, place: str, act: str
) -> None:
    does("revoke", utc_now() - timedelta(hours=1))
    page = as_(ester).get(f"{place}/{act}").text
    assert "Nothing to do" in page
    if act == "revocation":
        assert "22 hours left" in page
        assert f"{place}/recall" in page


def test_ester_recalls_what_dana_decided_once_and_with_a_reason(
    as_: Callable, dana: Person, ester: Person, place: str, database, stranger, certificate: Certificate, letters
) -> None:
    browser = as_(dana)
    opened = {**REASONS, "seen": browser.shown(f"{place}/revocation")}
    assert [browser.send(f"{place}/revocation", opened).status_code for _ in range(2)] == [303, 303]
    browser, path = as_(ester), f"{place}/recall"
    assert browser.decide(path, {"sure": "y"}).status_code == 422
    opened = {**WHY, "seen": browser.shown(path)}
    assert [browser.send(path, opened).status_code for _ in range(2)] == [303, 303]
    assert entries(database) == [(Word.SUSPENDED, Word.REVOKED), (Word.VALID, None)]
    history = browser.get(f"{place}/status").text
    for words in ("Revocation recalled", "to be revoked, final from", "The letter was about somebody else.", "Ester"):
        assert words in history
    assert "and is valid" in stranger.get(f"/c/{certificate.public_id}").text
    assert as_(dana).decide(f"{place}/revocation", REASONS).status_code == 303
    assert len(letters()) == 3


@one_database
def test_a_recall_from_a_page_opened_before_it_became_final_is_refused(
    as_: Callable, dana: Person, place: str, does: Callable, database
) -> None:
    browser = as_(dana)
    does("revoke", utc_now() - DAY + timedelta(minutes=1))
    opened = {**WHY, "seen": browser.shown(f"{place}/recall")}
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        answer = browser.send(f"{place}/recall", opened)
        assert answer.status_code == 409
        assert "That is final since" in answer.text
        assert "This is final since" in browser.get(f"{place}/recall").text
        does("make final", utc_now())
        answer = browser.send(f"{place}/recall", opened)
    assert answer.status_code == 409
    assert "the certificate is revoked now" in answer.text
    assert entries(database)[-1] == (Word.REVOKED, None)


def test_mara_gives_it_back_and_keeps_it_after_all(
    as_: Callable, mara: Person, dana: Person, place: str, certificate: Certificate, database, letters, stranger
) -> None:
    browser, path = as_(mara), f"{place}/surrender"
    opened = {"sure": "y", "seen": browser.shown(path)}
    assert [browser.send(path, opened).location for _ in range(2)] == ["/certificates/"] * 2
    assert "You have given this certificate back." in browser.get(path).text
    assert f"{path}/recall" in browser.get("/certificates/").text
    assert "its surrender by the holder is final from" in stranger.get(f"/c/{certificate.public_id}").text
    assert f"{place}/recall" in as_(dana).get("/desk/").text
    assert browser.decide(f"{path}/recall", {"private_reason": "A mistake."}).status_code == 422
    opened = {**WHY, "seen": browser.shown(f"{path}/recall")}
    assert [browser.send(f"{path}/recall", opened).location for _ in range(2)] == ["/certificates/"] * 2
    assert entries(database) == [(Word.SUSPENDED, Word.SURRENDERED), (Word.VALID, None)]
    assert acts(database) == [("surrender", mara.id), ("recall surrender", mara.id)]
    assert [subject for _, subject in letters()] == [
        f"You are giving back your certificate {certificate.number}",
        f"The surrender of your certificate {certificate.number} was recalled",
    ]
    assert "no surrender of this certificate that can be recalled" in browser.get(f"{path}/recall").text


@one_database
def test_what_mara_gave_back_becomes_final_as_a_surrender(
    does: Callable, database, certificate: Certificate, letters
) -> None:
    does("surrender", AT)
    assert does("make final", AT + DAY)
    assert entries(database) == [(Word.SUSPENDED, Word.SURRENDERED), (Word.SURRENDERED, None)]
    assert letters()[-1][1] == f"You gave back your certificate {certificate.number}"


@one_database
@pytest.mark.parametrize("recalls", ["recall", "keep"])
def test_what_was_recalled_is_not_given_back_again_for_a_day(recalls: str, does: Callable, database) -> None:
    does("surrender", AT)
    does(recalls, AT + timedelta(hours=1))
    with pytest.raises(Refused, match=r"can be given back again from .*; a director"):
        does("surrender", AT + timedelta(hours=2))
    does("suspend", AT + timedelta(hours=3))
    with pytest.raises(Refused, match="suspended cannot be given back"):
        does("surrender", AT + timedelta(hours=26))
    assert entries(database) == [(Word.SUSPENDED, Word.SURRENDERED), (Word.VALID, None), (Word.SUSPENDED, None)]


@one_database
def test_after_a_day_it_is_given_back_again(does: Callable, database) -> None:
    for at in (AT, AT + DAY + timedelta(hours=1)):
        does("surrender", at)
        does("keep", at + timedelta(hours=1))
    assert len(entries(database)) == 4


@one_database
def test_mara_cannot_recall_a_revocation(as_: Callable, mara: Person, place: str, does: Callable, database) -> None:
    does("revoke", utc_now())
    answer = as_(mara).decide(f"{place}/surrender/recall", WHY)
    assert answer.status_code == 409
    assert entries(database) == [(Word.SUSPENDED, Word.REVOKED)]


@one_database
def test_who_gave_back_without_a_reason_keeps_without_one(
    as_: Callable, mara: Person, place: str, does: Callable, database
) -> None:
    does("surrender", utc_now())
    browser = as_(mara)
    assert "You need not give any." in browser.get(f"{place}/surrender/recall").text
    answer = browser.decide(f"{place}/surrender/recall", {"sure": "y", "private_reason": ""})
    assert answer.status_code in (302, 303)
    assert entries(database) == [(Word.SUSPENDED, Word.SURRENDERED), (Word.VALID, None)]


@one_database
def test_a_director_recalls_a_surrender_and_revokes_instead(does: Callable, database) -> None:
    does("surrender", AT)
    does("recall", AT + timedelta(hours=1))
    does("revoke", AT + timedelta(hours=2))
    assert does("make final", AT + 3 * DAY)
    assert entries(database)[-1] == (Word.REVOKED, None)


@one_database
def test_a_recall_that_does_not_say_in_sight_of_what_it_was_decided_is_refused(
    as_: Callable, dana: Person, mara: Person, place: str, does: Callable, database
) -> None:
    does("surrender", utc_now())
    for person, act in ((dana, "recall"), (mara, "surrender/recall")):
        answer = as_(person).send(f"{place}/{act}", WHY)
        assert answer.status_code == 409
        assert "Look at what holds and decide again." in answer.text
    assert entries(database) == [(Word.SUSPENDED, Word.SURRENDERED)]


@pytest.mark.parametrize(
    ("given", "hours"), [(None, 24), ("0", 0), ("168", 168), ("169", None), ("-1", None), ("a day", None)]
)
def test_the_hours_are_from_none_to_a_week(given: str | None, hours: int | None, tmp_path) -> None:
    environ = {"TRAINER_INSTANCE": str(tmp_path), **({} if given is None else {"TRAINER_RECALL_HOURS": given})}
    if hours is None:
        with pytest.raises(Broken, match="TRAINER_RECALL_HOURS"):
            Settings.from_env(environ)
    else:
        assert Settings.from_env(environ).recall_hours == hours
