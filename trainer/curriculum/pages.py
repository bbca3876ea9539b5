"""What the pages of the curriculum show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.curriculum.course import Course, Lesson, Module, Term
from trainer.curriculum.study.place import PlaceInLesson, place_in
from trainer.curriculum.study.prerequisites import BesideLessons, Outstanding
from trainer.curriculum.study.progress import LessonProgress, ModuleProgress
from trainer.curriculum.values import Exercise, ModuleSummary
from trainer.enrolment.models import Cohort, Enrolment
from trainer.references.reference import Reference
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class CoursePage(Page):
    """Every module, how far it has been read, and where to go on."""

    template: ClassVar[str] = "curriculum/course.html"
    enrolment: Enrolment
    cohort: Cohort
    modules: Sequence[ModuleProgress]
    next: Lesson | None
    anchor: str
    titles: Mapping[str, str]

    @property
    def place(self) -> PlaceInLesson | None:
        """Return the words of the heading at which I stopped, and how long the rest of the lesson takes."""
        return place_in(self.next, self.anchor) if self.next else None

    @property
    def minutes(self) -> int:
        """Return the contact time earned so far."""
        return sum(progress.minutes for progress in self.modules)

    @property
    def all_minutes(self) -> int:
        """Return the contact time of the whole course."""
        return sum(progress.module.minutes for progress in self.modules)


@dataclass(frozen=True, kw_only=True)
class ModulePage(Page):
    """What a module is for, and its lessons."""

    template: ClassVar[str] = "curriculum/module.html"
    enrolment: Enrolment
    course: Course
    progress: ModuleProgress
    onward: tuple[Lesson, str] | None  # the lesson to go on with, and where in it I stopped
    beside: BesideLessons  # what there is to do beside the lessons, and what comes after the last one

    @property
    def module(self) -> Module:
        """Return the module itself."""
        return self.progress.module

    @property
    def place(self) -> PlaceInLesson | None:
        """Return the words of the heading at which I stopped, and how long the rest of the lesson takes."""
        return place_in(*self.onward) if self.onward else None


@dataclass(frozen=True)
class Waypoint:
    """Where a module goes on after its lessons; `endpoint` is one of this room's, with enrolment and module."""

    endpoint: str
    title: str


def after_lessons(module: Module) -> Waypoint:
    """Return what follows the last lesson: the exercise, the summary, or the module's own page."""
    if module.exercise:
        return Waypoint(".exercise", f"Practice: {module.exercise.title}")
    return after_exercise(module)


def after_exercise(module: Module) -> Waypoint:
    """Return what follows the exercise: the summary, or the module's own page."""
    if module.summary:
        return Waypoint(".summary", "Summary, and what to read further")
    return Waypoint(".module", "Back to the module")


@dataclass(frozen=True, kw_only=True)
class LessonPage(Page):
    """One page of reading, with its neighbours."""

    template: ClassVar[str] = "curriculum/lesson.html"
    enrolment: Enrolment
    module: Module
    progress: LessonProgress
    previous: Lesson | None
    next: Lesson | None
    noted_since: Sequence[Reference] = ()  # sources of which something became known after this text was published
    quiz: bool = False  # the programme asks for the quiz of this module

    @property
    def lesson(self) -> Lesson:
        """Return the lesson itself."""
        return self.progress.lesson

    @property
    def number(self) -> int:
        """Return which lesson of the module this is, from 1."""
        return self.module.lessons.index(self.lesson) + 1

    @property
    def then(self) -> Waypoint:
        """Return what follows the last lesson."""
        return after_lessons(self.module)

    @property
    def what_follows(self) -> str:
        """Say in a sentence what there is in the module after this lesson."""
        module, left = self.module, len(self.module.lessons) - self.number - 1
        after = [f"{left} more {'lesson' if left == 1 else 'lessons'}"] if left > 0 else []
        after += [f"the practice “{module.exercise.title}”"] if module.exercise else []
        after += ["a summary"] if module.summary else []
        after += ["the quiz of the module"] if self.quiz else []
        listed = " and ".join([", ".join(after[:-1]), after[-1]] if after[1:] else after)
        if self.next:
            return f"After that: {listed}." if after else "That is the last lesson of this module."
        return f"This is the last lesson of this module. Then: {listed}." if after else "This module ends here."


@dataclass(frozen=True, kw_only=True)
class ExercisePage(Page):
    """What a module asks to be done away from the screen; it prints on one or two sheets."""

    template: ClassVar[str] = "curriculum/exercise.html"
    enrolment: Enrolment
    module: Module
    exercise: Exercise

    @property
    def then(self) -> Waypoint:
        """Return what follows the exercise."""
        return after_exercise(self.module)


@dataclass(frozen=True, kw_only=True)
class SummaryPage(Page):
    """A module on one screen, what to read further, and what comes next."""

    template: ClassVar[str] = "curriculum/summary.html"
    enrolment: Enrolment
    module: Module
    summary: ModuleSummary
    onward: tuple[Lesson, str] | None  # the lesson to go on with, and where in it I stopped
    following: Outstanding | None  # what comes after the last lesson


@dataclass(frozen=True, kw_only=True)
class GlossaryPage(Page):
    """Every term of the course."""

    template: ClassVar[str] = "curriculum/glossary.html"
    enrolment: Enrolment
    terms: Sequence[Term]

    @property
    def by_letter(self) -> Sequence[tuple[str, str]]:
        """Return title and anchor of each term in the order in which they are shown."""
        return [(term.title, f"term-{term.slug}") for term in sorted(self.terms, key=lambda term: term.title.lower())]


@dataclass(frozen=True, kw_only=True)
class ReferencesPage(Page):
    """Every source of the course, and the lessons that cite it, by its key."""

    template: ClassVar[str] = "curriculum/references.html"
    enrolment: Enrolment
    references: Sequence[Reference]
    cited_in: Mapping[str, Sequence[Lesson]]

    @property
    def by_letter(self) -> Sequence[tuple[str, str]]:
        """Return short name and anchor of each source in the order in which they are shown."""
        return [(source.short, source.key) for source in sorted(self.references, key=lambda one: one.short.lower())]
