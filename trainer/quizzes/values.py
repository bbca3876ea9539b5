"""A bank of questions and the rules for drawing forms from it, as a plain value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from functools import cached_property

from trainer.curriculum.values import Readiness
from trainer.items.values import BlueprintCell, Item, Level


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
        topics: of an examination, how many items of each level a form holds of each module; else empty.
        summary: what an examination asks for, in words.
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
    topics: Mapping[str, Mapping[Level, int]] = field(default_factory=dict)
    summary: str = ""

    def item(self, item_id: str) -> Item:
        """Return the item of that id."""
        return self.by_id[item_id]

    @property
    def is_examination(self) -> bool:
        """Say whether it is an examination over several modules: never practised, its questions never told."""
        return bool(self.topics)

    @property
    def required_as(self) -> str:
        """Return the word by which a programme asks for it."""
        return "exam" if self.is_examination else "quiz"

    @property
    def cells(self) -> Mapping[BlueprintCell, int]:
        """Return how many items a form holds of each cell of its blueprint."""
        if self.topics:
            return {(topic, level): count for topic, levels in self.topics.items() for level, count in levels.items()}
        return {level: self.blueprint[level] for level in self.blueprint}

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """Return the items by their id."""
        return {item.id: item for item in self.items}

    def counted(self, signed: frozenset[str] = frozenset()) -> tuple[Item, ...]:
        """Return the items that may count: solid, or signed in this installation."""
        return tuple(
            item
            for item in self.items
            if not item.never_counts and (item.readiness is Readiness.SOLID or item.hash in signed)
        )
