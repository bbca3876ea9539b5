"""What each part of a programme asks, in one line for a transcript; from the content that the cohort followed."""

from collections.abc import Iterator

from trainer.cases.script.values import Case
from trainer.examinations.blueprint import Blueprint
from trainer.quizzes.values import Bank
from trainer.requirements.catalogue import Catalogue
from trainer.requirements.rules import RequirementKind


def asked_by(catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """Return the lines by kind and slug of a requirement; texts to read or to sign say it by their titles."""
    return {(kind.value, slug): line for kind, slug, line in _lines(catalogue) if line}


def _lines(catalogue: Catalogue) -> Iterator[tuple[RequirementKind, str, str]]:
    for slug, case in catalogue.cases.items():
        yield RequirementKind.CASE, slug, _case(case)
    for slug, bank in catalogue.banks.items():
        yield RequirementKind.QUIZ, slug, _bank(bank)
    for slug, bank in catalogue.knowledge_exams.items():
        yield RequirementKind.EXAM, slug, _bank(bank)
    for slug, exam in catalogue.exams.items():
        yield RequirementKind.EXAM, slug, _exam(exam)
    for slug, task in catalogue.written.items():
        yield RequirementKind.WRITTEN, slug, task.objective


def _case(case: Case) -> str:
    marks = ", ".join(f"{assessed.name} {assessed.mark}%" for assessed in case.head.competencies)
    return f"Assessed: {marks} of an expert’s points." if marks else ""


def _bank(bank: Bank) -> str:
    over = f" from {len(bank.topics)} modules" if len(bank.topics) > 1 else ""
    least = round(bank.pass_share * 100)
    return f"{bank.serve} questions{over}, drawn anew for each attempt; passed from {least}% of the points."


def _exam(exam: Blueprint) -> str:
    return f"{exam.cases} cases, compared with experts; passed from {exam.cut}% of an expert’s points."
