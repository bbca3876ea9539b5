"""The wrong person, the second click, and what should not pass."""

from collections.abc import Callable
from threading import Thread

import pytest
from sqlalchemy import func, select

from tests.lifecycle.conftest import REASONS
from tests.lifecycle.test_suspension import LIFT, SUSPEND
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.certificates.models import Certificate, Conferral, Consent
from trainer.db import Database
from trainer.notices.models import Notice
from trainer.registry.models import StatusChange

WHY = {"private_reason": "Why.", "sure": "y"}
DIRECTORS = {
    "status": None,
    "suspension": SUSPEND,
    "lifting": LIFT,
    "revocation": REASONS,
    "correction": {**WHY, "name": "Mara Falk"},
    "renewal": WHY,
    "recall": WHY,
}
HOLDERS = {"surrender": {"sure": "y"}, "surrender/recall": WHY, "visibility": {"level": "hidden"}}


def untouched(database: Database) -> bool:
    """Say whether nothing was decided but the conferral, and chosen but what Mara said about her name before it."""
    with database.reading() as session:
        counted = {
            one: session.scalar(select(func.count()).select_from(one)) for one in (StatusChange, Consent, Notice)
        }
        conferrals = session.scalar(select(func.count()).select_from(Conferral))
        acts = session.scalars(select(AuditEntry.act)).all()
    return counted == {StatusChange: 0, Consent: 1, Notice: 0} and conferrals == 1 and list(acts) == ["confer"]


def codes(browser, public_id: str, act: str, given: dict | None) -> list[int]:
    path = f"/certificates/{public_id}/{act}"
    answers = [browser.get(path)] + ([] if given is None else [browser.send(path, given)])
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize("act", DIRECTORS)
def test_only_a_director_of_the_programme_decides(
    act: str,
    as_: Callable,
    certificate: Certificate,
    database: Database,
    mara: Person,
    omar: Person,
    ada: Person,
    sol: Person,
    nils: Person,
) -> None:
    given = DIRECTORS[act]
    for person, expected in ((mara, 403), (omar, 403), (ada, 403), (sol, 403), (nils, 404)):
        assert set(codes(as_(person), certificate.public_id, act, given)) == {expected}, person.name
    assert untouched(database)


@pytest.mark.parametrize("act", HOLDERS)
def test_only_the_holder_gives_back_and_chooses(
    act: str, as_: Callable, certificate: Certificate, database: Database, omar, ada, sol, nils, dana
) -> None:
    for person in (omar, ada, sol, nils, dana):
        assert set(codes(as_(person), certificate.public_id, act, HOLDERS[act])) == {404}, person.name
    assert untouched(database)


@pytest.mark.parametrize("act", DIRECTORS)
def test_nobody_decides_about_their_own_certificate(
    act: str, as_: Callable, person: Callable, award: Callable, enrol: Callable, database: Database
) -> None:
    both = person("Robin Kestrel", Role.TRAINEE, Role.DIRECTOR)
    own = award(enrol(both), both)
    browser = as_(both)
    assert set(codes(browser, own.public_id, act, DIRECTORS[act])) == {409}
    assert "their own certificate" in browser.get(f"/certificates/{own.public_id}/{act}").text
    assert untouched(database)


@pytest.mark.parametrize("act", {**DIRECTORS, **HOLDERS})
@pytest.mark.parametrize("public_id", ["x" * 26, "x", "%F0%9F%98%80", "..%2F.."])
def test_a_certificate_that_there_is_not_is_not_found(act: str, public_id: str, as_: Callable, dana: Person) -> None:
    browser = as_(dana)
    assert set(codes(browser, public_id, act, {**DIRECTORS, **HOLDERS}[act])) <= {404}


@pytest.mark.parametrize("act", sorted(({**DIRECTORS, **HOLDERS}).keys() - {"status"}))
def test_a_foreign_page_decides_nothing(
    act: str, as_: Callable, dana: Person, mara: Person, certificate: Certificate, database: Database
) -> None:
    browser = as_(dana if act in DIRECTORS else mara)
    given = {**DIRECTORS, **HOLDERS}[act]
    assert browser.post(f"/certificates/{certificate.public_id}/{act}", data=given).status_code == 400
    assert untouched(database)


@pytest.mark.parametrize(
    ("act", "given", "table"),
    [
        ("suspension", SUSPEND, StatusChange),
        ("correction", DIRECTORS["correction"], Conferral),
        ("surrender", {"sure": "y"}, StatusChange),
        ("visibility", {"level": "hidden"}, Consent),
    ],
)
def test_eight_clicks_at_once_are_one_decision(
    act: str, given: dict, table: type, as_: Callable, dana: Person, mara: Person, certificate, database: Database
) -> None:
    person = dana if act in DIRECTORS else mara
    browsers, answers = [as_(person) for _ in range(8)], []
    path = f"/certificates/{certificate.public_id}/{act}"
    given = {**given, "seen": browsers[0].shown(path)}
    threads = [Thread(target=lambda one=one: answers.append(one.send(path, given).status_code)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 8
    with database.reading() as session:
        before = 0 if table is StatusChange else 1  # the conferral, and what Mara chose before it
        assert session.scalar(select(func.count()).select_from(table)) == before + 1


def test_two_decisions_at_once_come_one_after_the_other(
    as_: Callable, dana: Person, mara: Person, certificate: Certificate, database: Database
) -> None:
    answers, place = [], f"/certificates/{certificate.public_id}"
    sent = [
        (as_(dana), f"{place}/revocation", {**REASONS, "seen": as_(dana).shown(f"{place}/revocation")}),
        (as_(mara), f"{place}/surrender", {"sure": "y", "seen": as_(mara).shown(f"{place}/surrender")}),
    ]
    threads = [Thread(target=lambda one=one: answers.append(one[0].send(*one[1:]).status_code)) for one in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 409]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StatusChange)) == 1


@pytest.mark.parametrize("act", ["suspension", "lifting", "revocation"])
def test_a_note_that_turns_the_line_around_is_refused(
    act: str, as_: Callable, dana: Person, certificate: Certificate
) -> None:
    given = {**DIRECTORS[act], "public_note": "\u202edilav si siht"}
    assert as_(dana).send(f"/certificates/{certificate.public_id}/{act}", given).status_code == 422


def test_what_a_director_writes_stays_text(as_: Callable, dana: Person, certificate: Certificate, stranger) -> None:
    evil = "<script>alert(1)</script>{{ 7 * 7 }}"
    browser = as_(dana)
    given = {**SUSPEND, "public_note": evil, "private_reason": evil}
    browser.decide(f"/certificates/{certificate.public_id}/suspension", given)
    for page in (
        browser.get(f"/certificates/{certificate.public_id}/status"),
        stranger.get(f"/c/{certificate.public_id}"),
    ):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;" in page.text
