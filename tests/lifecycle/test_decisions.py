"""What a director decides about a certificate."""

import re
from collections.abc import Callable
from threading import Thread

import pytest
from sqlalchemy import func, select

from tests.lifecycle.conftest import REASONS
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.certificates.models import Certificate, Conferral, Consent
from trainer.clock import utc_now
from trainer.db import Database
from trainer.registry.models import StatusChange
from trainer.registry.queries import status_at


def test_dana_revokes_with_reasons_and_it_is_written_down(
    as_: Callable, certificate: Certificate, dana: Person, database: Database
) -> None:
    browser = as_(dana)
    path = f"/certificates/{certificate.public_id}/revocation"
    assert browser.get(path).status_code == 200
    assert "Can be renewed" in browser.get(f"/certificates/{certificate.public_id}/status").text
    answer = browser.decide(path, REASONS)
    assert answer.location == f"/certificates/{certificate.public_id}/status"
    with database.reading() as session:
        status = status_at(session, public_id=certificate.public_id, now=utc_now())
        [act] = session.scalars(select(AuditEntry).where(AuditEntry.act == "revoke"))
    assert (status.word, status.reason_code) == ("revoked", "conduct")
    assert act.actor_id == dana.id
    page = browser.get(answer.location).text
    assert "letter of 3 May" in page
    assert "Can be renewed" not in page
    assert "letter of 3 May" not in browser.get(f"/c/{certificate.public_id}").text


def shown(page: str) -> str:
    """Return what a page says it shows."""
    return re.search(r'name="seen" type="hidden" value="([^"]*)"', page).group(1)


@pytest.mark.parametrize("act", ["suspension", "revocation", "correction", "surrender", "renewal", "lifting"])
def test_a_page_opened_before_something_was_decided_decides_nothing(
    as_: Callable, certificate: Certificate, dana: Person, mara: Person, person, database: Database, act: str
) -> None:
    place, ester = f"/certificates/{certificate.public_id}", as_(person("Ester Lund", Role.DIRECTOR))
    browser = as_(mara if act == "surrender" else dana)
    opened = {**REASONS, "name": "Mara Falk", "private_reason": "Typed by Dana.", "seen": "valid, 0, 0, 0"}
    opened["reason"] = {"suspension": "conduct", "lifting": "review ended"}.get(act, "conduct")
    if act in ("suspension", "revocation", "correction", "surrender"):
        assert shown(browser.get(f"{place}/{act}").text) == opened["seen"]
    assert ester.decide(f"{place}/suspension", {**REASONS, "reason": "under review"}).status_code == 303
    answer = browser.send(f"{place}/{act}", opened)
    assert answer.status_code == 409
    assert "This changed since you opened it: the certificate is suspended now." in answer.text
    with database.reading() as session:
        assert status_at(session, public_id=certificate.public_id, now=utc_now()).word == "suspended"
        assert session.scalar(select(func.count()).select_from(StatusChange)) == 1
    assert ("Typed by Dana." in answer.text) is (act != "surrender"), "whoever typed something has it back"
    if act in ("suspension", "revocation", "lifting"):
        again = {**opened, "seen": shown(answer.text)}
        assert [browser.send(f"{place}/{act}", again).status_code for _ in range(2)] == [303, 303]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_correction_sent_twice_from_one_page_is_one_decision(
    as_: Callable, certificate: Certificate, dana: Person, database: Database
) -> None:
    browser, path = as_(dana), f"/certificates/{certificate.public_id}/correction"
    form = {"name": "Mara Falk", "private_reason": "Seen.", "sure": "y", "seen": shown(browser.get(path).text)}
    assert [browser.send(path, form).status_code for _ in range(2)] == [303, 303]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Conferral)) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_new_end_that_another_director_gave_meanwhile_is_not_overwritten(
    as_: Callable, certificate: Certificate, dana: Person, person: Callable
) -> None:
    path = f"/certificates/{certificate.public_id}/suspension"
    browser, form = as_(dana), {**REASONS, "reason": "under review"}
    browser.decide(path, form)
    opened = shown(browser.get(path).text)
    today = utc_now().date().isoformat()
    assert as_(person("Ester Lund", Role.DIRECTOR)).decide(path, {**form, "last_day": today}).status_code == 303
    answer = browser.send(path, {**form, "seen": opened})
    assert answer.status_code == 409
    assert "its suspension was decided anew" in answer.text


