"""Promises are signed by name, once, by the trainee alone."""

from threading import Thread

from sqlalchemy import select

from trainer.accounts.words import Role
from trainer.practicum.models import SignedAttestation


def test_mara_signs_the_code_of_ethics(as_, mara, enrolled) -> None:
    browser, enrolment = as_(mara), enrolled(mara)
    address = f"/practicum/{enrolment.id}/attestations/code-of-ethics"
    assert browser.send(address, {"agree": "y", "name": "mara  vogel"}).status_code == 303
    assert "signed this text on" in browser.get(address).text


def test_signing_twice_leaves_one_signature(as_, mara, enrolled, database) -> None:
    browser, enrolment = as_(mara), enrolled(mara)
    for _ in range(2):
        browser.send(f"/practicum/{enrolment.id}/attestations/code-of-ethics", {"agree": "y", "name": mara.name})
    with database.reading() as session:
        assert len(session.scalars(select(SignedAttestation)).all()) == 1


def test_without_the_tick_nothing_is_signed(as_, mara, enrolled) -> None:
    browser, enrolment = as_(mara), enrolled(mara)
    address = f"/practicum/{enrolment.id}/attestations/code-of-ethics"
    assert browser.send(address, {"name": mara.name}).status_code == 422
    assert "signed this text on" not in browser.get(address).text


def test_nobody_signs_with_another_name(as_, mara, enrolled) -> None:
    enrolment = enrolled(mara)
    answer = as_(mara).send(
        f"/practicum/{enrolment.id}/attestations/code-of-ethics", {"agree": "y", "name": "Somebody Else"}
    )
    assert answer.status_code == 422
    assert "Mara Vogel" in answer.text


def test_what_is_wrong_stands_at_the_top_in_the_title_and_under_the_eyes(as_, mara, enrolled) -> None:
    address = f"/practicum/{enrolled(mara).id}/attestations/code-of-ethics"
    browser = as_(mara)
    assert "<title>Error: " not in browser.get(address).text
    told = browser.send(address, {"name": "Somebody Else"}).text
    assert "<title>Error: " in told
    top, form = told[: told.index("<h1>")], told[told.index("<h1>") :]
    assert 'tabindex="-1" autofocus' in top
    assert 'href="#agree"' in top
    assert 'href="#name"' in top
    assert 'id="agree"' in form
    assert 'aria-invalid="true"' in form


def test_omar_cannot_sign_for_mara(as_, mara, omar, enrolled) -> None:
    enrolment = enrolled(mara)
    answer = as_(omar).send(f"/practicum/{enrolment.id}/attestations/code-of-ethics", {"agree": "y", "name": omar.name})
    assert answer.status_code == 404


def test_a_text_that_does_not_exist_is_not_found(as_, mara, enrolled) -> None:
    assert as_(mara).get(f"/practicum/{enrolled(mara).id}/attestations/nothing").status_code == 404


def test_a_name_typed_with_loose_accents_is_the_same_name(as_, person, enrolled) -> None:
    zoe = person("Zoë Núñez", Role.TRAINEE)
    form = {"agree": "y", "name": "Zoe\u0308  Nu\u0301n\u0303ez"}
    answer = as_(zoe).send(f"/practicum/{enrolled(zoe).id}/attestations/code-of-ethics", form)
    assert answer.status_code == 303


def test_four_clicks_at_once_leave_one_signature_and_no_error(as_, mara, enrolled, database) -> None:
    address = f"/practicum/{enrolled(mara).id}/attestations/code-of-ethics"
    browsers, codes = [as_(mara) for _ in range(4)], []
    form = {"agree": "y", "name": mara.name}
    threads = [Thread(target=lambda one=one: codes.append(one.send(address, form).status_code)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {200, 303}
    with database.reading() as session:
        assert len(session.scalars(select(SignedAttestation)).all()) == 1
