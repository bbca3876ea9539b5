"""Axes: from where to where, and at which round numbers there is a mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from trainer.charts.shapes import ChartKind
from trainer.charts.values import DataChart, exactly

_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
_MOST_TICKS = 6
_NEAR_ZERO = Decimal("0.4")
"""An axis begins at 0 when the least value is below this share of the greatest."""


@dataclass(frozen=True)
class ValueAxis:
    """An axis with its marks, the first and the last of which are its ends."""

    ticks: tuple[Decimal, ...]

    def share(self, value: float) -> float:
        """Return how far along the axis a value lies, from 0 to 1."""
        first, last = self.ticks[0], self.ticks[-1]
        return float((exactly(value) - first) / (last - first))


def axis_of(chart: DataChart) -> ValueAxis:
    """Return the axis on which every value of the chart, and what it is compared with, has its place."""
    given = [value for row in chart.rows for value in (row.value, row.low, row.high) if value is not None]
    values = [exactly(value) for value in (*given, chart.none, chart.whole) if value is not None]
    least, greatest = min(values), max(values)
    if chart.kind is ChartKind.BARS or 0 <= least < greatest * _NEAR_ZERO or least == greatest > 0:
        least = min(least, Decimal(0))
    if least == greatest:
        greatest = least + 1
    return ValueAxis(_ticks(least, greatest, exact=chart.whole is not None))


def _ticks(least: Decimal, greatest: Decimal, *, exact: bool) -> tuple[Decimal, ...]:
    """Return round numbers around these two; with `exact` the last one is the greatest itself."""
    step = _step((greatest - least) / (_MOST_TICKS - 1))
    first, last = least // step * step, -(-greatest // step) * step
    if first > least:  # the division of decimals goes toward 0
        first -= step
    if last < greatest:
        last += step
    ticks = [first + step * n for n in range(int((last - first) / step) + 1)]
    return tuple(_ending(ticks, greatest, step) if exact else ticks)


def _ending(ticks: Sequence[Decimal], end: Decimal, step: Decimal) -> list[Decimal]:
    return [tick for tick in ticks if tick < end - step / 3] + [end]


def _step(least: Decimal) -> Decimal:
    """Return the round number that is this one or the next above."""
    power = Decimal(10) ** least.adjusted()
    return next(step * power for step in _STEPS if step * power >= least)
