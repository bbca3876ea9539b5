"""What rests on what: every place in the files that names a source or an answer of the law, by file and line."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trainer.authoring.frontmatter import line_of, load, plain_newlines
from trainer.authoring.release import Files
from trainer.law.reading import LAW
from trainer.law.values import Law

_BOX = re.compile(r"^ {0,3}:{3,} *([a-z-]*) *(.*?) *$")
_CITED = re.compile(r"(?<![\w.])@([A-Z][\w-]*)")
_HEADING = re.compile(r"^##+ .*\{#([\w-]+)\}")
_ITEM_LINE = re.compile(r"^- (source|law):(.*)$")
_FIGURE_SOURCES = re.compile(r"^sources:(?! *none *$)(.*)$")
_DATA_SOURCE = re.compile(r"\bsource: *\[?([A-Z][\w-]*(?:, *[A-Z][\w-]*)*)")
_CASE_SOURCE = re.compile(r"^- ([\w/-]+): ")


@dataclass(frozen=True, order=True)
class Resting:
    """One place that rests on something.

    Attributes:
        kind: lesson, exercise, summary, module, figure, item, case, crosswalk, term, answer of the law.
        name: what people know it by.
        on: a key of a source, the id of an answer of the law, or `events` of the law.
    """

    path: str
    line: int
    kind: str
    name: str
    on: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind} {self.name}"


EVENTS = "events"


def resting_in(files: Files, law: Law) -> tuple[Resting, ...]:
    """Return every place that rests on a source or on an answer of the law, in the order of files and lines."""
    found: list[Resting] = []
    for path in sorted(files):
        name = posixpath.basename(path)
        if not path.endswith((".md", ".yaml")):
            continue
        text = plain_newlines(files[path].decode(errors="replace"))
        if name in ("bank.md", "written.md"):
            found += _items(path, text)
        elif path.startswith("cases/"):
            found += _case(path, text)
        elif path.startswith("crosswalks/"):
            found += _crosswalk(path, text)
        elif path == LAW:
            found += _answers(law)
        elif path.startswith("modules/") and path.endswith(".yaml"):
            found += _data(path, text)
        elif path.startswith("modules/") or path == "glossary.md":
            found += _running_text(path, text, law)
    return tuple(sorted(set(found)))


def rests_on(what: str, places: Sequence[Resting]) -> tuple[Resting, ...]:
    """Return all that rests on a source or an answer, also by way of an answer of the law that rests on the source."""
    direct = [place for place in places if place.on == what]
    answers = {place.name for place in direct if place.path == LAW}
    return tuple(sorted({*direct, *(place for place in places if place.on in answers)}))


def _kind_of(path: str) -> tuple[str, str]:
    name = posixpath.basename(path).removesuffix(".md")
    module = posixpath.basename(posixpath.dirname(path))[3:]
    if name in ("module", "exercise", "summary"):
        return name, module
    return "lesson", f"{module}/{name[3:]}"


def _running_text(path: str, text: str, law: Law) -> Iterator[Resting]:
    """Yield what a lesson, an exercise, a summary, the head of a module or the glossary rests on."""
    kind, name = ("term", "") if path == "glossary.md" else _kind_of(path)
    figure = ""
    for line, row in enumerate(text.split("\n"), start=1):
        if kind == "term" and (head := _HEADING.match(row)):
            name = head[1]
        if box := _BOX.match(row):
            figure = box[2] if box[1] == "figure" else ""
            for answer in _drawn(box[1], box[2].split(), law):
                yield Resting(path, line, kind, name, answer)
        named = _words(sources[1]) if figure and (sources := _FIGURE_SOURCES.match(row)) else _CITED.findall(row)
        for key in named:
            yield Resting(path, line, "figure" if figure else kind, figure or name, key)


def _drawn(box: str, words: Sequence[str], law: Law) -> Sequence[str]:
    """Return the answers that a box draws."""
    if box == "law-timeline":
        return [EVENTS]
    if box == "law-table":
        return [name for name in law.cells if name.partition("/")[2] in words]
    return words if box == "law" and len(words) == 1 and words[0] in law.cells else []


def _items(path: str, text: str) -> Iterator[Resting]:
    name, kind = "", "item" if posixpath.basename(path) == "bank.md" else "written task"
    for line, row in enumerate(text.split("\n"), start=1):
        if head := _HEADING.match(row):
            name = f"{_kind_of(path)[1].partition('/')[0]}/{head[1]}"
        keys = _words(found[2]) if (found := _ITEM_LINE.match(row)) else _CITED.findall(row)
        for key in keys if name else ():
            yield Resting(path, line, kind, name, key)


def _case(path: str, text: str) -> Iterator[Resting]:
    inside = False
    for line, row in enumerate(text.split("\n"), start=1):
        if row.startswith("# "):
            inside = row[2:].strip().casefold() == "sources"
        elif inside and (found := _CASE_SOURCE.match(row)):
            yield Resting(path, line, "case", path.split("/")[1], found[1])


def _data(path: str, text: str) -> Iterator[Resting]:
    for line, row in enumerate(text.split("\n"), start=1):
        for found in _DATA_SOURCE.findall(row):
            for key in _words(found):
                yield Resting(path, line, "figure", posixpath.basename(path), key)


def _crosswalk(path: str, text: str) -> Iterator[Resting]:
    document = load(path, text)
    named = document.value.get("law", []) if isinstance(document.value, dict) else []
    for n, answer in enumerate(named if isinstance(named, list) else []):
        slug = posixpath.basename(path).removesuffix(".yaml")
        yield Resting(path, line_of(document.lines, "law", str(n)), "crosswalk", slug, str(answer))


def _answers(law: Law) -> Iterator[Resting]:
    for cell in law.cells.values():
        for key in cell.sources:
            yield Resting(LAW, cell.line, "answer of the law", cell.id, key)
    for event in law.events:
        for key in event.sources:
            yield Resting(LAW, event.line, "event of the law", event.date, key)


def _words(listed: str) -> list[str]:
    return [word for word in re.split(r"[,\s\[\]]+", listed) if word]
