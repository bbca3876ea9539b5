"""The texts of a release that a reviewer signs, each under the hash that a signature binds to."""

import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from trainer.authoring.frontmatter import plain_newlines
from trainer.authoring.release import Files, Release
from trainer.curriculum.values import Module, Readiness
from trainer.curriculum.words import ReviewKind
from trainer.quizzes.bank import path_of
from trainer.quizzes.values import Bank
from trainer.requirements.catalogue import catalogue_of
from trainer.written.task import WrittenTask

_FIGURE = re.compile(r"^ {0,3}:{3,} *figure +(\S+)", re.MULTILINE)
_WORDS = re.compile(r">([^<>]+)<")

_CALLED = {
    ReviewKind.ITEM: "Question",
    ReviewKind.CASE: "Case",
    ReviewKind.LESSON: "Lesson",
    ReviewKind.WRITTEN: "Written task",
}

TextName = tuple[ReviewKind, str]
"""What sort of text, and its id: `ethics/why` for a lesson, `ethics/oregon-window` for an item, `keys` for a case,
`ethics/taken-back` for a written task."""


@dataclass(frozen=True, kw_only=True)
class SignableText:
    """One text as it stands in a release.

    Attributes:
        place: the module it belongs to, or what the case is about.
        hash: 64 hex digits, to which a signature binds.
        waits: whether its author says that it is pending review; it counts only once it is signed.
        path: its file; `text`: what stands there about it, as the author wrote it.
        figures: files of the figures it shows, by their names.
    """

    kind: ReviewKind
    id: str
    title: str
    place: str
    hash: str
    waits: bool
    path: str
    text: str
    figures: Mapping[str, str]

    @property
    def name(self) -> TextName:
        """Return what stays the same in every release."""
        return self.kind, self.id

    @property
    def what(self) -> str:
        """Return what readers call it."""
        return _CALLED[self.kind]


@lru_cache(maxsize=4)
def signable_texts(release: Release) -> Mapping[TextName, SignableText]:
    """Return every text of a release by its name: module by module its lessons, items and written tasks,
    then the cases."""
    catalogue = catalogue_of(release)
    found: dict[TextName, SignableText] = {}
    for module in catalogue.course.modules:
        bank = catalogue.banks.get(module.slug)
        asked = _items(release.files, module, bank) if bank else ()
        written = [task for task in catalogue.written.values() if task.module == module.slug]
        for text in (*_lessons(release.files, module), *asked, *_tasks(release.files, module, written)):
            found[text.name] = text
    for text in _cases(release):
        found[text.name] = text
    return found


def _lessons(files: Files, module: Module) -> Iterator[SignableText]:
    for lesson in module.lessons:
        text = _read(files, lesson.path)
        folder = posixpath.dirname(lesson.path)
        names = dict.fromkeys(_FIGURE.findall(text))
        yield SignableText(
            kind=ReviewKind.LESSON,
            id=f"{module.slug}/{lesson.slug}",
            title=lesson.title,
            place=module.title,
            hash=lesson.hash,
            waits=lesson.readiness is Readiness.PENDING,
            path=lesson.path,
            text=text,
            figures={name: _shown(name, _read(files, f"{folder}/{name}")) for name in names},
        )


def _items(files: Files, module: Module, bank: Bank) -> Iterator[SignableText]:
    path = path_of(files, bank.slug)
    rows = _read(files, path).split("\n")
    ends = [item.line for item in bank.items[1:]] + [len(rows) + 1]
    for item, end in zip(bank.items, ends, strict=True):
        yield SignableText(
            kind=ReviewKind.ITEM,
            id=f"{module.slug}/{item.id}",
            title=item.title,
            place=module.title,
            hash=item.hash,
            waits=item.readiness is Readiness.PENDING,
            path=path,
            text="\n".join(rows[item.line - 1 : end - 1]).strip("\n"),
            figures={},
        )


def _tasks(files: Files, module: Module, tasks: Sequence[WrittenTask]) -> Iterator[SignableText]:
    rows = _read(files, tasks[0].path).split("\n") if tasks else []
    for task, end in zip(tasks, [*(task.line for task in tasks), len(rows) + 1][1:], strict=True):
        yield SignableText(
            kind=ReviewKind.WRITTEN,
            id=f"{module.slug}/{task.id}",
            title=task.title,
            place=module.title,
            hash=task.hash,
            waits=task.readiness is Readiness.PENDING,
            path=task.path,
            text="\n".join(rows[task.line - 1 : end - 1]).strip("\n"),
            figures={},
        )


def _cases(release: Release) -> Iterator[SignableText]:
    for slug, case in catalogue_of(release).cases.items():
        yield SignableText(
            kind=ReviewKind.CASE,
            id=slug,
            title=case.title,
            place=case.head.subtitle or "Cases",
            hash=case.hash,
            waits=True,
            path=case.path,
            text=_read(release.files, case.path),
            figures={},
        )


def _shown(name: str, text: str) -> str:
    """Return what a reader sees of a figure in words; of a drawing also a mark of how it is drawn."""
    if not name.endswith(".svg"):
        return text
    words = [found.strip() for found in _WORDS.findall(text) if found.strip()]
    return "\n".join([*words, f"(drawing {hashlib.sha256(text.encode()).hexdigest()[:8]})"])


def _read(files: Files, path: str) -> str:
    return plain_newlines(files.get(path, b"").decode(errors="replace"))
