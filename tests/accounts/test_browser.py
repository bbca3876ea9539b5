"""After signing out, the back button of a real Chromium shows nothing, with or without a network."""

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from tests.conftest import PASSWORD
from tests.stage.chromium import FLAGS
from trainer.accounts.models import Person, SignIn
from trainer.clock import utc_now
from trainer.db import Database
from trainer.enrolment.models import Cohort

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
NO_BACK_CACHE = "--disable-back-forward-cache"  # Playwright's own: with it, this test would prove nothing


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page in the Chromium of this process."""
    context = chromium.new_context(base_url=address)
    yield context.new_page()
    context.close()


@pytest.fixture
def page_with_a_way_back(chromium: Browser, address: str) -> Iterator[Page]:
    """A page in a whole Chromium that keeps pages for the way back, as people's browsers do."""
    whole = chromium.browser_type.launch(
        executable_path=shutil.which("chromium"), args=FLAGS, ignore_default_args=[NO_BACK_CACHE]
    )
    yield whole.new_context(base_url=address).new_page()
    whole.close()


def come_in(page: Page, person: Person) -> None:
    page.fill("input[name=email]", person.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")


@pytest.mark.parametrize("network", ["on", "off"])
def test_after_mara_signs_out_going_back_shows_nothing_of_hers(
    page_with_a_way_back: Page, mara: Person, network: str
) -> None:
    page = page_with_a_way_back
    page.goto("/sign-in?next=/account")
    come_in(page, mara)
    page.wait_for_url("**/account")
    assert mara.email in page.text_content("main")
    page.click("text=Sign out >> nth=0")
    page.wait_for_url(lambda url: "/account" not in url)
    page.context.set_offline(network == "off")
    for _ in range(2):
        page.evaluate("history.back()")
        page.wait_for_timeout(700)
        assert mara.email not in (page.text_content("body") or "")


def test_on_a_phone_mara_can_end_her_other_sign_ins_without_moving_sideways(as_, page: Page, mara: Person) -> None:
    as_(mara)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/sign-in?next=/account")
    come_in(page, mara)
    page.wait_for_url("**/account")
    where = page.locator("text=Sign out there").bounding_box()
    assert where is not None
    assert where["x"] >= 0
    assert where["x"] + where["width"] <= 390
    assert page.inner_text("label[for=password]") == "Your new password"


def test_dana_gets_her_words_back_after_her_sign_in_has_ended(
    page: Page, database: Database, dana: Person, cohort: Cohort
) -> None:
    page.goto("/sign-in?next=/desk/cohorts/new")
    come_in(page, dana)
    page.fill("input[name=name]", "The people of autumn")
    page.fill("input[name=starts_on]", "2027-01-01")
    with database.transaction() as session:
        session.execute(update(SignIn).values(ended_at=utc_now()))
    page.click("main form button")
    page.wait_for_selector("text=Your sign-in had ended")
    come_in(page, dana)
    page.wait_for_selector("text=Not saved yet")
    page.evaluate(Axe().axe_script)
    assert page.evaluate("async () => (await axe.run()).violations.map(one => one.id)") == []
    assert page.input_value("textarea[name=name]") == "The people of autumn"
    page.click("text=Send it now")
    page.wait_for_selector("h1:has-text('The people of autumn')")
