"""Set pages and measure lines, with our own fonts only; the one module that loads the layout engine.

It takes half a second and 27 MiB to load, so whoever sets a paper or measures a line imports this module only then. In
the processes of the site that is the first decision about a certificate, as its texts must fit.

One font configuration serves the whole process, and pango serves one thread at a time, so everything waits its turn.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from threading import Lock
from typing import Any, Protocol

import weasyprint
from weasyprint.css import InitialStyle
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.text.line_break import Layout, line_size
from weasyprint.urls import URLFetcher

from trainer.certificates.lettering import DISPLAY, FONTS, SANS, SERIF
from trainer.certificates.sheets import SHEETS
from trainer.errors import Broken

_BEHIND = ("Paper Arabic", "Paper Hebrew", "Paper Han", "Paper Hangul")
_FAMILIES = {
    DISPLAY: ("Paper Display", *_BEHIND),
    SERIF: ("Paper Serif", *_BEHIND),
    SANS: ("Paper Sans", *_BEHIND),
}
_MEASURED_AT = 100
_turn = Lock()


class Drawing(Protocol):
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
    html: str, *, sheet: str, drawings: Mapping[str, Drawing], identifier: bytes, finish: Callable[[Any], None]
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
            finisher=lambda _document, pdf: finish(pdf),
            pdf_variant="pdf/a-3a",
            pdf_version="1.7",
            pdf_identifier=identifier,
            pdf_tags=True,
            output_intent="ours",
            uncompressed_pdf=True,  # an ordinary table of contents for every reader; the finisher packs the streams
        )
    return pdf


@lru_cache(maxsize=8192)
def width(text: str, face: str) -> float:
    """Return the width of a text in ems, shaped as it will be printed; `face` leads its stack."""
    with _turn:
        style = InitialStyle(_fonts())
        style.update(font_family=_FAMILIES[face], font_size=_MEASURED_AT, lang="en", white_space="nowrap")
        layout = Layout(style)
        layout.set_text(text)
        line, _ = layout.get_first_line()
        return float(line_size(line, style)[0]) / _MEASURED_AT


class _Drawn:
    """A drawing in the place of an image, as WeasyPrint asks for it."""

    def __init__(self, drawing: Drawing) -> None:
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
