"""A debrief that is gone through as its pages lead."""

from tests.conftest import Browser


def walk_debrief(browser: Browser, run_address: str) -> int:
    """Go through the debrief of a run whose first words were said; return how many moments it had."""
    moments, shown = 0, browser.get(f"{run_address}/debrief").location
    while shown and "/debrief/" in shown:
        moments, shown = moments + 1, browser.send(shown.partition("#")[0]).location
    return moments
