"""Which words a credential may use: those that its two JSON-LD contexts define, where they define them.

Software that works on the meaning of a document (JSON-LD) passes over a word that no context defines, as if it
were not there. Whoever could add such a word could make people read what no machine checks, so we refuse it.
The contexts lie beside this file and are known by their hashes; nothing is ever loaded from the network.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = (CREDENTIALS, OPEN_BADGES)
"""In the order Open Badges prescribes."""

CONTEXTS_FOLDER = Path(__file__).resolve().parent / "contexts"
PINNED_CONTEXTS = {
    CREDENTIALS: ("credentials-v2.json", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"),
    OPEN_BADGES: ("ob-v3p0-3.0.3.json", "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"),
}
_OF_A_TOKEN = ("https://www.iana.org/assignments/jwt#", "https://www.iana.org/assignments/jose#")

_Terms = Mapping[str, Any]


def undefined_words(document: Mapping[str, Any]) -> Iterator[str]:
    """Give the place of each word that the contexts do not define there, such as `issuer.licence`."""
    rest = {key: value for key, value in document.items() if key != "@context"}
    yield from _undefined(rest, "")


def _undefined(node: Mapping[str, Any], where: str) -> Iterator[str]:
    kinds = node.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    known = dict(_everywhere())
    for kind in kinds:
        if not isinstance(kind, str) or kind not in _everywhere():
            yield f"{where}type"
            continue
        known |= _words_of(kind)
    for key, value in node.items():
        if key not in known:
            yield f"{where}{key}"
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Mapping):  # what a type defines does not reach into the things inside it
                yield from _undefined(part, f"{where}{key}.")
            elif isinstance(part, list):  # JSON-LD would flatten it, others would not
                yield f"{where}{key}"


@cache
def _everywhere() -> _Terms:
    """Return what may stand in any object: the outermost terms of both contexts, without those of a token."""
    terms: dict[str, Any] = {}
    for name in CONTEXTS:
        terms |= _context(name)
    return {
        term: meaning
        for term, meaning in terms.items()
        if not term.startswith("@") and not _meant(meaning).startswith(_OF_A_TOKEN)
    }


@cache
def _words_of(kind: str) -> _Terms:
    """Return what may stand in an object of this type."""
    meaning = _everywhere()[kind]
    if isinstance(meaning, str) or "@context" not in meaning:
        another = _meant(meaning)  # such as AchievementCredential, which is OpenBadgeCredential
        return _words_of(another) if another in _everywhere() else {}
    return {term: meant for term, meant in meaning["@context"].items() if not term.startswith("@")}


def _meant(meaning: Any) -> str:
    return str(meaning if isinstance(meaning, str) else meaning.get("@id", ""))


@cache
def _context(name: str) -> _Terms:
    file_name, expected = PINNED_CONTEXTS[name]
    content = (CONTEXTS_FOLDER / file_name).read_bytes()
    if hashlib.sha256(content).hexdigest() != expected:
        raise ValueError(f"{file_name} is not the context that was pinned; put the shipped file back.")
    terms: _Terms = json.loads(content)["@context"]
    return terms
