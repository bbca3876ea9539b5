"""pytest-flask must not make a stranger look signed in (guides: one shared context shares `g`)."""

from collections.abc import Callable

from trainer.accounts.models import Person


def test_a_stranger_stays_a_stranger_while_mara_is_signed_in(app, as_: Callable, mara: Person) -> None:
    marian = as_(mara)
    assert marian.get("/account").status_code == 200
    assert app.test_client().get("/account").status_code == 303
    assert marian.get("/account").status_code == 200


def test_two_people_in_one_test_stay_themselves(as_: Callable, mara: Person, omar: Person) -> None:
    hers, his = as_(mara), as_(omar)
    assert "mara@example.org" in hers.get("/account").text
    assert "omar@example.org" in his.get("/account").text
    assert "mara@example.org" in hers.get("/account").text
