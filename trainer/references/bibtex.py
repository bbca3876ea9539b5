"""Sources as BibTeX, for whoever keeps a library of their own."""

import re
from collections.abc import Iterable, Mapping

from trainer.references.names import SourceAuthor, authors_of
from trainer.references.reference import Reference

_SIGNS: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "–": "--",
    "—": "---",
}
"""Signs that TeX would read as something else, with what it prints as they are."""
_ENTRY_TYPES: Mapping[str, str] = {"trial": "article", "review": "article", "dataset": "misc", "registry": "misc"}


def bibtex(references: Iterable[Reference]) -> str:
    """Return the sources as entries of BibTeX in UTF-8; what is not known of one is left out."""
    return "\n".join(_bibtex_entry(reference) for reference in references)


def _bibtex_entry(reference: Reference) -> str:
    kind = "article" if reference.container else _ENTRY_TYPES.get(reference.type, "misc")
    kind = kind if reference.container or kind != "article" else "misc"
    rows = [f"  {name} = {{{value}}}," for name, value in _fields(reference).items() if value]
    return "\n".join([f"@{kind}{{{re.sub(r'[^A-Za-z0-9:_-]', '-', reference.key)},", *rows, "}"]) + "\n"


def _fields(reference: Reference) -> Mapping[str, str]:
    names = [_name(author) for author in authors_of(reference)]
    return {
        "author": " and ".join(names),
        "title": f"{{{_escaped(reference.title)}}}" if reference.title else "",
        "journal": _escaped(reference.container),
        "year": str(reference.year or ""),
        "volume": _escaped(reference.volume),
        "number": _escaped(reference.issue),
        "pages": _escaped(reference.pages),
        "doi": _escaped(reference.doi),
        "url": _escaped(reference.url),
        "keywords": _escaped(", ".join(word for word in (reference.type, reference.kind) if word)),
        "note": _escaped(" ".join(notice.words for notice in reference.notices) or _untitled(reference)),
    }


def _untitled(reference: Reference) -> str:
    """Return the reference in words, where no title of it could be told apart."""
    return "" if reference.title else reference.text


def _name(author: SourceAuthor) -> str:
    """Return a name as BibTeX reads it: a body in braces of its own, a family name of several words likewise."""
    if author.is_rest:
        return "others"
    family = _escaped(author.family)
    family = f"{{{family}}}" if author.is_body or (" " in family and family[0].isupper()) else family
    return f"{family}, {_escaped(author.given)}" if author.given else family


def _escaped(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in " ".join(text.split()))
