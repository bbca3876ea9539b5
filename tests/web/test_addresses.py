"""An address with a slash too many leads to the page that was meant, and to no other place."""

import pytest


@pytest.mark.parametrize("address", ["/verify", "/sign-in", "/certificates/visibility"])
def test_a_slash_too_many_is_forgiven(stranger, address) -> None:
    answer = stranger.get(f"{address}/")
    assert (answer.status_code, answer.location) == (308, address)
    assert stranger.get(f"{address}/?next=%2Faccount").location == f"{address}?next=%2Faccount"


@pytest.mark.parametrize("address", ["/nothing/", "//elsewhere.example/", "/verify/nothing/", "/", "/\\elsewhere/"])
def test_what_is_nowhere_stays_nowhere(stranger, address) -> None:
    assert stranger.get(address).status_code in (200, 404)


def test_a_number_that_was_mistyped_stands_ready_to_be_corrected(stranger) -> None:
    page = stranger.send("/verify", {"reference": "7K4M-2QXH-9PTC"}).text
    assert 'value="7K4M-2QXH-9PTC"' in page
    assert 'action="/verify"' in page


def test_a_page_of_verifying_that_is_missing_leads_back_to_it(stranger) -> None:
    assert "Back to verifying a certificate" in stranger.get("/verify/nothing").text
    assert "Back to verifying a certificate" not in stranger.get("/nothing").text


def test_who_signs_out_is_told_so(as_, mara) -> None:
    browser = as_(mara)
    assert "You are signed out." in browser.send("/sign-out", follow_redirects=True).text
    assert "You are signed out." not in browser.get("/").text
