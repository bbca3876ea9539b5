"""Whoever holds a certificate, or held one, is told on their path and among their certificates how it stands."""

from dataclasses import replace

import pytest

from tests.lifecycle.conftest import REASONS
from tests.stage.states import EMPTY
from tests.stage.way import a_cohort


@pytest.fixture
def state():
    """Nothing is prepared: the certificate that others stand on follows a release without any content."""
    return EMPTY


@pytest.fixture
def cohort(database, catalogue, archive):
    """A cohort on the shipped content, whose path can be drawn."""
    return a_cohort(database, catalogue, archive)


@pytest.fixture
def settings(settings, request):
    """Settings under which an ending can be recalled for as many hours as a test asks for, else for none."""
    return replace(settings, recall_hours=getattr(request, "param", 0))


@pytest.fixture
def path(enrolment) -> str:
    return f"/path/{enrolment.id}"


def test_who_holds_a_certificate_is_told_so_with_its_last_day(as_, mara, path, certificate) -> None:
    page = as_(mara).get(path).text.split("What the certificate needs")[0]
    assert "You hold the certificate" in page
    assert "decides about the certificate" not in page


def test_who_lost_it_is_told_when_why_and_whom_to_ask(as_, mara, dana, path, certificate) -> None:
    as_(dana).decide(f"/certificates/{certificate.public_id}/revocation", REASONS)
    browser = as_(mara)
    page = browser.get(path).text.split("What the certificate needs")[0]
    assert "Your certificate was revoked" in page
    assert "Professional conduct" in page
    assert "talk with your programme director" in page
    mine = browser.get("/certificates/").text
    assert "Yours to keep, to send and to show" not in mine
    assert "Professional conduct" in mine
    assert "please talk with your programme director: Dana" in mine
    assert "LinkedIn" not in mine


@pytest.mark.parametrize("settings", [24], indirect=True, ids=["a day"])
def test_who_gave_it_back_is_told_on_the_path_that_it_can_be_kept(as_, mara, path, certificate) -> None:
    browser = as_(mara)
    browser.decide(f"/certificates/{certificate.public_id}/surrender", {"sure": "y"})
    page = browser.get(path).text.split("What the certificate needs")[0]
    assert "You gave it back. That becomes final on" in page
    assert "Keep it after all …" in page
    assert "talk with your programme director" not in page


def test_what_was_asked_for_is_confirmed_and_its_list_stays_open(as_, mara, certificate) -> None:
    browser = as_(mara)
    page = browser.send(f"/certificates/{certificate.public_id}/documents/transcript", follow_redirects=True).text
    assert "It is being made" in page
    assert f'<details id="keep-{certificate.public_id}" open>' in page
    assert f'<details id="keep-{certificate.public_id}">' in browser.get("/certificates/").text
