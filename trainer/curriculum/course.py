"""The whole course: from a release's files to plain values, with every mistake by file and line."""

import posixpath
from collections.abc import Mapping
from functools import lru_cache

from trainer.authoring.frontmatter import plain_newlines
from trainer.authoring.messages import Message
from trainer.authoring.release import Files, Release
from trainer.authoring.wording import NOT_TEXT
from trainer.curriculum.language.lesson_draft import Material
from trainer.curriculum.language.readability import HARDEST, lesson_prose, reading_grade
from trainer.curriculum.parts.glossary import read_glossary
from trainer.curriculum.parts.lists import COMPETENCIES, read_attestation, read_competencies, read_crosswalk
from trainer.curriculum.parts.modules import EXERCISE, LESSON_FILE, MODULE_FOLDER, SUMMARY, ModuleDraft, read_module
from trainer.curriculum.values import (
    Attestation,
    Competency,
    Course,
    Crosswalk,
    Heading,
    Lesson,
    Module,
    Readiness,
    RegulatorTopic,
    Term,
)
from trainer.law.reading import LAW, read_law
from trainer.law.values import NO_LAW, Law
from trainer.references.reading import REFERENCES, read_references
from trainer.references.reference import HEARSAY, Reference

GLOSSARY = "glossary.md"
PACE = 150
"""Words a minute, by which the minutes of lessons are declared. Our convention for careful reading, not a finding."""
LEEWAY = 20
"""By how many hundredths declared minutes may differ from that; rounding to whole minutes is always near enough."""


def parse(files: Files) -> tuple[Course, tuple[Message, ...]]:
    """Read a course; never raises.

    Args:
        files: the release's files. Item banks, cases and programmes are left to their own rooms.

    Returns:
        What could be read, and every mistake, sorted by file and line. Nothing with a mistake may
        be published.
    """
    found: list[Message] = []
    texts = _texts(files, found)
    references = read_references(REFERENCES, texts.get(REFERENCES, "{}"), found)
    glossary, wrong = read_glossary(GLOSSARY, texts.get(GLOSSARY, ""), references)
    found += wrong
    competencies = read_competencies(COMPETENCIES, texts.get(COMPETENCIES, "{}"), found)
    law, wrong = _law(texts, references)
    found += wrong
    crosswalks = [read_crosswalk(path, texts[path], law, found) for path in _in(texts, "crosswalks", ".yaml")]
    attestations = [read_attestation(path, texts[path], found) for path in _in(texts, "attestations", ".md")]
    known = {walk.slug: walk for walk in crosswalks if walk}
    topics = {topic.id: topic for walk in known.values() for topic in walk.topics.values()}
    material = Material(texts, references, glossary, _pages(files), topics, law)
    course = Course(
        modules=_modules(files, material, competencies, found),
        references=references,
        glossary=glossary,
        competencies=competencies,
        crosswalks=known,
        attestations={text.slug: text for text in attestations if text},
        law=law,
    )
    return course, tuple(sorted(set(found)))


def check_course(files: Files) -> tuple[Message, ...]:
    """Return every mistake in the files, sorted by file and line."""
    return parse(files)[1]


def check_minutes(files: Files, course: Course) -> tuple[Message, ...]:
    """Return the lessons whose minutes are not those of their words; what is published already keeps its own."""
    return tuple(
        Message(
            lesson.path,
            _line_of_minutes(files[lesson.path]),
            f"{lesson.words} words take {reading_minutes(lesson.words)} minutes at {PACE} a minute, the lesson says "
            f"{lesson.minutes}. Declare what lies within {LEEWAY} % of it.",
        )
        for module in course.modules
        for lesson in module.lessons
        if not in_keeping(lesson.minutes, lesson.words)
    )


