"""Who wrote a source: from a name as a list of references prints it to its parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.references.reference import Reference

REST = "et al."
"""Stands last in a list of authors of which not all are named."""
_BEFORE = re.compile(r"^((?:[A-Z]\.[ -]?)+) *(\S.*)$")
_AFTER = re.compile(r"^(\S.*?),? +((?:[A-Z]\.[ -]?)+)$")
_SPOKEN = re.compile(r"^(\S.*?), +(\S.*)$")


@dataclass(frozen=True)
class SourceAuthor:
    """One author: a person, a body such as a regulator, or the rest that nobody named."""

    family: str
    given: str = ""
    is_body: bool = False
    is_rest: bool = False


def authors_of(reference: Reference) -> Sequence[SourceAuthor]:
    """Return the authors in their order; a body that speaks stands first."""
    bodies = [SourceAuthor(reference.organisation, is_body=True)] if reference.organisation else []
    return [*bodies, *(author_named(name) for name in reference.authors)]


def author_named(name: str) -> SourceAuthor:
    """Return the parts of a name such as `Nayak`, `W. Richards`, `Phelps, J.` or `et al.`"""
    if name == REST:
        return SourceAuthor("", is_rest=True)
    if found := _BEFORE.match(name):
        return SourceAuthor(found[2], found[1].strip())
    if found := _AFTER.match(name) or _SPOKEN.match(name):
        return SourceAuthor(found[1], found[2].strip())
    return SourceAuthor(name)
