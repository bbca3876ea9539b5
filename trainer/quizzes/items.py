"""Questions and the rules for drawing forms from them, as plain values."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from markupsafe import Markup

from trainer.curriculum.values import Readiness


class Level(StrEnum):
    """What an item asks of a person."""

    KNOW = "know"
    APPLY = "apply"
    EVALUATE = "evaluate"


class ItemKind(StrEnum):
    """How many options may be chosen."""

    SINGLE = "single"
    MULTIPLE = "multiple"


@dataclass(frozen=True, kw_only=True)
class ItemOption:
    """One answer: its words, whether it is right, and the reason."""

    text: str
    text_html: Markup
    reason_html: Markup
    right: bool
    line: int


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question.

    Attributes:
        critical: a wrong answer fails the attempt, whatever the mark.
        readiness: only solid items, or pending ones whose hash a reviewer signed, are counted.
        practice_only: the author keeps it for practice; it is never counted.
        hash: 64 hex digits over everything the author wrote for this item.
        law: the ids of the answers of `law.yaml` on which it rests.
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
    practice_only: bool = False
    law: tuple[str, ...] = ()

    @property
    def key(self) -> frozenset[int]:
        """Return the positions, from 0, of the right options as the author wrote them."""
        return frozenset(n for n, option in enumerate(self.options) if option.right)

    def refuses(self, chosen: frozenset[int]) -> bool:
        """Say whether so many options are more than may be chosen here."""
        return self.kind is ItemKind.SINGLE and len(chosen) > 1


@dataclass(frozen=True, kw_only=True)
class Bank:
    """The questions of one module and the rules for drawing a form from them.

    Attributes:
        serve: items in a counted form.
        pass_share: the least share of points that passes, inclusive, above 0 and up to 1.
        attempts: how many counted attempts there are.
        wait: time from sending one counted attempt to starting the next.
        minutes: the clock of an attempt, or None for no clock.
        blueprint: how many items of each level a form holds; sums to `serve`.
        critical: how many critical items a form aims to hold, or None to leave it to chance.
    """

    slug: str
    title: str
    serve: int
    pass_share: Fraction
    attempts: int
    wait: timedelta
    minutes: int | None
    blueprint: Mapping[Level, int]
    critical: int | None
    items: tuple[Item, ...]

    def item(self, item_id: str) -> Item:
        """Return the item of that id."""
        return next(item for item in self.items if item.id == item_id)

    def counted(self, signed: frozenset[str] = frozenset()) -> tuple[Item, ...]:
        """Return the items that may count: solid, or signed in this installation, and not kept for practice."""
        return tuple(
            item
            for item in self.items
            if not item.practice_only and (item.readiness is Readiness.SOLID or item.hash in signed)
        )


def item_hash(lines: Iterable[str]) -> str:
    """Name an item by what its author wrote, blank lines and line ends aside."""
    kept = (line.rstrip() for line in lines)
    return hashlib.sha256("\n".join(line for line in kept if line).encode()).hexdigest()
