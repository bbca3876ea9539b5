"""Who may erase whom, and what a quick finger does."""

from collections.abc import Callable
from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import select

from trainer.accounts.models import Membership, Person
from trainer.accounts.words import Role
from trainer.audit import services as audit
from trainer.audit.models import AuditEntry
from trainer.audit.services import note
from trainer.clock import utc_now
from trainer.db import Database
from trainer.registry.models import Erasure


def given(person: Person) -> dict[str, object]:
    return {"email": person.email, "sure": "y"}


def nobody_erased(database: Database) -> bool:
    with database.reading() as session:
        return not any(person.is_erased for person in session.scalars(select(Person)))


def test_only_an_administrator_of_the_programme_erases(
    as_: Callable, person: Callable, certificate, mara, omar, dana, sol, nils, database: Database
) -> None:
    path = f"/people/{mara.id}/erasure"
    elsewhere = person("Zora Elsewhere", Role.ADMINISTRATOR, programme="elsewhere")
    for who, code in ((mara, 403), (omar, 403), (dana, 403), (sol, 403), (nils, 403), (elsewhere, 404)):
        browser = as_(who)
        assert [browser.get(path).status_code, browser.send(path, given(mara)).status_code] == [code, code], who.name
    assert nobody_erased(database)


def test_ada_erases_mara_after_typing_her_address(
    as_: Callable, ada: Person, mara: Person, certificate, database: Database, holder_of: Callable
) -> None:
    browser, path = as_(ada), f"/people/{mara.id}/erasure"
    assert certificate.number in browser.get(path).text
    for wrong in ({"sure": "y"}, {"email": mara.email}, {"email": ada.email, "sure": "y"}):
        assert browser.send(path, wrong).status_code == 422
    assert nobody_erased(database)
    answer = browser.send(path, {"email": f" {mara.email.upper()} ", "sure": "y"})
    assert answer.status_code == 200
    assert "Please tell them yourself" in answer.text
    assert mara.email in answer.text
    assert holder_of(mara.id).is_erased
    assert browser.get(path).status_code == 404
    assert mara.email not in browser.get("/desk/").text


def test_mara_is_told_at_once_and_her_letter_is_kept_nowhere(
    app, as_: Callable, ada: Person, mara: Person, certificate, office
) -> None:
    app.extensions["trainer.settings"] = replace(
        app.extensions["trainer.settings"], smtp_url=office.url, mail_from="office@example.org"
    )
    answer = as_(ada).send(f"/people/{mara.id}/erasure", given(mara))
    assert "They have been told" in answer.text
    [letter] = office.letters
    assert letter["To"] == mara.email
    assert certificate.number in letter.get_content()


def test_nobody_erases_themselves(as_: Callable, ada: Person, database: Database) -> None:
    assert as_(ada).send(f"/people/{ada.id}/erasure", given(ada)).status_code == 409
    assert nobody_erased(database)


def test_somebody_who_is_in_another_programme_too_is_not_erased_from_here(
    as_: Callable, ada: Person, mara: Person, database: Database
) -> None:
    with database.transaction() as session:
        session.add(Membership(person_id=mara.id, programme="elsewhere", role=Role.TRAINEE, granted_at=utc_now()))
    answer = as_(ada).send(f"/people/{mara.id}/erasure", given(mara))
    assert answer.status_code == 409
    assert "trainer erase" in answer.text
    assert nobody_erased(database)


def test_nobody_with_an_office_is_erased_nor_by_whoever_ended_it(
    as_: Callable, person: Callable, ada: Person, database: Database, holder_of: Callable
) -> None:
    abe, ann = (person(name, Role.ADMINISTRATOR) for name in ("Abe Second", "Ann Third"))
    answer = as_(ada).send(f"/people/{abe.id}/erasure", given(abe))
    assert answer.status_code == 409
    assert "Whoever may end that role must do so first" in answer.text
    as_(ada).send(f"/desk/roles/{abe.memberships[0].id}/end", {"reason": "Has left."})
    answer = as_(ada).send(f"/people/{abe.id}/erasure", given(abe))
    assert answer.status_code == 409
    assert "You have ended a role of this person yourself" in answer.text
    assert nobody_erased(database)
    assert as_(ann).send(f"/people/{abe.id}/erasure", given(abe)).status_code == 200
    assert holder_of(abe.id).is_erased


def test_two_clicks_at_once_erase_once(
    as_: Callable, ada: Person, mara: Person, certificate, database: Database
) -> None:
    browsers, codes = [as_(ada) for _ in range(4)], []
    path = f"/people/{mara.id}/erasure"
    threads = [Thread(target=lambda one=one: codes.append(one.send(path, given(mara)).status_code)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 404, 404, 404]
    with database.reading() as session:
        assert session.scalars(select(Erasure.public_id)).all() == [certificate.public_id]


HERE, ELSEWHERE = "foundations", "elsewhere"
NOT_ABOUT_HIM = [
    (HERE, "invite", "zora@example.org", "director"),
    (HERE, "accept invitation", "Zora Lind", "director"),
    (HERE, "confer", "certificate 7K4M-2QXH-9PTC", "for Zora Lind"),
    (HERE, "revoke", "certificate 7K4M-2QXH-9PTC", "conduct"),
    (HERE, "look at record", "Zora Lind", "record of somebody"),
    (ELSEWHERE, "give role", "Robin Kestrel", "director"),
    (ELSEWHERE, "close account", "Zora Lind", "Asked for by Robin Kestrel."),
]
ABOUT_HIM = [
    (HERE, "give role", "Robin Kestrel", "supervisor"),
    (HERE, "confer", "certificate 3N5R-8WXY-2ABC", "for Robin Kestrel"),
    (HERE, "close account", "robin kestrel", "Robin Kestrel, robin@example.org, was away."),
    (ELSEWHERE, "invite", "robin@example.org", "trainee in Spring"),
]


@pytest.mark.parametrize("called", ["director", "certificate", "conduct", "Record"])
def test_whoever_calls_themselves_as_the_site_speaks_takes_nothing_out_of_the_audit(
    database: Database, tampering: Callable, called: str
) -> None:
    with database.transaction() as session:
        for programme, act, subject, detail in (*NOT_ABOUT_HIM, *ABOUT_HIM):
            note(session, actor_id=None, programme=programme, act=act, subject=subject, detail=detail, now=utc_now())
    with tampering() as session:  # as in an erasure, the triggers let it
        audit.forget_in_audit(session, address="robin@example.org", names={called, "Robin Kestrel"}, programmes={HERE})
    with database.reading() as session:
        kept = [(one.subject, one.detail) for one in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert kept == [
        *(line[2:] for line in NOT_ABOUT_HIM),
        ("somebody", "supervisor"),
        ("certificate 3N5R-8WXY-2ABC", "for somebody"),
        ("somebody", "somebody, somebody, was away."),
        ("somebody", "trainee in Spring"),
    ]
