"""Somebody else has decided since a page was opened: it decides nothing, says what changed and keeps what was typed."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select

from tests.stage.browser import Browser
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.cases.runs.models import Accommodation
from trainer.certificates.models import Conferral, ConferralWithdrawal
from trainer.db import Database
from trainer.enrolment.models import Cohort, CohortChange, Enrolment, EnrolmentChange
from trainer.errors import UNSEEN

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def kept(database: Database, table: type) -> list:
    with database.reading() as session:
        return list(session.scalars(select(table)))


@pytest.fixture
def desk(as_: Callable[[Person], Browser], dana: Person) -> Browser:
    return as_(dana)


@pytest.fixture
def ester(as_: Callable[[Person], Browser], person: Callable[..., Person]) -> Browser:
    """The second director's browser."""
    return as_(person("Ester Lund", Role.DIRECTOR))


def opened(browser: Browser, address: str) -> dict[str, str]:
    """Open a page, and return what its hidden fields hold; of two forms the first."""
    inputs = [one for one in re.findall(r"<input[^>]*>", browser.get(address).text) if 'type="hidden"' in one]
    found = [(re.search('name="([^"]+)"', one)[1], re.search('value="([^"]*)"', one)[1]) for one in inputs]
    return {name: unescape(value) for name, value in reversed(found) if name != "csrf_token"}


def rename(browser: Browser, enrolment: Enrolment) -> None:
    page = f"/desk/identity/{enrolment.person_id}"
    answer = browser.decide(f"{page}/name", {"name": "Mara Fogel", "reason": "Passport."}, on=page)
    assert answer.status_code == 303


def is_told(browser: Browser, address: str, form: dict[str, str], *words: str) -> str:
    """Send what an older page holds; return the page that says what changed."""
    answer = browser.send(address, form)
    text = unescape(answer.text)
    assert answer.status_code == 409
    assert "This changed since you opened it" in text
    for one in words:
        assert one in text
    return text


def test_a_place_that_was_ended_and_given_back_does_not_end_by_an_old_page(
    earned: Enrolment, desk: Browser, ester: Browser, database: Database
) -> None:
    page = f"/desk/people/{earned.id}/place"
    old = opened(desk, page)
    for ended in ("y", ""):
        assert ester.send(page, {**opened(ester, page), "ended": ended, "reason": "It was another."}).status_code == 303
    form = {**old, "ended": "y", "reason": "She has left."}
    is_told(desk, page, form, "Ester Lund gave the place back", "She has left.")
    assert len(kept(database, EnrolmentChange)) == 2
    form |= opened(desk, page)
    for _ in range(2):
        assert desk.send(page, {**form, "ended": "y"}).status_code == 303
    assert len(kept(database, EnrolmentChange)) == 3


def test_an_old_page_does_not_give_a_cohort_its_old_name_back(
    cohort: Cohort, desk: Browser, ester: Browser, database: Database
) -> None:
    page, day = f"/desk/cohorts/{cohort.id}/change", str(cohort.starts_on)
    old = opened(desk, page)
    ester.send(page, {**opened(ester, page), "name": "Autumn", "starts_on": day, "reason": "A slip."})
    form = {**old, "name": cohort.name, "starts_on": "2026-10-01", "reason": "It begins later."}
    text = is_told(desk, page, form, "Ester Lund changed the name", "It begins later.")
    assert f'value="{cohort.name}"' in text, "what was typed is kept"
    assert [one.name for one in kept(database, Cohort)] == ["Autumn"]
    assert desk.send(page, {**form, **opened(desk, page)}).status_code == 303
    assert len(kept(database, CohortChange)) == 2


def test_time_limits_are_decided_in_sight_of_the_newest_decision(
    earned: Enrolment, desk: Browser, ester: Browser, database: Database
) -> None:
    record, limits = f"/desk/people/{earned.id}", f"/desk/people/{earned.id}/time"
    sent = {"factor": "150", "reason": "She reads slowly.", "seen": "0"}
    assert ester.send(limits, {"factor": "200", "reason": "Doctor's note.", "seen": "0"}).status_code == 303
    is_told(desk, limits, sent, "Ester Lund decided about the time limits", "She reads slowly.")
    assert [one.factor for one in kept(database, Accommodation)] == [200]
    assert 'id="limits-seen" name="seen" type="hidden" value="1"' in desk.get(record).text
    assert desk.send(limits, {**sent, "seen": "1"}).status_code == 303


