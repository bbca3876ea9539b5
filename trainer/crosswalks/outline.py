"""What a programme teaches of a regulator's list, by lesson and minute, and what it does not.

Three kinds of hours stand apart: study is reading, at our pace; practice is what is done away from the screen or in
cases; assessment is quizzes, written tasks and examinations. Only study is set against the regulator's subjects, since
only lessons say what they cover.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trainer.curriculum.values import Course, Crosswalk, Lesson, Module, RegulatorTopic
from trainer.law.values import Law, LawCell
from trainer.requirements.programme import Programme
from trainer.requirements.rules import RequirementKind, RequirementLeaf, leaves

_ASSESSED = {
    RequirementKind.QUIZ: "Quiz",
    RequirementKind.WRITTEN: "Written task",
    RequirementKind.EXAM: "Examination",
}


@dataclass(frozen=True, kw_only=True)
class LessonShare:
    """Minutes of one lesson."""

    module: Module
    lesson: Lesson
    minutes: int


@dataclass(frozen=True, kw_only=True)
class TopicOutline:
    """One subject of the regulator, and the lessons about it.

    Attributes:
        lessons: in the order of the course, each with the minutes that it spends on the subject.
        touched: modules that name the subject while none of their lessons says for how long.
    """

    topic: RegulatorTopic
    lessons: Sequence[LessonShare]
    touched: Sequence[Module]

    @property
    def minutes(self) -> int:
        """Return the minutes that are taught."""
        return sum(share.minutes for share in self.lessons)

    @property
    def asked(self) -> int:
        """Return the minutes that the regulator asks for."""
        return round(self.topic.hours * 60)

    @property
    def missing(self) -> int:
        """Return the minutes that are asked for and not taught."""
        return max(0, self.asked - self.minutes)


@dataclass(frozen=True, kw_only=True)
class DeclaredWork:
    """Work beside reading.

    Attributes:
        what: the kind of work, such as Exercise.
        basis: from what its minutes come.
    """

    what: str
    title: str
    minutes: int
    basis: str


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A regulator's list against a programme.

    Attributes:
        topics: in the order of the regulator's list.
        unset: minutes of lessons that are set against none of its subjects, in the order of the course.
        cells: the answers of the law on which the list rests, with their titles.
    """

    crosswalk: Crosswalk
    programme: Programme
    release: str
    topics: Sequence[TopicOutline]
    unset: Sequence[LessonShare]
    practice: Sequence[DeclaredWork]
    assessment: Sequence[DeclaredWork]
    cells: Sequence[tuple[str, LawCell]]

    @property
    def covered(self) -> Sequence[TopicOutline]:
        """Return the subjects on which some lesson spends minutes."""
        return [topic for topic in self.topics if topic.minutes]

    @property
    def uncovered(self) -> Sequence[TopicOutline]:
        """Return the subjects on which no lesson spends a minute that it declares."""
        return [topic for topic in self.topics if not topic.minutes]

    @property
    def set_against(self) -> int:
        """Return the minutes of study that are set against the list."""
        return sum(topic.minutes for topic in self.topics)

    @property
    def study(self) -> int:
        """Return all minutes of study."""
        return self.set_against + sum(share.minutes for share in self.unset)

    @property
    def asked(self) -> int:
        """Return the minutes that the regulator asks for in all."""
        return round(self.crosswalk.total_hours * 60)


def outline(course: Course, programme: Programme, crosswalk: Crosswalk, *, release: str) -> Outline:
    """Set what a programme asks people to read against a regulator's list.

    Args:
        release: the hash of the release that holds all three.
    """
    asked = leaves(programme.needs)
    wanted = {leaf.slug for leaf in asked if leaf.kind is RequirementKind.MODULE}
    modules = [module for module in course.modules if module.slug in wanted]
    ids = [topic.id for topic in crosswalk.topics.values()]
    return Outline(
        crosswalk=crosswalk,
        programme=programme,
        release=release,
        topics=tuple(_topic(topic, modules) for topic in crosswalk.topics.values()),
        unset=tuple(_unset(modules, ids)),
        practice=(*_exercises(modules), *_declared(asked, {RequirementKind.CASE: "Case"})),
        assessment=tuple(_declared(asked, _ASSESSED)),
        cells=_cells(course.law, crosswalk.law),
    )


def outlines(course: Course, programmes: Mapping[str, Programme], *, release: str) -> Sequence[Outline]:
    """Return every list against every programme."""
    return [
        outline(course, programme, crosswalk, release=release)
        for programme in programmes.values()
        for crosswalk in course.crosswalks.values()
    ]


def _topic(topic: RegulatorTopic, modules: Sequence[Module]) -> TopicOutline:
    shares = [
        LessonShare(module=module, lesson=lesson, minutes=lesson.covers[topic.id])
        for module in modules
        for lesson in module.lessons
        if topic.id in lesson.covers
    ]
    touched = [
        module
        for module in modules
        if topic.id in module.topics and not any(topic.id in lesson.covers for lesson in module.lessons)
    ]
    return TopicOutline(topic=topic, lessons=tuple(shares), touched=tuple(touched))


def _unset(modules: Sequence[Module], ids: Iterable[str]) -> Iterator[LessonShare]:
    """Yield what is left of each lesson; a lesson that claims more than it lasts has nothing left."""
    topics = set(ids)
    for module in modules:
        for lesson in module.lessons:
            spent = sum(minutes for topic, minutes in lesson.covers.items() if topic in topics)
            if lesson.minutes > spent:
                yield LessonShare(module=module, lesson=lesson, minutes=lesson.minutes - spent)


def _exercises(modules: Sequence[Module]) -> Iterator[DeclaredWork]:
    for module in modules:
        if (exercise := module.exercise) is not None:
            yield DeclaredWork(what="Exercise", title=exercise.title, minutes=exercise.minutes, basis=exercise.pace)


def _declared(asked: Iterable[RequirementLeaf], kinds: Mapping[RequirementKind, str]) -> Iterator[DeclaredWork]:
    for leaf in asked:
        if leaf.kind in kinds and leaf.minutes:
            basis = "As the programme declares them, counted once."
            yield DeclaredWork(what=kinds[leaf.kind], title=leaf.title, minutes=leaf.minutes, basis=basis)


def _cells(law: Law, names: Iterable[str]) -> tuple[tuple[str, LawCell], ...]:
    return tuple((law.title(law.cells[name]), law.cells[name]) for name in names if name in law.cells)
