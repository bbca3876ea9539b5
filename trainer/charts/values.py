"""The data of a figure as plain values, once they have been checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from trainer.authoring.messages import Message
from trainer.charts.shapes import ChartKind


@dataclass(frozen=True, kw_only=True)
class DataRow:
    """One row: a value with its spread, or on a timeline an event.

    Attributes:
        value, low, high: in the unit of the chart; low ≤ value ≤ high where they are there.
        sd: one standard deviation, to either side of which `low` and `high` lie.
        date: year, month and day, as far as they are known; empty off a timeline.
        sources: keys of references; none for what belongs to a story.
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    date: tuple[int, ...] = ()
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class DataChart:
    """One figure from data; `none` is where there is no effect, `whole` what bars add up to."""

    kind: ChartKind
    title: str
    unit: str
    none: float | None
    whole: float | None
    rows: tuple[DataRow, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Return every source once, in the order of the rows."""
        return tuple(dict.fromkeys(key for row in self.rows for key in row.sources))


@dataclass(frozen=True, kw_only=True)
class ChartReading:
    """What became of a file of data.

    Attributes:
        chart: None where anything is wrong: a figure with a mistake shows nothing.
        cited: each source with the line on which it is first named.
    """

    chart: DataChart | None
    cited: Mapping[str, int]
    messages: tuple[Message, ...]


def exactly(value: float) -> Decimal:
    """Return a number as it was written, so that 0.1 and 0.2 add up to 0.3."""
    return Decimal(str(value))


def written_number(value: float) -> str:
    """Write a number for readers: 1.21, −3.6, 12,000."""
    short = exactly(value).normalize() + 0  # no −0
    return f"{short:,f}".replace("-", "−")
