"""How far somebody has read: derived from what they said they have read, never stored."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.curriculum.values import Course, Lesson, Module


@dataclass(frozen=True)
class ReadMark:
    """One statement “I have read this”: of which version, how many declared minutes, and when."""

    lesson_hash: str
    minutes: int
    read_at: datetime


@dataclass(frozen=True)
class ReadSoFar:
    """Which lessons of one module somebody has read, by slug, and when the last of them."""

    lessons: frozenset[str]
    last_at: datetime


ReadMarks = Mapping[tuple[str, str], ReadMark]
"""The latest mark of each lesson, by module and lesson."""


@dataclass(frozen=True)
class ReadingPosition:
    """How far somebody had read in a lesson; `anchor` is the id of a heading, or empty for the top."""

    module: str
    lesson: str
    anchor: str


@dataclass(frozen=True)
class LessonProgress:
    """One lesson and its mark, if there is one."""

    lesson: Lesson
    mark: ReadMark | None

    @property
    def read(self) -> bool:
        """Say whether it has been read, in this version or an earlier one."""
        return self.mark is not None

    @property
    def changed(self) -> bool:
        """Say whether it has changed since it was read. It still counts: nobody loses work to an edit."""
        return self.mark is not None and self.mark.lesson_hash != self.lesson.hash


@dataclass(frozen=True)
class ModuleProgress:
    """One module and how far it has been read."""

    module: Module
    lessons: tuple[LessonProgress, ...]

    @property
    def done(self) -> int:
        """Count the lessons that have been read."""
        return sum(lesson.read for lesson in self.lessons)

    @property
    def whole(self) -> int:
        """Count the lessons."""
        return len(self.lessons)

    @property
    def finished(self) -> bool:
        """Say whether every lesson has been read."""
        return self.done == self.whole > 0

    @property
    def minutes(self) -> int:
        """Return the contact time earned: the minutes that the lessons declared when they were read."""
        return sum(lesson.mark.minutes for lesson in self.lessons if lesson.mark)

    @property
    def finished_at(self) -> datetime | None:
        """Return when the last lesson was read, once all have been."""
        return max(lesson.mark.read_at for lesson in self.lessons if lesson.mark) if self.finished else None

    @property
    def next(self) -> Lesson | None:
        """Return the first lesson that has not been read."""
        return next((progress.lesson for progress in self.lessons if not progress.read), None)


def unread(module: Module, reading: ReadSoFar | None) -> Sequence[Lesson]:
    """Return the lessons of a module that have not been read, in order."""
    read = reading.lessons if reading else ()
    return [lesson for lesson in module.lessons if lesson.slug not in read]


def module_progress(module: Module, marks: ReadMarks) -> ModuleProgress:
    """Say how far one module has been read."""
    lessons = tuple(LessonProgress(lesson, marks.get((module.slug, lesson.slug))) for lesson in module.lessons)
    return ModuleProgress(module, lessons)


def course_progress(course: Course, marks: ReadMarks) -> tuple[ModuleProgress, ...]:
    """Say how far each module has been read."""
    return tuple(module_progress(module, marks) for module in course.modules)


def where_to_go_on(course: Course, marks: ReadMarks, places: Sequence[ReadingPosition]) -> tuple[Lesson, str] | None:
    """Return the lesson to go on with, and the anchor within it: in the first unread module, as on My path."""
    found = (where_in(module.lessons, marks, places) for module in course.modules)
    return next(filter(None, found), None)


def where_in(
    lessons: Sequence[Lesson], read: Container[tuple[str, str]], places: Sequence[ReadingPosition]
) -> tuple[Lesson, str] | None:
    """Return which lesson of a module to go on with, and the anchor within it; None when all are read.

    The lesson in which somebody was last comes first; where it is read, the next one after it that is not; and then
    the first one of all. Whichever it is, it goes on where somebody had come to in it.

    Args:
        read: the module and the slug of each lesson that was read.
        places: how far somebody had read in each lesson, the latest first.
    """
    unread = [lesson for lesson in lessons if _key(lesson) not in read]
    if not unread:
        return None
    anchors = {(place.module, place.lesson): place.anchor for place in places}
    order = [_key(lesson) for lesson in lessons]
    last = next((order.index(key) for key in anchors if key in order), 0)
    onward = next((lesson for lesson in lessons[last:] if lesson in unread), unread[0])
    return onward, anchors.get(_key(onward), "")


def _key(lesson: Lesson) -> tuple[str, str]:
    return lesson.module, lesson.slug
