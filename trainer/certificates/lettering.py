"""Whether our fonts can write a text, and how large a name may stand."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import normalize

from fontTools.ttLib import TTFont

from trainer.errors import Refused

FONTS = Path(__file__).parent / "fonts"
DISPLAY, SERIF, SANS = "SourceSerif4Display-Regular.ttf", "SourceSerif4-Regular.ttf", "SourceSans3-Regular.ttf"
NAME_WIDTH = 170 / 25.4 * 72
"""Width for the name, in points."""
LARGEST, TWO_LINES_BELOW, SMALLEST = 44, 30, 5


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name as it stands on the paper: one line or two, and a size in points."""

    lines: tuple[str, ...]
    size: int


@cache
def _widths(font: str) -> dict[int, float]:
    with TTFont(FONTS / font, lazy=True) as face:
        advances, em = face["hmtx"].metrics, face["head"].unitsPerEm
        return {code: advances[glyph][0] / em for code, glyph in face.getBestCmap().items()}


def missing_signs(text: str) -> str:
    """Return the signs of a text that one of our fonts cannot write, each once."""
    faces = [_widths(font) for font in (DISPLAY, SERIF, SANS)]
    absent = (sign for sign in normalize("NFC", text) if any(ord(sign) not in face for face in faces))
    return "".join(dict.fromkeys(absent))


def check_writable(text: str, what: str) -> None:
    """Let a text pass if our fonts can write all of it.

    Raises:
        Refused: a sign is missing; boxes on a certificate would help nobody.
    """
    if absent := missing_signs(text):
        signs = ", ".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in absent[:5])
        raise Refused(
            f"{what} “{text}” has signs that our certificate fonts cannot write yet ({signs}). "
            "Nothing was issued; write it in Latin, Greek or Cyrillic letters, then try again."
        )


def fitted(name: str) -> Name:
    """Return the name in the largest size that fits: on one line if that is still large, else on two."""
    text = " ".join(normalize("NFC", name).split())
    alone = _size((text,))
    if alone >= TWO_LINES_BELOW or " " not in text:
        return Name(lines=(text,), size=alone)
    words = text.split()
    pairs = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    pair = min(pairs, key=lambda lines: max(width(line) for line in lines))
    return Name(lines=pair, size=min(_size(pair), TWO_LINES_BELOW))


def width(text: str) -> float:
    """Return the width of a text in the name's font, in ems."""
    widths = _widths(DISPLAY)
    return sum(widths.get(ord(sign), 1.0) for sign in text)


def _size(lines: tuple[str, ...]) -> int:
    widest = max(width(line) for line in lines)
    return max(SMALLEST, min(LARGEST, int(NAME_WIDTH / max(widest, 0.1))))
