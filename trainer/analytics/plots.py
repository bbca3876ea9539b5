"""Two small drawings as geometry: dots with their intervals, and what more cases would bring."""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.analytics.intervals import Interval
from trainer.analytics.reliability import Study
from trainer.analytics.suppression import Share

_WIDTH = 720
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 16, 44
"""The view box and its margins, in user units, as all drawings of cases."""

WHISKER_ROW = 64
CURVE_HEIGHT = 340


@dataclass(frozen=True)
class PlotTick:
    """A mark on an axis: where, and what to write."""

    at: float
    label: str


@dataclass(frozen=True)
class Whisker:
    """One share: from where to where it may lie, and the dot where it was; None where the count is kept back."""

    label: str
    y: float
    low: float
    high: float
    dot: float | None


@dataclass(frozen=True)
class Whiskers:
    """All shares below each other, on one axis from 0 to 100 %."""

    width: int
    height: int
    rows: tuple[Whisker, ...]
    across: tuple[PlotTick, ...]


@dataclass(frozen=True)
class Curve:
    """Dependability and generalisability against the number of cases; paths are the `points` of polylines."""

    width: int
    height: int
    dependability: str
    generalisability: str
    dots: tuple[tuple[float, float], ...]
    across: tuple[PlotTick, ...]
    up: tuple[PlotTick, ...]


def whiskers_of(shares: Sequence[tuple[str, Share]]) -> Whiskers:
    """Place each share that can be shown."""
    rows = tuple(
        _whisker(label, one, one.interval, TOP + WHISKER_ROW * (number + 0.7))
        for number, (label, one) in enumerate(pair for pair in shares if pair[1].shown)
        if one.interval
    )
    across = tuple(PlotTick(_across(tenth / 10), f"{tenth * 10} %") for tenth in (0, 2, 4, 6, 8, 10))
    return Whiskers(_WIDTH, TOP + WHISKER_ROW * len(rows) + BOTTOM, rows, across)


def _whisker(label: str, one: Share, interval: Interval, y: float) -> Whisker:
    dot = None if one.value is None else _across(one.value)
    return Whisker(label, round(y, 1), _across(interval.low), _across(interval.high), dot)


def _across(share: float) -> float:
    return round(LEFT + share * (_WIDTH - LEFT - RIGHT - 40), 1)


def curve_of(studies: Sequence[Study]) -> Curve:
    """Place the coefficients over the numbers of cases; one that does not exist is left out."""
    first, last = studies[0].cases, studies[-1].cases

    def x(cases: int) -> float:
        return round(LEFT + (cases - first) / (last - first) * (_WIDTH - LEFT - RIGHT - 20), 1)

    def y(value: float) -> float:
        return round(CURVE_HEIGHT - BOTTOM - value * (CURVE_HEIGHT - TOP - BOTTOM), 1)

    phi = [(x(study.cases), y(study.dependability)) for study in studies if study.dependability is not None]
    rho = [(x(study.cases), y(study.generalisability)) for study in studies if study.generalisability is not None]
    return Curve(
        width=_WIDTH,
        height=CURVE_HEIGHT,
        dependability=_points(phi),
        generalisability=_points(rho),
        dots=tuple(phi),
        across=tuple(PlotTick(x(study.cases), str(study.cases)) for study in studies if study.cases not in (8, 12)),
        up=tuple(PlotTick(y(tenth / 10), f"0.{tenth}" if tenth < 10 else "1.0") for tenth in (0, 2, 4, 6, 8, 10)),
    )


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)
