"""Questions as plain values: what an author wrote, once it has been understood."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from markupsafe import Markup

from trainer.curriculum.values import Readiness


class Level(StrEnum):
    """What an item asks of a person."""

    KNOW = "know"
    APPLY = "apply"
    EVALUATE = "evaluate"


class ItemKind(StrEnum):
    """How an item is answered; `trainer.items.formats` holds what each of them does."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    RECORD = "record"
    ORDERING = "ordering"
    MATCHING = "matching"
    CLOZE = "cloze"
    NUMERIC = "numeric"
    CHART = "chart"
    SHORT = "short"
    CONCORDANCE = "concordance"


class CreditScheme(StrEnum):
    """How an item of several parts is credited; every one gives from 0 to 1, and 1 to the whole key alone.

    BALANCED is the “+/−” rule and EACH the “0/1” rule of the NCSBN's partial credit for the NGN examination.
    """

    EXACT = "exact"  # all or nothing
    BALANCED = "balanced"  # (right ones chosen − wrong ones chosen) / right ones, never below 0
    EACH = "each"  # the share of rows or gaps that are right
    NEIGHBOURS = "neighbours"  # the share of neighbours that follow one another as they should
    PLACES = "places"  # the share of lines that stand in their place


@dataclass(frozen=True, kw_only=True)
class ItemOption:
    """One answer: its words, whether it is right, and the reason.

    Attributes:
        right: for ordering, matching and gaps: whether it belongs anywhere.
        votes: of a concordance item, how many of its panel chose it; else 0.
    """

    text: str
    text_html: Markup
    reason_html: Markup
    right: bool
    line: int
    votes: int = 0


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """One row to match or one gap to fill: its words, the position of the option that belongs there, and the reason."""

    text: str
    text_html: Markup
    reason_html: Markup
    key: int
    line: int


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question.

    Attributes:
        options: what can be chosen, or the lines in their right order, or the patterns of what can be typed.
        rows: what has to be matched with an option, or the gaps in their order; else none.
        scheme: how an answer in parts is credited.
        unit: of a number, as it is shown; `clock` for a time of day.
        family: items of one family ask the same rule in other stories, and no form holds two of them.
        enemies: ids of items of the same bank with which no form holds it.
        figure_html: the figure above the answer, with its table twin; empty where there is none.
        critical: a wrong answer fails the attempt, whatever the mark.
        readiness: only solid items, or pending ones whose hash a reviewer signed, are counted.
        practice_only: the author keeps it for practice; it is never counted.
        retired: since when and why it is asked no more; those who were asked it still read it.
        hash: 64 hex digits over everything the author wrote for this item.
        law: the ids of the answers of `law.yaml` on which it rests.
        topic: of an examination over several modules, the module that it asks about; else empty.
    """

    id: str
    title: str
    kind: ItemKind
    objective: str
    competency: str
    level: Level
    sources: tuple[str, ...]
    readiness: Readiness
    critical: bool
    stem_html: Markup
    options: tuple[ItemOption, ...]
    line: int
    hash: str
    rows: tuple[ItemRow, ...] = ()
    scheme: CreditScheme = CreditScheme.EXACT
    unit: str = ""
    family: str = ""
    enemies: tuple[str, ...] = ()
    figure_html: Markup = field(default_factory=Markup)
    practice_only: bool = False
    reviewed: str = ""
    piloted: str = ""
    retired: str = ""
    law: tuple[str, ...] = ()
    topic: str = ""

    @property
    def cell(self) -> "BlueprintCell":
        """Return the cell of a blueprint in which it is counted."""
        return (self.topic, self.level) if self.topic else self.level

    @property
    def key(self) -> frozenset[int]:
        """Return the positions, from 0, of the right options as the author wrote them."""
        return frozenset(n for n, option in enumerate(self.options) if option.right)

    @property
    def never_counts(self) -> bool:
        """Say whether it is never part of a counted form: kept for practice, retired, or without a right answer."""
        return self.practice_only or bool(self.retired) or self.kind is ItemKind.CONCORDANCE


BlueprintCell = Level | tuple[str, Level]
"""What a blueprint counts: a level, or a level of a topic."""


def item_hash(lines: Iterable[str]) -> str:
    """Name an item by what its author wrote, blank lines and line ends aside."""
    kept = (line.rstrip() for line in lines)
    return hashlib.sha256("\n".join(line for line in kept if line).encode()).hexdigest()
