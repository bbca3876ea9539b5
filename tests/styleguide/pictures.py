"""Pictures of the page of parts, as it is and as it was kept; the same browser draws both.

A kept picture would fail on every other machine and browser. So the page itself is kept, with its sheets, and is drawn
again. `python -m tests.styleguide.pictures` keeps today's: run it after the look of a part was changed on
purpose.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from trainer.web.assets import file_of_asset

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

KEPT = Path(__file__).parent / "kept"
SHEETS = ("css/tokens.css", "css/base.css", "styleguide/parts.css")
UNSEEN = 8
"""So much, of 255, may a colour differ and still be the same to everybody: what smoothing of edges does."""
TOLERANCE = 0.001
"""The share of a part's pixels that may differ."""
BOXES = """() => [["bar", document.querySelector(".bar")], ["foot", document.querySelector(".foot")],
    ...[...document.querySelectorAll("[data-part]")].map(one => [one.dataset.part, one])].map(([name, one]) => {
    const box = one.getBoundingClientRect();
    return [name, [box.left, box.top + scrollY, box.right, box.bottom + scrollY].map(Math.round)];
})"""


@dataclass(frozen=True)
class Parts:
    """A picture of the whole page, and where each part is on it: left, top, right and bottom, in pixels."""

    whole: Image.Image
    boxes: Mapping[str, tuple[int, int, int, int]]

    def each(self) -> Iterator[tuple[str, Image.Image]]:
        """Yield the parts, each with its picture."""
        for name, box in self.boxes.items():
            yield name, self.whole.crop(box)


def parts_on(page: "Page") -> Parts:
    """Take a picture of the page of parts that is open."""
    page.evaluate("document.fonts.ready")
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled", caret="hide"))).convert("RGB")
    return Parts(whole, {name: tuple(box) for name, box in page.evaluate(BOXES)})


def open_now(page: "Page") -> Parts:
    """Draw the page as it is."""
    page.goto("/styleguide")
    return parts_on(page)


def open_kept(page: "Page", **changed: str) -> Parts:
    """Draw the page as it was kept.

    Args:
        page: in a browser that reaches the application, which lends the fonts.
        changed: rules that are added to a kept sheet, by the name of the sheet.
    """
    for sheet in SHEETS:
        name = Path(sheet).name
        body = (KEPT / name).read_text() + changed.get(Path(sheet).stem, "")
        page.route(f"**/{sheet}*", partial(_hand_out, body=body))
    page.route("**/styleguide", lambda route: route.fulfill(path=KEPT / "page.html", content_type="text/html"))
    found = open_now(page)
    page.unroute_all()
    return found


def _hand_out(route: "Route", *, body: str) -> None:
    route.fulfill(body=body, content_type="text/css")


def differing(before: Image.Image, after: Image.Image) -> float:
    """Return the share of pixels that differ, from 0 to 1; 1 where the sizes differ."""
    if before.size != after.size:
        return 1.0
    channels = ImageChops.difference(before, after).split()
    seen = channels[0].point(lambda value: 255 * (value > UNSEEN))
    for channel in channels[1:]:
        seen = ImageChops.lighter(seen, channel.point(lambda value: 255 * (value > UNSEEN)))
    return seen.histogram()[255] / (before.width * before.height)


def changed_parts(before: Parts, after: Parts) -> set[str]:
    """Return the names of parts that look different, have come or have gone."""
    then, now = dict(before.each()), dict(after.each())
    both = then.keys() & now.keys()
    return (then.keys() ^ now.keys()) | {name for name in both if differing(then[name], now[name]) > TOLERANCE}


def keep(html: str) -> None:
    """Keep the page and its sheets as they are."""
    KEPT.mkdir(exist_ok=True)
    (KEPT / "page.html").write_text(html)
    for sheet in SHEETS:
        folder, inside = file_of_asset(sheet)
        (KEPT / Path(sheet).name).write_text((folder / inside).read_text())


def _today() -> str:
    import tempfile

    from tests.stage.way import an_installation
    from trainer.app import create_app

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(an_installation(f"sqlite:///{folder}/kept.sqlite", Path(folder)))
        return app.test_client().get("/styleguide").text


if __name__ == "__main__":
    keep(_today())
