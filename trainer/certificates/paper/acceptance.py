"""Whether a name can stand on a certificate: asked when it is given, so that nobody learns it on the last day.

What passes here is printed, signed and archived. The layout engine is not needed to know it.
"""

import unicodedata
from collections.abc import Iterator

from trainer.certificates.paper.line_fitting import TextPlace, fitted
from trainer.certificates.paper.places import ROOMS, PaperSize, TextPlaces, places_on_paper
from trainer.certificates.paper.scripts import is_unseen, missing_signs, tidy
from trainer.errors import Refused

_LONGEST_NAME = 80
SCRIPTS = "Latin, Greek, Cyrillic, Arabic, Hebrew, Chinese, Japanese or Korean"


def check_person(name: str) -> None:
    """Let a person's name pass if it can stand on a certificate, as its holder's and as its director's.

    Raises:
        Refused: it has no letters, is too long, or has a sign that cannot be printed; the sentence names the sign.
    """
    if not any(sign.isalpha() for sign in name):
        raise Refused("A name has letters.")
    if len(name) > _LONGEST_NAME:
        raise Refused(f"A certificate has room for {_LONGEST_NAME} characters.")
    if strange := next((sign for sign in name if sign in "<>"), ""):
        raise Refused(f"A name cannot contain the sign {strange}")
    _check(name, *_everywhere("holder"), *_everywhere("director"))


def check_cohort(name: str) -> None:
    """Let a cohort's name pass if it can stand on a certificate.

    Raises:
        Refused: it has neither letters nor digits, or cannot be printed.
    """
    if not any(sign.isalnum() for sign in name):
        raise Refused("A name has letters or digits.")
    _check(name, *_everywhere("fact"))


def check_issuer(name: str) -> None:
    """Let the issuer's name pass if it can stand on a certificate.

    Raises:
        Refused: it cannot be printed.
    """
    _check(name, *_everywhere("issuer"))


def check_award(words: str) -> None:
    """Let a programme's title, or the words of a credential, pass if they can stand on a certificate.

    Raises:
        Refused: they cannot be printed.
    """
    _check(words, *_everywhere("award"))


def check_fact(words: str) -> None:
    """Let the version of a programme pass if it can stand on a certificate.

    Raises:
        Refused: it cannot be printed.
    """
    _check(words, *_everywhere("fact"))


def sign_shown(sign: str) -> str:
    """Return a sign so that people can tell which is meant: itself if it is seen alone, else its code and name."""
    if not is_unseen(sign) and not sign.isspace() and not unicodedata.category(sign).startswith("M"):
        return sign
    name = unicodedata.name(sign, "")
    return f"U+{ord(sign):04X}" + (f" {name.lower()}" if name else "")


def _everywhere(place: str) -> Iterator[TextPlace]:
    for size in PaperSize:
        known: TextPlaces = places_on_paper(ROOMS[size])
        yield getattr(known, place)


def _check(text: str, *rooms: TextPlace) -> None:
    if unseen := next((sign for sign in missing_signs(text) if is_unseen(sign)), ""):
        raise Refused(
            f"There is a sign in it that nobody can see ({sign_shown(unseen)}), perhaps from copying. Type it by hand."
        )
    if absent := missing_signs(text):
        signs = ", ".join(sign_shown(sign) for sign in absent[:5])
        raise Refused(
            f"Our certificates cannot write this yet: {signs}. Please use {SCRIPTS} letters, as in a passport."
        )
    for room in rooms:
        try:
            fitted(tidy(text), room, "It")
        except Refused as refusal:
            raise Refused("This is too long for its place on the certificate. Please shorten it.") from refusal
