"""What hours of learning consist of: reading, from its words at a stated pace, and what a programme declares beside it.

The pace is our convention (`trainer.curriculum.course.PACE`), not a finding. Quizzes, cases, written tasks and
examinations count once each, with the minutes that the programme declares for them, however often somebody tried.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from re import fullmatch

from trainer.authoring.release import Files
from trainer.curriculum.course import PACE, reading_minutes
from trainer.curriculum.values import Course
from trainer.examinations.blueprint import Blueprint
from trainer.quizzes.values import Bank
from trainer.requirements.rules import RequirementKind, RequirementLeaf
from trainer.written.task import WrittenTask

READING = f"Reading at {PACE} words a minute"
WORK: Mapping[RequirementKind, str] = {
    RequirementKind.QUIZ: "Quizzes",
    RequirementKind.CASE: "Cases",
    RequirementKind.WRITTEN: "Written tasks",
    RequirementKind.EXAM: "Examination",
}
"""What is counted beside reading, in the order in which it is written."""
WRITING = 10
"""Words a minute at which an answer of one's own is put together: our convention as the pace of reading is, and one
that bounds what a programme declares; no finding."""


@dataclass(frozen=True, kw_only=True)
class Learning:
    """Hours of learning, taken apart.

    Attributes:
        modules: title and minutes of each module.
        work: what was done beside reading, with its declared minutes; empty where a programme declares none.
    """

    modules: Sequence[tuple[str, int]]
    work: Sequence[tuple[str, int]]

    @property
    def topics(self) -> Sequence[tuple[str, int]]:
        """Return everything that counts, with its minutes."""
        return (*self.modules, *self.work)

    @property
    def made_of(self) -> Sequence[tuple[str, int]]:
        """Return kinds of work with their minutes; nothing for releases of a time that did not take hours apart."""
        reading = sum(minutes for _, minutes in self.modules)
        return ((READING, reading), *self.work) if self.work else ()


def learning(
    course: Course, asked: Iterable[RequirementLeaf], done: Collection[tuple[RequirementKind, str]]
) -> Learning:
    """Return what somebody has learned who has done these of the things that the programme asks for."""
    counted = [leaf for leaf in asked if (leaf.kind, leaf.slug) in done]
    read = {leaf.slug for leaf in counted if leaf.kind is RequirementKind.MODULE}
    work = [(words, sum(leaf.minutes for leaf in counted if leaf.kind is kind)) for kind, words in WORK.items()]
    return Learning(
        modules=tuple((module.title, module.minutes) for module in course.modules if module.slug in read),
        work=tuple((words, minutes) for words, minutes in work if minutes),
    )


def longest(
    files: Files, banks: Mapping[str, Bank], exams: Mapping[str, Blueprint], written: Mapping[str, WrittenTask]
) -> Mapping[tuple[RequirementKind, str], int]:
    """Return the minutes that reading all of a form, of a case, or of as many cases as a sitting has, would take.

    Of a written task they are those for reading what it asks and writing the longest answer it takes.
    """
    stories = {path.split("/")[1]: _words(files[path]) for path in files if fullmatch(r"cases/[^/]+/en\.md", path)}
    banked: Counter[str] = Counter()
    for path in files:
        if found := fullmatch(r"modules/\d+-([^/]+)/bank\.md|exams/([^/]+)/\d\d-[^/]+\.md", path):
            banked[found[1] or found[2]] += _words(files[path])
    mean = sum(stories.values()) // max(1, len(stories))
    return {
        **{(RequirementKind.CASE, slug): reading_minutes(words) for slug, words in stories.items()},
        **{
            (RequirementKind(bank.required_as), slug): reading_minutes(
                banked[slug] * bank.serve // max(1, len(bank.items))
            )
            for slug, bank in banks.items()
            if slug in banked
        },
        **{
            (RequirementKind.EXAM, slug): reading_minutes(mean * (exam.cases + exam.warm_up))
            for slug, exam in exams.items()
        },
        **{
            (RequirementKind.WRITTEN, slug): reading_minutes(len(task.task_html.striptags().split()))
            + ceil(task.most / WRITING)
            for slug, task in written.items()
        },
    }


def _words(content: bytes) -> int:
    return len(content.split())
