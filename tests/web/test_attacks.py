"""What no page of ours may stumble over."""

import pytest


@pytest.mark.parametrize("path", ["/c/%00", "/c/%ff%fe", "/invitations/%00", "/invitations/%ed%a0%80", "/verify?x=%00"])
def test_an_address_that_is_no_text_is_answered_and_not_a_crash(stranger, path: str) -> None:
    assert stranger.get(path).status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "path", ["/learn/%00/", "/quizzes/attempts/%00", "/cases/runs/%00", "/path/%00", "/certificates/%00.pdf"]
)
def test_a_null_sign_in_an_address_is_refused(as_, mara, path: str) -> None:
    assert as_(mara).get(path).status_code == 400


def test_a_form_in_broken_parts_is_refused_in_a_sentence(stranger) -> None:
    for body in (b"--x\r\nContent-Disposition: form-data; name=", b"\x00" * 100, b"--x\r\n" * 3000):
        answer = stranger.post("/verify", data=body, content_type="multipart/form-data; boundary=x")
        assert answer.status_code in (400, 413)


def test_a_form_with_a_million_fields_is_refused(stranger) -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" * 20_000 + b"--x--\r\n"
    answer = stranger.post("/verify", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


def test_a_missing_static_file_is_not_kept_for_a_year(stranger) -> None:
    answer = stranger.get("/static/css/nothing.css")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers["Cache-Control"]


def test_without_a_database_a_person_still_reads_a_sentence(app, as_, mara, monkeypatch) -> None:
    browser = as_(mara)
    app.testing = False

    def gone(*_: object) -> None:
        raise OSError("no database")

    monkeypatch.setattr(app.extensions["trainer.database"], "_reading", gone)
    answer = browser.get("/account")
    assert answer.status_code == 500
    assert "Please try again" in answer.text
