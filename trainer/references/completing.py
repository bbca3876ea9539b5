"""A list of sources in its full form: what the text of an entry says stands under keys of its own, too.

Nothing is invented: what cannot be read off a text stays absent, and what an author wrote stays as it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from trainer.references.names import REST

_KEY = re.compile(r"^([A-Za-z][\w-]*):")
_PEOPLE = re.compile(r"^(?P<authors>.+?) \((?P<year>\d{4})\)\. (?P<rest>.+)$", re.DOTALL)
_WHERE = re.compile(
    r"^(?P<container>(?!First|Second|Third|Version)[A-Z][^\d:,]*?) (?P<volume>\d{1,4})"
    r"(?:\((?P<issue>[^)]+)\))?(?::(?P<pages>[A-Za-z]*\d[\w–-]*))?(?:, .*)?\.?$"
)
_JOURNAL = re.compile(r"^(?:(?:[A-Z][\w’'-]*|of|in|and|the|&|–)\.? ?){1,8}$")
_YEARS = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")
_BODY = re.compile(
    r"\b(?:Services|Division|Association|Corporation|Institute|Administration|University|Legislature|Project|Academy|"
    r"Fund|Board|Institution|Center|Centre|Psychedelics|MAPS|Clario|Althea|KLCC|Microdose|Fluence|News)\b"
)
_AS_OF = re.compile(r",? (?:text )?(?:effective|in force|as of|as operative|current to)\b.*$")
_TYPES: Sequence[tuple[str, re.Pattern[str]]] = (
    ("review", re.compile(r"\b(?:review|meta-analysis|pooled analysis)\b", re.IGNORECASE)),
    ("trial", re.compile(r"\b(?:trial|controlled|placebo|open-label)\b", re.IGNORECASE)),
    ("manual", re.compile(r"\b(?:manual|guidelines?|code of ethics)\b", re.IGNORECASE)),
    ("opinion", re.compile(r"\b(?:theory paper|hypothesis and theory|discussion of)\b", re.IGNORECASE)),
)
_TYPE_OF_KIND: Mapping[str, str] = {
    "rule": "rule",
    "regulator": "rule",
    "secondary": "report",
    "machine": "report",
    "dataset": "dataset",
}


def completed(text: str, states: Mapping[str, Sequence[Any]]) -> str:
    """Return the text of `references.yaml` in its full form, with its comments and in its order.

    Args:
        states: figures by the key of the source that states them, to be added to those that stand there.
    """
    pieces: list[str] = []
    for key, rows in _chunks(text):
        if key is None:
            pieces += rows
        else:
            entry = yaml.load("\n".join(rows), yaml.BaseLoader)[key]  # every value as it is written
            pieces += _written(key, _full(entry, [str(figure) for figure in states.get(key, ())]))
    return "\n".join(pieces).rstrip("\n") + "\n"


def _chunks(text: str) -> Iterator[tuple[str | None, list[str]]]:
    """Yield each entry under its key, and the lines between entries under none."""
    key: str | None = None
    rows: list[str] = []
    for row in text.split("\n"):
        found = _KEY.match(row)
        if found or not row.strip() or row.startswith("#"):
            if rows:
                yield key, rows
            key, rows = (found[1] if found else None), []
        rows.append(row)
    if rows:
        yield key, rows


def _full(entry: Mapping[str, Any], figures: Sequence[str]) -> Mapping[str, Any]:
    told = {**_read_off(entry), **entry}
    if "doi" not in told and entry.get("url", "").startswith("https://doi.org/"):
        told["doi"] = entry["url"].removeprefix("https://doi.org/")
    told["states"] = list(dict.fromkeys([*entry.get("states", ()), *figures]))
    order = [name for name in _ORDER if told.get(name)]
    return {name: told[name] for name in order}


_ORDER = (
    *("short", "kind", "type", "authors", "organisation", "year", "title", "container", "volume", "issue", "pages"),
    *("doi", "url", "text", "checked", "used_for", "states", "retracted", "concern", "corrected"),
)


def _read_off(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the text of an entry says by its form alone."""
    text, kind = str(entry.get("text", "")), str(entry.get("kind", ""))
    told: dict[str, Any] = {}
    if (found := _PEOPLE.match(text)) and not _is_title(found["authors"]):
        told = {"authors": _authors(found["authors"]), "year": found["year"], **_title_and_place(found["rest"])}
    elif found:
        told = {"title": found["authors"], "year": found["year"], **_place(found["rest"])}
    elif kind not in _TYPE_OF_KIND or kind == "rule":
        told = _of_a_body(text)
    years = set(_YEARS.findall(text))
    if "year" not in told and len(years) == 1 and kind != "secondary":
        told["year"] = years.pop()
    if named := _type(kind, text, str(told.get("title", ""))):
        told["type"] = named
    return told


