"""Whether what a module promises is asked, and asked at the height at which it is promised."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainer.testwiseness.items import SOLID, ReviewedBank, ReviewedItem, words_of

LEVELS = ("know", "apply", "evaluate")
"""From the lowest to the highest."""
_REMEMBER = frozenset(
    words_of("define describe explain expect identify list match name notice read recall recognise state")
)
_JUDGE = frozenset(words_of("compare correct decide justify judge weigh"))


@dataclass(frozen=True)
class ObjectiveAsked:
    """One objective: the level its verb promises, and how many items that may count ask it so, and at all."""

    slug: str
    level: str
    at_level: int
    at_all: int


@dataclass(frozen=True, kw_only=True)
class BankCounts:
    """How many items a bank holds.

    Attributes:
        by_readiness: `practice` are those that never count, whatever their readiness.
        critical: those that may count.
        critical_wanted: as many as all tries of one person aim at; 0 where forms have no aim.
    """

    items: int
    by_kind: Mapping[str, int]
    by_level: Mapping[str, int]
    by_readiness: Mapping[str, int]
    critical: int
    critical_wanted: int


def level_promised(objective: str) -> str:
    """Return the level that the first verb of an objective promises, after Anderson and Krathwohl (2001).

    Remembering and understanding are `know`; analysing and evaluating are `evaluate`; whatever else is `apply`.
    """
    verb = frozenset(words_of(objective)[:1])
    return "know" if verb & _REMEMBER else "evaluate" if verb & _JUDGE else "apply"


def objectives_asked(bank: ReviewedBank) -> Sequence[ObjectiveAsked]:
    """Return for every objective of the module how it is asked, in the module's order."""
    asked = [(item.objective, LEVELS.index(item.level)) for item in countable_items(bank)]
    found = []
    for slug, text in bank.objectives.items():
        level = level_promised(text)
        heights = [height for objective, height in asked if objective == slug]
        at_level = sum(height >= LEVELS.index(level) for height in heights)
        found.append(ObjectiveAsked(slug, level, at_level, len(heights)))
    return found


def countable_items(bank: ReviewedBank) -> Sequence[ReviewedItem]:
    """Return the items that could count: solid, and not for practice alone."""
    return [item for item in bank.items if item.readiness == SOLID and not item.never_counts]


def bank_counts(bank: ReviewedBank) -> BankCounts:
    """Count the items of a bank against its head."""
    readiness = Counter("practice" if item.never_counts else item.readiness for item in bank.items)
    return BankCounts(
        items=len(bank.items),
        by_kind=Counter(item.kind for item in bank.items),
        by_level=Counter(item.level for item in bank.items),
        by_readiness=readiness,
        critical=sum(item.critical for item in countable_items(bank)),
        critical_wanted=(bank.critical or 0) * bank.attempts,
    )
