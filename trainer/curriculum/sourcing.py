"""What a text may rest on: asked of authors when content is checked or published, never of a published release.

A report about a source, or a text that a machine wrote, may be wrong about it. So it stands in a pending box, in a
lesson or under a question that waits for review, where nothing counts; and a number in a figure has two sources or one
that is the source itself. A figure drawn by hand names its sources and says the same as a table. Nothing rests on a
retracted paper, and every number of a sentence that cites is traced.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from xml.etree import ElementTree

from trainer.authoring.frontmatter import plain_newlines
from trainer.authoring.messages import Message
from trainer.authoring.release import Files, release_of
from trainer.charts.reading import read_data_chart
from trainer.curriculum.course import read_course
from trainer.curriculum.language.figures import paints
from trainer.curriculum.parts.modules import EXERCISE, LESSON_FILE, SUMMARY
from trainer.references.citing import cited_keys
from trainer.references.evidence import items_on_retracted, resting_on_retracted, rows_on_retracted
from trainer.references.reading import REFERENCES
from trainer.references.reference import HEARSAY, Reference
from trainer.references.tracing import untraced, untraced_rows

_BOX = re.compile(r"^ {0,3}(:{3,}) *(.*?) *$")
_PENDING = re.compile(r"^(?:- )?readiness: *pending review\b")
_FIGURE = re.compile(r"^ {0,3}:{3,} *figure +(\S+)")
_ITEM = re.compile(r"^## ")
_ITEM_SOURCES = re.compile(r"^- source:(.*)$")
_DOI = re.compile(r"\bdoi\s+(10\.\d{4,9}/[^\s,;\]]*[^\s,;.\])])", re.IGNORECASE)
_MEASURE = re.compile(r"(?:[\d.]+ *(?:±|–|/) *[\d.]+|\d\.\d|%)")


def check_sourcing(files: Files) -> tuple[Message, ...]:
    """Return where a text counts although it rests on hearsay, and which figures name too few sources."""
    references = read_course(release_of(files))[0].references
    found: list[Message] = []
    for path, text in _texts(files).items():
        name = posixpath.basename(path)
        if path.endswith(".svg"):
            found += uncoloured(path, text)
        elif name in ("bank.md", "written.md"):
            found += _questions(path, text, references)
            found += items_on_retracted(path, text, references)
        elif path == "glossary.md" or name in ("module.md", EXERCISE, SUMMARY) or LESSON_FILE.match(name):
            found += _sentences(path, text, references)
            found += _figures(path, text, references, files)
            found += _boxes(path, text, references, files)
            found += untraced(path, text, references)
            found += resting_on_retracted(path, text, references)
    return tuple(sorted(found))


def _texts(files: Files) -> Mapping[str, str]:
    wanted = [path for path in files if path == "glossary.md" or path.startswith("modules/")]
    return {path: plain_newlines(files[path].decode(errors="replace")) for path in wanted}


def _weak(keys: list[str], references: Mapping[str, Reference]) -> list[Reference]:
    return [references[key] for key in keys if key in references and references[key].kind in HEARSAY]


def _advice(source: Reference) -> str:
    what = "a report about a source" if source.kind == "secondary" else "written by a machine"
    return f"“{source.key}” ({source.short}) is {what}: {REFERENCES} says so on line {source.line}."


def _sentences(path: str, text: str, references: Mapping[str, Reference]) -> Iterator[Message]:
    for line, row in _counting(text):
        if row.startswith("## Read further") and posixpath.basename(path) == SUMMARY:
            return  # what is recommended there says nothing here
        for source in _weak(list(cited_keys(row)), references):
            yield Message(path, line, f"{_advice(source)} Cite the source itself, or move this into a pending box.")


def _counting(text: str) -> Iterator[tuple[int, str]]:
    """Yield the rows that count, with their lines: those of no pending box and of no text that waits for review."""
    rows = text.split("\n")
    head = rows.index("---", 1) if rows[0] == "---" and "---" in rows[1:] else 0
    if any(_PENDING.match(row) for row in rows[:head]):
        return
    boxes: list[str] = []
    for line, row in enumerate(rows, start=1):
        if box := _BOX.match(row):
            if box[2]:
                boxes.append(box[2].split()[0])
            elif boxes:
                boxes.pop()
        if "pending" not in boxes:
            yield line, row


def _boxes(path: str, text: str, references: Mapping[str, Reference], files: Files) -> Iterator[Message]:
    """Yield figures that count and rest on hearsay, and figures drawn by hand without sources or a table twin."""
    rows, counting = text.split("\n"), {line for line, _ in _counting(text)}
    for line, row in enumerate(rows, start=1):
        if not (shown := _FIGURE.match(row)):
            continue
        inside = list(takewhile(lambda later: later.strip() != ":::", rows[line:]))
        place = posixpath.join(posixpath.dirname(path), shown[1])
        cited = {key: (path, line + n) for n, one in enumerate(inside, start=1) for key in _listed(one)}
        if place.endswith(".yaml"):
            data = plain_newlines(files.get(place, b"").decode(errors="replace"))
            reading = read_data_chart(place, data, references)
            cited.update({key: (place, at) for key, at in reading.cited.items()})
            if line in counting:
                yield from untraced_rows(place, data, references)
                yield from rows_on_retracted(place, data, references)
        elif not cited and not any(_OWN.match(one) for one in inside):
            yield Message(path, line, _NO_SOURCES)
        if place.endswith(".svg") and not any(one.strip().startswith("|") for one in inside):
            yield Message(path, line, _NO_TWIN)
        for source in _weak(list(cited), references) if line in counting else ():
            where, at = cited[source.key]
            yield Message(
                where, at, f"{_advice(source)} Take the source itself, or move this figure into a pending box."
            )


_OWN = re.compile(r"^ *sources: *none *$")
_NO_SOURCES = (
    "Name what this figure rests on: add a line `sources: S61, S62` below its caption, or `sources: none` for a scheme "
    "of ours."
)
_NO_TWIN = (
    "Say the same as a table, for whoever cannot see it: add rows of `| … | … |` below the sources of this figure."
)


def _listed(row: str) -> list[str]:
    name, _, keys = row.strip().partition(":")
    return (
        [key.removeprefix("@") for key in re.split(r"[\s,;\[\]]+", keys) if key]
        if name == "sources" and keys.strip() != "none"
        else []
    )


def _questions(path: str, text: str, references: Mapping[str, Reference]) -> Iterator[Message]:
    kept: list[tuple[int, Reference]] = []
    pending = False
    for line, row in enumerate([*text.split("\n"), "## "], start=1):
        if _ITEM.match(row):
            for at, source in [] if pending else kept:
                advice = "Name the source itself, or write “readiness: pending review”."
                yield Message(path, at, f"{_advice(source)} {advice}")
            kept, pending = [], False
        elif named := _ITEM_SOURCES.match(row):
            kept = [(line, source) for source in _weak([key.strip() for key in named[1].split(",")], references)]
        pending = pending or bool(_PENDING.match(row))


def _figures(path: str, text: str, references: Mapping[str, Reference], files: Files) -> Iterator[Message]:
    """Yield the figures that show a measurement and name neither its source nor two reports."""
    rows = text.split("\n")
    for line, row in enumerate(rows, start=1):
        shown = _FIGURE.match(row)
        drawing = files.get(posixpath.join(posixpath.dirname(path), shown[1]), b"") if shown else b""
        if not shown or not shown[1].endswith(".svg") or not _MEASURE.search(_words(drawing)):
            continue
        end = next((n for n, later in enumerate(rows[line:], start=line) if later.strip() == ":::"), len(rows))
        caption = " ".join(rows[line:end])
        behind = [source for doi in _DOI.findall(caption) for source in references.values() if source.url.endswith(doi)]
        behind += [references[key] for key in cited_keys(caption) if key in references]
        behind += [references[key] for one in rows[line:end] for key in _listed(one) if key in references]
        if len({source.key for source in behind}) < 2 and all(source.kind in HEARSAY for source in behind):
            advice = (
                "Name in its caption the doi of the source itself, or of two reports, as they stand in references.yaml."
            )
            yield Message(path, line, f"The figure “{shown[1]}” shows numbers. {advice}")


def _words(drawing: bytes) -> str:
    try:
        return " ".join(text.strip() for text in ElementTree.fromstring(drawing).itertext())
    except ElementTree.ParseError:
        return ""  # said where figures are read


def uncoloured(path: str, text: str) -> Iterator[Message]:
    """Yield the elements that show black, or nothing, where the site's style sheet is not there."""
    for line, row in enumerate(text.split("\n"), start=1):
        for tag in re.findall(r"<[a-zA-Z]+\b[^>]*\bclass=[^>]*>", row):
            found = re.search(r'\bclass="([^"]*)"', tag)
            missing = [key for key in sorted(paints(found[1] if found else "")) if not re.search(rf'\s{key}="', tag)]
            if missing:
                advice = (
                    f'Write {" and ".join(missing)} beside the class, as in fill="#e7eef6": a figure is read alone too.'
                )
                yield Message(path, line, f"This element has no colour of its own. {advice}")
