"""Somebody else has decided about an account or a role since a page was opened: it says so and decides nothing."""

from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select

from trainer.accounts.models import AccountChange, Person
from trainer.accounts.words import Role
from trainer.db import Database
from trainer.errors import UNSEEN

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_name_corrected_by_somebody_else_is_not_corrected_by_an_old_page(
    enrolled: Callable, as_: Callable, dana: Person, ada: Person, mara: Person, database: Database
) -> None:
    enrolled(mara)
    page = f"/desk/identity/{mara.id}"
    assert 'name="seen" type="hidden" value="0"' in as_(dana).get(page).text
    mine = {"name": "Mara Vogl", "reason": "Her letter.", "seen": "0"}
    for _ in range(2):
        sent = {"name": "Mara Fogel", "reason": "Passport seen.", "seen": "0"}
        assert as_(ada).send(f"{page}/name", sent).status_code == 303
    answer = as_(dana).send(f"{page}/name", mine)
    text = unescape(answer.text)
    assert answer.status_code == 409
    assert "Ada" in text
    assert "corrected Mara Vogel to Mara Fogel" in text
    assert 'value="Mara Vogl"' in text, "what was typed is kept"
    assert as_(dana).send(f"{page}/address", {**mine, "email": "new@example.org"}).status_code == 409
    assert as_(dana).send(f"{page}/name", {**mine, "seen": "1"}).status_code == 303
    with database.reading() as session:
        assert session.get_one(Person, mara.id).name == "Mara Vogl"


def test_an_account_that_was_opened_again_is_not_closed_by_an_old_page(
    enrolled: Callable, as_: Callable, ada: Person, person: Callable, mara: Person, database: Database
) -> None:
    enrolled(mara)
    second = as_(person("Ole Strand", Role.ADMINISTRATOR))
    for act in ("closing", "opening"):
        assert (
            second.decide(
                f"/people/{mara.id}/{act}", {"reason": f"For {act}."}, on=f"/people/{mara.id}/account"
            ).status_code
            == 303
        )
    old = {"reason": "She has left.", "seen": "0, [1]"}
    answer = as_(ada).send(f"/people/{mara.id}/closing", old)
    assert answer.status_code == 409
    assert "Ole Strand opened the account" in answer.text
    assert "She has left." in answer.text
    seen = answer.text.split('name="seen" type="hidden" value="', 1)[1].split('"', 1)[0]
    for _ in range(2):
        assert as_(ada).send(f"/people/{mara.id}/closing", {**old, "seen": seen}).status_code == 303
    with database.reading() as session:
        assert [one.closed for one in session.scalars(select(AccountChange).order_by(AccountChange.id))] == [
            True,
            False,
            True,
        ]


def test_a_role_ends_once_and_whoever_comes_second_reads_who_ended_it(
    as_: Callable, dana: Person, person: Callable, sol: Person
) -> None:
    ester = person("Ester Lund", Role.DIRECTOR)
    page = f"/desk/roles/{sol.memberships[0].id}/end"
    for _ in range(2):  # a double click
        answer = as_(ester).send(page, {"reason": "He has moved away."})
        assert (answer.status_code, answer.location) == (303, "/desk/staff/foundations")
    late = as_(dana).send(page, {"reason": "Another reason."})
    assert late.status_code == 409
    assert "The role of Sol" in late.text
    assert "Ester Lund" in late.text
    assert "He has moved away." in late.text
    assert as_(dana).get(page).status_code == 200


@pytest.mark.parametrize("act", ["name", "address", "closing", "opening"])
def test_what_does_not_say_in_sight_of_what_it_was_decided_is_refused_like_an_old_page(
    enrolled: Callable, as_: Callable, ada: Person, mara: Person, database: Database, act: str
) -> None:
    enrolled(mara)
    where = f"/desk/identity/{mara.id}/{act}" if act in ("name", "address") else f"/people/{mara.id}/{act}"
    sent = {"name": "Mara Fogel", "email": "new@example.org", "reason": "Typed by Ada."}
    for seen in ({}, {"seen": ""}):
        answer = as_(ada).send(where, {**sent, **seen})
        assert answer.status_code == 409
        assert UNSEEN in unescape(answer.text)
        assert "Typed by Ada." in answer.text
    with database.reading() as session:
        assert session.get_one(Person, mara.id).name == "Mara Vogel"
        assert session.scalars(select(AccountChange)).all() == []
