"""Written tasks as plain values: what is asked, and what is looked for in an answer."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from markupsafe import Markup

from trainer.curriculum.values import Readiness
from trainer.items.values import Level

ALL_STEPS = (0, 1, 2)
"""Of every criterion: not there, partly there, there. Each has words of its own, its anchor."""


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing that is looked for.

    Attributes:
        name: a few words, different from those of the other criteria.
        meaning: what it means, in a sentence.
        anchors: what an answer of each step looks like; one for each of `ALL_STEPS`.
        critical: at step 0 the answer does not hold, whatever the rest of it is worth.
    """

    name: str
    meaning: str
    anchors: tuple[str, ...]
    critical: bool
    line: int

    @property
    def explained(self) -> str:
        """Return what it means as a sentence of its own."""
        first = next((place for place, sign in enumerate(self.meaning) if sign.isalnum()), 0)  # after a quotation mark
        return self.meaning[:first] + self.meaning[first : first + 1].upper() + self.meaning[first + 1 :]


@dataclass(frozen=True, kw_only=True)
class WrittenTask:
    """One task, with the rubric that raters see and trainees do not before they are rated.

    Attributes:
        id: the same for all versions, and used by no other task of a release.
        module: the slug of the module beside whose lessons it stands.
        least, most: words of an answer, inclusive.
        pass_share: the least share of all steps that holds, above 0 and up to 1.
        hash: 64 hex digits over everything the author wrote for this task.
    """

    id: str
    module: str
    title: str
    objective: str
    competency: str
    level: Level
    sources: tuple[str, ...]
    readiness: Readiness
    least: int
    most: int
    pass_share: Fraction
    task_html: Markup
    rubric: tuple[Criterion, ...]
    path: str
    line: int
    hash: str

    def counts(self, signed: frozenset[str]) -> bool:
        """Say whether it may count: it is solid, or a reviewer has signed this very text."""
        return self.readiness is Readiness.SOLID or self.hash in signed

    @property
    def best(self) -> int:
        """Return the sum of the highest steps."""
        return ALL_STEPS[-1] * len(self.rubric)

    @property
    def needed(self) -> int:
        """Return the least sum of steps with which an answer holds, where no critical criterion is at 0."""
        return ceil(self.pass_share * self.best)
