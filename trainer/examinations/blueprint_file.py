"""The shapes of an examination file."""

from typing import Annotated

from pydantic import Field

from trainer.authoring.shapes import Percent, Shape, SomeText, Whole, asked_between, counted_by
from trainer.cases.runs.words import Pace
from trainer.cases.script.values import Phase

FEWEST, MOST = 2, 30
"""So many cases: below two there is no standard error, and above thirty nobody sits it out."""
_COUNTS = "one `name: number` on each line"


class FormNeeds(Shape):
    """What every form holds at the least."""

    phases: Annotated[dict[Phase, Whole], counted_by(list(Phase))] = Field(default={}, description=_COUNTS)
    competencies: dict[str, Whole] = Field(default={}, description=_COUNTS)
    risk: Whole = Field(default=0, description="a whole number of cases")


class ExamFile(Shape):
    """One file of `exams/`."""

    exam: SomeText = Field(description="the short name of the examination, like the name of the file")
    title: SomeText = Field(description="the title, in one line")
    summary: SomeText = Field(description="what it asks for, in a sentence or two")
    cases: Annotated[Whole, asked_between(FEWEST, MOST)] = Field(description=f"a whole number from {FEWEST} to {MOST}")
    warm_up: Annotated[Whole, asked_between(0, 2)] = Field(description="a whole number from 0 to 2")
    cut: Annotated[Percent, asked_between(1, 100)] = Field(description="per cent of the expert's points, such as 70%")
    attempts: Annotated[Whole, asked_between(1, 5)] = Field(description="a whole number from 1 to 5")
    pace: Pace = Field(description=f"one of {', '.join(Pace)}")
    needs: FormNeeds = Field(description="the keys phases, competencies and risk")
