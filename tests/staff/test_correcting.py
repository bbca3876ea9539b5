"""A wrong name or address is corrected before there is a certificate, with a reason, and the person sees it."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select

from trainer.accounts import services as accounts
from trainer.accounts.models import IdentityChange, Person
from trainer.accounts.offers import OfferedRole
from trainer.accounts.queries import person_at_the_door
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.clock import utc_now
from trainer.db import Database
from trainer.enrolment.models import Cohort

WHY = {"reason": "Passport seen."}


@pytest.fixture
def page(enrolled: Callable, mara: Person) -> str:
    enrolled(mara)
    return f"/desk/identity/{mara.id}"


def kept_of(database: Database, mara: Person) -> tuple[str, str, list[tuple[str, str, str]]]:
    with database.reading() as session:
        now = session.get_one(Person, mara.id)
        changes = session.scalars(select(IdentityChange).order_by(IdentityChange.id))
        return now.name, now.email, [(one.before, one.after, one.reason) for one in changes]


def test_dana_corrects_a_name_and_mara_sees_who_and_why(
    page: str, as_: Callable, dana: Person, mara: Person, database: Database
) -> None:
    before = mara.name
    assert as_(dana).decide(f"{page}/name", {"name": "Mara Ọ̀ṣun", **WHY}, on=page).status_code == 303
    assert as_(dana).decide(f"{page}/name", {"name": "Mara Ọ̀ṣun", **WHY}, on=page).status_code == 303
    assert kept_of(database, mara)[0::2] == ("Mara Ọ̀ṣun", [(before, "Mara Ọ̀ṣun", "Passport seen.")])
    seen = unescape(as_(mara).get("/account").text)
    assert f"{before} → Mara Ọ̀ṣun" in seen
    assert "Passport seen." in seen
    assert dana.name in seen
    with database.reading() as session:
        act = session.scalars(select(AuditEntry).where(AuditEntry.act == "correct name")).one()
        assert (act.actor_id, act.detail) == (dana.id, f"{before} → Mara Ọ̀ṣun: Passport seen.")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "Mara\u200fVogel", **WHY}, "U+200F"),
        ({"name": "", **WHY}, "full name"),
        ({"name": "Mara Neu", "reason": " "}, "reason"),
    ],
)
def test_a_wrong_correction_is_told_and_nothing_is_kept(
    page: str, as_: Callable, dana: Person, mara: Person, database: Database, sent: dict[str, str], said: str
) -> None:
    answer = as_(dana).decide(f"{page}/name", sent, on=page)
    assert (answer.status_code, said in unescape(answer.text)) == (422, True)
    assert kept_of(database, mara) == (mara.name, mara.email, [])


def link_in(text: str) -> str:
    found = re.search(r"/account/address/[\w=-]+", text)
    assert found
    return found[0]


def test_an_address_changes_when_mara_has_followed_the_link_and_not_before(
    page: str, as_: Callable, dana: Person, mara: Person, nils: Person, database: Database
) -> None:
    old = mara.email
    answer = as_(dana).decide(f"{page}/address", {"email": "Mara@Müller.example", **WHY}, on=page)
    link = link_in(answer.text)
    assert kept_of(database, mara)[1:] == (old, [])
    assert as_(nils).send(link, data={"sure": "y"}).status_code == 404
    assert as_(dana).get(link).status_code == 404
    assert "mara@müller.example" in as_(mara).get(link).text
    assert as_(mara).send(link).status_code == 422
    assert as_(mara).send(link, data={"sure": "y"}).status_code == 303
    assert as_(mara).send(link, data={"sure": "y"}).status_code == 303
    assert kept_of(database, mara)[1:] == ("mara@müller.example", [(old, "mara@müller.example", "Passport seen.")])
    with database.reading() as session:
        assert person_at_the_door(session, "mara@xn--mller-kva.example").id == mara.id


def test_a_link_written_for_an_address_that_changed_since_holds_no_more(
    page: str, as_: Callable, dana: Person, mara: Person, database: Database
) -> None:
    first, second = (
        link_in(as_(dana).decide(f"{page}/address", {"email": to, **WHY}, on=page).text)
        for to in ("one@example.org", "two@example.org")
    )
    assert as_(mara).send(second, data={"sure": "y"}).status_code == 303
    assert as_(mara).send(first, data={"sure": "y"}).status_code == 409
    assert kept_of(database, mara)[1] == "two@example.org"


def test_nobody_gets_the_address_of_somebody_else(page: str, as_: Callable, dana: Person, nils: Person) -> None:
    answer = as_(dana).decide(f"{page}/address", {"email": nils.email.upper(), **WHY}, on=page)
    assert (answer.status_code, "another account" in answer.text) == (422, True)


@pytest.mark.parametrize("act", ["", "/name", "/address"])
def test_strangers_and_other_people_find_nothing(
    page: str, as_: Callable, mara: Person, sol: Person, stranger, act: str
) -> None:
    sent = {"name": "X Y", "email": "x@example.org", **WHY}
    for browser in (as_(mara), as_(sol)):
        answer = browser.send(page + act, data=sent) if act else browser.get(page)
        assert answer.status_code == 403
    answer = stranger.send(page + act, data=sent) if act else stranger.get(page)
    assert answer.status_code in (303, 401)


def test_nobody_corrects_themselves(as_: Callable, dana: Person) -> None:
    assert as_(dana).get(f"/desk/identity/{dana.id}").status_code == 409


def test_dana_is_told_when_the_account_bears_another_name_than_the_invitation(
    enrolled: Callable, cohort: Cohort, as_: Callable, dana: Person, mara: Person, database: Database
) -> None:
    enrolment = enrolled(mara)
    with database.transaction() as session:
        accounts.make_invitation(
            session,
            email=mara.email,
            name="Stranger Danger",
            into=OfferedRole(programme=cohort.programme, role=Role.TRAINEE, cohort_id=cohort.id),
            invited_by=dana.id,
            now=utc_now(),
        )
        session.get_one(Person, mara.id).name = "Mаra Vogel"  # the first a is Cyrillic
    told = unescape(as_(dana).get(f"/desk/people/{enrolment.id}").text)
    assert "Invited as Stranger Danger" in told
    assert "Cyrillic (а)" in told
