"""What every page has in common."""

import pytest

from trainer.web.assets import FORMER


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_allows_anything_inline_or_from_elsewhere(stranger) -> None:
    policy = stranger.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_cookies_are_kept_from_scripts_and_other_sites(app, stranger) -> None:
    stranger.get("/sign-in")
    cookie = stranger.get_cookie("trainer")
    assert cookie
    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.mark.parametrize(("path", "status", "words"), [("/nowhere", 404, "There is nothing at this address")])
def test_an_error_is_one_sentence_and_a_way_back(stranger, path, status, words) -> None:
    answer = stranger.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert "Go to the start page" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_static_file_may_be_kept_for_ever_because_its_address_changes_with_it(stranger) -> None:
    page = stranger.get("/").text
    address = page.split('href="/static/css/tokens.css')[1].split('"')[0]
    with stranger.get("/static/css/tokens.css" + address) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_the_house_says_that_it_is_well(stranger) -> None:
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.json["database"]) == (200, "ok")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_static_file_answers_under_the_name_of_before_as_well(stranger) -> None:
    today = {former: f"/static/{name}" for former, name in FORMER.items()}
    for former, address in {**today, "offline/page.js": "/verify/offline/page.js"}.items():
        with stranger.get(f"/static/{former}") as before, stranger.get(address) as now:
            assert (before.status_code, before.data) == (200, now.data), former
