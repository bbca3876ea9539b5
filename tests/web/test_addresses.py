"""An address with a slash too many leads to the page that was meant, and to no other place."""

import re

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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("who", "address", "way"),
    [
        ("stranger", "/verify/nothing", ("/verify", "Back to verifying a certificate")),
        ("stranger", "/desk/cohorts/nothing", None),
        ("stranger", "/nothing", None),
        ("dana", "/desk/people/nothing", ("/desk/", "To the desk")),
        ("dana", "/certificates/nothing/status", ("/desk/", "To the desk")),
        ("ada", "/desk/identity/nothing", ("/desk/", "To the desk")),
        ("sol", "/examinations/desk/nothing", ("/examinations/", "To the examinations")),
        ("mara", "/path/nothing", ("/path/", "To my path")),
        ("mara", "/cases/runs/nothing", ("/path/", "To my path")),
        ("mara", "/certificates/nothing.pdf", ("/certificates/", "To my certificates")),
        ("mara", "/desk/", None),
    ],
)
def test_what_is_missing_leads_back_into_its_own_room(request, as_, stranger, who, address, way) -> None:
    browser = stranger if who == "stranger" else as_(request.getfixturevalue(who))
    page = browser.get(address, follow_redirects=False).text
    found = re.findall(r'<a class="button" href="([^"]+)">([^<]+)</a>', page)
    assert found == ([way] if way else [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_written_into_a_form_that_is_refused_can_be_copied(as_, dana) -> None:
    sent = {"reason": "Long thought about, and now <lost>?", "sure": "y", "password": "my secret words"}
    answer = as_(dana).send(f"/desk/identity/{dana.id}/name", sent)  # nobody corrects themselves
    assert answer.status_code == 409
    assert "Long thought about, and now &lt;lost&gt;?</textarea>" in answer.text
    assert "my secret words" not in answer.text
    assert answer.text.count("<textarea") == 1
    assert "<textarea" not in as_(dana).send("/desk/people/nothing", sent).text, "not found: it was no form of ours"


def test_who_signs_out_is_told_so(as_, mara) -> None:
    browser = as_(mara)
    assert "You are signed out." in browser.send("/sign-out", follow_redirects=True).text
    assert "You are signed out." not in browser.get("/").text
