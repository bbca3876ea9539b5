"""Charts as SVG, in the classes of the house and with colours of their own beside them.

A row says its words above its mark, so that both have the whole width: on a screen of 390 px a label is 11 px high.
"""

import textwrap
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from markupsafe import Markup

from trainer.charts.scales import ValueAxis, axis_of
from trainer.charts.shapes import ChartKind
from trainer.charts.values import DataChart, DataRow, written_number

WIDTH = 560
_LEFT, _RIGHT = 20, 540
_AXIS_LEFT, _AXIS_RIGHT = 44, 516
_LABEL, _SMALL, _TITLE = 18, 16, 20
_LINE, _SMALL_LINE, _BAND = 24, 21, 30
_GAP = 18
_SIGN = 0.5
"""How wide a sign is on average, in font sizes."""
_MOST_APART = 40
"""What the longest time between two events adds to their distance."""
_INK, _SOFT, _EDGE, _ACCENT, _STOP, _CALM = "#22231f", "#5a5b54", "#85806f", "#1d5c57", "#96301f", "#e7eef6"
_PAPER = "#ffffff"
_FILLS = {"label": _INK, "label-strong": _INK, "label-small": _SOFT}


@dataclass
class _Sheet:
    """What has been drawn so far, and how far down."""

    parts: list[Markup] = field(default_factory=list)
    y: float = 16

    def words(
        self, x: float, y: float, text: str, *, kind: str = "label", size: int = _LABEL, at: str = "start"
    ) -> None:
        self.parts.append(
            Markup('<text x="{:g}" y="{:g}" class="{}" fill="{}" font-size="{}" text-anchor="{}">{}</text>').format(
                round(x, 1), round(y, 1), kind, _FILLS[kind], size, at, text
            )
        )

    def line(self, x: float, y: float, to: tuple[float, float], *, kind: str, width: float, extra: str = "") -> None:
        stroke = {"stroke-line": _EDGE, "stroke-accent": _ACCENT, "stroke-stop": _STOP}[kind]
        self.parts.append(
            Markup(
                '<line x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}" class="{}" stroke="{}" stroke-width="{:g}"{}/>'
            ).format(round(x, 1), round(y, 1), round(to[0], 1), round(to[1], 1), kind, stroke, width, Markup(extra))
        )

    def box(self, x: float, y: float, size: tuple[float, float], *, kind: str) -> None:
        fill = {"fill-accent": _ACCENT, "fill-calm": _CALM, "fill-paper": _PAPER}[kind]
        self.parts.append(
            Markup('<rect x="{:g}" y="{:g}" width="{:g}" height="{:g}" class="{}" fill="{}"/>').format(
                round(x, 1), round(y, 1), round(size[0], 1), round(size[1], 1), kind, fill
            )
        )

    def dot(self, x: float, y: float, radius: float) -> None:
        self.parts.append(
            Markup('<circle cx="{:g}" cy="{:g}" r="{:g}" class="fill-accent" fill="{}"/>').format(
                round(x, 1), round(y, 1), radius, _ACCENT
            )
        )

    def paragraph(
        self, text: str, *, kind: str = "label", size: int = _LABEL, x: float = _LEFT, room: float = 0
    ) -> None:
        """Write lines below what there is, in so much room; then stand below them."""
        height = _SMALL_LINE if size == _SMALL else _LINE
        for row in _lines(text, size, room or _RIGHT - x):
            self.y += height
            self.words(x, self.y - 6, row, kind=kind, size=size)


def draw_chart(chart: DataChart) -> tuple[str, Markup]:
    """Return a view box and what stands in it."""
    sheet = _Sheet()
    sheet.paragraph(chart.title, kind="label-strong", size=_TITLE)
    sheet.y += 6
    if chart.kind is ChartKind.TIMELINE:
        _timeline(sheet, chart)
    else:
        _scaled(sheet, chart)
    return f"0 0 {WIDTH} {round(sheet.y + 14)}", Markup("").join(sheet.parts)


def row_words(row: DataRow) -> str:
    """Say the value of a row and its spread: 5.5 ± 1.6, or 1.21 (0.9 to 1.5), or 2 to 4."""
    if row.sd is not None and row.value is not None:
        return f"{written_number(row.value)} ± {written_number(row.sd)}"
    spread = "" if row.low is None or row.high is None else f"{written_number(row.low)} to {written_number(row.high)}"
    if row.value is None:
        return spread
    return f"{written_number(row.value)} ({spread})" if spread else written_number(row.value)


def date_words(day: Sequence[int]) -> str:
    """Write a date as far as it is known: 9 August 2024, August 2024, 2024."""
    year, *rest = day
    return " ".join([*map(str, rest[1:]), *(month_name[month] for month in rest[:1]), str(year)])


def _lines(text: str, size: int, room: float) -> list[str]:
    return textwrap.wrap(text, max(12, int(room / (size * _SIGN)))) or [""]


def _x(axis: ValueAxis, value: float) -> float:
    return _AXIS_LEFT + axis.share(value) * (_AXIS_RIGHT - _AXIS_LEFT)


