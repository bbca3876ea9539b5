"""What the proof of a bank looks at: items as plain values, whatever language they are written in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

SINGLE = "single"
MULTIPLE = "multiple"
SHORT = "short"
SOLID = "solid"

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@lru_cache(maxsize=16_384)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, in their order; “don’t” is one."""
    return tuple(_WORD.findall(text.casefold().replace("’", "'")))


@dataclass(frozen=True, kw_only=True)
class ReviewedItem:
    """One item as somebody who knows nothing of the subject meets it, with its key.

    Attributes:
        path, line: of its heading in the content, from 1.
        kind: as the author writes it, such as `single`.
        stem: the question, without markup; `rows` what has to be matched or filled below it.
        options: the words of each answer, without markup, and whether it is right, as the author ordered them.
        level: `know`, `apply` or `evaluate`.
        readiness: `solid` or `pending review`.
        never_counts: kept for practice, or of a kind without a right answer.
        family: what its clones share; empty where it has none.
        enemies: ids of the items of its bank that never stand in one form with it, as far as they are named here.
    """

    bank: str
    id: str
    path: str
    line: int
    kind: str
    stem: str
    options: tuple[tuple[str, bool], ...]
    objective: str
    level: str
    readiness: str
    critical: bool
    never_counts: bool
    rows: tuple[str, ...] = ()
    family: str = ""
    enemies: frozenset[str] = frozenset()

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the words of the options."""
        return tuple(text for text, _ in self.options)

    @property
    def can_be_guessed(self) -> bool:
        """Say whether it has one right answer among several; what an author has broken otherwise is told elsewhere."""
        return self.kind == SINGLE and len(self.options) > 1 and sum(right for _, right in self.options) == 1

    def kept_apart_from(self, other: "ReviewedItem") -> bool:
        """Say whether the author has named the two as never standing in one form."""
        clones = self.family != "" and self.family == other.family
        return clones or other.id in self.enemies or self.id in other.enemies


@dataclass(frozen=True, kw_only=True)
class ReviewedBank:
    """The items of one bank, and what its head asks of them.

    Attributes:
        objectives: texts of its module's objectives by slug; none of an examination over several.
        counted: ids of the items that counted forms are drawn from.
        serve: items in a form.
        critical: how many critical items a form aims at, or None for no aim.
    """

    slug: str
    items: tuple[ReviewedItem, ...]
    objectives: Mapping[str, str]
    counted: frozenset[str]
    serve: int
    attempts: int
    critical: int | None
