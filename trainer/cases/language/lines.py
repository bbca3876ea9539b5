"""The body of a case, line by line: which lines belong together, before anything is understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MARK = "(!)"
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_ID = re.compile(r"\s*\{#([^}\s]*)\}\s*$")
_CHOICE = re.compile(r"^\d+[.)]\s+(.*)$")
_KEY = re.compile(r"^[-*]\s+([A-Za-z][A-Za-z ]{0,30}?)\s*:(?:\s+(.*))?$")
_ITEM = re.compile(r"^[-*]\s+(.*)$")


@dataclass
class RawEntry:
    """A `- key: value` line, with its continuation lines."""

    key: str
    value: str
    line: int


@dataclass
class RawChoice:
    """A numbered line and the lines indented below it."""

    text: str
    line: int
    entries: list[RawEntry] = field(default_factory=list)
    strays: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class RawScene:
    """A second-level heading and what stands below it."""

    heading: str
    line: int
    entries: list[RawEntry] = field(default_factory=list)
    prose: list[tuple[str, int]] = field(default_factory=list)
    choices: list[RawChoice] = field(default_factory=list)
    strays: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class RawPart:
    """A first-level heading: a chapter with scenes, or a list such as the duties."""

    heading: str
    line: int
    scenes: list[RawScene] = field(default_factory=list)
    items: list[RawEntry] = field(default_factory=list)
    strays: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class RawBody:
    """Everything below the front matter; `marks` are the lines that carry the mark of something unreviewed."""

    parts: list[RawPart] = field(default_factory=list)
    strays: list[tuple[str, int]] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)


def read_lines(body: str, first_line: int) -> RawBody:
    """Sort the lines of a body under their headings; never raises."""
    raw = RawBody()
    for line, row in _rows(body, first_line, raw):
        heading = _HEADING.match(row)
        if heading and len(heading[1]) == 1:
            raw.parts.append(RawPart(_words(heading), line))
        elif not raw.parts:
            _stray(raw.strays, row, line)
        elif heading and len(heading[1]) == 2 and raw.parts[-1].heading.lower().startswith("chapter"):
            raw.parts[-1].scenes.append(RawScene(_words(heading), line))
        elif raw.parts[-1].scenes:
            _into_scene(raw.parts[-1].scenes[-1], row, line)
        else:
            _into_part(raw.parts[-1], row, line)
    return raw


def _words(heading: re.Match[str]) -> str:
    return heading[2].rstrip().rstrip("#").rstrip()


def cut_id(text: str) -> tuple[str, str | None]:
    """Split `Text {#id}` into the text and the id, or None."""
    found = _ID.search(text)
    return (text[: found.start()].strip(), found[1]) if found else (text.strip(), None)


def _rows(body: str, first_line: int, raw: RawBody) -> Iterator[tuple[int, str]]:
    for line, row in enumerate(body.split("\n"), start=first_line):
        if MARK in row:
            raw.marks.append(line)
        yield line, re.sub(r" *\(!\)", "", row).rstrip()


def _into_scene(scene: RawScene, row: str, line: int) -> None:
    if choice := _CHOICE.match(row):
        scene.choices.append(RawChoice(choice[1].strip(), line))
    elif scene.choices:
        _into_choice(scene, row, line)
    elif not _said(scene) and (key := _KEY.match(row)):
        scene.entries.append(RawEntry(key[1].lower(), (key[2] or "").strip(), line))
    else:
        scene.prose.append((row, line))


def _said(scene: RawScene) -> bool:
    return any(row.strip() for row, _ in scene.prose)


def _into_choice(scene: RawScene, row: str, line: int) -> None:
    choice, text = scene.choices[-1], row.strip()
    if not text:
        return
    key = _KEY.match(text)
    if row[:1].isspace() and key:
        choice.entries.append(RawEntry(key[1].lower(), (key[2] or "").strip(), line))
    elif row[:1].isspace() and not _ITEM.match(text):
        if choice.entries:
            choice.entries[-1].value = f"{choice.entries[-1].value} {text}".strip()
        else:
            choice.text = f"{choice.text} {text}"
    else:
        choice.strays.append((text, line))


def _into_part(part: RawPart, row: str, line: int) -> None:
    item = _ITEM.match(row)
    if item:
        name, _, value = item[1].partition(":")
        part.items.append(RawEntry(name.strip(), value.strip(), line))
    elif row[:1].isspace() and row.strip() and part.items:
        part.items[-1].value = f"{part.items[-1].value} {row.strip()}"
    else:
        _stray(part.strays, row, line)


def _stray(strays: list[tuple[str, int]], row: str, line: int) -> None:
    if row.strip():
        strays.append((row.strip(), line))
