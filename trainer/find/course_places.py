"""What of a release a trainee finds: its modules, lessons, words and cases, and what their programme asks for."""

from collections.abc import Iterator
from functools import lru_cache

from trainer.authoring.release import Release
from trainer.cases.catalogue import practised_cases
from trainer.curriculum.values import Course
from trainer.find.places import Findable, PlaceKind
from trainer.find.sentences import LessonSentence, sentences_of
from trainer.requirements.catalogue import catalogue_of
from trainer.requirements.rules import RequirementKind, leaves

_ASKED = {
    RequirementKind.QUIZ: (PlaceKind.QUIZ, "quizzes.intro", "bank"),
    RequirementKind.EXAM: (PlaceKind.EXAM, "examinations.exam", "slug"),
    RequirementKind.ATTESTATION: (PlaceKind.ATTESTATION, "practicum.attestation", "slug"),
    RequirementKind.WRITTEN: (PlaceKind.WRITTEN, "written.task", "task"),
}
_ABOUT = 110
"""So many letters of an explanation stand beside a word."""


@lru_cache(maxsize=8)
def places_of_release(release: Release, programme: str) -> tuple[Findable, ...]:
    """Return what a trainee of this programme may open; cases that are only examined are not told of."""
    catalogue = catalogue_of(release)
    found = [*_lessons(catalogue.course), *_words(catalogue.course)]
    if asked := catalogue.programmes.get(programme):
        for leaf in leaves(asked.needs):
            if leaf.kind in _ASKED:
                kind, endpoint, name = _ASKED[leaf.kind]
                found.append(Findable(kind, leaf.title, endpoint, values=((name, leaf.slug),), enrolled=True))
    for slug, case in practised_cases(release).items():
        about = case.head.subtitle or case.summary
        found.append(Findable(PlaceKind.CASE, case.head.title, "cases.intro", about, (("slug", slug),), enrolled=True))
    return tuple(found)


@lru_cache(maxsize=8)
def sentences_of_release(release: Release) -> tuple[LessonSentence, ...]:
    """Return every sentence of the lessons, ready to be searched; knowledge checks and sources excepted."""
    return tuple(
        sentence
        for module in catalogue_of(release).course.modules
        for lesson in module.lessons
        for sentence in sentences_of(lesson)
    )


def _lessons(course: Course) -> Iterator[Findable]:
    for module in course.modules:
        where = (("module", module.slug),)
        yield Findable(PlaceKind.MODULE, module.title, "curriculum.module", values=where, enrolled=True)
        for lesson in module.lessons:
            here = (*where, ("lesson", lesson.slug))
            yield Findable(PlaceKind.LESSON, lesson.title, "curriculum.lesson", module.title, here, enrolled=True)


def _words(course: Course) -> Iterator[Findable]:
    for term in course.glossary.values():
        also = f"Also called {', '.join(term.also)}. " if term.also else ""
        said = also + " ".join(term.html.striptags().split())
        about = said if len(said) <= _ABOUT else f"{said[:_ABOUT].rsplit(' ', 1)[0]} …"
        anchor, names = f"term-{term.slug}", term.also
        yield Findable(
            PlaceKind.WORD, term.title, "curriculum.glossary", about, anchor=anchor, also=names, enrolled=True
        )
