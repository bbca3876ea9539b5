"""What each glyph of our faces stands for, read from the faces themselves.

A PDF says beside its glyphs which signs they are (ToUnicode, ISO 32000-1 §9.10.3). WeasyPrint gives all signs of a
letter with marks to its last glyph and none to the others, which no archive takes and no reader reads.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from unicodedata import normalize

from fontTools.ttLib import TTFont

from trainer.certificates.paper.scripts import FONTS

_SHAPES = "\ufb00"
"""From here on Unicode has presentation forms."""


@cache
def signs_of(font: str) -> Mapping[int, tuple[str, ...]]:
    """Return the signs that each glyph of a face may stand for, by glyph number; the likeliest comes first.

    A glyph that no sign names by itself has the signs of those that it replaces (OpenType GSUB: single, alternate,
    multiple and ligature substitution).
    """
    with TTFont(FONTS / font) as face:
        known: dict[str, tuple[str, ...]] = {}
        for point, glyph in sorted(face.getBestCmap().items()):
            known[glyph] = (*known.get(glyph, ()), _plain(chr(point)))
        replaced = list(_replacements(face))
        while found := {
            new: ("".join(known[old][0] for old in olds),)
            for olds, new in replaced
            if new not in known and all(old in known for old in olds)
        }:
            known |= found
        return {face.getGlyphID(glyph): signs for glyph, signs in known.items()}


def said(font: str, glyph: int, otherwise: str) -> str:
    """Return what a glyph says: `otherwise` where the face allows that or knows nothing about it."""
    signs = signs_of(font).get(glyph, ())
    return otherwise if otherwise in signs or not signs else signs[0]


def _plain(sign: str) -> str:
    """Return a sign without the shape that it has in Unicode for old systems' sake: ligatures, joined letters."""
    return normalize("NFKC" if sign >= _SHAPES else "NFC", sign)


def _replacements(face: TTFont) -> Iterator[tuple[tuple[str, ...], str]]:
    for substitution in _substitutions(face):
        match substitution.LookupType:
            case 1:
                yield from (((old,), new) for old, new in substitution.mapping.items())
            case 2:  # a letter and its mark: the mark is the one that no sign names, and is called after one
                yield from (
                    ((new.split(".")[0],), new) for news in substitution.mapping.values() for new in news if "." in new
                )
            case 3:
                yield from (((old,), new) for old, news in substitution.alternates.items() for new in news)
            case 4:
                for old, ligatures in substitution.ligatures.items():
                    yield from (((old, *ligature.Component), ligature.LigGlyph) for ligature in ligatures)


def _substitutions(face: TTFont) -> Iterator[Any]:
    for lookup in face["GSUB"].table.LookupList.Lookup if "GSUB" in face else ():
        for table in lookup.SubTable:
            yield table.ExtSubTable if table.LookupType == 7 else table
