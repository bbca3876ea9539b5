"""The zone plot as places in a drawing: the mean, its error on both sides, and the cut. Geometry only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT = 24, 24
"""The view box and its margins, in user units."""


@dataclass(frozen=True)
class Plot:
    """Places on the line from 0 to 100 per cent, and what they stand for.

    Attributes:
        low, high: one standard error below and above the mean, within 0 to 100 per cent.
        cases: the place of each counted case; `percents`: what each came to.
    """

    mean: float
    error: float
    cut: int
    x_mean: float
    x_low: float
    x_high: float
    x_cut: float
    cases: tuple[float, ...]
    percents: tuple[float, ...]
    ticks: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def low(self) -> float:
        """The lower end of the bar, in per cent."""
        return max(0, round(self.mean - self.error, 1))

    @property
    def high(self) -> float:
        """The upper end of the bar, in per cent."""
        return min(100, round(self.mean + self.error, 1))


def plot_of(result: Mapping[str, Any]) -> Plot:
    """Return the plot of a result as it is kept."""
    mean, error, cut = float(result["mean"]), float(result["error"]), int(result["cut"])
    return Plot(
        mean=mean,
        error=error,
        cut=cut,
        x_mean=_x(mean),
        x_low=_x(mean - error),
        x_high=_x(mean + error),
        x_cut=_x(cut),
        cases=tuple(_x(mark) for mark in result["cases"]),
        percents=tuple(result["cases"]),
        ticks=tuple((_x(at), at) for at in range(0, 101, 20)),
    )


def _x(percent: float) -> float:
    within = min(100.0, max(0.0, percent))
    return round(LEFT + within / 100 * (WIDTH - LEFT - RIGHT), 1)
