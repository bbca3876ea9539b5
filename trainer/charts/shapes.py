"""The shapes of a figure's data file, one for each kind of chart."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from trainer.authoring.shapes import OneLine, Shape

MOST_CHART_ROWS = 14
"""More would not be read on a small screen."""
LONGEST_LABEL, LONGEST_NOTE, LONGEST_TITLE, LONGEST_UNIT = 80, 140, 90, 90
_FURTHEST = 1_000_000


class ChartKind(StrEnum):
    """What a file of data can be drawn as."""

    FOREST = "forest"
    RANGES = "ranges"
    BARS = "bars"
    TIMELINE = "timeline"


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_Number = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-_FURTHEST, le=_FURTHEST)]
_Above = Annotated[_Number, Field(gt=0)]
_Label = Annotated[OneLine, StringConstraints(max_length=LONGEST_LABEL)]
_Note = Annotated[OneLine, StringConstraints(max_length=LONGEST_NOTE)]
_Date = Annotated[str, BeforeValidator(_as_text), StringConstraints(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")]

_A_NUMBER = "a number, such as 1.21"
_LABEL = f"a label of at most {LONGEST_LABEL} signs"
_NOTE = f"a few words, at most {LONGEST_NOTE} signs"
_SOURCE = "the key of what the row was read in, such as S61"
_ROWS = "a list of rows, such as `- {label: …, value: 1.21, source: S61}`"


class EstimateShape(Shape):
    """A row of a forest plot or of bars: a value and, where it is known, from where to where it may lie."""

    label: _Label = Field(description=_LABEL)
    value: _Number = Field(description=_A_NUMBER)
    low: _Number | None = Field(default=None, description=_A_NUMBER)
    high: _Number | None = Field(default=None, description=_A_NUMBER)
    source: OneLine = Field(description=_SOURCE)
    note: _Note = Field(default="", description=_NOTE)


class SpreadShape(Shape):
    """A row of ranges: a mean with its standard deviation, or from where to where with or without a middle."""

    label: _Label = Field(description=_LABEL)
    value: _Number | None = Field(default=None, description=_A_NUMBER)
    low: _Number | None = Field(default=None, description=_A_NUMBER)
    high: _Number | None = Field(default=None, description=_A_NUMBER)
    sd: _Above | None = Field(default=None, description="a number above 0, one standard deviation")
    source: OneLine = Field(description=_SOURCE)
    note: _Note = Field(default="", description=_NOTE)


class MilestoneShape(Shape):
    """A row of a timeline."""

    date: _Date = Field(description="a date, such as 2024-08-09, or a month or a year where no day is known")
    label: Annotated[OneLine, StringConstraints(max_length=2 * LONGEST_LABEL)] = Field(
        description=f"what happened, in at most {2 * LONGEST_LABEL} signs"
    )
    source: OneLine = Field(description=_SOURCE)
    note: _Note = Field(default="", description=_NOTE)


class _DataFile(Shape):
    title: Annotated[OneLine, StringConstraints(max_length=LONGEST_TITLE)] = Field(
        description=f"one line of at most {LONGEST_TITLE} signs"
    )
    rows: Annotated[list[Any], Field(min_length=1)] = Field(description=_ROWS)


class _Scaled(_DataFile):
    unit: Annotated[OneLine, StringConstraints(max_length=LONGEST_UNIT)] = Field(
        description=f"what the axis says, in at most {LONGEST_UNIT} signs, such as hours"
    )


class ForestFile(_Scaled):
    """Estimates of one effect below each other; `none` is where there is no effect."""

    chart: Literal[ChartKind.FOREST]
    none: _Number = Field(description="the number at which there is no effect, such as 0")


class RangesFile(_Scaled):
    """Values with their spread."""

    chart: Literal[ChartKind.RANGES]


class BarsFile(_Scaled):
    """Bars from 0; with `whole` they are its parts."""

    chart: Literal[ChartKind.BARS]
    whole: _Above | None = Field(default=None, description="a number above 0 to which the rows add up, such as 100")


class TimelineFile(_DataFile):
    """Dated events, the earliest first."""

    chart: Literal[ChartKind.TIMELINE]
