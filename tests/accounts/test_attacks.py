"""What somebody with bad intentions tries at the door."""

from datetime import timedelta
from time import perf_counter

import pytest
import time_machine

from tests.conftest import PASSWORD
from trainer.clock import utc_now
from trainer.web.returning import safe_next


@pytest.mark.parametrize("evil", ["/\t/evil.example", "/\r/evil.example", "\t//evil.example", "/\x00/evil.example"])
def test_signs_that_browsers_leave_out_lead_nobody_to_another_site(evil: str) -> None:
    assert safe_next(evil) is None


def test_a_tab_in_the_address_to_go_on_to_is_no_way_out(app, mara) -> None:
    form = {"email": mara.email, "password": PASSWORD, "next": "/\t/evil.example"}
    assert app.test_client().send("/sign-in", form).location == "/"


@pytest.mark.parametrize("address", ["a@" + "." * 400_000 + "@", "a@" + "a." * 200_000, "@" * 400_000, " " * 400_000])
def test_a_monstrous_address_is_refused_at_once(app, address: str) -> None:
    begun = perf_counter()
    answer = app.test_client().send("/sign-in", {"email": address, "password": "not it at all"})
    assert answer.status_code == 422
    assert perf_counter() - begun < 2


def test_a_null_sign_is_refused_in_a_sentence(app, mara) -> None:
    browser = app.test_client()
    answer = browser.send("/sign-in", {"email": "a\x00b@example.org", "password": PASSWORD})
    assert answer.status_code == 400
    assert "reload the page" in answer.text


def test_bytes_that_are_no_text_are_a_wrong_password_like_any_other(app) -> None:
    browser = app.test_client()
    browser.get("/sign-in")
    answer = browser.post(
        "/sign-in",
        data=b"email=%ff%fe@example.org&password=%ff&csrf_token=%ff",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400


def test_a_full_disk_keeps_nobody_from_reading(app, as_, mara, monkeypatch) -> None:
    browser = as_(mara)

    def full() -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(app.extensions["trainer.database"], "transaction", full)
    with time_machine.travel(utc_now() + timedelta(hours=1), tick=True):
        assert browser.get("/account").status_code == 200
