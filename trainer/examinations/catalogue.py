"""The examinations of a release, and what is wrong with them."""

from collections.abc import Mapping
from functools import lru_cache

from trainer.authoring.frontmatter import line_of
from trainer.authoring.messages import Message
from trainer.authoring.release import Files, Release
from trainer.cases.catalogue import cases_of
from trainer.cases.script.values import Case
from trainer.examinations.blueprint import Blueprint, parse_exams, published_exams
from trainer.examinations.candidates import candidates_in
from trainer.examinations.form import lacks


@lru_cache(maxsize=8)
def exams_of(release: Release) -> Mapping[str, Blueprint]:
    """Return every examination of a release that can be understood, by its slug."""
    return published_exams(release.files, _competencies(cases_of(release)))


def check_exams(files: Files, cases: Mapping[str, Case]) -> tuple[Message, ...]:
    """Return every mistake in every examination file.

    Whether the cases are signed is not looked at here: an installation decides that, when a form is drawn.
    """
    exams, messages = parse_exams(files, _competencies(cases))
    candidates = candidates_in(cases.values()) if exams else ()
    return messages + tuple(
        Message(exam.path, line_of(exam.lines, *lack.keys), lack.text)
        for exam in exams.values()
        for lack in lacks(exam, candidates)
    )


def _competencies(cases: Mapping[str, Case]) -> frozenset[str]:
    return frozenset(competency.name for case in cases.values() for competency in case.head.competencies)
