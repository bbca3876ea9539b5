"""The keys of a written task: the lines below its heading."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from trainer.authoring.shapes import Label, Percent, Shape, asked_between, matched
from trainer.curriculum.values import Readiness
from trainer.items.values import Level

MOST_ANSWER_WORDS = 1000
_RANGE = "the least and the most words of an answer, such as 60-150"


def _some(source: str) -> str:
    if not source.replace(",", "").strip():
        raise ValueError
    return source


def _words(found: re.Match[str]) -> tuple[int, int]:
    least, most = int(found[1]), int(found[2])
    if not 1 <= least <= most <= MOST_ANSWER_WORDS:
        raise ValueError
    return least, most


class TaskKeys(Shape):
    """The lines below the heading of a task."""

    NEEDED = ("objective", "competency", "level", "source", "readiness", "words", "pass")

    objective: Label = Field(default="", description="the objective of the module that this task belongs to")
    competency: Label = Field(default="", description="the competency that this task belongs to, such as C3")
    level: Level = Field(default=Level.APPLY, description=f"one of {', '.join(Level)}")
    source: Annotated[Label, AfterValidator(_some)] = Field(
        default="", description="at least one key of references.yaml, such as S95"
    )
    readiness: Readiness = Field(default=Readiness.SOLID, description=f"one of {', '.join(Readiness)}")
    words: Annotated[tuple[int, int], matched(r"(\d{1,4})\s*[-–]\s*(\d{1,4})", _words)] = Field(
        default=(1, MOST_ANSWER_WORDS), description=f"{_RANGE}, from 1 to {MOST_ANSWER_WORDS}"
    )
    share: Annotated[Percent, asked_between(1, 100)] = Field(
        default=100, alias="pass", description="a percentage from 1% to 100%, such as 70%"
    )

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the keys of its sources."""
        return tuple(word.strip() for word in self.source.split(",") if word.strip())
