"""Whoever leaves a lesson goes on where they had read to, however they scrolled before they left."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stage.clicks import follow

pytestmark = pytest.mark.browser


def rest_at(page: Page, place: int) -> str:
    """Scroll with the wheel to a heading, and stay until the site has kept the place; return its words."""
    heading = page.locator("#text h2[id]").nth(place)
    with page.expect_response(re.compile("/place$")):
        page.mouse.move(600, 400)
        while (heading.bounding_box() or {"y": 0})["y"] > 300:
            page.mouse.wheel(0, 300)
            page.wait_for_timeout(20)
    return heading.inner_text()


def test_scrolling_up_to_leave_and_a_glance_elsewhere_lose_no_place(open_browser: Callable[..., Page]) -> None:
    page = open_browser("noor")
    follow(page, "Medicines and interactions")
    module = page.url
    follow(page, re.compile("^(Read|Continue at) “"))
    words = rest_at(page, 1)
    for _ in range(40):
        page.mouse.wheel(0, 900)  # a glance at the end
    for _ in range(80):
        page.mouse.wheel(0, -900)
    page.get_by_role("link", name="My path").first.click()
    follow(page, "Groups and settings")
    follow(page, re.compile("^(Read|Continue at) “"))
    rest_at(page, 0)
    page.goto(module)
    expect(page.get_by_role("link", name=f"Continue at “{words}”")).to_be_visible()
