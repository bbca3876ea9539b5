"""Say in a laid-out document what stands there, in signs: for archives, for readers aloud, for whoever copies.

Each glyph says its own signs. Where that does not add up to the line (marks that stand before their letter,
letters that run to the left), the line says it beside its glyphs (ActualText, ISO 32000-1 §14.9.4).
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.formatting_structure.boxes import MarginBox, TextBox

from trainer.certificates.paper.glyphs import said
from trainer.certificates.paper.scripts import tidy
from trainer.errors import Broken

_ENTRY = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")


def say_what_stands_there(document: Any, pdf: Any, *, files: dict[tuple[str, int], str]) -> None:
    """Mend the signs of the glyphs, and of the lines; `files` are our faces by family and weight.

    Raises:
        Broken: the lines that were laid out are not those that were tagged.
    """
    fonts = {bytes(font.name): files[font.family, font.weight] for font in document.fonts.values()}
    for held in list(pdf.objects):
        if isinstance(held, pydyf.Dictionary) and held.get("Type") == "/Font" and "ToUnicode" in held:
            stream = _object(pdf, held["ToUnicode"])
            stream.stream = [_mended(line, fonts[bytes(held["BaseFont"])]) for line in stream.stream]
    for number, (page, laid) in enumerate(zip(pdf.pages["Kids"][::3], document.pages, strict=True)):
        _say_lines(pdf, _object(pdf, b"%d 0 R" % page), laid, number)


def _mended(line: bytes, font: str) -> bytes:
    entry = _ENTRY.fullmatch(line)
    if entry is None:
        return line
    signs = said(font, int(entry[1], 16), bytes.fromhex(entry[2].decode()).decode("utf-16-be"))
    return b"<%s> <%s>" % (entry[1], signs.encode("utf-16-be").hex().encode())


def _say_lines(pdf: Any, page: Any, laid: Any, number: int) -> None:
    marks = list(_marks(pdf, _object(pdf, pdf.catalog["StructTreeRoot"]), pdf.page_references[number]))
    texts = list(_texts(laid._page_box))
    if len(marks) != len(texts):
        raise Broken("The lines of the paper are not those that were laid out, so nothing was issued.")
    beside = {}
    for (mark, element), text in zip(marks, texts, strict=True):
        leftwards = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
        if leftwards or any(unicodedata.category(sign).startswith("M") for sign in text):
            element["ActualText"] = pydyf.String(tidy(text))
        if not leftwards:  # poppler takes what stands at the glyphs for what the eye sees from left to right
            beside[mark] = element.get("ActualText")
    for part in _object(pdf, page["Contents"]).stream:
        if isinstance(part, pydyf.Dictionary) and beside.get(part.get("MCID")):
            part["ActualText"] = beside[part["MCID"]]


def _marks(pdf: Any, element: Any, page: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the numbers of the marked texts below an element, each with what holds it, in reading order."""
    for child in element.get("K", ()):
        if isinstance(child, int):
            if element["S"] != "/Figure" and element["Pg"] == page:
                yield child, element
        elif b" R" in child:
            yield from _marks(pdf, _object(pdf, child), page)


def _texts(box: Any) -> Iterator[str]:
    """Yield the texts below a box, in the order in which the tags were made; margins have none."""
    box = getattr(box, "_box", box)  # what stands at a place of its own
    if isinstance(box, TextBox):
        yield box.text
    elif not isinstance(box, MarginBox):
        for child in box.children:
            yield from _texts(child)


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
