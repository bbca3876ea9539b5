"""The item banks of a release: one Markdown file of questions beside the lessons of each module.

The format is described in CONTRIBUTING.md.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from trainer.authoring.messages import Message
from trainer.authoring.release import Files, Release
from trainer.curriculum.course import Course, course_of
from trainer.quizzes.lint import lint_bank, shortages
from trainer.quizzes.reading import read_bank, understood_bank
from trainer.quizzes.values import Bank


def parse_banks(files: Files, course: Course) -> tuple[Mapping[str, Bank], tuple[Message, ...]]:
    """Read every bank of an author's files; return the sound ones, and every mistake."""
    banks: dict[str, Bank] = {}
    messages: list[Message] = []
    for path in _paths(files):
        bank, wrong = read_bank(path, files, course)
        messages += wrong
        if bank is not None:
            messages += lint_bank(path, bank)
            banks[bank.slug] = bank
    return banks, tuple(messages)


def check_banks(files: Files, course: Course) -> tuple[Message, ...]:
    """Return every mistake in every bank."""
    return parse_banks(files, course)[1]


def notes_on_banks(files: Files, course: Course) -> tuple[Message, ...]:
    """Return where a bank works and could be better: too few questions for all tries, or for a round of practice."""
    banks = parse_banks(files, course)[0]
    return tuple(note for slug, bank in banks.items() for note in shortages(path_of(files, slug), bank))


def path_of(files: Files, slug: str) -> str:
    """Return the file of a bank that was read from these files."""
    return next(path for path in files if re.fullmatch(rf"modules/\d+-{re.escape(slug)}/bank\.md", path))


@lru_cache(maxsize=8)
def banks_of(release: Release) -> Mapping[str, Bank]:
    """Return the banks of a release that can be understood, read once per process."""
    course = course_of(release)
    read = (understood_bank(path, release.files, course)[0] for path in _paths(release.files))
    return {bank.slug: bank for bank in read if bank}


def _paths(files: Files) -> list[str]:
    return sorted(path for path in files if path.startswith("modules/") and path.endswith("/bank.md"))
