"""Does a name somebody knows fit the name on a certificate? Answered without showing the latter.

Both names are brought to the same plain form: compatibility forms composed (NFKC), case folded, marks taken
off, a few letters that never decompose spelt out, apostrophes dropped, every other sign a gap between words.
Then the words are compared, in any order. In kana a voicing mark makes another letter, and stays.

* **yes**: the same words, each as often;
* **partial**: all words of one name fit different words of the other, at least one of them in full. A single
  letter fits a word that begins with it, so initials can lead to "partial" and never to "yes". The name that
  is asked about may have at most two words more than the certificate's: a list of common names fits nobody;
* **no**: anything else. Spellings are not guessed: "Mueller" is another word than "Müller", which reads "muller".
"""

from collections import Counter
from enum import StrEnum
from unicodedata import category, normalize

LONGEST_NAME = 200
MOST_EXTRA_WORDS = 2
STAND_IN = "Nobody Atall"  # compared with where there is no certificate, so that the work is the same
_VOICED = frozenset("\u3099\u309a")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼʻ＇"), None)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
)


class Match(StrEnum):
    """The whole answer; nothing else about the name is said."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"


def words_of_name(name: str) -> tuple[str, ...]:
    """Return the plain words of a name, in order."""
    composed = normalize("NFKC", name[:LONGEST_NAME].translate(_APOSTROPHES)).translate(_APOSTROPHES)
    opened = normalize("NFD", normalize("NFKC", composed.casefold()).casefold())
    seen = (sign for sign in opened if sign in _VOICED or (category(sign)[0] != "M" and category(sign) != "Cf"))
    plain = "".join(sign if sign.isalnum() or sign in _VOICED else " " for sign in seen)
    return tuple(plain.translate(_LETTERS).split())


def match_names(asked: str, holder: str) -> Match:
    """Compare the name somebody asked about with the holder's."""
    ours, theirs = words_of_name(holder), words_of_name(asked)
    if ours and Counter(ours) == Counter(theirs):
        return Match.YES
    fits = _fit(theirs, ours) or (len(theirs) - len(ours) <= MOST_EXTRA_WORDS and _fit(ours, theirs))
    return Match.PARTIAL if fits else Match.NO


def _fit(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    """Say whether each of the few words has one of the many for itself, at least one of them in full."""
    common = Counter(few) & Counter(many)
    if not any(len(word) > 1 for word in common):
        return False
    rest, left = (Counter(few) - common), (Counter(many) - common)
    for word in rest.elements():
        partner = next((other for other in sorted(left) if _initial(word, other) or _initial(other, word)), None)
        if partner is None:
            return False
        left -= Counter([partner])
    return True


def _initial(one: str, other: str) -> bool:
    return len(one) == 1 and other.startswith(one)
