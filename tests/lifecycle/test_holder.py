"""What a holder decides about their own certificate, and what they are told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from tests.certificates.conftest import ISSUED
from tests.lifecycle.test_suspension import SUSPEND
from tests.stage.deciding import decides
from trainer.accounts.models import Person
from trainer.certificates.models import Certificate, Consent
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.db import Database, new_id
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.services import enrol
from trainer.lifecycle.acts import RULES, Act, Sent
from trainer.lifecycle.renewal import REMINDERS, reminder_due
from trainer.lifecycle.telling import letters as written
from trainer.lifecycle.telling.services import remind as send_reminders
from trainer.lifecycle.telling.services import tell_issued
from trainer.registry.models import StatusChange
from trainer.registry.notes import Signer
from trainer.registry.queries import status_at
from trainer.registry.status import Word

ENDS = datetime(2028, 2, 2, tzinfo=ISSUED.tzinfo)


def test_mara_gives_her_certificate_back_once(
    as_: Callable, mara: Person, certificate: Certificate, database: Database, letters: Callable, stranger
) -> None:
    browser, path = as_(mara), f"/certificates/{certificate.public_id}/surrender"
    assert path in browser.get("/certificates/").text
    opened = {"sure": "y", "seen": browser.shown(path)}
    assert browser.send(path).status_code == 422
    for _ in range(2):
        assert browser.send(path, opened).location == "/certificates/"
    with database.reading() as session:
        assert status_at(session, public_id=certificate.public_id, now=utc_now()).word is Word.SURRENDERED
        assert session.scalar(select(func.count()).select_from(StatusChange)) == 1
    assert "Nothing to do" in browser.get(path).text
    assert letters() == [(mara.id, f"You gave back your certificate {certificate.number}")]
    assert "it was given back on" in stranger.get(f"/c/{certificate.public_id}").text


def test_nobody_leaves_a_review_by_giving_back_what_it_is_about(
    as_: Callable, mara: Person, dana: Person, certificate: Certificate, database: Database
) -> None:
    as_(dana).decide(f"/certificates/{certificate.public_id}/suspension", SUSPEND)
    browser, path = as_(mara), f"/certificates/{certificate.public_id}/surrender"
    assert "That cannot be done now" in browser.get(path).text
    assert browser.send(path, {"sure": "y"}).status_code == 409


def test_mara_decides_what_the_counter_says_of_her_name(
    as_: Callable, mara: Person, certificate: Certificate, database: Database, stranger
) -> None:
    browser, path = as_(mara), f"/certificates/{certificate.public_id}/visibility"
    assert path in browser.get("/certificates/").text
    assert "Mara Vogel" in stranger.get(f"/c/{certificate.public_id}").text
    for level in ("hidden", "hidden", "matched"):
        answer = browser.decide(path, {"level": level})
        assert "Your choice is kept" in browser.get(answer.location).text
        page = stranger.get(f"/c/{certificate.public_id}").text
        assert "Mara Vogel" not in page
        assert "only its holder can decide" in page
    with database.reading() as session:
        kept = session.scalars(select(Consent.level).order_by(Consent.id)).all()
    assert kept == [ConsentLevel.SHOWN, ConsentLevel.HIDDEN, ConsentLevel.MATCHED]
    browser.decide(path, {"level": "shown"})
    assert "Mara Vogel" in stranger.get(f"/c/{certificate.public_id}").text


@pytest.mark.parametrize("has_one", [True, False])
def test_an_older_page_shows_no_name_that_was_hidden_on_another(
    as_: Callable, mara: Person, request: pytest.FixtureRequest, has_one: bool
) -> None:
    path = "/certificates/visibility"
    if has_one:
        path = f"/certificates/{request.getfixturevalue('certificate').public_id}/visibility"
    browser = as_(mara)
    browser.decide(path, {"level": "matched"})
    assert 'name="seen" type="hidden" value="matched"' in browser.get(path).text
    assert browser.send(path, {"level": "hidden", "seen": "matched"}).status_code == 303
    older = browser.send(path, {"level": "shown", "seen": "matched"})
    assert older.status_code == 409
    assert "You chose otherwise on another page" in older.text
    assert 'name="seen" type="hidden" value="hidden"' in older.text
    assert 'checked id="level-0"' in older.text, "what she chose here is still chosen"
    assert browser.send(path, {"level": "shown", "seen": "hidden"}).status_code == 303


def test_mara_says_before_her_first_certificate_who_may_see_her_name(
    as_: Callable, mara: Person, enrolment: Enrolment, award: Callable, stranger
) -> None:
    browser = as_(mara)
    assert "/certificates/visibility" in browser.get("/certificates/").text
    for level in ("shown", "hidden", "hidden"):
        answer = browser.decide("/certificates/visibility", {"level": level})
        assert "Your choice is kept" in browser.get(answer.location).text
    certificate = award(enrolment, mara)
    page = stranger.get(f"/c/{certificate.public_id}").text
    assert "Mara Vogel" not in page
    assert "/match" not in page


@pytest.mark.parametrize(("level", "shown"), [("hidden", False), ("matched", False), ("shown", True)])
def test_a_further_certificate_shows_no_name_that_its_holder_has_hidden_since(
    as_: Callable, database: Database, mara: Person, certificate: Certificate, award: Callable, stranger, level, shown
) -> None:
    as_(mara).decide(f"/certificates/{certificate.public_id}/visibility", {"level": level})
    with database.transaction() as session:
        release = session.scalars(select(Cohort.release_hash)).one()
        further = Cohort(
            id=new_id(),
            programme="foundations",
            name="Autumn 2026",
            release_hash=release,
            starts_on=ISSUED.date(),
            created_at=ISSUED,
        )
        session.add(further)
        session.flush()
        enrolment = enrol(session, person_id=mara.id, cohort=further, now=ISSUED)
    page = stranger.get(f"/c/{award(enrolment, mara, now=utc_now()).public_id}").text
    assert ("Mara Vogel" in page) is shown


def test_nobody_is_shown_by_name_who_was_not_asked(
    as_: Callable, database: Database, certificate: Certificate, tampering: Callable, stranger
) -> None:
    with tampering() as session:  # as every certificate of an earlier version is
        session.execute(delete(Consent))
    page = stranger.get(f"/c/{certificate.public_id}").text
    assert "Mara Vogel" not in page
    answer = stranger.send(f"/c/{certificate.public_id}/match", {"name": "Mara Vogel"})
    assert answer.status_code == 200
    assert "Yes, it matches" in answer.text


def test_only_who_is_signed_in_says_who_may_see_a_name(stranger, as_: Callable, mara: Person) -> None:
    assert stranger.get("/certificates/visibility").location.startswith("/sign-in")
    assert as_(mara).send("/certificates/visibility", {"level": "everybody"}).status_code == 422


@pytest.mark.parametrize("level", ["", "everybody", "SHOWN"])
def test_a_level_that_there_is_not_is_refused(as_: Callable, mara: Person, certificate, level: str) -> None:
    assert as_(mara).send(f"/certificates/{certificate.public_id}/visibility", {"level": level}).status_code == 422


def test_mara_is_told_that_her_certificate_is_ready(
    database: Database, certificate: Certificate, mara: Person, letters: Callable
) -> None:
    with database.transaction() as session:
        tell_issued(session, certificate=certificate, now=ISSUED)
    assert letters() == [(mara.id, "Your certificate is ready")]


def remind(database: Database, now: datetime) -> int:
    with database.transaction() as session:
        return send_reminders(session, now=now)


def test_mara_is_reminded_three_times_and_each_time_once(
    database: Database, certificate: Certificate, letters: Callable
) -> None:
    told = []
    for days in range(100, -10, -1):
        for _ in range(2):
            if remind(database, ENDS - timedelta(days=days)):
                told.append(days)
    assert told == [90, 30, 7]
    assert [subject for _, subject in letters()] == [
        f"Your certificate {certificate.number} ends in {ahead}" for ahead in ("90 days", "30 days", "a week")
    ]


def test_after_a_long_silence_only_the_latest_reminder_is_sent(database: Database, certificate: Certificate) -> None:
    assert remind(database, ENDS - timedelta(days=5)) == 1
    assert remind(database, ENDS - timedelta(days=4)) == 0


def test_nobody_is_reminded_of_what_does_not_hold_or_is_renewed(
    database: Database, certificate: Certificate, log: Signer, dana: Person, mara: Person
) -> None:
    now = ENDS - timedelta(days=80)
    with database.transaction() as session:
        decides(session, Act.RENEW, dana, certificate.public_id, now=now, private_reason="Good.")
    assert remind(database, now) == 0


def test_nobody_is_reminded_of_what_they_gave_back(
    database: Database, certificate: Certificate, log: Signer, mara: Person
) -> None:
    with database.transaction() as session:
        decides(session, Act.SURRENDER, mara, certificate.public_id, log=log, now=ISSUED)
    assert remind(database, ENDS - timedelta(days=5)) == 0


@given(st.integers(0, 800), st.integers(-50, 900))
def test_a_reminder_is_due_within_its_days_and_never_before_the_issue(lasts: int, at: int) -> None:
    ends, now = ISSUED + timedelta(days=lasts), ISSUED + timedelta(days=at)
    due = reminder_due(issued_at=ISSUED, ends_at=ends, now=now)
    if due is not None:
        assert due in REMINDERS
        assert now < ends <= now + timedelta(days=due)
        assert lasts > due


def test_every_letter_is_one_that_a_person_would_write() -> None:
    number, day, there = "7K4M-2QXH-9PTC", "1 February 2028 (Chatham)", ZoneInfo("Pacific/Chatham")
    decisions = [
        Sent(act=act, reason=reason, public_note="A note.", last_day=last_day).decision(
            by="d" * 26, zone=there, recall_within=recall_within, now=ISSUED
        )
        for act, rule in RULES.items()
        for reason in rule.reasons
        for last_day in ((None, ENDS.date()) if rule.ends else (None,))
        for recall_within in (timedelta(0), timedelta(hours=24))
    ]
    every = [
        written.issued(number, "Certificate in psychedelic-assisted therapy", day),
        *(written.about(number, decision, there) for decision in decisions),
        *(
            written.recalled(number, was, back, there)
            for was in (Word.REVOKED, Word.SURRENDERED)
            for back in decisions
            if back.final_at is None
        ),
        written.replaced(number),
        *(written.about_to_expire(number, day, days) for days in REMINDERS),
    ]
    assert len({letter.subject for letter in every}) == 9 + len(REMINDERS) + 1
    for letter in every:
        assert "\n" not in letter.subject
        assert "A note." not in letter.body  # what a director wrote may name somebody, and the outbox is for ever
        assert "http" not in letter.body
        assert letter.body.endswith(".\n")
        assert "  " not in letter.body
