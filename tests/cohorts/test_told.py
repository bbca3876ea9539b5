"""Whoever does something at the desk lands on a page that says what has been done, once."""

from collections.abc import Callable

import pytest

from tests.conftest import Browser
from trainer.accounts.models import Person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = {"reason": "It was agreed on the telephone."}


@pytest.fixture
def told(as_, dana) -> Callable[..., str]:
    """Dana sends a form: what the page says on which she lands."""

    def send(path: str, sent: dict, on: str = "") -> str:
        browser: Browser = as_(dana)
        answer = browser.decide(path, {**WHY, **sent}, on, follow_redirects=True)
        assert answer.status_code == 200
        said = answer.text.partition('<div class="notice good done" role="status"><p>')[2].partition("</p>")[0]
        assert said not in browser.get(answer.request.path).text, "once"
        return said

    return send


def test_what_happens_to_a_cohort_and_to_a_place_in_it_is_said(told, cohort, mara: Person, enrolled) -> None:
    place = f"/desk/people/{enrolled(mara).id}"
    changed = {"name": "Autumn", "starts_on": "2027-01-01"}
    begun = told("/desk/cohorts/new", {"programme": "foundations", "name": "New", "starts_on": "2027-01-01"})
    assert begun == "The cohort has been created. Invite the first people below."
    assert told(f"/desk/cohorts/{cohort.id}/change", changed) == "Your changes have been saved."
    assert told(f"{place}/time", {"factor": "150"}, place) == "The decision about time limits has been saved."
    assert told(f"{place}/place", {"ended": "y"}) == "The place has ended."
    assert told(f"{place}/place", {"ended": ""}) == "The place has been given back."


def test_a_corrected_name_is_said(told, omar: Person, enrolled) -> None:
    enrolled(omar)
    page = f"/desk/identity/{omar.id}"
    assert told(f"{page}/name", {"name": "Omar Berg"}, page) == "The name has been corrected."
