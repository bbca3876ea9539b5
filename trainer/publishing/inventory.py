"""What a folder of content holds, counted module by module and held against the plan."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trainer.authoring.frontmatter import plain_newlines, split_head
from trainer.authoring.release import Files, Release, release_of
from trainer.curriculum.language.readability import lesson_prose, reading_grade
from trainer.curriculum.values import Course, Module, Readiness
from trainer.items.values import Item
from trainer.publishing.plan import PLANNED_MODULES, PLANNED_RANGES
from trainer.quizzes.values import Bank
from trainer.requirements.catalogue import catalogue_of

_BOX = re.compile(r"^ {0,3}(:{3,}) *(.*?) *$")
_FIGURE = re.compile(r"^ {0,3}:{3,} *figure +\S", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class ModuleInventory:
    """What one module holds.

    Attributes:
        words: running words of its introduction and lessons.
        minutes: contact time that its lessons declare.
        grade: years of school that its lessons ask for, by the Flesch–Kincaid formula, all of them together.
        hardest: the highest grade of one of its lessons.
        figures: figures shown in it.
        sources: numbers of the sources it cites by their kind; `retracted` counts those among them that were.
        pending: the share of its words that waits for a reviewer, from 0 to 1.
        checks: knowledge checks inside its lessons.
        items: questions of its bank; `by_level`, `by_kind` and `by_readiness` tell them apart.
        critical: questions of which a wrong answer fails the attempt.
        written: tasks that are answered in one's own words and rated by people.
    """

    number: int
    slug: str
    title: str
    lessons: int
    words: int
    minutes: int
    grade: float
    hardest: float
    figures: int
    objectives: int
    sources: Mapping[str, int]
    pending: float
    checks: int
    exercises: int
    summaries: int
    items: int
    by_level: Mapping[str, int]
    by_kind: Mapping[str, int]
    by_readiness: Mapping[str, int]
    critical: int
    written: int

    @property
    def off_plan(self) -> Mapping[str, str]:
        """Return what lies outside its planned range, with that range in words."""
        return {name: str(wish) for name, wish in PLANNED_RANGES.items() if not wish.holds(getattr(self, name))}


@dataclass(frozen=True, kw_only=True)
class ContentInventory:
    """What a folder of content holds.

    Attributes:
        missing: planned modules that are not there yet, titles by number.
        references, terms, cases: how many there are.
        cited: how many sources the modules cite by their kind, each counted once.
    """

    modules: Sequence[ModuleInventory]
    missing: Mapping[int, str]
    references: int
    cited: Mapping[str, int]
    terms: int
    cases: int

    def total(self, name: str) -> int:
        """Return the sum of a count over all modules."""
        return sum(int(getattr(module, name)) for module in self.modules)


def inventory(files: Files) -> ContentInventory:
    """Count what is in a folder of content, as far as it can be read."""
    release = release_of(files)
    catalogue = catalogue_of(release)
    course = catalogue.course
    written = Counter(task.module for task in catalogue.written.values())
    modules = [
        _module(release, course, module, catalogue.banks.get(module.slug), written[module.slug])
        for module in course.modules
    ]
    there = {module.number for module in modules}
    cited = {key for module in course.modules for key in module.sources}
    return ContentInventory(
        modules=modules,
        missing={number: title for number, title in PLANNED_MODULES.items() if number not in there},
        references=len(course.references),
        cited=_kinds(course, cited),
        terms=len(course.glossary),
        cases=len(catalogue.cases),
    )


def _module(release: Release, course: Course, module: Module, bank: Bank | None, written: int) -> ModuleInventory:
    texts = {path: plain_newlines(release.files[path].decode(errors="replace")) for path in _paths(module)}
    lessons = {lesson.path: lesson_prose(lesson.path, texts[lesson.path]) for lesson in module.lessons}
    words = {path: list(_words(path, text)) for path, text in texts.items()}
    items = bank.items if bank else ()
    return ModuleInventory(
        number=module.number,
        slug=module.slug,
        title=module.title,
        lessons=len(module.lessons),
        words=sum(lesson.words for lesson in module.lessons) + len(module.intro_html.striptags().split()),
        minutes=module.minutes,
        grade=reading_grade("\n".join(lessons.values())),
        hardest=max((reading_grade(prose) for prose in lessons.values()), default=0.0),
        figures=sum(len(_FIGURE.findall(text)) for text in texts.values()),
        objectives=len(module.objectives),
        sources=_kinds(course, set(module.sources)),
        pending=_share([waits for told in words.values() for waits in told]),
        checks=sum(len(lesson.checks) for lesson in module.lessons),
        exercises=int(module.exercise is not None),
        summaries=int(module.summary is not None),
        items=len(items),
        by_level=dict(Counter(item.level.value for item in items)),
        by_kind=dict(Counter(item.kind.value for item in items)),
        by_readiness=dict(Counter(_readiness(item) for item in items)),
        critical=sum(item.critical for item in items),
        written=written,
    )


def _paths(module: Module) -> list[str]:
    return [module.path, *(lesson.path for lesson in module.lessons)]


def _words(path: str, text: str) -> Iterator[bool]:
    """Yield for each word of a text whether it waits for a reviewer."""
    front = split_head(path, text)
    whole = front.fields.get("readiness") == Readiness.PENDING
    boxes: list[str] = []
    for row in front.body.split("\n"):
        if box := _BOX.match(row):
            if box[2]:
                boxes.append(box[2].split()[0])
            elif boxes:
                boxes.pop()
            continue
        yield from [whole or "pending" in boxes] * len(row.split())


def _share(waiting: Sequence[bool]) -> float:
    return round(sum(waiting) / len(waiting), 3) if waiting else 0.0


def _kinds(course: Course, keys: set[str]) -> Mapping[str, int]:
    known = [course.references[key] for key in sorted(keys) if key in course.references]
    retracted = sum(reference.is_retracted for reference in known)
    return {**Counter(reference.kind for reference in known), **({"retracted": retracted} if retracted else {})}


def _readiness(item: Item) -> str:
    return "practice" if item.practice_only else item.readiness.value
