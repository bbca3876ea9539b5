"""Knowledge examinations: `exams/<slug>/exam.yaml`, the task analysis beside it, and a pool of items for each module.

An examination is a bank whose blueprint counts levels of topics. Its weights are those of the task analysis: how much a
topic is asked is what importance × frequency of its tasks come to.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from trainer.authoring.fitting import FitResult, fit_file
from trainer.authoring.frontmatter import plain_newlines
from trainer.authoring.messages import Message
from trainer.authoring.release import Files, Release
from trainer.authoring.wording import NOT_TEXT, did_you_mean, named_like
from trainer.curriculum.course import Course, course_of
from trainer.items.reader import ItemReader
from trainer.items.values import Item, Level
from trainer.quizzes.bank import banks_of
from trainer.quizzes.exam_file import KnowledgeExamFile, TasksFile
from trainer.quizzes.lint import undrawable
from trainer.quizzes.values import Bank

_HEAD = re.compile(r"exams/([a-z0-9-]+)/exam\.yaml")
KNOWLEDGE_EXAM_FILE = re.compile(
    r"exams/[a-z0-9-]+/(?:exam\.yaml|tasks\.yaml|\d\d-[a-z0-9-]+\.md|[a-z0-9-]+\.(?:svg|yaml))"
)
"""The files of a knowledge examination."""
_POOL = re.compile(r"exams/[a-z0-9-]+/\d\d-([a-z0-9-]+)\.md")
PENDING_SURVEY = "pending survey"
"""The source of a task that nobody has been asked about yet."""
OFF_BY = 1
"""So many questions a topic's number may differ from what the task analysis comes to."""


@dataclass
class _Reading:
    """One examination as it is read, and what is wrong with its files."""

    slug: str
    course: Course
    files: Files
    messages: list[Message] = field(default_factory=list)

    @property
    def folder(self) -> str:
        return f"exams/{self.slug}"

    def say(self, path: str, line: int, text: str) -> None:
        self.messages.append(Message(path, line, text))


@lru_cache(maxsize=8)
def knowledge_exams_of(release: Release) -> Mapping[str, Bank]:
    """Return the knowledge examinations of a release that can be understood, by their slug."""
    course = course_of(release)
    return {bank.slug: bank for bank, _ in _each(release.files, course) if bank}


def bank_in(release: Release, slug: str) -> Bank | None:
    """Return the bank of a module, or the knowledge examination, of that name; None where a release has neither."""
    return banks_of(release).get(slug) or knowledge_exams_of(release).get(slug)


def parse_knowledge_exams(files: Files, course: Course) -> tuple[Mapping[str, Bank], tuple[Message, ...]]:
    """Read every knowledge examination of an author; return the sound ones, and every mistake."""
    found: dict[str, Bank] = {}
    messages: list[Message] = []
    for bank, wrong in _each(files, course):
        messages += wrong
        if bank is not None and not wrong:
            found[bank.slug] = bank
            if blocked := undrawable(bank):
                item, words = blocked
                messages.append(Message(path_in_pool(files, bank, item), item.line, words))
    return found, tuple(messages)


def path_in_pool(files: Files, exam: Bank, item: Item) -> str:
    """Return the file in which an item of an examination stands."""
    return next(path for path in files if re.fullmatch(rf"exams/{exam.slug}/\d\d-{re.escape(item.topic)}\.md", path))


def _each(files: Files, course: Course) -> Iterator[tuple[Bank | None, Sequence[Message]]]:
    for path in sorted(files):
        if found := _HEAD.fullmatch(path):
            reading = _Reading(found[1], course, files)
            bank = _read(reading, path)
            yield bank, tuple(sorted(set(reading.messages)))


def _read(reading: _Reading, path: str) -> Bank | None:
    fitted, _ = fit_file(KnowledgeExamFile, reading.files[path], path)
    reading.messages += fitted.messages
    items = _pools(reading)
    if (head := fitted.head) is None:
        return None
    _compare(reading, path, fitted, head, items)
    levels: Counter[Level] = Counter()
    for counts in head.topics.values():
        levels.update(counts)
    return Bank(
        slug=reading.slug,
        title=head.title,
        summary=head.summary,
        serve=levels.total(),
        pass_share=Fraction(head.share, 100),
        attempts=head.attempts,
        wait=head.wait,
        minutes=head.minutes,
        blueprint=levels,
        critical=head.critical,
        items=items,
        topics=head.topics,
    )


