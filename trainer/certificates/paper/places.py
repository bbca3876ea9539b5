"""Where the texts of a certificate stand, and how much room each has."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from trainer.certificates.paper.line_fitting import TextPlace
from trainer.certificates.paper.scripts import DISPLAY, SANS, SERIF


class PaperSize(StrEnum):
    """What a paper is printed on; a certificate lies across, a transcript stands upright."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """How wide the places of one paper size are, in millimetres."""

    issuer: float
    name: float
    award: float
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
        award=186,
        wide_fact=62,
        fact=44,
        statement=214,
        address=41,
        column=63.4,
        dense_column=47.4,
    ),
    PaperSize.LETTER: Rooms(
        issuer=146,
        name=158,
        award=172,
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
    award: TextPlace
    director: TextPlace
    fact: TextPlace


@cache
def places_on_paper(rooms: Rooms) -> TextPlaces:
    """Return the places on a paper with these rooms."""
    return TextPlaces(
        holder=TextPlace(face=DISPLAY, room=rooms.name, largest=44, pair=30, smallest=5),
        issuer=TextPlace(face=SERIF, room=rooms.issuer, largest=12.5, pair=10, smallest=7),
        award=TextPlace(face=SERIF, room=rooms.award, largest=16, pair=13, smallest=9),
        director=TextPlace(face=SANS, room=rooms.wide_fact, largest=9, pair=7.5, smallest=5.5),
        fact=TextPlace(face=SANS, room=rooms.fact, largest=9, pair=7.5, smallest=5.5),
    )
