"""The written tasks of a release: one Markdown file beside the lessons of a module, with every mistake by line.

The format is described in CONTRIBUTING.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from trainer.authoring.fitting import FitResult, fit
from trainer.authoring.frontmatter import plain_newlines
from trainer.authoring.markdown import block
from trainer.authoring.messages import Message
from trainer.authoring.release import Files, Release
from trainer.authoring.shapes import SLUG
from trainer.authoring.wording import NOT_TEXT, did_you_mean
from trainer.curriculum.course import course_of
from trainer.curriculum.values import Course, Module
from trainer.items.values import item_hash
from trainer.written.drafts import LOOKED_FOR, CriterionDraft, TaskCutter, TaskDraft
from trainer.written.task import ALL_STEPS, Criterion, WrittenTask
from trainer.written.task_keys import TaskKeys

FEWEST, MOST = 2, 6
"""Criteria of a rubric."""
_PLACE = re.compile(r"^modules/\d+-([a-z0-9-]+)/written\.md$")
_HERE = "task"


def check_tasks(files: Files, course: Course) -> tuple[Message, ...]:
    """Return every mistake in every file of tasks."""
    return tuple(sorted(set(_read(files, course).messages)))


@lru_cache(maxsize=8)
def tasks_of(release: Release) -> Mapping[str, WrittenTask]:
    """Return the tasks of a release that can be understood, by their id, read once per process.

    What was published is read and not judged, however strict the rules have become since.
    """
    return _read(release.files, course_of(release)).tasks


@dataclass
class _Tasks:
    """The tasks of some files, by their id, and what is wrong with them."""

    tasks: dict[str, WrittenTask] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)


def _read(files: Files, course: Course) -> _Tasks:
    found = _Tasks()
    for path in sorted(files):
        if not (place := _PLACE.match(path)):
            continue
        try:
            text = plain_newlines(files[path].decode())
        except UnicodeDecodeError:
            found.messages.append(Message(path, 1, NOT_TEXT))
            continue
        reader = _Reader(TaskCutter(path, found.messages), place[1], course)
        for draft in reader.cutter.drafts(text):
            task = reader.task(draft)
            if task is None:
                continue
            if (other := found.tasks.get(task.id)) is not None:
                text_of_mistake = f"The id “{task.id}” is used at {other.path}:{other.line} already; choose another."
                found.messages.append(Message(path, task.line, text_of_mistake))
            found.tasks.setdefault(task.id, task)
    return found


@dataclass(frozen=True)
class _Reader:
    """Reads the tasks of one file."""

    cutter: TaskCutter
    slug: str
    course: Course

    @property
    def module(self) -> Module | None:
        """Return the module beside whose lessons the file stands; None where it cannot be read."""
        return self.course.module(self.slug)

    def task(self, draft: TaskDraft) -> WrittenTask | None:
        """Read one task; None where there is no id to keep its answers by, or nothing to rate them by."""
        say = self.cutter.say
        if not re.match(SLUG, draft.id):
            say(draft.line, "This task needs an id at the end of its heading, such as {#two-words}.")
        if not draft.title:
            say(draft.line, "Give this task a title before its id.")
        if not "".join(draft.task).strip():
            say(draft.line, f"This task asks for nothing. Say between its keys and “{LOOKED_FOR}” what to write.")
        lines = {_HERE: draft.line} | {f"{_HERE}.{key}": line for key, line in draft.lines.items()}
        fitted = fit(TaskKeys, draft.keys, path=self.cutter.path, lines=lines, under=(_HERE,))
        self.cutter.messages += fitted.messages
        keys = fitted.head or TaskKeys()
        self._look_up(keys, fitted)
        rubric = self._rubric(draft)
        if not draft.id or not rubric:
            return None
        least, most = keys.words
        return WrittenTask(
            id=draft.id,
            module=self.slug,
            title=draft.title,
            objective=keys.objective,
            competency=keys.competency,
            level=keys.level,
            sources=keys.sources,
            readiness=keys.readiness,
            least=least,
            most=most,
            pass_share=Fraction(keys.share, 100),
            task_html=block("\n".join(draft.task).strip()),
            rubric=rubric,
            path=self.cutter.path,
            line=draft.line,
            hash=item_hash(draft.written),
        )

    def _look_up(self, keys: TaskKeys, fitted: FitResult[TaskKeys]) -> None:
        """Look up the names that the keys hold."""
        known = {
            "objective": ([keys.objective], self.module.objectives if self.module else {keys.objective: ""}),
            "competency": ([keys.competency], self.course.competencies),
            "source": (keys.sources, self.course.references),
        }
        for key, (names, there) in known.items():
            for name in names:
                if name and name not in there:
                    line = fitted.line(_HERE, key)
                    self.cutter.say(line, f"There is no {key} “{name}”.{did_you_mean(name, there)}")

    def _rubric(self, draft: TaskDraft) -> tuple[Criterion, ...]:
        say, count = self.cutter.say, len(draft.rubric)
        if not draft.looked_for:
            say(draft.line, f"This task has no rubric. Add “{LOOKED_FOR}” below it, with {FEWEST} to {MOST} criteria.")
        elif not FEWEST <= count <= MOST:
            say(draft.looked_for, f"A rubric has {FEWEST} to {MOST} criteria; this one has {count}.")
        seen: dict[str, int] = {}
        for criterion in draft.rubric:
            first = seen.setdefault(criterion.name.casefold(), criterion.line)
            if first != criterion.line:
                say(criterion.line, f"“{criterion.name}” stands on line {first} already. Keep one, or rename one.")
            self._check(criterion)
        return tuple(
            Criterion(
                name=criterion.name,
                meaning=criterion.meaning,
                anchors=tuple(criterion.anchors.get(step, "") for step in ALL_STEPS),
                critical=criterion.critical,
                line=criterion.line,
            )
            for criterion in draft.rubric
        )

    def _check(self, criterion: CriterionDraft) -> None:
        say = self.cutter.say
        if not criterion.name or not criterion.meaning:
            say(criterion.line, "Write each criterion as “- name: what it means”.")
        missing = [str(step) for step in ALL_STEPS if step not in criterion.anchors]
        if len(missing) == len(ALL_STEPS):
            say(
                criterion.line, f"“{criterion.name}” has no anchors. Say below it, indented, what 0, 1 and 2 look like."
            )
        elif missing:
            say(
                criterion.line,
                f"“{criterion.name}” has no anchor for {' and '.join(missing)}. Add a line “  {missing[0]} …”.",
            )
