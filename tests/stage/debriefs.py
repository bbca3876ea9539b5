"""A debrief that is gone through as its pages lead."""

import re

from tests.conftest import Browser


def shown_on(browser: Browser, moment: str) -> dict[str, str]:
    """Open a moment of a debrief; return what its page sends when it is left."""
    found = re.search(r'name="shown" value="(\w+)"', browser.get(moment.partition("#")[0]).text)
    return {"shown": found[1]} if found else {}


def leave(browser: Browser, moment: str) -> str:
    """Open a moment of a debrief, read it and leave it; return where that leads."""
    return browser.send(moment.partition("#")[0], shown_on(browser, moment)).location


def walk_debrief(browser: Browser, run_address: str) -> int:
    """Go through the debrief of a run whose first words were said; return how many moments it had."""
    moments, shown = 0, browser.get(f"{run_address}/debrief").location
    while shown and "/debrief/" in shown:
        moments, shown = moments + 1, leave(browser, shown)
    return moments
