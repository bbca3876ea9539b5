"""Without a network a page stays with what was chosen on it, says so, and goes on when it is asked again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.stage.clicks import press

pytestmark = pytest.mark.browser


def test_who_loses_the_connection_loses_nothing_of_the_page(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    page.goto("/try/case")
    press(page, "Begin this case")
    address, told = page.url, page.get_by_text("There is no connection just now")
    chosen = page.locator("input[name=choice]").nth(1)
    chosen.check()
    expect(told).to_be_hidden()
    page.context.set_offline(True)
    page.get_by_role("button", name="Do this").click()
    expect(told).to_be_visible()
    page.get_by_role("link", name="Sign in").first.click()
    expect(chosen).to_be_checked()
    assert page.url == address
    page.context.set_offline(False)
    expect(told).to_be_hidden()
    press(page, "Do this")
    expect(page.locator("[aria-label='What your choice did'], #scene").first).to_be_visible()
