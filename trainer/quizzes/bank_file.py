"""The shape of an item bank: the front matter of its file."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from trainer.authoring.shapes import (
    MOST_MINUTES,
    Percent,
    Shape,
    SomeText,
    Whole,
    asked_between,
    counted_by,
    matched,
)
from trainer.items.values import Level

_ONE_OR_MORE = "a whole number, 1 or more"


def wait_of(found: re.Match[str]) -> timedelta:
    """Return the time that `24 h` or `2 d` stands for."""
    return timedelta(hours=int(found[1])) if found[2] == "h" else timedelta(days=int(found[1]))


def _number(given: Any) -> Any:
    if given is None:
        raise ValueError
    return given


def _clock(given: Any) -> Any:
    return None if given == "none" else _number(given)


class BankHead(Shape):
    """The front matter of `bank.md`."""

    bank: SomeText = Field(description="the short name of the module, like the name of its folder")
    title: SomeText = Field(description="the words that people read above the quiz")
    serve: Annotated[Whole, asked_between(1)] = Field(description=_ONE_OR_MORE)
    share: Annotated[Percent, asked_between(1, 100)] = Field(
        alias="pass", description="a percentage from 1% to 100%, such as 80%"
    )
    attempts: Annotated[Whole, asked_between(1)] = Field(description=_ONE_OR_MORE)
    wait: Annotated[timedelta, matched(r"([0-9]{1,4})\s*(h|d)", wait_of)] = Field(
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
