"""The order in which lists show names (decision 0037)."""

import re
from unicodedata import combining, name, normalize

_PLAIN = re.compile(r"LATIN SMALL LETTER (?:DOTLESS )?([A-Z])(?: WITH .*)?")


def alphabetical(written: str) -> tuple[str, str]:
    """Return the key by which a name is sorted: its bare letters first, then the name itself.

    Marks and capitals do not move a name: Élodie stands before Zoë, Çelik before Yılmaz and Łukasz beside Lukas.
    A letter that Unicode does not take apart is filed by its own name there (ø is “o with stroke”).
    """
    letters = (sign for sign in normalize("NFKD", written.casefold()) if not combining(sign))
    return "".join(map(_bare, letters)), written


def _bare(sign: str) -> str:
    if sign.isascii() or not (found := _PLAIN.fullmatch(name(sign, ""))):
        return sign
    return found[1].lower()
