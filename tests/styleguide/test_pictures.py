"""What pages are made of looks as it was left: on a wide screen and a phone, in light and in dark."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.stage.inspector import PHONE, WIDE
from tests.styleguide.pictures import changed_parts, open_kept, open_now

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
MEND = "Undo the change, or keep the new look: python -m tests.styleguide.pictures"


@pytest.fixture
def page_in(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a page of a size and a scheme."""
    contexts = []

    def opened(viewport: dict[str, int], scheme: str) -> Page:
        contexts.append(chromium.new_context(base_url=address, viewport=viewport, color_scheme=scheme))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark")])
def test_every_part_looks_as_it_was_left(page_in: Callable[..., Page], viewport, scheme: str) -> None:
    page = page_in(viewport, scheme)
    assert changed_parts(open_kept(page), open_now(page)) == set(), MEND


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        ("#buttons .grave { position: relative; left: 3px; }", {"buttons"}),
        (":root { --good: #2c6660; }", {"colours", "states", "notices", "tables"}),
    ],
    ids=["a button three pixels further right", "another green"],
)
def test_a_small_change_is_seen(page_in: Callable[..., Page], rule: str, parts: set[str]) -> None:
    page = page_in(WIDE, "light")
    assert changed_parts(open_kept(page), open_kept(page, base=rule)) >= parts


def test_where_people_work_there_is_no_such_page(app) -> None:
    app.extensions["trainer.settings"] = app.extensions["trainer.settings"].__class__(
        **{**vars(app.extensions["trainer.settings"]), "secure_cookies": True}
    )
    assert app.test_client().get("/styleguide").status_code == 404
