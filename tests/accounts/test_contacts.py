"""Whom somebody asks: each person once, with what they do, and with an address only where one may have it."""

from trainer.accounts.contacts import Contact, Office, contacts_in
from trainer.accounts.words import Role

DANA = Office("1", "Dana", "dana@x.example", Role.DIRECTOR, True)


def test_each_person_stands_once_by_name() -> None:
    sol = Office("2", "Sol", "sol@x.example", Role.SUPERVISOR, True)
    namesake = DANA._replace(person_id="3", email="other@x.example", role=Role.ADMINISTRATOR)
    found = contacts_in([sol, DANA, DANA._replace(role=Role.SUPERVISOR), namesake])
    assert [(contact.name, contact.does, contact.address) for contact in found] == [
        ("Dana", "supervisor and programme director", "dana@x.example"),
        ("Dana", "administrator", "other@x.example"),
        ("Sol", "supervisor", "sol@x.example"),
    ]


def test_one_programme_in_common_now_is_enough_for_an_address() -> None:
    left = DANA._replace(open=False)
    assert contacts_in([left])[0].address == ""
    assert contacts_in([left, DANA])[0].address == "dana@x.example"


def test_who_directs_and_who_corrects() -> None:
    does = {role: Contact(name="", roles=[role], address="") for role in Role}
    assert [role for role in Role if does[role].directs] == [Role.DIRECTOR]
    assert [role for role in Role if does[role].corrects] == [Role.DIRECTOR, Role.ADMINISTRATOR]
