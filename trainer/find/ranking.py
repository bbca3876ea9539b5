"""Which places fit what somebody typed, the best first."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from unicodedata import combining, normalize

from trainer.find.places import Findable, PlaceKind

MOST_FOUND = 12
"""So many are shown: a list that is longer is not read."""
LONGEST_QUESTION = 80
"""So many letters of a question count; no name is longer."""

_ORDER = {kind: at for at, kind in enumerate(PlaceKind)}
_SHORT, _NEAR, _MOST_NEAR, _MOST_COMPARED = 3, 0.78, 4, 4
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


def nearest(places: Iterable[Findable], asked: str) -> Sequence[Findable]:
    """Return the lessons, words and cases one of whose words is spelt nearly like one of the question, the best first.

    At least 78 of 100 letters of both must agree, in their order; words of three letters and less are not compared, nor
    is what comes after the fourth word.
    """
    typed = dict.fromkeys(folded(asked[:LONGEST_QUESTION]).split())
    words = [word for word in typed if len(word) > _SHORT][:_MOST_COMPARED]
    titled = [place for place in places if place.kind in (PlaceKind.WORD, PlaceKind.LESSON, PlaceKind.CASE)]
    names = (folded(name) for place in titled for name in (place.title, *place.also))
    known = {part for name in names for part in name.split() if len(part) > _SHORT}
    near = [close for word in words for close in get_close_matches(word, known, n=2, cutoff=_NEAR)]
    fitting = [best(titled, word, _MOST_NEAR) for word in near]
    return list(dict.fromkeys(place for places in fitting for place in places))[:_MOST_NEAR]


def _rank(place: Findable, words: Sequence[str]) -> int | None:
    """Return how well a place fits, 0 best; None where a word is missing."""
    title = folded(place.title)
    if place.kind is PlaceKind.CERTIFICATE:  # a number is typed with hyphens, with spaces or in one
        number, typed = title.replace(" ", ""), "".join(words)
        if typed in number:
            return _TITLE_BEGINS if number.startswith(typed) else _INSIDE
    ranks = [_rank_of_name(title, words), *(_rank_of_other(folded(name), words) for name in place.also)]
    if fitting := [rank for rank in ranks if rank is not None]:
        return min(fitting)
    told = f"{title} {folded(place.about)}"
    return _ABOUT if all(word in told for word in words) else None


def _rank_of_other(name: str, words: Sequence[str]) -> int | None:
    """Return how well another name fits: all of it as the title, a part of it as a word of the title at most."""
    rank = _rank_of_name(name, words)
    return rank if rank in (None, _TITLE_IS) else max(rank, _WORD_BEGINS)


def _rank_of_name(title: str, words: Sequence[str]) -> int | None:
    whole = " ".join(words)
    if title == whole:
        return _TITLE_IS
    if title.startswith(whole):
        return _TITLE_BEGINS
    beginning = [any(part.startswith(word) for part in title.split()) for word in words]
    if all(beginning):
        return _WORD_BEGINS
    return _INSIDE if all(word in title for word in words) else None
