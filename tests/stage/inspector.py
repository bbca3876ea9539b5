"""Who looks at pages in a real browser: by axe's rules (WCAG 2.2 AA), in light, in dark and on a phone."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
QUICK = {"resultTypes": ["violations"], "preload": False}  # no rule of ours reads the styles themselves
ON_COLOURS = ["color-contrast", "link-in-text-block"]
COLOURS = {**QUICK, "runOnly": ON_COLOURS}
WHOLE = {**QUICK, "rules": {rule: {"enabled": False} for rule in ON_COLOURS}}
SPACE = {
    **QUICK,
    "runOnly": ["target-size", "scrollable-region-focusable", "landmark-unique"],
    "rules": {"target-size": {"enabled": True}},
}
PAINT = """() => {
    const under = new Map([[null, ""]]), seen = new Set();
    const ground = one => {
        if (!under.has(one)) {
            const its = getComputedStyle(one), [colour, picture] = [its.backgroundColor, its.backgroundImage];
            const clear = colour === "rgba(0, 0, 0, 0)" && picture === "none" && its.opacity === "1";
            const opaque = colour.startsWith("rgb(") && its.opacity === "1";
            const own = clear ? "" : colour + picture + its.opacity;
            under.set(one, opaque ? own : own + ground(one.parentElement));
        }
        return under.get(one);
    };
    for (const one of document.querySelectorAll("body, body *")) {
        const says = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!says && !one.matches("input, select, textarea") || one.getBoundingClientRect().width < 2) continue;
        if (!one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const its = getComputedStyle(one), around = getComputedStyle(one.parentElement);
        const size = parseFloat(its.fontSize), large = size >= 24 || size >= 18.66 && its.fontWeight >= 700;
        const key = [one.closest("svg") ? its.fill : its.color, large, its.textShadow, ground(one)];
        if (one.matches("a")) key.push(its.textDecorationLine, around.color);
        if (one.matches("input, textarea")) key.push(getComputedStyle(one, "::placeholder").color);
        seen.add(key.join("|"));
    }
    return [...seen];
}"""
"""Returns every way in which a text is painted on the page: its colour, whether it is large, and what lies under it."""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? "" :
    document.documentElement.scrollWidth + " px: " + [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll"))
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120)).join(" | ")"""


@cache
def axe() -> str:
    """Return axe-core itself."""
    from axe_playwright_python.sync_playwright import Axe  # other tests need not load it

    return Axe().axe_script


@dataclass
class Inspector:
    """Looks at one page after another and keeps what is wrong.

    Contrast takes axe longer than all else together; so a text that is painted as one before is not measured again.
    """

    wrong: list[str] = field(default_factory=list)
    painted: ClassVar[dict[str, set[str]]] = {"light": set(), "dark": set()}

    def look(self, page: "Page", name: str, *, dark: bool = True) -> None:
        """Look at the page that is open: in light, in dark where its colours differ, and on a phone."""
        page.wait_for_load_state()  # a click may have led here, and half a page has half its faults
        page.evaluate(axe())
        self._ask_axe(page, f"{name}, light", WHOLE)
        self._measure_contrast(page, name, "light")
        if dark:
            page.emulate_media(color_scheme="dark")
            self._measure_contrast(page, name, "dark")
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)
        self._ask_axe(page, f"{name}, phone", SPACE)
        if too_wide := page.evaluate(TOO_WIDE):
            self.wrong.append(f"{name}, phone: wider than the window, {too_wide}")
        page.set_viewport_size(WIDE)

    def visit(self, page: "Page", *addresses: str, status: int = 200) -> None:
        """Open and look."""
        for address in addresses:
            answer = page.goto(address)
            if answer.status != status:
                self.wrong.append(f"{address}: {answer.status}")
            self.look(page, address)

    def _measure_contrast(self, page: "Page", name: str, scheme: str) -> None:
        if new := set(page.evaluate(PAINT)) - self.painted[scheme]:
            self._ask_axe(page, f"{name}, {scheme}", COLOURS)
            self.painted[scheme] |= new

    def _ask_axe(self, page: "Page", name: str, options: dict[str, object]) -> None:
        for one in page.evaluate("async options => (await axe.run(options)).violations", options):
            nodes = [f"{node['target']} {node['html'][:160]} {node['failureSummary']}" for node in one["nodes"]]
            self.wrong.append(f"{name}: {one['id']} ({one['help']}): " + " || ".join(nodes[:3]))


@pytest.fixture
def inspector() -> Inspector:
    """Somebody who has seen nothing wrong yet."""
    return Inspector()


@pytest.fixture
def shot() -> Callable[["Page", str], None]:
    """Keep a picture of a page where TRAINER_SHOTS names a folder; otherwise do nothing."""
    folder = os.environ.get("TRAINER_SHOTS")

    def take(page: "Page", name: str) -> None:
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-light.png", full_page=True)
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=f"{folder}/{name}-dark.png", full_page=True)
        page.emulate_media(color_scheme="light")
        size = page.viewport_size
        page.set_viewport_size(PHONE)
        page.screenshot(path=f"{folder}/{name}-phone.png", full_page=True)
        page.set_viewport_size(size)

    return take
