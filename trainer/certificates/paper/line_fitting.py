"""How large a text may stand, and where its lines end: decided before anything is printed.

What is measured here is what is printed: every line is set as it is, and no line is ever broken by the layout.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trainer.certificates.paper.measure import width
from trainer.certificates.paper.scripts import check_writable, direction, graphemes, set_form, tidy
from trainer.errors import Refused

MM = 72 / 25.4
"""Points in a millimetre."""
SPARE = 0.995
"""Kerning across a break is not measured; this share of a line is more than it ever takes."""
_CLOSING = "、。，．！？：；）］｝」』】〉》・ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々"
"""No line begins with one of these."""


@dataclass(frozen=True, kw_only=True)
class TextPlace:
    """Room for one text on a paper.

    Attributes:
        face: leads the stack of faces.
        room: the width in millimetres.
        largest, smallest: sizes in points; a text on one line stands as large as fits.
        pair: on two lines a text stands at most so large, and it goes on two lines only if one would be smaller.
        address: whether it may be broken within a word, after a stroke, a dot or a hyphen.
    """

    face: str
    room: float
    largest: float
    pair: float
    smallest: float
    address: bool = False


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A text as it stands: its lines, and their size in half points."""

    lines: tuple[str, ...]
    halves: int

    @property
    def size(self) -> float:
        """Return the size in points."""
        return self.halves / 2

    @property
    def direction(self) -> str:
        """Return `rtl` or `ltr`, for the `dir` of the element."""
        return direction("".join(self.lines))


class _Piece(NamedTuple):
    """A part of a text that is never broken."""

    text: str
    spaced: bool  # whether a space follows


def fitted(text: str, place: TextPlace, what: str) -> Fitted:
    """Return a text in the largest size that fits its place: on one line if that is still large, else on two.

    Raises:
        Refused: it cannot be written, or would be too small to read.
    """
    check_writable(text, what)
    pieces = _pieces(set_form(tidy(text)), address=place.address)
    alone = _largest(_long(pieces, place.face), place)
    if alone >= min(place.pair, place.largest) or (len(pieces) == 1 and alone >= place.smallest):
        return Fitted(lines=(_line(pieces),), halves=int(alone * 2))
    halves = _halved(pieces, place.face)
    both = min(place.pair, _largest(max(_long(half, place.face) for half in halves), place))
    if max(alone, both) < place.smallest:
        raise Refused(
            f"{what} “{text}” is too long for its place on the paper, even on two lines of the smallest letters. "
            "Nothing was issued; shorten it, then try again."
        )
    if alone >= both:
        return Fitted(lines=(_line(pieces),), halves=int(alone * 2))
    return Fitted(lines=tuple(_line(half) for half in halves), halves=int(both * 2))


def wrapped(text: str, *, face: str, room: float, size: float) -> tuple[str, ...] | None:
    """Return a text in as many lines as it needs in so many millimetres, or None if a word is too wide."""
    limit = room * MM * SPARE / size
    lines: list[list[_Piece]] = [[]]
    for piece in _pieces(set_form(tidy(text))):
        if _long([piece], face) > limit:
            return None
        if lines[-1] and _long([*lines[-1], piece], face) > limit:
            lines.append([])
        lines[-1].append(piece)
    return tuple(_line(line) for line in lines)


def _pieces(text: str, *, address: bool = False) -> list[_Piece]:
    pieces = []
    for word in text.split(" "):
        parts = re.findall(r"[^/.-]*[/.-]+|[^/.-]+", word) if address else _parts(word)
        pieces += [_Piece(part, spaced=False) for part in parts[:-1]] + [_Piece(parts[-1], spaced=True)]
    return pieces


def _parts(word: str) -> list[str]:
    """Break a word where a line may end: after a hyphen, and around Han and Kana letters."""
    parts: list[str] = []
    for letter in graphemes(word):
        before = parts[-1][-1] if parts else ""
        if not before or not (_may_end(before) or _stands_alone(letter)) or letter in _CLOSING or letter == "-":
            parts[-1:] = [(parts[-1] if parts else "") + letter]
        else:
            parts.append(letter)
    return parts


def _may_end(sign: str) -> bool:
    return sign in "-‐–" or sign in _CLOSING or _stands_alone(sign)


def _stands_alone(letter: str) -> bool:
    return unicodedata.category(letter[0]) == "Lo" and unicodedata.name(letter[0], "").startswith(
        ("CJK", "HIRA", "KATA")
    )


def _line(pieces: Sequence[_Piece]) -> str:
    return "".join(piece.text + " " * piece.spaced for piece in pieces).rstrip(" ")


def _long(pieces: Sequence[_Piece], face: str) -> float:
    """Return the length of a line in ems."""
    gaps = sum(piece.spaced for piece in pieces[:-1])
    return sum(width(piece.text, face) for piece in pieces) + gaps * width(" ", face)


def _largest(long: float, place: TextPlace) -> float:
    """Return the largest size, in half points, at which so many ems fit."""
    fits = place.room * MM * SPARE / max(long, 0.01)
    return min(place.largest, int(fits * 2) / 2)


def _halved(pieces: Sequence[_Piece], face: str) -> tuple[Sequence[_Piece], ...]:
    """Return two lines that are as equal as can be."""
    if len(pieces) == 1:
        return (pieces,)
    cuts = [(pieces[:at], pieces[at:]) for at in range(1, len(pieces))]
    return min(cuts, key=lambda cut: max(_long(cut[0], face), _long(cut[1], face)))
