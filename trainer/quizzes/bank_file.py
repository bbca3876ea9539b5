"""The shapes of an item bank: the front matter of its file, and the keys of each item."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from trainer.authoring.shapes import (
    MOST_MINUTES,
    Label,
    Percent,
    Shape,
    SomeText,
    Whole,
    asked_between,
    counted_by,
    matched,
)
from trainer.curriculum.values import Readiness
from trainer.quizzes.items import ItemKind, Level

_ONE_OR_MORE = "a whole number, 1 or more"


def _wait(found: re.Match[str]) -> timedelta:
    return timedelta(hours=int(found[1])) if found[2] == "h" else timedelta(days=int(found[1]))


def _number(given: Any) -> Any:
    if given is None:
        raise ValueError
    return given


def _clock(given: Any) -> Any:
    return None if given == "none" else _number(given)


def _some(source: str) -> str:
    if not source.replace(",", "").strip():
        raise ValueError
    return source


class BankHead(Shape):
    """The front matter of `bank.md`."""

    bank: SomeText = Field(description="the short name of the module, like the name of its folder")
    title: SomeText = Field(description="the words that people read above the quiz")
    serve: Annotated[Whole, asked_between(1)] = Field(description=_ONE_OR_MORE)
    share: Annotated[Percent, asked_between(1, 100)] = Field(
        alias="pass", description="a percentage from 1% to 100%, such as 80%"
    )
    attempts: Annotated[Whole, asked_between(1)] = Field(description=_ONE_OR_MORE)
    wait: Annotated[timedelta, matched(r"([0-9]{1,4})\s*(h|d)", _wait)] = Field(
        description="a number of hours or days, such as 24 h or 2 d"
    )
    minutes: Annotated[Whole | None, BeforeValidator(_clock), asked_between(1, MOST_MINUTES)] = Field(
        description=f"a whole number of minutes from 1 to {MOST_MINUTES}, or none for no clock"
    )
    blueprint: Annotated[
        dict[Level, Annotated[Whole, asked_between(0), Field(description="a whole number of questions")]],
        counted_by(list(Level)),
    ] = Field(description="levels and numbers, such as {know: 3, apply: 6, evaluate: 3}")
    critical: Annotated[Whole | None, BeforeValidator(_number), asked_between(0)] = Field(
        default=None, description="a whole number, 0 or more"
    )


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

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the keys of its sources."""
        return _apart(self.source)

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the ids of the answers of the law on which it rests."""
        return _apart(self.law)


def _apart(listed: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in listed.split(",") if word.strip())