def _scaled(sheet: _Sheet, chart: DataChart) -> None:
    axis = axis_of(chart)
    for row in chart.rows:
        words = row_words(row)
        wide = len(words) * _LABEL * 0.55 + 16
        sheet.paragraph(row.label, room=_RIGHT - _LEFT - wide)
        sheet.words(_RIGHT, sheet.y - 6, words, kind="label-strong", at="end")
        if row.note:
            sheet.paragraph(row.note, kind="label-small", size=_SMALL)
        _band(sheet, chart, axis, row)
        sheet.y += _BAND + _GAP
    sheet.y -= _GAP
    _axis(sheet, chart, axis)


def _band(sheet: _Sheet, chart: DataChart, axis: ValueAxis, row: DataRow) -> None:
    """Draw the strip of a row: the marks of the axis, where there is no effect, the spread, the value."""
    top, middle = sheet.y + 2, sheet.y + 2 + _BAND / 2
    sheet.box(_AXIS_LEFT - 24, top, (_AXIS_RIGHT - _AXIS_LEFT + 48, _BAND), kind="fill-calm")
    for tick in axis.ticks:
        x = _x(axis, float(tick))
        sheet.line(x, top, (x, top + _BAND), kind="stroke-line", width=1, extra=' stroke-opacity="0.4"')
    if chart.none is not None:
        x = _x(axis, chart.none)
        sheet.line(x, top - 3, (x, top + _BAND + 3), kind="stroke-stop", width=3, extra=' stroke-dasharray="6 4"')
    if chart.kind is ChartKind.BARS and row.value is not None:
        sheet.box(_x(axis, 0), top + 4, (max(1.5, _x(axis, row.value) - _x(axis, 0)), _BAND - 8), kind="fill-accent")
    if row.low is not None and row.high is not None:
        kind = "stroke-line" if chart.kind is ChartKind.BARS else "stroke-accent"
        low, high = _x(axis, row.low), _x(axis, row.high)
        if chart.kind is ChartKind.BARS:  # an edge of paper, since the line lies half on the bar
            sheet.box(low - 3.5, middle - 11, (7, 22), kind="fill-paper")
            sheet.box(high - 3.5, middle - 11, (7, 22), kind="fill-paper")
            sheet.box(low, middle - 4, (high - low, 8), kind="fill-paper")
        sheet.line(low, middle, (high, middle), kind=kind, width=4)
        for end in (low, high):
            sheet.line(end, middle - 9, (end, middle + 9), kind=kind, width=3)
    if chart.kind is ChartKind.FOREST and row.value is not None:
        sheet.box(_x(axis, row.value) - 8, middle - 8, (16, 16), kind="fill-accent")
    elif chart.kind is ChartKind.RANGES and row.value is not None:
        sheet.dot(_x(axis, row.value), middle, 8.5)


def _axis(sheet: _Sheet, chart: DataChart, axis: ValueAxis) -> None:
    sheet.y += 8
    sheet.line(_AXIS_LEFT, sheet.y, (_AXIS_RIGHT, sheet.y), kind="stroke-line", width=2)
    for tick in axis.ticks:
        x = _x(axis, float(tick))
        sheet.line(x, sheet.y, (x, sheet.y + 6), kind="stroke-line", width=2)
        sheet.words(x, sheet.y + 24, written_number(float(tick)), size=_SMALL, at="middle")
    sheet.y += 28
    for row in _lines(chart.unit, _SMALL, _RIGHT - _LEFT):
        sheet.y += _SMALL_LINE
        sheet.words(WIDTH / 2, sheet.y - 2, row, size=_SMALL, at="middle")
    if chart.none is not None:
        sheet.y += 10
        sheet.line(
            _LEFT, sheet.y + 8, (_LEFT + 30, sheet.y + 8), kind="stroke-stop", width=3, extra=' stroke-dasharray="6 4"'
        )
        sheet.words(
            _LEFT + 40, sheet.y + 14, f"no effect: {written_number(chart.none)}", kind="label-small", size=_SMALL
        )
        sheet.y += 18
    if spread := [row.sd is not None for row in chart.rows if row.low is not None]:
        sheet.y += 6 if any(spread) else 0
        for words in _SPREAD[all(spread)] if any(spread) else ():
            sheet.paragraph(words, kind="label-small", size=_SMALL)


_SPREAD = {
    True: ("Dots are means, lines one standard deviation to either side.",),
    False: ("Where ± stands, the line is one standard deviation to either side.",),
}


def _timeline(sheet: _Sheet, chart: DataChart) -> None:
    """Draw events below each other; the longer the time between two, the further apart they are."""
    days = [date(*(*row.date, 1, 1)[:3]).toordinal() for row in chart.rows]
    longest = max((later - earlier for earlier, later in pairwise(days)), default=0) or 1
    x, top = _LEFT + 12, sheet.y + 16
    dots: list[float] = []
    for n, row in enumerate(chart.rows):
        sheet.y += _MOST_APART * max(0, days[n] - days[n - 1]) / longest if n else 0
        dots.append(sheet.y + 12)
        sheet.paragraph(date_words(row.date), kind="label-strong", x=x + 28)
        sheet.paragraph(row.label, x=x + 28)
        if row.note:
            sheet.paragraph(row.note, kind="label-small", size=_SMALL, x=x + 28)
        sheet.y += 12
    drawn = _Sheet()
    drawn.line(x, top - 4, (x, dots[-1]), kind="stroke-line", width=3)
    for y in dots:
        drawn.dot(x, y, 8)
    sheet.parts += drawn.parts
    sheet.y -= 8
