"""Where a course cites what."""

from collections.abc import Mapping, Sequence

from trainer.curriculum.values import Course, Lesson
from trainer.references.reference import Reference
from trainer.references.since import noted_since


def cited_sources(course: Course, newest: Mapping[str, Reference]) -> Sequence[Reference]:
    """Return what the modules of a course cite, in the order of its list, with what became known since."""
    cited = {key for module in course.modules for key in module.sources}
    sources = {key: reference for key, reference in course.references.items() if key in cited}
    return list({**sources, **{source.key: source for source in noted_since(sources.values(), newest)}}.values())


def lessons_citing(course: Course) -> Mapping[str, Sequence[Lesson]]:
    """Return the lessons that cite each source, by its key, in the order of the course."""
    found: dict[str, list[Lesson]] = {}
    for module in course.modules:
        for lesson in module.lessons:
            for reference in lesson.references:
                found.setdefault(reference.key, []).append(lesson)
    return found
