"""Questions that count and are told beforehand: in a check of a lesson, in practice of any bank, or in a case.

What is nearly the same is found by its words (`testwiseness/likeness.py`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trainer.authoring.messages import Message
from trainer.authoring.release import Files
from trainer.curriculum.values import Course
from trainer.items.values import Item
from trainer.quizzes.bank import path_of
from trainer.quizzes.knowledge_exams import path_in_pool
from trainer.quizzes.pools import counted_pool, practice_pool
from trainer.quizzes.values import Bank
from trainer.testwiseness.from_banks import reviewed_item
from trainer.testwiseness.likeness import Wording, word_runs, wording, wording_of


@dataclass(frozen=True)
class ToldQuestion:
    """A question whose answer is told: where it stands, what it is called, how it is worded."""

    path: str
    line: int
    name: str
    wording: Wording


def echoes(files: Files, course: Course, banks: Mapping[str, Bank]) -> tuple[Message, ...]:
    """Say of every question that is told beforehand which one that counts it gives away."""
    told = _by_mark([*_checks(course), *_practised(files, banks)])
    cases = {path: word_runs(content.decode("utf-8", "replace")) for path, content in files.items() if _is_case(path)}
    found = []
    for bank in banks.values():
        for item in counted_pool(bank):
            counted = _told(_path_of(files, bank, item), item)
            found += [
                _message(message.path, message.line, message.name, counted)
                for message in _sharing(told, counted)
                if message.wording.is_nearly(counted.wording)
            ]
            found += [
                _message(path, 1, "This case", counted)
                for path, runs in cases.items()
                if counted.wording.stands_in(runs)
            ]
    return tuple(found)


def _by_mark(told: Sequence[ToldQuestion]) -> Mapping[tuple[str, ...], Sequence[ToldQuestion]]:
    """Return the questions that are told by what they could share, so that no two are compared that share nothing."""
    found = defaultdict[tuple[str, ...], list[ToldQuestion]](list)
    for question in told:
        for mark in question.wording.marks:
            found[mark].append(question)
    return found


def _sharing(told: Mapping[tuple[str, ...], Sequence[ToldQuestion]], counted: ToldQuestion) -> Sequence[ToldQuestion]:
    """Return what shares anything with a question that counts, each once, in the order of files and lines."""
    shared = [question for mark in counted.wording.marks for question in told.get(mark, ())]
    near = {(question.path, question.line): question for question in shared}
    return [near[place] for place in sorted(near)]


def _message(path: str, line: int, name: str, counted: ToldQuestion) -> Message:
    return Message(
        path,
        line,
        f"{name} tells the answer of a question that counts ({counted.path}:{counted.line}). Ask one of the two "
        "in another way, or write “- use: practice” in the one that counts.",
    )


def _checks(course: Course) -> Iterator[ToldQuestion]:
    for module in course.modules:
        for lesson in module.lessons:
            for check in lesson.checks:
                right = [option.text for option in check.options if option.right]
                yield ToldQuestion(lesson.path, check.line, "This check", wording(check.question, right))


def _practised(files: Files, banks: Mapping[str, Bank]) -> Iterator[ToldQuestion]:
    for bank in banks.values():
        for item in practice_pool(bank):
            yield _told(_path_of(files, bank, item), item)


def _path_of(files: Files, bank: Bank, item: Item) -> str:
    return path_in_pool(files, bank, item) if bank.is_examination else path_of(files, bank.slug)


def _told(path: str, item: Item) -> ToldQuestion:
    return ToldQuestion(path, item.line, "This question for practice", wording_of(reviewed_item("", path, item)))


def _is_case(path: str) -> bool:
    return path.startswith("cases/") and path.endswith(".md")
