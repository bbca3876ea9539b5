"""The shapes of a knowledge examination: what every form of it holds, and the tasks its weights come from."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from trainer.authoring.shapes import (
    MOST_MINUTES,
    OneLine,
    Percent,
    Shape,
    SomeText,
    Whole,
    asked_between,
    counted_by,
    matched,
)
from trainer.items.values import Level
from trainer.quizzes.bank_file import wait_of

_ONE_OR_MORE = "a whole number, 1 or more"
_LEVELS = "levels and numbers, such as {know: 1, apply: 3, evaluate: 1}"
_RATING = "a whole number from 1 to 5"

LevelCounts = Annotated[
    dict[Level, Annotated[Whole, asked_between(0), Field(description="a whole number of questions")]],
    counted_by(list(Level)),
]


class KnowledgeExamFile(Shape):
    """`exams/<slug>/exam.yaml`."""

    exam: SomeText = Field(description="the short name of the examination, like the name of the folder")
    title: SomeText = Field(description="the title, in one line")
    summary: SomeText = Field(description="what it asks for, in a sentence or two")
    share: Annotated[Percent, asked_between(1, 100)] = Field(
        alias="pass", description="a percentage from 1% to 100%, such as 75%"
    )
    attempts: Annotated[Whole, asked_between(1, 5)] = Field(description="a whole number from 1 to 5")
    wait: Annotated[timedelta, matched(r"([0-9]{1,4})\s*(h|d)", wait_of)] = Field(
        description="a number of hours or days, such as 14 d"
    )
    minutes: Annotated[Whole, asked_between(1, MOST_MINUTES)] = Field(
        description=f"a whole number of minutes from 1 to {MOST_MINUTES}"
    )
    critical: Annotated[Whole, asked_between(0)] = Field(description="a whole number of questions, 0 or more")
    topics: dict[str, LevelCounts] = Field(description=f"for each module {_LEVELS}")


class TaskEntry(Shape):
    """One task of the work, and how much of it there is."""

    task: OneLine = Field(description="what somebody does, in one line")
    modules: dict[str, Annotated[Whole, asked_between(1, 100)]] = Field(
        description="modules that teach it with their share in per cent, such as {screening: 60, medicines: 40}"
    )
    importance: Annotated[Whole, asked_between(1, 5)] = Field(description=_RATING)
    frequency: Annotated[Whole, asked_between(1, 5)] = Field(description=_RATING)
    source: OneLine = Field(description="keys of references.yaml, or “pending survey”")


class TasksFile(Shape):
    """`exams/<slug>/tasks.yaml`: the task analysis."""

    note: SomeText = Field(description="who rated the tasks, when and how")
    tasks: list[TaskEntry] = Field(description="a list of tasks")