@pytest.mark.parametrize("several", [False, True])
def test_a_name_that_was_corrected_meanwhile_is_looked_at_before_it_is_conferred(
    earned: Enrolment, desk: Browser, ester: Browser, database: Database, several: bool
) -> None:
    page = f"/desk/cohorts/{earned.cohort_id}" if several else f"/desk/people/{earned.id}"
    to = f"{page}/conferrals" if several else page
    old = {**opened(desk, page), "sure": "y", "enrolment": earned.id}
    rename(ester, earned)
    is_told(desk, to, old, "the name is “Mara Fogel” now")
    assert kept(database, Conferral) == []
    new = {**opened(desk, page), "sure": "y", "enrolment": earned.id}
    for _ in range(2):
        assert desk.send(to, new).status_code == 303
    assert [one.facts["holder"] for one in kept(database, Conferral)] == ["Mara Fogel"]


def test_whoever_comes_second_to_a_decision_is_told_and_their_reason_is_not_lost(
    earned: Enrolment, desk: Browser, ester: Browser, database: Database
) -> None:
    record = f"/desk/people/{earned.id}"
    desk.decide(record, {"sure": "y"})
    [conferral] = kept(database, Conferral)
    back, mine = f"{record}/decisions/{conferral.id}/withdrawal", {"sure": "y", "reason": "I was too quick."}
    assert ester.send(back, {"sure": "y", "reason": "A sign in the name."}).status_code == 303
    is_told(desk, back, mine, "Ester Lund took this decision back, because: A sign in the name.")
    assert "waits no more" in desk.get(back).text
    assert len(kept(database, ConferralWithdrawal)) == 1
    old = opened(desk, f"{record}/again")
    ester.send(f"{record}/again", {**old, "sure": "y", "reason": "Mended."})
    is_told(desk, f"{record}/again", {**old, **mine}, "Ester Lund conferred the certificate again")
    assert len(kept(database, Conferral)) == 2


def test_a_name_that_was_corrected_meanwhile_is_looked_at_before_it_is_conferred_again(
    earned: Enrolment, desk: Browser, ester: Browser, database: Database
) -> None:
    record = f"/desk/people/{earned.id}"
    desk.decide(record, {"sure": "y"})
    [conferral] = kept(database, Conferral)
    desk.send(f"{record}/decisions/{conferral.id}/withdrawal", {"sure": "y", "reason": "The name."})
    old = {**opened(desk, f"{record}/again"), "sure": "y", "reason": "As before."}
    rename(ester, earned)
    is_told(desk, f"{record}/again", old, "the name is “Mara Fogel” now", "As before.")
    assert desk.send(f"{record}/again", {**old, **opened(desk, f"{record}/again")}).status_code == 303


@pytest.mark.parametrize("act", ["change", "place", "time", "confer", "conferrals"])
def test_what_does_not_say_in_sight_of_what_it_was_decided_is_refused_like_an_old_page(
    earned: Enrolment, cohort: Cohort, desk: Browser, database: Database, act: str
) -> None:
    record = f"/desk/people/{earned.id}"
    where, sent = {
        "change": (f"/desk/cohorts/{cohort.id}/change", {"name": "Autumn", "starts_on": "2026-10-01"}),
        "place": (f"{record}/place", {"ended": "y"}),
        "time": (f"{record}/time", {"factor": "150"}),
        "confer": (record, {"sure": "y"}),
        "conferrals": (f"/desk/cohorts/{cohort.id}/conferrals", {"enrolment": earned.id}),
    }[act]
    for seen in ({}, {"seen": "", f"seen-{earned.id}": ""}):
        answer = desk.send(where, {**sent, **seen, "reason": "Typed by Dana."})
        assert answer.status_code == 409
        assert UNSEEN in unescape(answer.text)
        assert ("Typed by Dana." in answer.text) is (act in ("change", "place", "time"))
    tables = (CohortChange, EnrolmentChange, Accommodation, Conferral)
    assert [kept(database, table) for table in tables] == [[], [], [], []]
