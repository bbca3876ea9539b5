"""Set pages, with our own fonts only; the one module that loads the layout engine.

It takes half a second and 27 MiB to load, so whoever sets a paper imports this module only then: the worker. The site
decides whether a text can be set without it (`trainer.certificates.paper.measure`).

One font configuration serves the whole process, and pango serves one thread at a time, so everything waits its turn.
"""

from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from typing import Any, Protocol

import weasyprint
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from trainer.certificates.paper.scripts import BEHIND, DISPLAY, FONTS, SANS, SERIF
from trainer.certificates.paper.sheets import SHEETS
from trainer.certificates.paper.wording import say_what_stands_there
from trainer.errors import Broken

_FILES = {
    ("Paper Display", 400): DISPLAY,
    ("Paper Serif", 400): SERIF,
    ("Paper Sans", 400): SANS,
    ("Paper Sans", 600): "SourceSans3-Semibold.ttf",
    **{
        (family, weight): font
        for family, font in zip(("Paper Arabic", "Paper Hebrew", "Paper Han", "Paper Hangul"), BEHIND, strict=True)
        for weight in (400, 600)
    },
}
"""The faces of `faces.css`, by family and weight."""
_turn = Lock()


class PageDrawing(Protocol):
    """Something drawn straight into the page, in the operators of a content stream (ISO 32000-1 §8)."""

    def operators(self, scale: float) -> bytes:
        """Return the operators; `scale` is how large one unit of the drawing stands, and y runs downwards."""

    @property
    def size(self) -> float:
        """Return the width and height of the drawing, in its own units."""


class OurFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Opens our fonts; a paper has no business anywhere else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Return the file at an address of ours."""
        if not url.startswith(FONTS.as_uri() + "/") or ".." in url:
            raise ValueError(f"A paper may not open {url[:80]}.")
        return super().fetch(url, headers)


def check_libraries() -> None:
    """Let the installation pass if it can set a paper at its usual cost.

    Raises:
        Broken: WeasyPrint did not find HarfBuzz's subsetter, and would embed fonts the slow way (six times the time).
    """
    if ffi.harfbuzz_subset is None:
        raise Broken(
            "The library libharfbuzz-subset is missing, so every certificate would take six times as long. "
            "Install it (on Debian and Ubuntu: apt install libharfbuzz-subset0), then start again."
        )


def printed(
    html: str, *, sheet: str, drawings: Mapping[str, PageDrawing], identifier: bytes, finish: Callable[[Any], None]
) -> bytes:
    """Return the PDF of some HTML; `sheet` is its CSS, `finish` has the last word on the PDF's objects.

    A drawing stands where an image of its address does (`drawing:figure`).
    """
    with _turn:
        document = weasyprint.HTML(string=html, base_url=None, url_fetcher=OurFilesOnly()).render(
            stylesheets=[_faces(), _css(sheet)],
            font_config=_fonts(),
            pdf_variant="pdf/a-3a",
            output_intent="ours",
            cache={f"drawing:{name}": _Drawn(drawing) for name, drawing in drawings.items()},
        )
        pdf: bytes = document.write_pdf(
            finisher=lambda document, pdf: _finished(document, pdf, finish),
            pdf_variant="pdf/a-3a",
            pdf_version="1.7",
            pdf_identifier=identifier,
            pdf_tags=True,
            output_intent="ours",
            uncompressed_pdf=True,  # an ordinary table of contents for every reader; the finisher packs the streams
        )
    return pdf


def _finished(document: Any, pdf: Any, finish: Callable[[Any], None]) -> None:
    say_what_stands_there(document, pdf, files=_FILES)
    finish(pdf)


class _Drawn:
    """A drawing in the place of an image, as WeasyPrint asks for it."""

    def __init__(self, drawing: PageDrawing) -> None:
        self.drawing = drawing

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[float, float, float]:
        """Return width, height and their ratio."""
        return self.drawing.size, self.drawing.size, 1

    def draw(self, stream: Any, width: float, _height: float, _style: Any) -> None:
        """Write the operators into the page; WeasyPrint has moved to its upper left corner."""
        stream.stream.append(self.drawing.operators(width / self.drawing.size))


@cache
def _fonts() -> Any:
    fonts = FontConfiguration()
    _read(SHEETS.joinpath("faces.css").read_text(), fonts)
    return fonts


@cache
def _faces() -> Any:
    return _read(SHEETS.joinpath("faces.css").read_text(), _fonts())


@cache
def _css(text: str) -> Any:
    return _read(text, _fonts())


def _read(css: str, fonts: Any) -> Any:
    return weasyprint.CSS(string=css, base_url=FONTS.as_uri() + "/", font_config=fonts, url_fetcher=OurFilesOnly())
