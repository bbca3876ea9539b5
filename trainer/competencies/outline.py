"""Where each competency is taught, asked and played, read off the content itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainer.cases.catalogue import practised_cases
from trainer.curriculum.values import Competency, Lesson, Module
from trainer.items.values import Level
from trainer.requirements.catalogue import Catalogue


@dataclass(frozen=True)
class TaughtIn:
    """A module and those of its lessons that teach a competency; without any, the module as a whole does."""

    module: Module
    lessons: Sequence[Lesson]


@dataclass(frozen=True)
class CompetencyOutline:
    """One competency with where it is met.

    Attributes:
        asked: numbers of questions by what they ask for; every level is there. Never their words.
        counted: how many of these may count; the others are for practice, or wait for a reviewer.
        critical: how many of these fail an attempt by themselves.
        played: titles of cases.
        written: titles of the tasks that are answered in one's own words.
    """

    competency: Competency
    taught: Sequence[TaughtIn]
    asked: Mapping[Level, int]
    counted: int
    critical: int
    played: Sequence[str]
    written: Sequence[str]

    @property
    def questions(self) -> int:
        """Return how many questions ask for it."""
        return sum(self.asked.values())

    @property
    def lessons(self) -> int:
        """Return how many lessons teach it."""
        return sum(len(taught.lessons) for taught in self.taught)


def competency_outlines(catalogue: Catalogue, signed: frozenset[str] = frozenset()) -> Mapping[str, CompetencyOutline]:
    """Return the outline of every competency by its code, in the order of their list.

    A lesson teaches a competency when one of its objectives is asked for under that competency. A module that lists
    the competency without such a lesson teaches it as a whole.

    Args:
        signed: hashes of what a reviewer has signed here.
    """
    return {code: _outline(catalogue, competency, signed) for code, competency in catalogue.course.competencies.items()}


def _outline(catalogue: Catalogue, competency: Competency, signed: frozenset[str]) -> CompetencyOutline:
    banks = catalogue.banks.values()
    practised = practised_cases(catalogue.release)  # which cases are examined is not told
    items = [item for bank in banks for item in bank.items if item.competency == competency.code]
    counted = [item for bank in banks for item in bank.counted(signed) if item.competency == competency.code]
    return CompetencyOutline(
        competency=competency,
        taught=_taught(catalogue, competency.code),
        asked={level: sum(item.level is level for item in items) for level in Level},
        counted=len(counted),
        critical=sum(item.critical for item in items),
        played=[practised[slug].full_title for slug in competency.played if slug in practised],
        written=[task.title for task in catalogue.written.values() if task.competency == competency.code],
    )


def _taught(catalogue: Catalogue, code: str) -> Sequence[TaughtIn]:
    found = []
    for module in catalogue.course.modules:
        asked = _objectives_asked(catalogue, module.slug, code)
        lessons = [lesson for lesson in module.lessons if asked & set(lesson.objectives)]
        if lessons or code in module.competencies:
            found.append(TaughtIn(module, lessons))
    return found


def _objectives_asked(catalogue: Catalogue, module: str, code: str) -> set[str]:
    bank = catalogue.banks.get(module)
    tasks = [task for task in catalogue.written.values() if task.module == module]
    asked = [(item.objective, item.competency) for item in (bank.items if bank else ())]
    asked += [(task.objective, task.competency) for task in tasks]
    return {objective for objective, competency in asked if competency == code}
