"""Where the texts of a certificate stand, and how much room each has."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from trainer.certificates.paper.line_fitting import TextPlace
from trainer.certificates.paper.scripts import DISPLAY, SANS, SERIF

ACCENT = "#1d5c57"
"""The accent of the sheets, where a school has none of its own."""


class PaperSize(StrEnum):
    """What a paper is printed on; a certificate lies across, a transcript stands upright."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """How wide the places of one paper size are, in millimetres."""

    issuer: float
    name: float
    credential: float
    award: float
    signer: float
    wide_fact: float
    fact: float
    statement: float
    address: float
    column: float
    dense_column: float


ROOMS = {
    PaperSize.A4: Rooms(
        issuer=160,
        name=170,
        credential=166,
        award=186,
        signer=84,
        wide_fact=62,
        fact=44,
        statement=214,
        address=41,
        column=63.4,
        dense_column=47.4,
    ),
    PaperSize.LETTER: Rooms(
        issuer=146,
        name=156,
        credential=150,
        award=172,
        signer=80,
        wide_fact=56,
        fact=41,
        statement=196,
        address=41,
        column=58.4,
        dense_column=43.4,
    ),
}


@dataclass(frozen=True, kw_only=True)
class TextPlaces:
    """The places of the texts that somebody chooses."""

    holder: TextPlace
    issuer: TextPlace
    credential: TextPlace
    award: TextPlace
    signer: TextPlace
    director: TextPlace
    wide_fact: TextPlace
    fact: TextPlace


@cache
def places_on_paper(rooms: Rooms) -> TextPlaces:
    """Return the places on a paper with these rooms."""
    return TextPlaces(
        holder=TextPlace(face=DISPLAY, room=rooms.name, largest=44, pair=30, smallest=5),
        issuer=TextPlace(face=SERIF, room=rooms.issuer, largest=12.5, pair=10, smallest=7),
        credential=TextPlace(face=SERIF, room=rooms.credential, largest=30, pair=24, smallest=7.5),
        award=TextPlace(face=SERIF, room=rooms.award, largest=14, pair=13, smallest=9),
        signer=TextPlace(face=SERIF, room=rooms.signer, largest=14, pair=10, smallest=6),
        director=TextPlace(face=SANS, room=rooms.wide_fact, largest=9, pair=7.5, smallest=5.5),
        wide_fact=TextPlace(face=SANS, room=rooms.wide_fact, largest=9, pair=7.5, smallest=5.5),
        fact=TextPlace(face=SANS, room=rooms.fact, largest=9, pair=7.5, smallest=5.5),
    )
