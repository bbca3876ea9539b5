"""What exactly changed between two versions of a text, so that a reviewer reads that and nothing twice."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import yaml

from trainer.authoring.frontmatter import plain_newlines
from trainer.authoring.release import Files
from trainer.law.reading import LAW
from trainer.references.citing import cited_keys
from trainer.references.reading import REFERENCES
from trainer.signoff.texts import SignableText

AROUND = 2
"""Lines of unchanged text that are shown around a change."""
_WORD = re.compile(r"\s+|[^\s]+")
_ITEM_SOURCES = re.compile(r"^- source:(.*)$", re.MULTILINE)
_CELL = re.compile(r"\b[a-z][a-z-]*/[a-z][a-z-]*\b")
_LAW_TABLE = re.compile(r"^ {0,3}:{3,} *law-table +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True)
class DiffPart:
    """Some words of a line: `same`, `old` (taken out) or `new` (put in)."""

    kind: str
    words: str


@dataclass(frozen=True)
class DiffLine:
    """A line of a text with what changed in it.

    Attributes:
        kind: `same`, `old`, `new`, `both` where words inside it changed, or `gap` for lines that are left out.
        number: its line in the newer version, in the older where it was taken out; of a gap, how many are left out.
    """

    kind: str
    number: int
    parts: Sequence[DiffPart] = ()


@dataclass(frozen=True)
class EntryChange:
    """One value of a data file: where it stands, and what it was; empty where it was not there, or is no more."""

    where: str
    old: str
    new: str


@dataclass(frozen=True)
class TextChanges:
    """Everything that a reviewer has to see since the last signature.

    Attributes:
        lines: the text; none when it is the same.
        figures: the figures that changed, each with its lines.
        sources: what became different of the sources that it cites.
        law: what became different of the answers of the law that it draws on.
    """

    lines: Sequence[DiffLine]
    figures: Mapping[str, Sequence[DiffLine]]
    sources: Sequence[EntryChange]
    law: Sequence[EntryChange]

    @property
    def nothing(self) -> bool:
        """Say whether nothing changed at all."""
        return not (self.lines or self.figures or self.sources or self.law)


def changes_between(old: SignableText, old_files: Files, new: SignableText, new_files: Files) -> TextChanges:
    """Return what changed of a text, of its figures, and of the data that it draws on."""
    figures = {
        name: line_changes(old.figures.get(name, ""), new.figures.get(name, ""))
        for name in dict.fromkeys([*new.figures, *old.figures])
    }
    return TextChanges(
        lines=line_changes(old.text, new.text),
        figures={name: lines for name, lines in figures.items() if lines},
        sources=_entries_changed(REFERENCES, old_files, new_files, _sources_of(old, new)),
        law=_entries_changed(LAW, old_files, new_files, _cells_of(old, new)),
    )


def line_changes(old: str, new: str) -> Sequence[DiffLine]:
    """Return the changed lines with a few around them and gaps between; none when the texts are equal."""
    if old == new:
        return []
    before, after = old.split("\n"), new.split("\n")
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    found: list[DiffLine] = []
    for group in matcher.get_grouped_opcodes(AROUND):
        left_out = group[0][3] - _last_line(found)
        if left_out > 0:
            found.append(DiffLine("gap", left_out))
        for what, i1, i2, j1, j2 in group:
            found += _block(what, before[i1:i2], after[j1:j2], (i1, j1))
    if (rest := len(after) - _last_line(found)) > 0:
        found.append(DiffLine("gap", rest))
    return found


def _last_line(found: Sequence[DiffLine]) -> int:
    """Return up to which line of the newer version has been told."""
    return max((line.number for line in found if line.kind in ("same", "new", "both")), default=0)


def _block(what: str, old: Sequence[str], new: Sequence[str], start: tuple[int, int]) -> Iterator[DiffLine]:
    i, j = start
    if what == "equal":
        yield from (DiffLine("same", j + n, (DiffPart("same", row),)) for n, row in enumerate(new, start=1))
    elif what == "replace" and len(old) == len(new):
        for n, (was, now) in enumerate(zip(old, new, strict=True), start=1):
            yield DiffLine("both", j + n, tuple(_words(was, now)))
    else:
        yield from (DiffLine("old", i + n, (DiffPart("old", row),)) for n, row in enumerate(old, start=1))
        yield from (DiffLine("new", j + n, (DiffPart("new", row),)) for n, row in enumerate(new, start=1))


def _words(old: str, new: str) -> Iterator[DiffPart]:
    """Yield the words of a line that stay, that go and that come; a phrase that changed is told whole."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    gone = come = ""
    for what, i1, i2, j1, j2 in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        was, now = "".join(before[i1:i2]), "".join(after[j1:j2])
        if what == "equal" and not ((gone and come) and now.isspace() and j2 < len(after) and i2 < len(before)):
            yield from _phrase(gone, come)
            yield DiffPart("same", now)
            gone = come = ""
        else:
            gone, come = gone + was, come + now
    yield from _phrase(gone, come)


def _phrase(gone: str, come: str) -> Iterator[DiffPart]:
    if gone:
        yield DiffPart("old", gone)
    if come:
        yield DiffPart("new", come)


def _sources_of(*texts: SignableText) -> set[str]:
    listed = {key.strip() for text in texts for row in _ITEM_SOURCES.findall(text.text) for key in row.split(",")}
    return listed | {key for text in texts for key in cited_keys(text.text)}


def _cells_of(*texts: SignableText) -> set[str]:
    """Return the answers of the law that texts name: `oregon/training`, or `*/who` for a table of a question."""
    whole = "\n".join(text.text for text in texts)
    asked = {f"*/{word}" for row in _LAW_TABLE.findall(whole) for word in row.split()}
    return asked | set(_CELL.findall(whole))


def _entries_changed(path: str, old: Files, new: Files, wanted: set[str]) -> Sequence[EntryChange]:
    before, after = (_values(path, files, wanted) for files in (old, new))
    return [
        EntryChange(where, before.get(where, ""), after.get(where, ""))
        for where in dict.fromkeys([*after, *before])
        if before.get(where, "") != after.get(where, "")
    ]


def _values(path: str, files: Files, wanted: set[str]) -> Mapping[str, str]:
    """Return the wanted values of a data file, each as it is written, by where it stands."""
    whole = _loaded(files.get(path, b""))
    if path == LAW:
        return {where: value for where, value in _cells(whole) if _is_wanted(where, wanted)}
    kept = {key: entry for key, entry in whole.items() if key in wanted} if isinstance(whole, dict) else {}
    return dict(_flat("", kept))


@lru_cache(maxsize=8)
def _loaded(content: bytes) -> Any:
    """Return a data file with every value as it is written, read once; {} where it cannot be read."""
    try:
        return yaml.load(plain_newlines(content.decode(errors="replace")), yaml.BaseLoader) or {}
    except yaml.YAMLError:
        return {}


def _cells(whole: Any) -> Iterator[tuple[str, str]]:
    places = whole.get("places", {}) if isinstance(whole, dict) else {}
    for place, told in places.items():
        for question, cell in (told.get("cells", {}) if isinstance(told, dict) else {}).items():
            yield from _flat(f"{place}/{question}", cell)


def _is_wanted(where: str, wanted: set[str]) -> bool:
    name = where.split(" ", maxsplit=1)[0]
    return name in wanted or f"*/{name.partition('/')[2]}" in wanted


def _flat(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{where} {key}".strip(), inner)
    elif isinstance(value, list):
        yield where, ", ".join(str(inner) for inner in value)
    else:
        yield where, " ".join(str(value).split())
