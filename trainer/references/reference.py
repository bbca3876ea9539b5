"""A source of the course as a value: what it is, who wrote it, and what became of it since."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

HEARSAY = ("secondary", "machine")
"""Kinds of source that may be wrong about what they report."""
KIND_WORDS: Mapping[str, str] = {
    "primary": "primary source",
    "guideline": "guideline or manual, primary source",
    "rule": "rule or regulator, primary source",
    "regulator": "rule or regulator, primary source",
    "registry": "trial record or data, primary source",
    "dataset": "trial record or data, primary source",
    "secondary": "report about a source, secondary",
    "machine": "written by a machine, secondary",
}
"""What a reader is told about each kind, those of yesterday's releases among them."""


class NoticeKind(StrEnum):
    """What a journal can say about a paper afterwards, the gravest first."""

    RETRACTED = "retracted"
    CONCERN = "expression of concern"
    CORRECTED = "corrected"


@dataclass(frozen=True, kw_only=True)
class SourceNotice:
    """What was said about a source after it appeared.

    Attributes:
        on: the day, as 2024-08-10, or as far as it is known, such as 2024; empty where it is not.
        note: why, in a sentence.
        source: where that stands: an address, or a reference in words.
    """

    kind: NoticeKind
    on: str
    note: str
    source: str

    @property
    def words(self) -> str:
        """Return it in one line, such as `Retracted, 2024-08-10: undisclosed violations.`"""
        return f"{self.kind.capitalize()}{f', {self.on}' if self.on else ''}: {self.note}"

    @property
    def html(self) -> Markup:
        """Return it with where that stands, safe to show."""
        return Markup("{} ({})").format(self.words, _linked(self.source))


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One source: `key` as authors cite it, `short` for the margin, `text` for the list.

    Attributes:
        type: what it is, such as `trial`; empty where that is not said.
        authors: people by family name, initials before or after it; the last may be `et al.`
        organisation: a body that speaks as its author, such as a regulator.
        states: the figures that it states, as a text may print them.
        notices: what was said about it since, the gravest first.
        line: where it stands in `references.yaml`, from 1.
    """

    key: str
    short: str
    text: str
    url: str
    kind: str
    line: int
    type: str = ""
    authors: Sequence[str] = ()
    organisation: str = ""
    year: int | None = None
    title: str = ""
    container: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    used_for: str = ""
    states: Sequence[str] = ()
    notices: Sequence[SourceNotice] = ()

    @property
    def address(self) -> str:
        """Return where it can be read, or nothing."""
        return self.url or (f"https://doi.org/{self.doi}" if self.doi else "")

    @property
    def what(self) -> str:
        """Return in words what kind of source it is, such as `Trial, primary source`."""
        kind = KIND_WORDS.get(self.kind, self.kind)
        named = self.type and self.type not in kind.replace("trial record", "")
        words = f"{self.type}, {kind.rpartition(', ')[2]}" if named else kind
        return words[:1].upper() + words[1:]

    @property
    def gravest(self) -> SourceNotice | None:
        """Return the gravest of what was said about it since."""
        return self.notices[0] if self.notices else None

    @property
    def is_retracted(self) -> bool:
        """Say whether nothing may rest on it any more."""
        return any(notice.kind is NoticeKind.RETRACTED for notice in self.notices)

    @property
    def html(self) -> Markup:
        """Return all that a reader is told of it, safe to show, in elements that may stand inside a paragraph."""
        parts = [Markup('<span class="source-text">{}</span>').format(self.text)]
        if self.address:
            parts.append(Markup('<span class="source-address">{}</span>').format(_linked(self.address)))
        parts.append(Markup('<span class="source-kind">{}.</span>').format(self.what))
        if self.used_for:
            parts.append(Markup('<span class="source-use">Used here for: {}</span>').format(self.used_for))
        parts += [Markup('<strong class="source-notice">{}</strong>').format(notice.html) for notice in self.notices]
        return Markup(" ").join(parts)


def _linked(words: str) -> Markup:
    if not re.match(r"https?://\S+$", words):
        return Markup("{}").format(words)
    return Markup('<a href="{0}" rel="noopener noreferrer">{1}</a>').format(words, re.sub(r"^https?://", "", words))
