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
    """Where somebody was reading; `anchor` is the id of a heading, or empty for the top."""

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


def where_to_go_on(course: Course, marks: ReadMarks, place: ReadingPosition | None) -> tuple[Lesson, str] | None:
    """Return the lesson to go on with, and the anchor within it; nothing when all is read.

    A lesson begun and not finished comes first; then the next one after it that is unread, and
    then the first one of all.
    """
    return where_in([lesson for module in course.modules for lesson in module.lessons], marks, place)


def where_in(
    lessons: Sequence[Lesson], read: Container[tuple[str, str]], place: ReadingPosition | None
) -> tuple[Lesson, str] | None:
    """Return which of these lessons to go on with, as `where_to_go_on` does for all of them.

    Args:
        read: the module and the slug of each lesson that was read.
    """
    unread = [lesson for lesson in lessons if (lesson.module, lesson.slug) not in read]
    if not unread:
        return None
    here = next((n for n, lesson in enumerate(lessons) if place and _is(lesson, place)), None)
    if here is None or place is None:
        return unread[0], ""
    if lessons[here] in unread:
        return lessons[here], place.anchor
    after = [lesson for lesson in lessons[here:] if lesson in unread]
    return (after or unread)[0], ""


def _is(lesson: Lesson, place: ReadingPosition) -> bool:
    return (lesson.module, lesson.slug) == (place.module, place.lesson)
