"""What is wrong with a content file, and where."""

from collections.abc import Iterator
from dataclasses import dataclass

Findings = Iterator[tuple[int, str]]
"""Mistakes found in one file: the line (from 1) and the sentence for each."""


@dataclass(frozen=True, order=True)
class Message:
    """One mistake of an author: the file, the line (from 1) and a sentence that says how to mend it."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"
