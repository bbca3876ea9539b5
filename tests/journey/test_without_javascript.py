"""Everything works in a browser that runs no scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journey.conftest import Site
from tests.journey.teacher import Teacher
from tests.journey.trainee import Trainee

pytestmark = pytest.mark.browser


@pytest.fixture
def noor(open_browser: Callable[..., Page], site: Site, teacher: Teacher) -> Trainee:
    """Noor, who has just begun, in a browser without scripts."""
    page = open_browser("noor", java_script_enabled=False)
    return Trainee(page, site, teacher, script=False)


def test_noor_reads_a_module_without_scripts(noor: Trainee) -> None:
    met = noor.page.locator(".path .path > li.met")
    noor.follow("See everything it needs")
    before = met.count()  # other tests of this room may have gone first
    noor.page.goto("/")
    noor.follow("Ethics and informed consent")
    noor.read()
    noor.page.goto("/")
    noor.follow("See everything it needs")
    expect(met).to_have_count(before + 1)


def test_noor_takes_a_quiz_without_scripts(noor: Trainee) -> None:
    noor.follow("See everything it needs")
    quiz = noor.page.locator("main a[href*='/quizzes/']").first
    quiz.click()
    expect(noor.page).to_have_url(re.compile("/quizzes/"))
    if noor.page.get_by_role("heading", name="What comes first").count():  # unless another test has read it already
        address = noor.page.url
        noor.page.get_by_role("status").get_by_role("link").click()
        noor.read()
        noor.page.goto(address)
    noor.press("Begin")
    expect(noor.page.locator("[data-status] noscript")).to_be_visible()
    noor.answer()
    noor.send()


def test_noor_plays_a_case_without_scripts(noor: Trainee) -> None:
    noor.follow("See everything it needs")
    noor.follow("The tablet nobody mentioned: medicines and screening")
    noor.press("Begin this case")
    noor.play()
    noor.look_back()