def _is_title(words: str) -> bool:
    return "," not in words and "&" not in words and len(words.split()) > 4


def _authors(words: str) -> list[str]:
    """Return the names of `Griffiths, W. Richards et al.` or `Phelps, J.`, and `et al.` last where it stands."""
    bare = re.sub(r",? editors?$", "", words)
    rest = [REST] if re.search(r"\b(?:et al\.?|and (?:colleagues|others))$", bare) else []
    bare = re.sub(r",? (?:et al\.?|and (?:colleagues|others))$", "", bare)
    if re.fullmatch(r"[^,]+, [A-Z]\.", bare):
        return [bare]
    names = [name.strip() for name in re.split(r",(?! Jr)| & ", bare)]
    return [*(name for name in names if name and not name.startswith("and the ")), *rest]


def _title_and_place(rest: str) -> dict[str, Any]:
    found = re.match(r"(.+?)(?:\.|(?<=\?)) +(.*)$", rest, re.DOTALL)
    if found is None:
        return {"title": rest.rstrip(".")}
    place = _place(found[2])
    if _WHERE.match(rest.split(". ", maxsplit=1)[0]) or (not place and _JOURNAL.match(found[1])):
        return _place(rest)  # no title stands between the names and the journal
    return {"title": found[1].strip(), **place}


def _place(words: str) -> dict[str, Any]:
    """Return journal, volume, issue and pages where the words begin with them."""
    first = words.split(". ", maxsplit=1)[0].rstrip(".")
    if found := _WHERE.match(first):
        return {name: value for name, value in found.groupdict().items() if value}
    return {"container": first} if _JOURNAL.match(first) and not _BODY.search(first) else {}


def _of_a_body(text: str) -> dict[str, Any]:
    pieces = [piece.rstrip(".") for piece in text.split(". ")]
    if len(pieces) > 1 and _BODY.search(pieces[0]) and "," not in pieces[0]:
        return {"organisation": re.sub(r" \([\w.]+\)$", "", pieces[0]), "title": pieces[1]}
    if re.match(r"(?:Oregon|Code of Colorado|New Mexico Administrative)\b.*\d", pieces[0]):
        return {"title": _AS_OF.sub("", pieces[0])}
    return {}


def _type(kind: str, text: str, title: str) -> str:
    if kind in _TYPE_OF_KIND:
        return _TYPE_OF_KIND[kind]
    if kind == "registry":
        return "dataset" if re.search(r"\bdata\b", text) else "registry"
    words = f"{title} {text}" if title else text
    return next((name for name, pattern in _TYPES if pattern.search(title)), "") or next(
        (name for name, pattern in _TYPES if name == "opinion" and pattern.search(words)), ""
    )


def _written(key: str, entry: Mapping[str, Any]) -> list[str]:
    """Return an entry as lines of YAML: one for each of its keys."""
    rows = [f"{key}:"]
    for name, value in entry.items():
        if isinstance(value, Mapping):
            rows.append(f"  {name}:")
            rows += [f"    {inner}: {_scalar(inner, str(words))}" for inner, words in value.items()]
        elif isinstance(value, list):
            rows.append(f"  {name}: [{', '.join(_scalar(name, str(words)) for words in value)}]")
        else:
            rows.append(f"  {name}: {_scalar(name, str(value))}")
    return rows


def _scalar(name: str, words: str) -> str:
    """Return a value: bare where it is a plain word or number that YAML reads as such, in quotation marks otherwise."""
    if name in ("kind", "type", "year") or (name == "authors" and re.fullmatch(r"[^\W\d_][\w’' -]*", words)):
        return words
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
