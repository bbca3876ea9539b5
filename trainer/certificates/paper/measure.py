"""How long a line is, shaped as it will be printed: HarfBuzz alone, without the layout engine.

The layout engine shapes with HarfBuzz too. It loads in half a second and takes 27 MiB; this takes next to nothing, so
whoever decides whether a text has room may ask here, also in the processes of the site.
"""

from collections.abc import Iterator
from functools import cache, lru_cache

import uharfbuzz as hb
from fontTools.unicodedata import script

from trainer.certificates.paper.scripts import FONTS, first_face

_OF_NO_SCRIPT = ("Zyyy", "Zinh", "Zzzz")


@lru_cache(maxsize=8192)
def width(text: str, face: str) -> float:
    """Return the width of a text in ems, shaped as it will be printed; `face` leads its stack."""
    return sum(_advance(run, font) for run, font in _runs(text, face))


def _runs(text: str, front: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text that are shaped alone: of one face and script; spaces stay with what they follow."""
    run, font, written = "", front, ""
    for sign in text:
        own = font if sign.isspace() and run else first_face(sign, front) or front
        system = script(sign)
        system = written if system in _OF_NO_SCRIPT else system
        if run and (own != font or (written and system != written)):
            yield run, font
            run = ""
        run, font, written = run + sign, own, system
    if run:
        yield run, font


def _advance(run: str, font: str) -> float:
    buffer = hb.Buffer()
    buffer.add_str(run)
    buffer.guess_segment_properties()
    hb.shape(_font(font), buffer)
    upem: int = _font(font).face.upem
    return float(sum(place.x_advance for place in buffer.glyph_positions)) / upem


@cache
def _font(name: str) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / name))))
