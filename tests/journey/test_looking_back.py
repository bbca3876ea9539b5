"""A debrief in a real browser: read with the keyboard, on a phone, in the dark, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stage.clicks import press, walk_the_debrief
from tests.stage.inspector import Inspector

pytestmark = pytest.mark.browser

NOTE = "First the question, then my hand."


def played(page: Page, slug: str, *, which: str = "last") -> None:
    """Play a case to its debrief, always giving the same one of the answers."""
    page.goto(f"{page.url.replace('/path/', '/cases/')}/{slug}")
    press(page, "Begin this case")
    while page.get_by_role("button", name="Do this").count():
        getattr(page.locator("label.choice"), which).click()
        if page.locator("textarea").count():
            page.locator("textarea").fill("It seemed the quietest thing to do.")
        press(page, "Do this")


def opened(page: Page) -> Page:
    """Open everything that is folded, so that it is looked at too."""
    page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    return page


@pytest.mark.parametrize("slug", ["tablet", pytest.param("hold-me", marks=pytest.mark.stress)])
def test_looking_back_has_no_barrier(
    open_browser: Callable[..., Page], shot: Callable[[Page, str], None], slug: str
) -> None:
    inspector = Inspector()
    page = open_browser("omar", reduced_motion="reduce")
    played(page, slug)
    shot(page, f"{slug}-reaction")
    inspector.look(page, "reaction")
    page.get_by_role("group", name="Ethics").get_by_label("4").check()
    press(page, "To the debrief")
    shot(page, f"{slug}-moment-1")
    inspector.look(page, "debrief, moment 1")
    press(page, "Go on to the next moment")
    shot(page, f"{slug}-moment-2")
    inspector.look(page, "debrief, moment 2")
    walk_the_debrief(page)
    debrief = page.url.partition("#")[0]
    shot(page, f"{slug}-debrief")
    inspector.look(opened(page), "debrief")
    shot(page, f"{slug}-debrief-open")

    page.get_by_label("What would you watch for next time?").fill(NOTE)
    page.get_by_label("Share this note").check()
    press(page, "Keep this note")
    expect(page.get_by_label("What would you watch for next time?")).to_have_value(NOTE)
    press(opened(page), "Send to the authors")
    inspector.look(page, "nothing told to the authors")

    opened(page).locator("a", has_text="What if?").nth(1).click()
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
    opened(page).locator(".map a").first.focus()
    shot(page, f"{slug}-map-focus")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{debrief}#step-0")

    supervisor, director = open_browser("sol"), open_browser("dana")
    supervisor.get_by_role("link", name="Notes").click()
    expect(supervisor.get_by_role("main")).to_contain_text(NOTE)
    shot(supervisor, f"{slug}-notes")
    inspector.look(supervisor, "notes shared")
    director.goto("/desk/")
    director.goto(director.get_by_role("link", name="Demonstration cohort").first.get_attribute("href"))
    director.goto(director.locator("th a", has_text="Omar").get_attribute("href"))
    expect(director.get_by_role("main")).to_contain_text(NOTE)
    shot(director, f"{slug}-record")
    inspector.look(director, "record with a note")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_looking_back_needs_no_script(open_browser: Callable[..., Page]) -> None:
    page = open_browser("noor", java_script_enabled=False)
    played(page, "hold-me", which="first")
    press(page, "To the debrief")
    walk_the_debrief(page)
    debrief = page.url.partition("#")[0]
    page.locator("summary", has_text="What happened").click()
    page.locator("a", has_text="What if?").first.click()
    rehearsed = 0
    while page.get_by_role("button", name="Rehearse this").count():
        page.locator("label.choice").last.click()
        press(page, "Rehearse this")
        rehearsed += 1
    assert rehearsed > 3
    expect(page.get_by_role("main")).to_contain_text("The two at the same time of the story")
    page.get_by_role("link", name="Back to the debrief").click()
    page.get_by_label("What would you watch for next time?").fill(NOTE)
    press(page, "Keep this note")
    expect(page).to_have_url(f"{debrief}#note")
    page.get_by_text("Tell the authors something").click()
    page.get_by_label("What should they know?").fill("Who is Ruth?")
    press(page, "Send to the authors")
    expect(page.get_by_text("Who is Ruth?")).to_be_visible()