def reading_minutes(words: int) -> int:
    """Return the minutes of so many words at our pace, at least 1."""
    return max(1, (words + PACE // 2) // PACE)


def in_keeping(minutes: int, words: int) -> bool:
    """Say whether declared minutes are those of the words, by a fifth or by rounding to whole minutes."""
    apart = abs(minutes * PACE - words)
    return apart * 100 <= LEEWAY * words or minutes == reading_minutes(words)


def _line_of_minutes(content: bytes) -> int:
    rows = content.decode().splitlines()
    return next((n for n, row in enumerate(rows, start=1) if row.startswith("minutes:")), 1)


def hints(files: Files, course: Course) -> tuple[Message, ...]:
    """Return what could be better without being wrong: objectives never taught, long sentences, what is not there."""
    found: list[Message] = []
    for module in course.modules:
        for name, there in ((EXERCISE, module.exercise), (SUMMARY, module.summary)):
            if there is None:
                found.append(Message(module.path, 1, f"This module has no {name} yet."))
        for lesson in module.lessons:
            grade = reading_grade(lesson_prose(lesson.path, files[lesson.path].decode()))
            if grade > HARDEST:
                text = f"This lesson reads like grade {grade} (Flesch–Kincaid), above {HARDEST}. Shorten its sentences."
                found.append(Message(lesson.path, 1, text))
        taught = {name for lesson in module.lessons for name in lesson.objectives}
        for name in module.objectives:
            if name not in taught:
                found.append(Message(module.path, 1, f"No lesson names the objective “{name}”."))
    return tuple(sorted(found))


@lru_cache(maxsize=8)
def read_course(release: Release) -> tuple[Course, tuple[Message, ...]]:
    """Read the course of a release, as `parse` does; reading the same one again costs nothing."""
    return parse(release.files)


def course_of(release: Release) -> Course:
    """Return the course of a release. Whether it may be served is settled when it is published."""
    return read_course(release)[0]


def _texts(files: Files, found: list[Message]) -> dict[str, str]:
    """Decode whatever is text; note what is not UTF-8."""
    texts: dict[str, str] = {}
    for path in sorted(files):
        if not path.endswith((".md", ".yaml", ".svg")):
            continue
        try:
            texts[path] = plain_newlines(files[path].decode("utf-8"))
        except UnicodeDecodeError as error:
            line = files[path].count(b"\n", 0, error.start) + 1
            found.append(Message(path, line, NOT_TEXT))
    return texts


def _law(texts: Mapping[str, str], references: Mapping[str, Reference]) -> tuple[Law, tuple[Message, ...]]:
    """Read the file of the law, which a course need not have."""
    if (text := texts.get(LAW)) is None:
        return NO_LAW, ()
    return read_law(text, {key: source.kind for key, source in references.items()}, HEARSAY)


def _in(texts: Mapping[str, str], folder: str, end: str) -> list[str]:
    return [path for path in texts if posixpath.dirname(path) == folder and path.endswith(end)]


def _folders(files: Files) -> dict[str, list[str]]:
    """Return the names of the files in each module's folder."""
    folders: dict[str, list[str]] = {}
    for path in sorted(files):
        parts = path.split("/")
        if parts[0] == "modules" and len(parts) > 2:
            folders.setdefault("/".join(parts[:2]), []).append("/".join(parts[2:]))
    return folders


def _pages(files: Files) -> dict[str, str]:
    """Return the address of each page of the course, as seen from a lesson."""
    pages: dict[str, str] = {}
    for folder, names in _folders(files).items():
        found = MODULE_FOLDER.match(posixpath.basename(folder))
        if found is None:
            continue
        for name in names:
            if name == "module.md":
                pages[f"{folder}/{name}"] = f"../{found[2]}/"
            elif name in (EXERCISE, SUMMARY):
                pages[f"{folder}/{name}"] = f"../{found[2]}/{name.removesuffix('.md')}"
            elif LESSON_FILE.match(name):
                pages[f"{folder}/{name}"] = f"../{found[2]}/{name[3:].removesuffix('.md')}"
    return pages


def _modules(
    files: Files,
    material: Material,
    competencies: Mapping[str, Competency],
    found: list[Message],
) -> tuple[Module, ...]:
    modules: dict[str, Module] = {}
    for folder, names in _folders(files).items():
        draft = ModuleDraft(folder, names, material, competencies)
        module = read_module(draft)
        found += draft.messages
        if module is None:
            continue
        if module.slug in modules:
            other = modules[module.slug].path
            found.append(Message(module.path, 2, f"This module has the same name as {other}. Choose another."))
            continue
        modules[module.slug] = module
    return tuple(sorted(modules.values(), key=lambda module: (module.number, module.slug)))


__all__ = [
    "Attestation",
    "Competency",
    "Course",
    "Crosswalk",
    "Heading",
    "Lesson",
    "Module",
    "Readiness",
    "RegulatorTopic",
    "Term",
    "check_course",
    "course_of",
    "hints",
    "parse",
]
