"""Clicks that lead to another page, and wait for it: a page that is still arriving has no button yet."""

import re

from playwright.sync_api import Page


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the button of that name, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow the first link of that name on the page itself, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def unfold(page: Page) -> None:
    """Open everything that lies in a fold on the page itself."""
    for summary in page.get_by_role("main").locator("details:not([open]) > summary").element_handles():
        summary.click()


def walk_the_debrief(page: Page) -> None:
    """Go through a debrief, moment by moment, to the page that shows all of it."""
    onward = page.get_by_role("button", name="Go on to the next moment")
    while onward.count():
        press(page, "Go on to the next moment")
    press(page, "I have gone through it")
