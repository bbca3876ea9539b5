"""Banks as the quizzes read them, turned into what is proved: the one place that knows the language of items."""

import re
from collections.abc import Iterable, Mapping, Sequence

from trainer.authoring.messages import Message
from trainer.authoring.release import Files
from trainer.curriculum.values import Course
from trainer.errors import Broken
from trainer.items.values import Item
from trainer.quizzes.bank import path_of
from trainer.quizzes.form import draw_quiz
from trainer.quizzes.pools import countable
from trainer.quizzes.values import Bank
from trainer.testwiseness.items import ReviewedBank, ReviewedItem

_BANK = re.compile(r"modules/[^/]+/bank\.md|exams/[^/]+/exam\.yaml")


def reviewed_banks(
    files: Files, course: Course, banks: Mapping[str, Bank], exams: Mapping[str, Bank]
) -> tuple[ReviewedBank, ...]:
    """Return the banks and the examinations that were read from these files, modules in their order first.

    Args:
        banks: of modules, by slug.
        exams: knowledge examinations, by slug; each is one bank.
    """
    of_modules = [
        _reviewed(bank, {item.id: path_of(files, slug) for item in bank.items}, course) for slug, bank in banks.items()
    ]
    of_exams = [
        _reviewed(exam, {item.id: _pool(files, slug, item) for item in exam.items}, course)
        for slug, exam in exams.items()
    ]
    return (*of_modules, *of_exams)


def unread_banks(files: Files, banks: Iterable[ReviewedBank]) -> tuple[Message, ...]:
    """Name every bank and examination among these files of which nothing can be said."""
    known = {bank.slug for bank in banks}
    return tuple(
        Message(path, 1, "This bank cannot be read. `trainer content check` says why.")
        for path in sorted(files)
        if _BANK.fullmatch(path) and re.sub(r"^\d+-", "", path.split("/")[1]) not in known
    )


def drawn_forms(bank: Bank, people: int) -> Sequence[frozenset[str]]:
    """Draw a first form for each of so many people, as ids of items; none where the bank cannot fill one."""
    try:
        forms = [draw_quiz(bank, seed=f"person {number}") for number in range(people)]
    except Broken:
        return ()
    return [frozenset(question.item_id for question in form) for form in forms]


def reviewed_item(bank: str, path: str, item: Item) -> ReviewedItem:
    """Return an item without its markup and its reasons."""
    return ReviewedItem(
        bank=bank,
        id=item.id,
        path=path,
        line=item.line,
        kind=item.kind.value,
        stem=item.stem_html.striptags(),
        options=tuple((option.text_html.striptags(), option.right) for option in item.options),
        rows=tuple(row.text_html.striptags() for row in item.rows),
        objective=item.objective,
        level=item.level.value,
        readiness=item.readiness.value,
        critical=item.critical,
        never_counts=item.never_counts,
        family=item.family,
        enemies=frozenset(item.enemies),
    )


def _reviewed(bank: Bank, paths: Mapping[str, str], course: Course) -> ReviewedBank:
    module = course.module(bank.slug)
    return ReviewedBank(
        slug=bank.slug,
        items=tuple(reviewed_item(bank.slug, paths[item.id], item) for item in bank.items if not item.retired),
        objectives=module.objectives if module and not bank.is_examination else {},
        counted=frozenset(item.id for item in countable(bank, frozenset())),
        serve=bank.serve,
        attempts=bank.attempts,
        critical=bank.critical,
    )


def _pool(files: Files, exam: str, item: Item) -> str:
    """Return the file of an examination in which an item stands."""
    place = re.compile(rf"exams/{re.escape(exam)}/\d\d-{re.escape(item.topic)}\.md")
    return next(path for path in files if place.fullmatch(path))
