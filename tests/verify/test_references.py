"""Numbers, ids and addresses at the counter."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests.certificates.conftest import ISSUED
from trainer.accounts.models import Person
from trainer.certificates.facts.number import number_from
from trainer.certificates.models import Certificate
from trainer.verify.handed_in.reference import leads_elsewhere, place_elsewhere, read_reference
from trainer.verify.routes import PER_MINUTE


def test_the_qr_address_shows_every_certified_fact(stranger, certificate: Certificate) -> None:
    page = stranger.get(f"/c/{certificate.public_id}").text
    for fact in ("Mara Vogel", certificate.number, "Dana Rivers", "Spring 2026", "12½", "Hold me (case)", "3f3f"):
        assert fact in page
    assert "not a licence to practise" in page


@pytest.mark.parametrize(
    "typed",
    [
        lambda c: c.number,
        lambda c: f"  {c.number.lower().replace('-', ' ')} ",
        lambda c: c.number.replace("-", ""),
        lambda c: c.public_id.upper(),
        lambda c: f"http://localhost/c/{c.public_id}?from=mail",
        lambda c: f"see http://localhost/c/{c.public_id}",
        lambda c: f"localhost/c/{c.public_id}/",
        lambda c: f"/c/{c.public_id}",
        lambda c: f"http://localhost/c/\n{c.public_id}",
        lambda c: f"http://localhost/c/ {c.public_id}",
        lambda c: f"No. {c.number}",
        lambda c: f"Certificate number: {c.number}.",
    ],
)
def test_one_field_takes_number_id_and_address_in_any_spacing(
    stranger, certificate: Certificate, typed: Callable[[Certificate], str]
) -> None:
    answer = stranger.send("/verify", {"reference": typed(certificate)})
    assert answer.location == f"/c/{certificate.public_id}"


@pytest.mark.parametrize(
    "before",
    [
        "https://evil.example/",
        "https://evil.example/ ",
        "https://evil.example/\t",
        "https://evil.example/\u2003",
        "https://evil.example/?\x1f/",
        "HTTPS:\\\\evil.example\\ ",
        "//evil.example/\t/",
        "javascript:go()// ",
        "see ",
        "https://evil.example/ http://localhost/",
        "https:evil.example/ http://localhost/",
        "evil.example/ localhost/",
        "evil.example localhost@evil.example/",
    ],
)
def test_what_stands_behind_another_address_is_a_part_of_that(before: str) -> None:
    public_id = "eb6m2t6dkga5n6gm5trdv3xtgm"
    assert read_reference(f"{before}c/{public_id}", base_url="http://localhost") == (None, None)
    assert leads_elsewhere(f"{before}c/{public_id}", base_url="http://localhost")


@pytest.mark.parametrize("before", ["", "/", "localhost/", "see http://localhost/", "12/2026: https://localhost/"])
def test_an_address_of_ours_may_stand_behind_words(before: str) -> None:
    public_id = "eb6m2t6dkga5n6gm5trdv3xtgm"
    assert read_reference(f"{before}c/{public_id}", base_url="http://localhost")[0] == public_id


@pytest.mark.parametrize("typed", ["1111-1111-1111", "7K4M-2QXH-9PTC", "nonsense", "<script>", "a" * 26, "☃" * 40])
def test_an_unknown_reference_gets_a_page_of_the_same_shape(stranger, certificate: Certificate, typed: str) -> None:
    answer = stranger.send("/verify", {"reference": typed})
    assert answer.status_code == 404
    assert "How we know" in answer.text
    assert "no proof of fraud" in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")


def test_an_unknown_address_is_a_verdict_and_not_an_error(stranger) -> None:
    answer = stranger.get("/c/" + "a" * 26)
    assert answer.status_code == 404
    assert "Not found" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("7K4M-2QXH-9PT0", "“0” stands in no number of ours"),
        ("7K4U-2QXH-9PTO", "“U”, “O” stand in no number of ours"),
        ("7K4M-2QXH-9P", "You typed 10 letters and digits; a number has 12."),
        ("7K4M-5QXH-9PTC", "Easily mistaken: 1 and 7, 5 and S"),
    ],
)
def test_a_wrong_number_stays_in_its_field_and_what_is_wrong_is_named(stranger, typed: str, said: str) -> None:
    page = " ".join(stranger.send("/verify", {"reference": typed}).text.split())
    assert said in page
    assert f'value="{typed}"' in page
    assert ("signs 0, O, I, L and U are never used" in page) is said.startswith("“")


def test_a_number_that_could_be_one_is_not_said_to_be_mistyped(stranger, certificate: Certificate) -> None:
    other = number_from(7)
    assert certificate.number != other
    page = stranger.send("/verify", {"reference": other}).text
    assert 'id="slips"' not in page, "whether a similar number exists is nobody's business"


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("https://evil.example/verify/7K4M-2QXH-9PTC", "evil.example"),
        ("evil.example/certificates?n=1", "evil.example"),
        ("https:evil.example", "evil.example"),
        ("HTTPS:\\\\Evil.example\\c\\x", "evil.example"),
        ("https://localhost@evil.example:8443/x", "evil.example:8443"),
    ],
)
def test_a_foreign_address_is_named(stranger, typed: str, place: str) -> None:
    page = " ".join(stranger.send("/verify", {"reference": typed}).text.split())
    assert '<h1 id="verdict">Not our address</h1>' in page
    assert 'class="verdict warn"' in page
    assert "How we know" not in page
    assert f'That address leads to <span class="address">{place}</span>, not to us.' in page


@pytest.mark.parametrize("typed", ["http://localhost/verify", "localhost/about", "nonsense", "7K4M.2QXH.9PTV/"])
def test_our_own_address_and_what_is_none_are_not_called_foreign(typed: str) -> None:
    assert place_elsewhere(typed, base_url="http://localhost") == ""


def test_a_reference_that_is_too_long_is_said_to_be(stranger) -> None:
    assert stranger.send("/verify", {"reference": "a" * 501}).status_code == 422


def test_after_its_last_day_the_certificate_has_expired(stranger, certificate: Certificate) -> None:
    with time_machine.travel(ISSUED + timedelta(days=3 * 366), tick=False):
        page = stranger.get(f"/c/{certificate.public_id}").text
    assert "Expired" in page
    assert "no longer valid" in page


def test_a_certificate_says_first_what_it_is_and_once_revoked_that_with_reason_and_note(
    stranger, as_: Callable, certificate: Certificate, dana: Person
) -> None:
    verdict = stranger.get(f"/c/{certificate.public_id}").text
    first, _, rest = verdict.partition("What is certified")
    assert certificate.claim["holder"] in first, "a telephone shows the whole answer without scrolling"
    assert certificate.claim["credential"] in first
    assert "Valid until" in first
    assert "does not hold today" not in rest
    assert f'value="http://localhost/c/{certificate.public_id}" readonly' in first, "to be copied without a script"
    assert f'<meta property="og:title" content="Valid: {certificate.claim["holder"]}">' in first
    assert 'class="seal"' in first
    as_(dana).decide(
        f"/certificates/{certificate.public_id}/revocation",
        {"reason": "conduct", "public_note": "By the board.", "private_reason": "A secret.", "sure": "y"},
    )
    page = stranger.get(f"/c/{certificate.public_id}").text
    assert "Valid until" not in page.partition("What is certified")[0]
    assert "as issued; it does not hold today" in page
    assert page.index("it was revoked on") < page.index("Reason:") < page.index("Mara Vogel")
    assert "<s><time" in page, "its last day is struck out"
    assert "data-share" not in page, "what has ended is not handed on"
    assert f'data-copy="{certificate.number}"' in page
    assert "data-print" in page, "but may go into a file"
    assert 'class="seal"' not in page
    assert "By the board." in page
    assert "A secret." not in page


def test_somebody_who_tries_numbers_all_day_has_to_wait(stranger) -> None:
    answers = [stranger.send("/verify", {"reference": "nonsense"}).status_code for _ in range(PER_MINUTE + 1)]
    assert answers == [404] * PER_MINUTE + [429]
    assert stranger.get("/verify").status_code == 200


@given(st.text(max_size=600))
def test_anything_may_be_typed(text: str) -> None:
    public_id, number = read_reference(text, base_url="http://localhost")
    assert not (public_id and number)


def test_facts_changed_in_the_database_are_called_out(stranger, certificate: Certificate, tampering) -> None:
    with tampering() as session:
        kept = session.get_one(Certificate, certificate.public_id)
        kept.claim = {**kept.claim, "holder": "Somebody Else"}
    answer = stranger.get(f"/c/{certificate.public_id}")
    assert "no longer what was certified" in answer.text
    assert "Somebody Else" not in answer.text