@pytest.mark.parametrize(
    "act",
    [
        "suspension",
        "lifting",
        "revocation",
        "correction",
        "renewal",
        "recall",
        "surrender",
        "surrender/recall",
        "visibility",
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_does_not_say_in_sight_of_what_it_was_decided_is_refused_like_a_stale_page(
    as_: Callable, certificate: Certificate, dana: Person, mara: Person, database: Database, act: str
) -> None:
    given = {**REASONS, "name": "Mara Falk", "reason": {"lifting": "review ended"}.get(act, "conduct")}
    given |= {"level": "hidden"}
    for seen in ({}, {"seen": ""}):
        browser = as_(mara if act in ("surrender", "surrender/recall", "visibility") else dana)
        answer = browser.send(f"/certificates/{certificate.public_id}/{act}", {**given, **seen})
        assert answer.status_code == 409
        assert "Look at what holds and decide again." in answer.text
    with database.reading() as session:
        assert session.scalars(select(StatusChange)).all() == []
        assert session.scalar(select(func.count()).select_from(Consent)) == 1, "what she chose before"


def test_mara_reads_why_hers_was_revoked_and_is_not_asked_to_show_it(
    as_: Callable, certificate: Certificate, dana: Person, mara: Person
) -> None:
    assert "linkedin.com" in as_(mara).get("/certificates/").text
    as_(dana).decide(f"/certificates/{certificate.public_id}/revocation", REASONS)
    page = as_(mara).get("/certificates/").text
    assert "Reason: Professional conduct." in page
    assert "please talk with your programme director" in page
    assert "linkedin.com" not in page
    assert "letter of 3 May" not in page


def test_revoking_twice_is_recorded_once(
    as_: Callable, certificate: Certificate, dana: Person, database: Database
) -> None:
    browser, path = as_(dana), f"/certificates/{certificate.public_id}/revocation"
    opened = {**REASONS, "seen": browser.shown(path)}
    assert [browser.send(path, opened).status_code for _ in range(2)] == [303, 303]
    with database.reading() as session:
        assert len(session.scalars(select(StatusChange)).all()) == 1
    assert "Nothing to do" in browser.get(f"/certificates/{certificate.public_id}/revocation").text


def test_a_revocation_without_reasons_changes_nothing(
    as_: Callable, certificate: Certificate, dana: Person, database: Database
) -> None:
    answer = as_(dana).send(f"/certificates/{certificate.public_id}/revocation", {})
    assert answer.status_code == 422
    with database.reading() as session:
        assert status_at(session, public_id=certificate.public_id, now=utc_now()).word == "valid"


def test_only_the_programmes_own_director_may_revoke(
    as_: Callable, certificate: Certificate, mara: Person, ada: Person, nils: Person
) -> None:
    path = f"/certificates/{certificate.public_id}/revocation"
    assert [as_(person).send(path, REASONS).status_code for person in (mara, ada, nils)] == [403, 403, 404]


def test_revoking_eight_times_at_once_is_one_decision(
    as_: Callable, dana: Person, certificate: Certificate, database: Database
) -> None:
    path = f"/certificates/{certificate.public_id}/revocation"
    browsers, codes = [as_(dana) for _ in range(8)], []
    opened = {**REASONS, "seen": browsers[0].shown(path)}
    threads = [Thread(target=lambda one=one: codes.append(one.send(path, opened).status_code)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303] * 8
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StatusChange)) == 1
        assert session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "revoke")) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("note", "taken"),
    [
        ("Mara Vogel was heard by the board.", False),
        ("Ms Vogel's case is under review.", False),
        ("The holder was heard by the board.", True),
        ("Like a vogel.", True),
    ],
)
def test_a_public_note_does_not_name_the_holder(
    as_: Callable, certificate: Certificate, dana: Person, note: str, taken: bool
) -> None:
    for act, reason in (("suspension", "conduct"), ("revocation", "conduct")):
        place, form = f"/certificates/{certificate.public_id}/{act}", {**REASONS, "reason": reason, "public_note": note}
        answer = as_(dana).decide(place, form)
        assert answer.status_code == (303 if taken else 422)
        assert ("The note names the holder" in answer.text) is not taken


def test_a_note_that_turns_the_line_around_is_refused(as_: Callable, dana: Person, certificate: Certificate) -> None:
    answer = as_(dana).send(
        f"/certificates/{certificate.public_id}/revocation", {**REASONS, "public_note": "\u202edilav si siht"}
    )
    assert answer.status_code == 422
