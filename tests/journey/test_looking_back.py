"""A debrief in a real browser: read with the keyboard, on a phone, in the dark, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journey.test_accessibility import Inspector
from tests.journey.trainee import press

pytestmark = pytest.mark.browser


def played(page: Page, slug: str, *, which: str = "last") -> None:
    """Play a case to its debrief, always giving the same one of the answers."""
    page.goto(f"{page.url.replace('/path/', '/cases/')}/{slug}")
    press(page, "Begin")
    while page.get_by_role("button", name="Do this").count():
        getattr(page.locator("label.choice"), which).click()
        if page.locator("textarea").count():
            page.locator("textarea").fill("It seemed the quietest thing to do.")
        press(page, "Do this")


def opened(page: Page) -> Page:
    """Open everything that is folded, so that it is looked at too."""
    page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    return page


@pytest.mark.parametrize("slug", ["tablet", "hold-me"])
def test_looking_back_has_no_barrier_and_needs_no_script(
    open_browser: Callable[..., Page], shot: Callable[[Page, str], None], slug: str
) -> None:
    inspector = Inspector()
    page = open_browser("omar", reduced_motion="reduce", java_script_enabled=True)
    played(page, slug)
    shot(page, f"{slug}-reaction")
    inspector.look(page, "reaction")
    page.get_by_role("group", name="Ethics").get_by_label("4").check()
    press(page, "To the debrief")
    debrief = page.url
    shot(page, f"{slug}-debrief")
    inspector.look(opened(page), "debrief")
    shot(page, f"{slug}-debrief-open")

    page.get_by_label("What would you watch for next time?").fill("First the question, then my hand.")
    press(page, "Keep this note")
    expect(page.get_by_label("What would you watch for next time?")).to_have_value("First the question, then my hand.")

    page.locator("a", has_text="What if?").nth(1).click()
    shot(page, f"{slug}-what-if-0")
    inspector.look(page, "what if, nothing chosen")
    page.locator("label.choice").first.click()
    press(page, "Rehearse this")
    page.locator("label.choice").first.click()
    press(page, "Rehearse this")
    inspector.look(opened(page), "what if, two decisions on")
    shot(page, f"{slug}-what-if-2")
    while page.get_by_role("button", name="Rehearse this").count():
        page.locator("label.choice").first.click()
        press(page, "Rehearse this")
    inspector.look(opened(page), "what if, to its end")
    shot(page, f"{slug}-what-if-end")
    page.get_by_role("link", name="Back to the debrief").click()
    expect(page).to_have_url(f"{debrief}#step-{page.url.rsplit('-', 1)[1]}")

    page.goto(debrief)
    page.locator(".map a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{debrief}#step-0")
    assert not inspector.wrong, "\n".join(inspector.wrong)
