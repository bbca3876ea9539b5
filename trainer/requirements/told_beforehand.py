"""Questions that count and are told beforehand: in a check of a lesson, in practice of any bank, or in a case.

What is nearly the same is found by its words: five in a row that two questions share, or one right answer in the same
words. What says the same in other words is for people to find.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from trainer.authoring.messages import Message
from trainer.authoring.release import Files
from trainer.curriculum.values import Course
from trainer.items.values import Item, ItemKind
from trainer.quizzes.bank import path_of
from trainer.quizzes.knowledge_exams import path_in_pool
from trainer.quizzes.pools import counted_pool, practice_pool
from trainer.quizzes.values import Bank

_IN_A_ROW = 5
"""Words."""
SAME = 0.4
"""From this share of the shorter question's runs on, two questions are the same one."""
_LEAST = 2
"""An answer of fewer words, such as “Yes”, says nothing by being the same."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class ToldQuestion:
    """A question whose answer is told: where it stands, what it is called, its runs of words, its right answers."""

    path: str
    line: int
    name: str
    runs: frozenset[tuple[str, ...]]
    answers: frozenset[tuple[str, ...]]


def echoes(files: Files, course: Course, banks: Mapping[str, Bank]) -> tuple[Message, ...]:
    """Say of every question that is told beforehand which one that counts it gives away."""
    told = [*_checks(course), *_practised(files, banks)]
    cases = {path: _runs(content.decode("utf-8", "replace")) for path, content in files.items() if _is_case(path)}
    found = []
    for bank in banks.values():
        for item in counted_pool(bank):
            counted = _told(_path_of(files, bank, item), item)
            found += [
                _message(message.path, message.line, message.name, counted)
                for message in told
                if _same(message, counted)
            ]
            found += [
                _message(path, 1, "This case", counted)
                for path, runs in cases.items()
                if counted.runs and len(counted.runs & runs) >= SAME * len(counted.runs)
            ]
    return tuple(found)


def _message(path: str, line: int, name: str, counted: ToldQuestion) -> Message:
    return Message(
        path,
        line,
        f"{name} tells the answer of a question that counts ({counted.path}:{counted.line}). Ask one of the two "
        "in another way, or write “- use: practice” in the one that counts.",
    )


def _same(told: ToldQuestion, counted: ToldQuestion) -> bool:
    shorter = min(len(told.runs), len(counted.runs))
    return bool(told.answers & counted.answers) or (shorter > 0 and len(told.runs & counted.runs) >= SAME * shorter)


def _checks(course: Course) -> Iterator[ToldQuestion]:
    for module in course.modules:
        for lesson in module.lessons:
            for check in lesson.checks:
                right = [option.text for option in check.options if option.right]
                yield ToldQuestion(lesson.path, check.line, "This check", _runs(check.question), _answers(right))


def _practised(files: Files, banks: Mapping[str, Bank]) -> Iterator[ToldQuestion]:
    for bank in banks.values():
        for item in practice_pool(bank):
            yield _told(_path_of(files, bank, item), item)


def _path_of(files: Files, bank: Bank, item: Item) -> str:
    return path_in_pool(files, bank, item) if bank.is_examination else path_of(files, bank.slug)


def _told(path: str, item: Item) -> ToldQuestion:
    right = [option.text for option in item.options if option.right]
    if item.kind in (ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.SHORT):
        asked = item.stem_html.striptags()
    else:  # what is asked stands in its lines and rows, and none of them is an answer by itself
        lines = [row.text for row in item.rows] + [option.text for option in item.options]
        asked, right = " ".join([item.stem_html.striptags(), *lines]), []
    return ToldQuestion(path, item.line, "This question for practice", _runs(asked), _answers(right))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _words(text)
    return frozenset(zip(*(words[start:] for start in range(_IN_A_ROW)), strict=False))


def _answers(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(words for text in texts if len(words := tuple(_words(text))) >= _LEAST)


def _words(text: str) -> list[str]:
    return _WORD.findall(Markup(text).unescape().casefold())


def _is_case(path: str) -> bool:
    return path.startswith("cases/") and path.endswith(".md")
