"""Who looks at pages in a real browser: by axe's rules (WCAG 2.2 AA), in light, in dark and on a phone."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

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
    const under = new Map([[null, ""]]), seen = globalThis.painted = new Map();
    const letters = text => text.replace(/\\s+/g, "").length;
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
        const its = getComputedStyle(one);
        const size = parseFloat(its.fontSize), large = size >= 24 || size >= 18.66 && its.fontWeight >= 700;
        const key = [one.closest("svg") ? its.fill : its.color, large, its.textShadow, ground(one)];
        if (one.matches("a")) {
            let block = one.parentElement;
            while (getComputedStyle(block).display === "inline") block = block.parentElement;
            const links = [...block.querySelectorAll("a")].map(link => link.textContent).join("");
            const amidText = letters(block.textContent) > letters(links);
            key.push(its.textDecorationLine, getComputedStyle(block).color, amidText);
        }
        if (one.matches("input, textarea")) key.push(getComputedStyle(one, "::placeholder").color);
        const way = key.join("|");
        seen.set(way, [...(seen.get(way) ?? []), one]);
    }
    return [...seen.keys()];
}"""
"""Returns every way in which a text is painted on the page: its colour, whether it is large, and what lies under it.

It leaves on the page, as `painted`, the elements that are painted in each of these ways.
"""
LOOK = f"""async options => globalThis.loadAxe && (globalThis.axe ?? loadAxe(),
    [(await axe.run(options)).violations, ({PAINT})()])"""
MEASURE = """async ([ways, options]) =>
    (await axe.run({ include: ways.flatMap(way => painted.get(way)) }, options)).violations"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? "" :
    document.documentElement.scrollWidth + " px: " + [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll"))
    .slice(0, 3).map(one => one.outerHTML.slice(0, 120)).join(" | ")"""
ON_A_PHONE = f"async options => [(await axe.run(options)).violations, ({TOO_WIDE})()]"


@cache
def axe() -> str:
    """Return a script that keeps axe-core ready on every page, unread until `loadAxe()`."""
    from axe_playwright_python.sync_playwright import Axe  # other tests need not load it

    plain = Axe().axe_script.encode("ascii", "backslashreplace").decode()  # for a browser half as long
    return f"globalThis.loadAxe = () => {{ {plain} }}"


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
        violations, ways = page.evaluate(LOOK, WHOLE) or self._unpack(page)
        self._keep(f"{name}, light", violations)
        self._measure_contrast(page, name, "light", ways)
        if dark:
            page.emulate_media(color_scheme="dark")
            self._measure_contrast(page, name, "dark", page.evaluate(PAINT))
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)
        violations, too_wide = page.evaluate(ON_A_PHONE, SPACE)
        self._keep(f"{name}, phone", violations)
        if too_wide:
            self.wrong.append(f"{name}, phone: wider than the window, {too_wide}")
        page.set_viewport_size(WIDE)

    def visit(self, page: "Page", *addresses: str, status: int = 200) -> None:
        """Open and look."""
        for address in addresses:
            answer = page.goto(address)
            if answer.status != status:
                self.wrong.append(f"{address}: {answer.status}")
            self.look(page, address)

    def _unpack(self, page: "Page") -> tuple[list[dict[str, Any]], list[str]]:
        """Look for the first time in this window: send axe, to this page and to all that follow."""
        page.context.add_init_script(axe())
        page.evaluate(axe())
        return page.evaluate(LOOK, WHOLE)

    def _measure_contrast(self, page: "Page", name: str, scheme: str, ways: list[str]) -> None:
        if new := set(ways) - self.painted[scheme]:
            self._keep(f"{name}, {scheme}", page.evaluate(MEASURE, [list(new), COLOURS]))
            self.painted[scheme] |= new

    def _keep(self, name: str, violations: list[dict[str, Any]]) -> None:
        for one in violations:
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
