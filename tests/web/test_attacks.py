"""What no page of ours may stumble over."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.conftest import Browser
from trainer.app import create_app


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


SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE
def test_a_body_that_breaks_off_is_the_senders_fault_whichever_server_reads_it(app, stranger) -> None:
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: object) -> int:
            raise RuntimeError("Invalid chunk size: ZZ")

    app.testing = False
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"):
        for path in ("/sign-in", "/api/v1/match"):
            answer = stranger.post(
                path,
                content_type=kind,
                environ_overrides={"wsgi.input": io.BufferedReader(Broken()), "wsgi.input_terminated": True},
            )
            assert answer.status_code == 400, (kind, path)


@SQLITE
def test_a_form_with_more_fields_than_any_of_ours_is_refused_before_it_is_read(stranger) -> None:
    few, many = b"&".join([b"a=1"] * 2_001), b"&".join([b"a=1"] * 2_002)
    kind = "application/x-www-form-urlencoded"
    assert stranger.post("/verify", data=few, content_type=kind).status_code == 400  # only the token is missing
    assert stranger.post("/verify", data=many, content_type=kind).status_code == 413


@pytest.fixture
def behind_a_proxy(settings) -> Iterator[Browser]:
    """A visitor of an installation that is reached by https, behind one proxy."""
    settings = replace(settings, base_url="https://trainer.example:8443", proxies=1, secure_cookies=True)
    app = create_app(settings)
    app.testing = True
    app.test_client_class = Browser
    yield app.test_client()
    app.extensions["trainer.database"].close()


def sent_by_https(browser: Browser, **headers: str):
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1", **headers}
    return browser.send("/verify", {"reference": "7K4M-2QXH-9PTC"}, headers=told, base_url="https://localhost")


@SQLITE
@pytest.mark.parametrize("referer", [{}, {"Referer": "https://localhost:8443/verify"}])
def test_behind_https_a_form_arrives_without_a_referer_or_from_a_proxy_that_drops_the_port(
    behind_a_proxy, referer: dict[str, str]
) -> None:
    assert sent_by_https(behind_a_proxy, **referer).status_code == 404  # it was looked for, and not found


@SQLITE
@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 404), ("none", 404), ("same-site", 400), ("cross-site", 400)]
)
def test_a_form_from_another_site_is_refused_even_with_its_token(behind_a_proxy, site: str, status: int) -> None:
    assert sent_by_https(behind_a_proxy, **{"Sec-Fetch-Site": site}).status_code == status


@SQLITE
def test_a_form_without_its_token_is_refused(behind_a_proxy) -> None:
    answer = behind_a_proxy.post("/verify", data={"reference": "x"}, base_url="https://localhost")
    assert answer.status_code == 400
