"""The keys of an item: the lines below its heading."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from trainer.authoring.shapes import Label, Shape, matched
from trainer.curriculum.values import Readiness
from trainer.items.values import CreditScheme, ItemKind, Level

_DATED = r"(\d{4}-\d\d-\d\d)\s+(\S.*)"


def _some(source: str) -> str:
    if not source.replace(",", "").strip():
        raise ValueError
    return source


def _as_written(found: re.Match[str]) -> str:
    date.fromisoformat(found[1])
    return f"{found[1]} {found[2]}"


DatedNote = Annotated[str, matched(_DATED, _as_written)]


class ItemKeys(Shape):
    """The lines below the heading of an item."""

    NEEDED = ("objective", "competency", "level", "source", "readiness")

    kind: ItemKind = Field(default=ItemKind.SINGLE, description=f"one of {', '.join(ItemKind)}")
    objective: Label = Field(default="", description="the objective of the module that this item belongs to")
    competency: Label = Field(default="", description="the competency that this item belongs to, such as C3")
    level: Level = Field(default=Level.KNOW, description=f"one of {', '.join(Level)}")
    source: Annotated[Label, AfterValidator(_some)] = Field(
        default="", description="at least one key of references.yaml, such as S95"
    )
    law: Label = Field(default="", description="answers of law.yaml, such as oregon/training")
    readiness: Readiness = Field(default=Readiness.SOLID, description=f"one of {', '.join(Readiness)}")
    critical: Literal["yes", "no"] = Field(default="no", description="one of yes, no")
    use: Literal["any", "practice"] = Field(default="any", description="one of any, practice")
    scheme: CreditScheme | None = Field(default=None, description=f"one of {', '.join(CreditScheme)}")
    unit: Label = Field(default="", description="the unit of the number that is asked for, such as mmHg, or clock")
    family: Label = Field(default="", description="a short name that items of one rule in several stories share")
    enemies: Label = Field(default="", description="ids of items of this bank that stand in no form with this one")
    figure: Label = Field(default="", description="a figure beside this file, such as pressure.yaml")
    alt: Label = Field(default="", description="what the figure shows, for someone who cannot see it")
    reviewed: DatedNote = Field(default="", description="a day and by whom, such as 2026-12-01 a pharmacist")
    piloted: DatedNote = Field(default="", description="a day and with whom, such as 2026-12-01 n=20")
    retired: DatedNote = Field(default="", description="a day and why, such as 2026-12-01 rule has changed")

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the keys of its sources."""
        return _apart(self.source)

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the ids of the answers of the law on which it rests."""
        return _apart(self.law)

    @property
    def kept_apart(self) -> tuple[str, ...]:
        """Return the ids of its enemies."""
        return _apart(self.enemies)


def _apart(listed: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in listed.split(",") if word.strip())
