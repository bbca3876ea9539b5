"""Vital signs over the session as points of a drawing: geometry only, no drawing."""

from dataclasses import dataclass

from trainer.cases.physiology.curves import phase
from trainer.cases.play.engine import Play
from trainer.cases.play.state import PlayState, vital
from trainer.cases.script.limits import Limit
from trainer.cases.script.values import VITALS, Case

WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 12, 28
"""The view box and its margins, in user units: drawn for a phone, so that its words stay readable there."""

EVERY = 5
"""Minutes between two points of a line."""

TICKS = (15, 30, 60, 120)
"""Minutes between two marks of the time axis: the first that leaves room to read them."""

_MOST_TICKS = 5
_SHORTEST = 60


@dataclass(frozen=True)
class Point:
    """A place in the view box, and what it stands for."""

    x: float
    y: float
    minute: int
    value: int


@dataclass(frozen=True)
class VitalLine:
    """One vital sign; `path` is the value of an SVG polyline's `points`."""

    name: str
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """Return `x,y x,y …`."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)

    @property
    def last(self) -> Point:
        """Return the newest point."""
        return self.points[-1]


@dataclass(frozen=True)
class ChartTick:
    """A mark on an axis: where, and what to write."""

    at: float
    label: str


@dataclass(frozen=True)
class ChartAct:
    """A decision on the time axis; `step` counts from 0."""

    x: float
    minute: int
    step: int
    scene: str


@dataclass(frozen=True)
class Band:
    """A phase of the effect, from one place on the time axis to another."""

    name: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """A limit of the site across the drawing, and what it asks for."""

    name: str
    of: str
    y: float
    at: int
    means: str
    owner: str


@dataclass(frozen=True)
class Row:
    """One line of the table that says the same as the drawing."""

    minute: int
    clock: str
    scene: str
    sbp: int
    dbp: int
    hr: int
    phase: str


@dataclass(frozen=True)
class Chart:
    """Everything a template needs to draw the chart, and its table twin."""

    width: int
    height: int
    lines: tuple[VitalLine, ...]
    across: tuple[ChartTick, ...]
    up: tuple[ChartTick, ...]
    acts: tuple[ChartAct, ...]
    bands: tuple[Band, ...]
    limits: tuple[Bar, ...]
    rows: tuple[Row, ...]


def chart_of(case: Case, play: Play, *, limits: tuple[Limit, ...] = ()) -> Chart | None:
    """Return the chart of the play so far, or None when no measured chapter has been entered.

    Args:
        limits: those to draw. While a case is played only such as were agreed beforehand: the others would give away
            what decides.
    """
    moments = _moments(case, play)
    if not moments:
        return None
    begins, ends = _span(case, moments)
    trace = [(minute, _signs(case, state)) for minute, state in _trace(moments, begins)]
    values = [value for _, signs in trace for value in signs] + [limit.at for limit in limits]
    low, high = min(values) // 20 * 20, -(-(max(values) + 1) // 20) * 20
    axes = _Axes(begins, ends, low, high)
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        lines=tuple(
            VitalLine(name, tuple(Point(axes.x(at), axes.y(signs[n]), at, signs[n]) for at, signs in trace))
            for n, name in enumerate(VITALS)
        ),
        across=_across(axes),
        up=tuple(
            ChartTick(axes.y(value), str(value)) for value in range(low, high + 1, 20 if high - low <= 120 else 40)
        ),
        acts=tuple(
            ChartAct(axes.x(one.before.minute), one.before.minute, number, one.scene)
            for number, one in enumerate(play.steps)
            if _chapter(case, one.before) == _chapter(case, moments[-1])
        ),
        bands=_bands(case, axes, moments[-1].supplement, trace[-1][0]),
        limits=tuple(
            Bar(limit.name, limit.of, axes.y(limit.at), limit.at, limit.means, limit.owner) for limit in limits
        ),
        rows=tuple(_row(case, state) for state in moments),
    )


def clock(minute: int) -> str:
    """Write minutes as `1:05`."""
    return f"{minute // 60}:{minute % 60:02d}"


@dataclass(frozen=True)
class _Axes:
    begins: int
    ends: int
    low: int
    high: int

    def x(self, minute: int) -> float:
        share = (minute - self.begins) / max(1, self.ends - self.begins)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: int) -> float:
        share = (value - self.low) / max(1, self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def _moments(case: Case, play: Play) -> list[PlayState]:
    """Return the states in the measured chapter entered last: each chapter has a clock of its own."""
    states = [step.before for step in play.steps] + [play.state]
    measured = [state for state in states if case.chapters[_chapter(case, state)].vitals]
    return [state for state in measured if _chapter(case, state) == _chapter(case, measured[-1])]


def _chapter(case: Case, state: PlayState) -> int:
    return case.scenes[state.scene].chapter


def _span(case: Case, moments: list[PlayState]) -> tuple[int, int]:
    """Return when the axis begins and ends: it grows with the play, so that what was measured fills the drawing."""
    chapter, last = case.chapters[_chapter(case, moments[-1])], moments[-1].minute
    ahead = max(_SHORTEST, (last - chapter.begins) * 5 // 4)
    return chapter.begins, max(last, min(chapter.ends, chapter.begins + ahead))


def _across(axes: "_Axes") -> tuple[ChartTick, ...]:
    span = axes.ends - axes.begins
    every = next((tick for tick in TICKS if span // tick < _MOST_TICKS), TICKS[-1])
    first = -(-axes.begins // every) * every
    return tuple(ChartTick(axes.x(at), clock(at)) for at in range(first, axes.ends + 1, every))


def _trace(moments: list[PlayState], begins: int) -> list[tuple[int, PlayState]]:
    """Measure every few minutes between the decisions, with what was true at the last one."""
    trace: dict[int, PlayState] = {}
    for state, following in zip(moments, [*moments[1:], moments[-1]], strict=True):
        for minute in (state.minute, *range(state.minute, following.minute, EVERY)):
            trace[minute] = state._replace(minute=minute)
    return sorted(((minute, state) for minute, state in trace.items() if minute >= begins), key=lambda one: one[0])


def _signs(case: Case, state: PlayState) -> tuple[int, ...]:
    return tuple(vital(case, state, name) for name in VITALS)


def _row(case: Case, state: PlayState) -> Row:
    sbp, dbp, hr = _signs(case, state)
    felt = phase(case.head.profile, max(0, state.minute), state.supplement)
    return Row(state.minute, clock(state.minute), case.scenes[state.scene].title, sbp, dbp, hr, felt)


def _bands(case: Case, axes: _Axes, supplement: int, until: int) -> tuple[Band, ...]:
    bands: list[Band] = []
    begun = axes.begins
    for minute in range(axes.begins, until + 1):
        name = phase(case.head.profile, minute, supplement)
        if minute == until or phase(case.head.profile, minute + 1, supplement) != name:
            end = min(until, minute + 1)
            bands.append(Band(name, axes.x(begun), round(axes.x(end) - axes.x(begun), 1)))
            begun = end
    return tuple(bands)
