"""What is taken as an address can be mailed and can sign in, and nothing becomes the address of somebody else."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.accounts import services as accounts
from trainer.accounts.email_addresses import BadAddress, folded_address, kept, mailable, spellings
from trainer.accounts.queries import person_at_the_door
from trainer.clock import utc_now
from trainer.db import Database
from trainer.errors import Refused
from trainer.notices.mail import Letter


@pytest.mark.parametrize(
    ("typed", "mailed"),
    [
        ("anna@müller.example", "anna@xn--mller-kva.example"),
        ("Anna@MÜLLER.example", "Anna@xn--mller-kva.example"),
        ("otto@straße.example", "otto@xn--strae-oqa.example"),
        ("anna@xn--mller-kva.example", "anna@xn--mller-kva.example"),
        ("ada+x@example.org", "ada+x@example.org"),
    ],
)
def test_letters_go_to_the_ascii_name_of_a_host(typed: str, mailed: str) -> None:
    assert mailable(typed) == mailed


@pytest.mark.parametrize(
    "typed",
    [
        "admin@localhost", "director", "a..b@example.org", ".a@example.org", "a,b@example.org", 'anna."x@example.org',
        "josé@example.org", "a@127.0.0.1", "a@[127.0.0.1]", "a@b.org\n", "a b@example.org", "@example.org", "a@x..org",
        "a@-x.org", "a" * 65 + "@example.org", "a@" + "x" * 64 + ".org", "a@" + "x." * 130 + "org", "a@@b.org",
    ],
)  # fmt: skip
def test_what_can_never_be_mailed_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        mailable(typed)


def test_an_address_is_shown_as_typed_in_small_letters_and_one_form() -> None:
    assert kept(" Anna@MÜLLER.example ") == "anna@müller.example"
    assert kept(normalize("NFD", "josé@example.org")) == "josé@example.org"
    assert kept("weiß@straße.example") == "weiß@straße.example"
    assert set(spellings("anna@müller.example")) == set(spellings("anna@xn--mller-kva.example"))


@given(st.text("aß.ſıiİKſé\u0301-@müx", max_size=20))
def test_keeping_twice_changes_nothing(text: str) -> None:
    assert kept(kept(text)) == kept(text)


@given(st.from_regex(r"[a-zß.]{1,8}@[a-zßü]{1,8}\.example", fullmatch=True))
def test_a_letter_reaches_whatever_is_taken(text: str) -> None:
    try:
        sent_to = mailable(text)
    except BadAddress:
        return
    letter = Letter(to=text, subject="Yes", body="Hello", reference="1", at=utc_now())
    assert letter.message("office@example.org")["To"] == sent_to
    assert bytes(letter.message("office@example.org")).isascii()


def person(database: Database, email: str, *, as_yesterday: bool = False) -> str:
    with database.transaction() as session:
        made = accounts.create_person(session, email=email, name="Otto", password_hash="x", now=utc_now())
        if as_yesterday:
            made.email = folded_address(email)
        return made.id


def found(database: Database, email: str) -> str | None:
    with database.reading() as session:
        known = person_at_the_door(session, email)
        return known.id if known else None


def test_two_people_whose_addresses_differ_in_one_letter_both_have_accounts(database: Database) -> None:
    sharp, double = person(database, "otto@straße.example"), person(database, "otto@strasse.example")
    assert (found(database, "Otto@Straße.example"), found(database, "otto@STRASSE.example")) == (sharp, double)


def test_one_host_in_two_spellings_is_one_account(database: Database) -> None:
    anna = person(database, "anna@müller.example")
    assert found(database, "anna@xn--mller-kva.example") == anna
    with pytest.raises(Refused, match="already an account"):
        person(database, "Anna@xn--mller-kva.example")


def test_an_account_of_yesterday_still_comes_in(database: Database) -> None:
    otto = person(database, "weiß@straße.example", as_yesterday=True)
    assert found(database, "weiß@straße.example") == otto
    jose = person(database, "josé@example.org", as_yesterday=True)
    assert found(database, normalize("NFD", "josé@example.org")) == jose
