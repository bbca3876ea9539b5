"""Which places fit what somebody typed, the best first."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from unicodedata import combining, normalize

from trainer.find.places import Findable, PlaceKind

MOST_FOUND = 12
"""So many are shown: a list that is longer is not read."""
LONGEST_QUESTION = 80
"""So many letters of a question count; no name is longer."""

_ORDER = {kind: at for at, kind in enumerate(PlaceKind)}
_TITLE_IS, _TITLE_BEGINS, _WORD_BEGINS, _INSIDE, _ABOUT = range(5)


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Return a text without capitals, marks, hyphens and quotes, as it is compared: Élodie is elodie."""
    bare = "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare).split())


def best(places: Iterable[Findable], asked: str, most: int = MOST_FOUND) -> Sequence[Findable]:
    """Return the places in which every word of the question begins or stands, the best first; at most so many.

    A title that begins so stands before one with a word that does, and that before what is told beside a title. What
    fits alike keeps the order of the kinds, pages first. A question without a letter asks for nothing: the first
    pages are returned.
    """
    words = folded(asked[:LONGEST_QUESTION]).split()
    if not words:
        return [place for place in places if place.kind is PlaceKind.PAGE][:most]
    ranked = [(rank, place) for place in places if (rank := _rank(place, words)) is not None]
    ranked.sort(key=lambda found: (found[0], _ORDER[found[1].kind], len(found[1].title)))
    return [place for _rank_of_it, place in ranked[:most]]


def _rank(place: Findable, words: Sequence[str]) -> int | None:
    """Return how well a place fits, 0 best; None where a word is missing."""
    title, whole = folded(place.title), " ".join(words)
    if place.kind is PlaceKind.CERTIFICATE:  # a number is typed with hyphens, with spaces or in one
        number, typed = title.replace(" ", ""), whole.replace(" ", "")
        if typed in number:
            return _TITLE_BEGINS if number.startswith(typed) else _INSIDE
    if title == whole:
        return _TITLE_IS
    if title.startswith(whole):
        return _TITLE_BEGINS
    beginning = [any(part.startswith(word) for part in title.split()) for word in words]
    if all(beginning):
        return _WORD_BEGINS
    if all(word in title for word in words):
        return _INSIDE
    told = f"{title} {folded(place.about)}"
    return _ABOUT if all(word in told for word in words) else None
