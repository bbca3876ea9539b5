"""One module: its folder of Markdown files, read together."""

import hashlib
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trainer.authoring.frontmatter import FrontMatter, split
from trainer.authoring.messages import Message
from trainer.authoring.shapes import fit
from trainer.authoring.suggestions import did_you_mean
from trainer.curriculum.heads import ModuleHead
from trainer.curriculum.lesson_draft import Reading, Shelf
from trainer.curriculum.lessons import introduction, read_lesson
from trainer.curriculum.values import Competency, Lesson, Module, Topic

FOLDER = re.compile(r"^(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)$")
LESSON_FILE = re.compile(r"^\d\d-[a-z0-9]+(?:-[a-z0-9]+)*\.md$")
_BANK_SOURCES = re.compile(r"^- source:(.*)$")


@dataclass
class ModuleReading:
    """A module in the making.

    Attributes:
        folder: its path, as in `modules/03-ethics`.
        names: the names of the files in the folder.
    """

    folder: str
    names: Sequence[str]
    shelf: Shelf
    competencies: Mapping[str, Competency]
    topics: Mapping[str, Topic]
    messages: list[Message] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Return the path of `module.md`."""
        return f"{self.folder}/module.md"

    def say(self, line: int, text: str) -> None:
        """Note a mistake in `module.md`."""
        self.messages.append(Message(self.path, line, text))


def read_module(reading: ModuleReading) -> Module | None:
    """Read one folder; mistakes are added to the reading. Never raises."""
    found = FOLDER.match(posixpath.basename(reading.folder))
    if found is None:
        reading.say(1, "Name the folder with two digits and a short name, as in 03-ethics.")
        return None
    text = reading.shelf.texts.get(reading.path)
    if text is None:
        if "module.md" not in reading.names:
            reading.say(1, "This folder has no module.md. Add one, with the module's title, minutes and objectives.")
        return None
    front = split(reading.path, text)
    head, wrong = (None, ()) if front.messages else fit(ModuleHead, front.fields, path=reading.path, lines=front.lines)
    reading.messages += [*front.messages, *wrong]
    intro = Reading(reading.path, found[2], reading.shelf)
    html, apparatus = introduction(intro, front.body, line=front.body_line)
    reading.messages += intro.messages
    lesson_names = [name for name in sorted(reading.names) if LESSON_FILE.match(name)]
    reads = [
        read_lesson(
            f"{reading.folder}/{name}",
            reading.shelf.texts[f"{reading.folder}/{name}"],
            module=found[2],
            objectives=tuple(head.objectives) if head else (),
            shelf=reading.shelf,
        )
        for name in lesson_names
        if f"{reading.folder}/{name}" in reading.shelf.texts
    ]
    lessons = tuple(read.lesson for read in reads if read.lesson)
    _strays(reading, [*(name for read in reads for name in read.figures), *intro.figures])
    _twice(reading, lessons)
    if head is None:
        # Without the module's own keys, whatever its lessons say about objectives is beside the point.
        reading.messages += [m for read in reads for m in read.messages if "has no objective" not in m.text]
        return None
    reading.messages += [message for read in reads for message in read.messages]
    if not lesson_names:
        reading.say(1, "This module has no lesson. Add one beside this file, as in 01-first-steps.md.")
    _known(reading, front, head, found[2])
    _sources(reading, front, head, [intro.cited, *(read.cited for read in reads)])
    if len(lessons) == len(lesson_names) > 0:
        _minutes(reading, front, head.minutes, lessons)
    return Module(
        slug=head.module,
        number=int(found[1]),
        title=head.title,
        minutes=head.minutes,
        objectives=dict(head.objectives),
        competencies=tuple(head.competencies),
        topics=tuple(head.topics),
        sources=tuple(head.sources),
        readiness=head.readiness,
        reviewed=tuple(signature.model_dump() for signature in head.reviewed),
        intro_html=html,
        references=apparatus.sources(),
        terms=tuple(apparatus.used.values()),
        lessons=lessons,
        path=reading.path,
        hash=hashlib.sha256("".join([text, *(lesson.hash for lesson in lessons)]).encode()).hexdigest(),
    )


def _known(reading: ModuleReading, front: FrontMatter, head: ModuleHead, name: str) -> None:
    """Compare the keys with the folder's name and with the course's lists."""
    if head.module != name:
        reading.say(
            front.line("module"),
            f"The folder is called “{name}”, the module “{head.module}”. Make them equal.",
        )
    lists = (
        ("competencies", head.competencies, reading.competencies, "competencies.yaml"),
        ("topics", head.topics, reading.topics, "the crosswalks"),
        ("sources", head.sources, reading.shelf.references, "references.yaml"),
    )
    for key, words, known, where in lists:
        for n, word in enumerate(words):
            line = front.line(key, str(n))
            if word not in known:
                reading.say(line, f"“{word}” is not in {where}.{did_you_mean(word, known)}")
            if word in words[:n]:
                reading.say(line, f"“{word}” stands twice under {key}. Keep one.")


def _sources(reading: ModuleReading, front: FrontMatter, head: ModuleHead, cited: Sequence[Mapping[str, int]]) -> None:
    """Compare the sources listed with those cited in the introduction, the lessons and the bank."""
    used = {key for lines in cited for key in lines} | _bank_sources(reading, head)
    for n, key in enumerate(head.sources):
        if key not in used and key in reading.shelf.references:
            line = front.line("sources", str(n))
            reading.say(line, f"The source “{key}” is listed and nowhere cited. Cite it, or take it off the list.")
    missing = sorted({key for key in used if key in reading.shelf.references} - set(head.sources), key=_natural)
    if missing:
        reading.say(front.line("sources"), f"Add to the list what the module cites: {', '.join(missing)}.")


def _bank_sources(reading: ModuleReading, head: ModuleHead) -> set[str]:
    """Return the sources of the item bank, whose own mistakes its own room reports."""
    text = reading.shelf.texts.get(f"{reading.folder}/bank.md", "")
    rows = [found[1] for row in text.split("\n") if (found := _BANK_SOURCES.match(row))]
    listed = {word.strip() for row in rows for word in row.split(",") if word.strip()}
    return listed | {key for key in head.sources if re.search(rf"@{re.escape(key)}\b", text)}


def _natural(key: str) -> tuple[int, str]:
    digits = re.search(r"\d+", key)
    return int(digits[0]) if digits else 0, key


def _minutes(reading: ModuleReading, front: FrontMatter, minutes: int, lessons: Sequence[Lesson]) -> None:
    total = sum(lesson.minutes for lesson in lessons)
    if total != minutes:
        reading.say(front.line("minutes"), f"The lessons add up to {total} minutes, the module says {minutes}.")


def _twice(reading: ModuleReading, lessons: Sequence[Lesson]) -> None:
    """Note lessons and checks that share a name."""
    slugs: dict[str, str] = {}
    checks: dict[str, str] = {}
    for lesson in lessons:
        if (other := slugs.setdefault(lesson.slug, lesson.path)) != lesson.path:
            text = f"The lesson “{lesson.slug}” has the same name as {other}. Choose another."
            reading.messages.append(Message(lesson.path, 2, text))
        for check in lesson.checks:
            here = f"{lesson.path}:{check.line}"
            if (other := checks.setdefault(check.slug, here)) != here:
                text = f"The check “{check.slug}” has the same name as the one at {other}. Choose another."
                reading.messages.append(Message(lesson.path, check.line, text))


def _strays(reading: ModuleReading, shown: Sequence[str]) -> None:
    """Note files that no page would ever show."""
    for name in reading.names:
        path = f"{reading.folder}/{name}"
        if name.endswith(".svg"):
            if path not in shown:
                reading.messages.append(Message(path, 1, "No lesson shows this figure. Use it, or remove the file."))
        elif name not in ("module.md", "bank.md") and not LESSON_FILE.match(name):
            text = "This file has no place here. A lesson is called 01-short-name.md, a figure short-name.svg."
            reading.messages.append(Message(path, 1, text))