def _pools(reading: _Reading) -> tuple[Item, ...]:
    """Read the pool of each module; an id stands in one of them only."""
    items: list[Item] = []
    where: dict[str, str] = {}
    for path in sorted(reading.files):
        found = _POOL.fullmatch(path)
        if not found or not path.startswith(f"{reading.folder}/"):
            continue
        try:
            text = plain_newlines(reading.files[path].decode())
        except UnicodeDecodeError:
            reading.say(path, 1, NOT_TEXT)
            continue
        reader = ItemReader(path, reading.course, reading.course.module(found[1]), reading.files)
        pool = [replace(item, topic=found[1]) for item in reader.items(text, 1)]
        reading.messages += reader.messages
        for item in pool:
            if item.practice_only:
                reading.say(path, item.line, "An examination has no practice. Take out “use: practice”, or the item.")
            if (other := where.setdefault(item.id, path)) != path:
                reading.say(path, item.line, f"The id “{item.id}” stands in {other} already; choose another.")
        items += pool
    return tuple(items)


def _compare(
    reading: _Reading,
    path: str,
    fitted: FitResult[KnowledgeExamFile],
    head: KnowledgeExamFile,
    items: Sequence[Item],
) -> None:
    """Compare the blueprint with the folder, the course, the pools and the task analysis."""
    if head.exam != reading.slug:
        reading.say(path, fitted.line("exam"), named_like("exam", reading.slug, what="folder"))
    modules = [module.slug for module in reading.course.modules]
    if reading.slug in modules:
        reading.say(path, fitted.line("exam"), f"A module is called “{reading.slug}” already; rename this folder.")
    there = Counter((item.topic, item.level) for item in items if not item.never_counts)
    for topic, counts in head.topics.items():
        line = fitted.line("topics", topic)
        if topic not in modules:
            reading.say(path, line, f"There is no module “{topic}”.{did_you_mean(topic, modules)}")
        for level, wanted in counts.items():
            if (pool := there[topic, level]) < wanted:
                words = f"“{topic}” asks for {wanted} items of level “{level.value}”, and its pool has {pool}."
                reading.say(path, line, words)
    critical = sum(item.critical and not item.never_counts for item in items)
    if critical < head.critical:
        words = f"A form asks for {head.critical} critical items, and the pools have {critical}."
        reading.say(path, fitted.line("critical"), words)
    _weigh(reading, path, fitted, head)


def _weigh(reading: _Reading, path: str, fitted: FitResult[KnowledgeExamFile], head: KnowledgeExamFile) -> None:
    """Say where a topic's number of questions is not what its tasks come to."""
    tasks_path = f"{reading.folder}/tasks.yaml"
    if tasks_path not in reading.files:
        reading.say(path, 1, "Add tasks.yaml beside this file: the task analysis that the weights come from.")
        return
    tasks, _ = fit_file(TasksFile, reading.files[tasks_path], tasks_path)
    reading.messages += tasks.messages
    if tasks.head is None:
        return
    for n, entry in enumerate(tasks.head.tasks):
        for key in () if entry.source == PENDING_SURVEY else re.split(r"\s*,\s*", entry.source):
            if key not in reading.course.references:
                line = tasks.line("tasks", str(n), "source")
                reading.say(tasks_path, line, f"The source “{key}” is not in references.yaml, nor “{PENDING_SURVEY}”.")
        if (whole := sum(entry.modules.values())) != 100:
            line = tasks.line("tasks", str(n), "modules")
            reading.say(tasks_path, line, f"The shares of this task add up to {whole} per cent and not to 100.")
    serve = sum(sum(counts.values()) for counts in head.topics.values())
    for topic, due in questions_due(tasks.head, serve).items():
        asked = sum(head.topics.get(topic, {}).values())
        if abs(due - asked) > OFF_BY:
            words = f"By the task analysis “{topic}” is due {float(due):.1f} of {serve} questions, and it has {asked}."
            reading.say(path, fitted.line("topics", topic), words)


def questions_due(tasks: TasksFile, serve: int) -> Mapping[str, Fraction]:
    """Return how many of so many questions each module is due: its part of importance × frequency of all tasks."""
    weights: Counter[str] = Counter()
    for entry in tasks.tasks:
        for module, share in entry.modules.items():
            weights[module] += entry.importance * entry.frequency * share
    whole = weights.total()
    return {module: Fraction(weight * serve, whole) for module, weight in weights.items()}
