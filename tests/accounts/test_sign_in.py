"""People come in by invitation and password, and nobody else does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

import pytest
import time_machine

from tests.conftest import PASSWORD
from trainer.accounts import services
from trainer.accounts.lifetimes import Lifetime
from trainer.accounts.models import Person
from trainer.accounts.offers import OfferedRole
from trainer.accounts.passwords import MAXIMUM
from trainer.accounts.queries import open_sign_ins
from trainer.accounts.words import NOBODYS, Role
from trainer.audit.queries import latest
from trainer.clock import utc_now
from trainer.db import Database
from trainer.errors import Missing, Refused
from trainer.web.returning import safe_next

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIFETIME = Lifetime(timedelta(days=14), timedelta(days=30))


def test_mara_signs_in_and_out_again(app, mara: Person) -> None:
    browser = app.test_client()
    answer = browser.send("/sign-in", {"email": "MARA@example.org ", "password": PASSWORD})
    assert answer.status_code == 303
    assert "mara@example.org" in browser.get("/account").text
    browser.send("/sign-out")
    assert browser.get("/account").status_code == 303


def test_a_long_password_opens_on_a_keyboard_that_writes_letters_in_parts(app, as_: Callable, mara: Person) -> None:
    longest = "".join(chr(0xAC01 + 37 * number) for number in range(MAXIMUM))  # syllables of three parts each
    change = {"current": PASSWORD, "password": normalize("NFD", longest)}
    assert "Your new password is set" in as_(mara).send("/account", change).text
    for form in ("NFC", "NFD"):
        answer = app.test_client().send("/sign-in", {"email": mara.email, "password": normalize(form, longest)})
        assert answer.status_code == 303


def test_a_wrong_password_is_refused_in_the_same_words_as_a_wrong_address(app, mara: Person) -> None:
    wrong = app.test_client().send("/sign-in", {"email": mara.email, "password": "not it at all"})
    nobody = app.test_client().send("/sign-in", {"email": "nobody@example.org", "password": "not it at all"})
    assert wrong.status_code == nobody.status_code == 422
    sentence = "This address and password do not fit together."
    assert sentence in wrong.text
    assert sentence in nobody.text


def test_a_form_without_our_token_changes_nothing(app, mara: Person) -> None:
    browser = app.test_client()
    answer = browser.post("/sign-in", data={"email": mara.email, "password": PASSWORD})
    assert answer.status_code == 400
    assert "reload the page" in answer.text
    assert browser.get("/account").status_code == 303


def test_a_forged_cookie_is_a_stranger(app, mara: Person) -> None:
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = mara.id
    assert browser.get("/account").status_code == 303


def test_mara_ends_a_sign_in_elsewhere(as_: Callable, database: Database, mara: Person) -> None:
    phone, laptop = as_(mara), as_(mara)
    with database.reading() as session:
        oldest = open_sign_ins(session, person_id=mara.id, lifetime=LIFETIME, now=utc_now())[-1]
    laptop.send(f"/account/sign-ins/{oldest.id}/end")
    states = sorted(browser.get("/account").status_code for browser in (phone, laptop))
    assert states == [200, 303]


def test_omar_cannot_end_maras_sign_in(as_: Callable, database: Database, mara: Person, omar: Person) -> None:
    hers = as_(mara)
    with database.reading() as session:
        sign_in = open_sign_ins(session, person_id=mara.id, lifetime=LIFETIME, now=utc_now())[0]
    assert as_(omar).send(f"/account/sign-ins/{sign_in.id}/end").status_code == 404
    assert hers.get("/account").status_code == 200


def test_a_new_password_signs_out_every_other_place(as_: Callable, mara: Person) -> None:
    phone, laptop = as_(mara), as_(mara)
    answer = laptop.send("/account", {"current": PASSWORD, "password": "four quiet green herons"})
    assert "Your new password is set" in answer.text
    assert laptop.get("/account").status_code == 200
    assert phone.get("/account").status_code == 303


def test_signing_out_everywhere_else_keeps_this_place(as_: Callable, mara: Person) -> None:
    phone, laptop = as_(mara), as_(mara)
    laptop.send("/account/sign-ins/end-others")
    assert laptop.get("/account").status_code == 200
    assert phone.get("/account").status_code == 303


def test_what_happens_to_maras_account_is_written_down(as_: Callable, database: Database, mara: Person) -> None:
    phone, laptop = as_(mara), as_(mara)
    with database.reading() as session:
        newest = open_sign_ins(session, person_id=mara.id, lifetime=LIFETIME, now=utc_now())[0]
    phone.send(f"/account/sign-ins/{newest.id}/end")
    phone.send("/account/sign-ins/end-others")
    phone.send("/account", {"current": PASSWORD, "password": "four quiet green herons"})
    assert laptop.get("/account").status_code == 303
    with database.reading() as session:
        written = latest(session, programmes=frozenset({"foundations"}))
    assert [one.act for one in reversed(written)] == [
        "sign out elsewhere",
        "sign out everywhere else",
        "change password",
    ]
    assert {(one.actor_id, one.subject) for one in written} == {(mara.id, mara.email)}


def test_an_unused_sign_in_ends_after_two_weeks(as_: Callable, mara: Person) -> None:
    browser = as_(mara)
    with time_machine.travel(utc_now() + timedelta(days=15), tick=False):
        assert browser.get("/account").status_code == 303


def test_somebody_who_must_sign_in_first_comes_back_to_where_they_wanted(app, mara: Person) -> None:
    browser = app.test_client()
    asked = browser.get("/account")
    answer = browser.send(asked.location, {"email": mara.email, "password": PASSWORD, "next": "/account"})
    assert answer.location == "/account"


@pytest.mark.parametrize("evil", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(evil: str) -> None:
    assert safe_next(evil) is None


def invite(session, **changes):
    into = OfferedRole(programme="foundations", role=Role.TRAINEE)
    asked = {"email": "New@Example.org", "name": "Noor Lind", "into": into}
    return services.make_invitation(session, **{**asked, **changes}, invited_by=None, now=NOW)


def test_an_invitation_works_once(database: Database) -> None:
    with database.transaction() as session:
        _, token = invite(session)
    with database.transaction() as session:
        invitation = services.open_invitation(session, token=token, now=NOW)
        person = services.create_person(session, email=invitation.email, name="Noor", password_hash=NOBODYS, now=NOW)
        services.use_invitation(session, invitation=invitation, person=person, now=NOW)
    with database.reading() as session, pytest.raises(Refused, match="has been used"):
        services.open_invitation(session, token=token, now=NOW)


def test_an_old_invitation_names_the_day_it_ended(database: Database) -> None:
    with database.transaction() as session:
        _, token = invite(session)
    with database.reading() as session, pytest.raises(Refused, match="ended on 15 March 2026"):
        services.open_invitation(session, token=token, now=NOW + services.INVITATION_LASTS)


def test_a_made_up_invitation_is_not_found(database: Database) -> None:
    with database.reading() as session, pytest.raises(Missing):
        services.open_invitation(session, token="made up", now=NOW)


def test_the_secret_of_an_invitation_is_never_stored(database: Database) -> None:
    with database.transaction() as session:
        invitation, token = invite(session)
        assert token not in {str(value) for value in vars(invitation).values()}


def test_two_accounts_never_share_an_address(database: Database, mara: Person) -> None:
    with database.transaction() as session, pytest.raises(Refused, match="already an account"):
        services.create_person(session, email="MARA@EXAMPLE.ORG", name="Other", password_hash=NOBODYS, now=NOW)
