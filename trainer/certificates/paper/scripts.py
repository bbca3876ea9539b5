"""Whether our fonts can write a text.

A paper has three stacks of faces. Each sign is written by the first face of the stack that has it, so a letter
and its marks must have the same first face: a mark from another face would stand beside its letter, not on it.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from trainer.errors import Refused

FONTS = Path(__file__).parent / "fonts"
DISPLAY, SERIF, SANS = "SourceSerif4Display-Regular.ttf", "SourceSerif4-Regular.ttf", "SourceSans3-Regular.ttf"
BEHIND = (
    "NotoNaskhArabic-Regular.ttf",
    "NotoSerifHebrew-Regular.ttf",
    "NotoSerifSC-Regular.ttf",
    "NanumMyeongjo-Regular.ttf",
)
"""The faces that stand behind each of the three."""
MOST_MARKS = 4
"""So many marks may stand on one letter; a taller pile would reach into the next line."""
_JOINERS = "\u200c\u200d"
_UNSEEN = frozenset((0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810)))
_UNSEEN |= frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
"""Marks, letters and signs that have no shape of their own (Default_Ignorable_Code_Point, and Braille blank)."""


def tidy(text: str) -> str:
    """Return a text as it is set: composed (NFC), with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def graphemes(text: str) -> Iterator[str]:
    """Yield each letter together with the marks and joiners that belong to it."""
    start = 0
    for at in range(1, len(text)):
        if not (text[at] in _JOINERS or unicodedata.category(text[at]).startswith("M")):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def missing_signs(text: str) -> str:
    """Return the signs of a text that cannot be written in one of our stacks, each once."""
    absent = [part for part in graphemes(unicodedata.normalize("NFC", text)) if not _writable(part)]
    return "".join(dict.fromkeys("".join(absent)))


def is_unseen(sign: str) -> bool:
    """Say whether nobody can see this sign: a control or direction sign, or one without a shape."""
    return unicodedata.category(sign)[0] == "C" or ord(sign) in _UNSEEN


def check_writable(text: str, what: str) -> None:
    """Let a text pass if our fonts can write all of it.

    Raises:
        Refused: a sign is missing or has no shape (a control or direction sign); boxes would help nobody.
    """
    if not text.strip():
        raise Refused(f"{what} is empty, and a certificate cannot leave it out. Nothing was issued.")
    if absent := missing_signs(text):
        signs = ", ".join(_shown(sign) for sign in absent[:5])
        raise Refused(
            f"{what} “{''.join(sign for sign in text if sign.isprintable())}” has signs that our certificate fonts "
            f"cannot write ({signs}). Nothing was issued; write it in letters of one of the scripts that we have "
            "(Latin, Greek, Cyrillic, Arabic, Hebrew, Chinese, Japanese, Korean), then try again."
        )


def set_form(text: str) -> str:
    """Return a composed text as it is set: a letter that no face has composed is set as letter and marks."""
    return "".join(sign if first_face(sign, SERIF) else unicodedata.normalize("NFD", sign) for sign in text)


def direction(text: str) -> str:
    """Return the direction of a text, that of its first letter: `ltr` or `rtl` (Unicode UAX 9, rule P2)."""
    strong = (way for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL"))
    return "ltr" if next(strong, "L") == "L" else "rtl"


@cache
def _signs(font: str) -> frozenset[int]:
    with TTFont(FONTS / font, lazy=True) as face:
        return frozenset(face.getBestCmap())


@cache
def _writable(grapheme: str) -> bool:
    shapes = grapheme.rstrip(_JOINERS)
    joined = len(shapes) < len(grapheme)
    if joined and unicodedata.bidirectional(grapheme[0]) != "AL":  # joiners have a meaning in Arabic script only
        return False
    alone = unicodedata.category(grapheme[0]).startswith("M")  # a mark without its letter
    if alone or len(shapes) - 1 > MOST_MARKS or any(map(is_unseen, shapes)):
        return False
    faces = [{first_face(sign, front) for sign in set_form(shapes)} for front in (DISPLAY, SERIF, SANS)]
    return all(len(chosen) == 1 and None not in chosen for chosen in faces)


def first_face(sign: str, front: str) -> str | None:
    """Return the face of the stack behind `front` that writes a sign, or None."""
    return next((font for font in (front, *BEHIND) if ord(sign) in _signs(font)), None)


def _shown(sign: str) -> str:
    if sign.isprintable() and not unicodedata.category(sign).startswith("M"):
        return sign
    return f"U+{ord(sign):04X}"
