"""Where one is signed in, in words."""

import pytest

from trainer.accounts.browsers import browser_in_words

SAYS = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (SAYS.format("X11; Linux x86_64", "Chrome/126.0 Safari/537.36"), "Chrome on Linux"),
        (SAYS.format("Windows NT 10.0; Win64", "Chrome/126.0 Safari/537.36 Edg/126.0"), "Edge on Windows"),
        (SAYS.format("Linux; Android 14", "Chrome/126.0 Mobile Safari/537.36"), "Chrome on Android"),
        (SAYS.format("iPhone; CPU iPhone OS 17_5 like Mac OS X", "Version/17.5 Mobile Safari/604"), "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Mac"),
        ("curl/8.6.0", "curl/8.6.0"),
        ("x" * 500, "x" * 60),
    ],
)
def test_a_browser_is_named_as_people_name_it(user_agent: str, words: str) -> None:
    assert browser_in_words(user_agent) == words


def test_the_account_page_names_browsers_in_words(as_, mara, app) -> None:
    agent = SAYS.format("X11; Linux x86_64", "Chrome/126.0 Safari/537.36")
    browser = app.test_client()
    from tests.conftest import PASSWORD

    browser.send("/sign-in", {"email": mara.email, "password": PASSWORD}, headers={"User-Agent": agent})
    page = browser.get("/account").text
    assert "Chrome on Linux" in page
    assert "AppleWebKit" not in page
