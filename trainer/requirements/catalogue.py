"""Everything a release holds, parsed by the rooms it belongs to and checked against each other."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from trainer.authoring.messages import Message
from trainer.authoring.release import Files, Release, release_of
from trainer.authoring.unseen_signs import unseen_signs
from trainer.cases.catalogue import cases_of, check_cases, sound_cases
from trainer.cases.language.compiler import Case
from trainer.cases.prover.kept_reports import ReportCache
from trainer.curriculum import course as curriculum
from trainer.curriculum.language.absent import absent
from trainer.curriculum.parts.lists import check_played
from trainer.curriculum.sourcing import check_sourcing
from trainer.curriculum.values import Course
from trainer.examinations.blueprint import Blueprint
from trainer.examinations.catalogue import check_exams, exams_of
from trainer.quizzes import bank as quizzes
from trainer.quizzes.knowledge_exams import knowledge_exams_of, parse_knowledge_exams
from trainer.quizzes.values import Bank
from trainer.requirements.hours import longest
from trainer.requirements.law_in_cases import law_in_cases
from trainer.requirements.programme import Programme, Titles, Variants, parse_programmes, published_programmes
from trainer.requirements.rules import RequirementKind, RequirementLeaf
from trainer.requirements.told_beforehand import echoes
from trainer.testwiseness.figures import measured_banks
from trainer.testwiseness.from_banks import reviewed_banks
from trainer.testwiseness.limits import broken_limits
from trainer.written.reading import check_tasks, tasks_of
from trainer.written.task import WrittenTask

_PLACES = (
    (RequirementKind.MODULE, re.compile(r"^modules/\d+-([a-z0-9-]+)/module\.md$")),
    (RequirementKind.QUIZ, re.compile(r"^modules/\d+-([a-z0-9-]+)/bank\.md$")),
    (RequirementKind.CASE, re.compile(r"^cases/([a-z0-9-]+)/en\.md$")),
    (RequirementKind.EXAM, re.compile(r"^exams/([a-z0-9-]+)(?:/exam)?\.yaml$")),
    (RequirementKind.ATTESTATION, re.compile(r"^attestations/([a-z0-9-]+)\.md$")),
)
"""Where each thing that can be asked for is written."""

_PROGRAMME = re.compile(r"^programmes/[^/]+\.yaml$")
_ASKED_CASE = re.compile(r"^\s*- (?:\{\s*)?case:\s*([a-z0-9-]+)")


@dataclass(frozen=True)
class Catalogue:
    """A release, understood."""

    release: Release
    course: Course
    banks: Mapping[str, Bank]
    cases: Mapping[str, Case]
    exams: Mapping[str, Blueprint]
    knowledge_exams: Mapping[str, Bank]
    programmes: Mapping[str, Programme]
    written: Mapping[str, WrittenTask] = field(default_factory=dict)

    def has(self, leaf: RequirementLeaf) -> bool:
        """Say whether what a leaf asks for is here and can be read."""
        match leaf.kind:
            case RequirementKind.MODULE:
                return self.course.module(leaf.slug) is not None
            case RequirementKind.QUIZ:
                return leaf.slug in self.banks
            case RequirementKind.CASE:
                return leaf.slug in self.cases
            case RequirementKind.EXAM:
                return leaf.slug in self.exams or leaf.slug in self.knowledge_exams
            case RequirementKind.ATTESTATION:
                return leaf.slug in self.course.attestations
            case RequirementKind.WRITTEN:
                return leaf.slug in self.written

    @cached_property
    def modules_of_cases(self) -> Mapping[str, str]:
        """Return the module to which each case belongs: the one to which most of its answers send the reader.

        Of several the last in the course, since by then all of them are read; a case that sends nobody anywhere
        belongs to none.
        """
        return {slug: home for slug, case in self.cases.items() if (home := self._home(case))}

    def _home(self, case: Case) -> str:
        places = (place.partition("/")[0] for choice in case.choices.values() for place in choice.read)
        sent = Counter(places)
        known = [(sent[module.slug], number, module.slug) for number, module in enumerate(self.course.modules)]
        return max((one for one in known if one[0]), default=(0, 0, ""))[2]

    @cached_property
    def modules_of_tasks(self) -> Mapping[str, str]:
        """Return the module of each written task."""
        return {slug: task.module for slug, task in self.written.items()}


@lru_cache(maxsize=8)
def catalogue_of(release: Release) -> Catalogue:
    """Parse a release; parsing the same one again costs nothing."""
    course = curriculum.course_of(release)
    banks = quizzes.banks_of(release)
    cases = cases_of(release)
    exams = exams_of(release)
    knowledge = knowledge_exams_of(release)
    written = tasks_of(release)
    titles = {**_titles(course, banks, cases, {**exams, **knowledge}), **_titles_of_tasks(written)}
    return Catalogue(
        release=release,
        course=course,
        banks=banks,
        cases=cases,
        exams=exams,
        knowledge_exams=knowledge,
        programmes=published_programmes(release.files, titles, _variants(cases)),
        written=written,
    )


def check_content(files: Files, cache: ReportCache | None = None) -> tuple[Message, ...]:
    """Return every mistake in every file, in the order of files and lines; none means it may be published.

    Where a whole file or folder is missing, only that is said: most of the rest would follow from it.

    Args:
        cache: where the proofs of unchanged cases are kept.
    """
    release = release_of(files)
    course, messages = curriculum.read_course(release)
    cases = sound_cases(files)
    banks = quizzes.banks_of(release)
    knowledge = knowledge_exams_of(release)
    titles = {**_written(files), **_titles(course, banks, cases, {**exams_of(release), **knowledge})}
    tasks = tasks_of(release)
    titles |= _titles_of_tasks(tasks)
    most = longest(files, {**banks, **knowledge}, exams_of(release), tasks)
    _, about_programmes = parse_programmes(files, titles, _variants(cases), most)
    about_cases = {*check_cases(files, cache), *check_exams(files, cases), *law_in_cases(cases, course.law)}
    about_programmes = (*about_programmes, *asked_in_vain(files, cases))
    about_banks = {*quizzes.check_banks(files, course), *echoes(files, course, {**banks, **knowledge})}
    about_banks |= {*parse_knowledge_exams(files, course)[1], *check_tasks(files, course)}
    about_banks |= {*broken_limits(measured_banks(reviewed_banks(files, course, banks, knowledge)))}
    about_texts = {*unseen_signs(files), *messages, *check_sourcing(files), *curriculum.check_minutes(files, course)}
    about_texts |= {*check_played(files, course, cases.keys() | _slugs(files, RequirementKind.CASE))}
    wrong = {*about_texts, *about_banks, *about_cases, *about_programmes}
    return absent(files, wrong) or tuple(sorted(wrong))


def asked_in_vain(files: Files, cases: Mapping[str, Case]) -> Iterator[Message]:
    """Yield where a programme asks for practice of a case that is only examined."""
    hidden = {slug for slug, case in cases.items() if case.head.examined_only}
    for path in filter(_PROGRAMME.match, files):
        for number, row in enumerate(files[path].decode(errors="replace").split("\n"), start=1):
            if (asked := _ASKED_CASE.match(row)) and asked[1] in hidden:
                yield Message(
                    path, number, f"“{asked[1]}” is only examined, so nobody can practise it. Take it out here."
                )


def content_notes(files: Files) -> tuple[Message, ...]:
    """Return what works and could be better, in the order of files; it stops nothing from being published."""
    course = curriculum.course_of(release_of(files))
    return tuple(sorted({*quizzes.notes_on_banks(files, course), *curriculum.hints(files, course)}))


def _written(files: Files) -> Titles:
    """Name what has a file, whether or not it can be read: a programme that asks for it is not wrong."""
    return {(kind, found[1]): found[1] for kind, place in _PLACES for path in files if (found := place.match(path))}


def _slugs(files: Files, kind: RequirementKind) -> set[str]:
    return {slug for written, slug in _written(files) if written is kind}


def _titles(
    course: Course, banks: Mapping[str, Bank], cases: Mapping[str, Case], exams: Mapping[str, Blueprint | Bank]
) -> Titles:
    return {
        **{(RequirementKind.MODULE, module.slug): module.title for module in course.modules},
        **{(RequirementKind.QUIZ, slug): bank.title for slug, bank in banks.items()},
        **{(RequirementKind.CASE, slug): case.full_title for slug, case in cases.items()},
        **{(RequirementKind.EXAM, slug): exam.title for slug, exam in exams.items()},
        **{(RequirementKind.ATTESTATION, slug): text.title for slug, text in course.attestations.items()},
    }


def _titles_of_tasks(tasks: Mapping[str, WrittenTask]) -> Titles:
    return {(RequirementKind.WRITTEN, slug): task.title for slug, task in tasks.items()}


def _variants(cases: Mapping[str, Case]) -> Variants:
    return {slug: len(case.variants) for slug, case in cases.items()}
