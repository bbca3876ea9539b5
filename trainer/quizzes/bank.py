"""The item banks of a release: one Markdown file of questions beside the lessons of each module.

The format is described in CONTRIBUTING.md.
"""

from collections.abc import Mapping
from functools import lru_cache

from trainer.curriculum.course import Course, course_of
from trainer.curriculum.messages import Message
from trainer.curriculum.release import Files, Release
from trainer.quizzes.items import Bank
from trainer.quizzes.lint import lint
from trainer.quizzes.reading import read_bank


def parse_banks(files: Files, course: Course) -> tuple[Mapping[str, Bank], tuple[Message, ...]]:
    """Read every bank of a release; return those that could be read, and every mistake."""
    banks: dict[str, Bank] = {}
    messages: list[Message] = []
    for path in sorted(files):
        if path.startswith("modules/") and path.endswith("/bank.md"):
            bank, wrong = read_bank(path, files[path], course)
            messages += wrong
            if bank is not None:
                messages += lint(path, bank)
                banks[bank.slug] = bank
    return banks, tuple(messages)


def check(files: Files, course: Course) -> tuple[Message, ...]:
    """Return every mistake in every bank."""
    return parse_banks(files, course)[1]


@lru_cache(maxsize=8)
def banks_of(release: Release) -> Mapping[str, Bank]:
    """Return the banks of a release, read once per process."""
    return parse_banks(release.files, course_of(release))[0]
