"""From a file of data to a chart, with every mistake by file and line."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from trainer.authoring.fitting import fit
from trainer.authoring.frontmatter import Lines, line_of, load
from trainer.authoring.messages import Message
from trainer.authoring.shapes import Shape
from trainer.authoring.wording import add_key, did_you_mean, should_be
from trainer.charts.shapes import (
    MOST_CHART_ROWS,
    BarsFile,
    ChartKind,
    EstimateShape,
    ForestFile,
    MilestoneShape,
    RangesFile,
    SpreadShape,
    TimelineFile,
)
from trainer.charts.values import ChartReading, DataChart, DataRow, exactly, written_number

_FILES: Mapping[ChartKind, type[ForestFile | RangesFile | BarsFile | TimelineFile]] = {
    ChartKind.FOREST: ForestFile,
    ChartKind.RANGES: RangesFile,
    ChartKind.BARS: BarsFile,
    ChartKind.TIMELINE: TimelineFile,
}
_ROWS: Mapping[ChartKind, type[Shape]] = {
    ChartKind.FOREST: EstimateShape,
    ChartKind.RANGES: SpreadShape,
    ChartKind.BARS: EstimateShape,
    ChartKind.TIMELINE: MilestoneShape,
}
FROM_A_STORY = "none"
"""What a row says in place of a source where it belongs to a fictional client."""
_CHARTS = f"one of {', '.join(ChartKind)}"


@dataclass
class _Draft:
    """A chart in the making."""

    path: str
    lines: Lines
    known: Collection[str]
    fictional: bool
    messages: list[Message] = field(default_factory=list)
    cited: dict[str, int] = field(default_factory=dict)

    def line(self, *keys: str) -> int:
        return line_of(self.lines, *keys)

    def say(self, line: int, text: str) -> None:
        self.messages.append(Message(self.path, line, text))


def read_data_chart(path: str, text: str, known: Collection[str], *, fictional: bool = False) -> ChartReading:
    """Read a figure's file of data; never raises.

    Args:
        path: the file, for the messages.
        text: its YAML.
        known: the keys of every source.
        fictional: whether rows may come from a story, and say `source: none`.
    """
    document = load(path, text)
    draft = _Draft(path, document.lines, known, fictional, list(document.messages))
    chart = None if document.messages and not isinstance(document.value, dict) else _read_file(draft, document.value)
    messages = tuple(sorted(set(draft.messages)))
    return ChartReading(chart=None if messages else chart, cited=draft.cited, messages=messages)


def _read_file(draft: _Draft, given: Any) -> DataChart | None:
    written = given.get("chart") if isinstance(given, dict) else None
    if isinstance(given, dict) and written not in list(ChartKind):
        if written is None:
            draft.say(1, add_key("chart", _CHARTS))
        else:
            draft.say(draft.line("chart"), should_be("chart", _CHARTS) + did_you_mean(str(written), ChartKind))
        return None
    kind = ChartKind(written) if written else ChartKind.FOREST
    fitted = fit(_FILES[kind], given, path=draft.path, lines=draft.lines)
    draft.messages += fitted.messages
    listed = given.get("rows") if isinstance(given, dict) else None
    rows = (
        [row for n, one in enumerate(listed) if (row := _row(draft, kind, n, one))] if isinstance(listed, list) else []
    )
    if len(listed or ()) > MOST_CHART_ROWS:
        draft.say(
            draft.line("rows", str(MOST_CHART_ROWS)),
            f"Show at most {MOST_CHART_ROWS} rows: a small screen holds no more.",
        )
    _repeated(draft, rows)
    if (head := fitted.head) is None:
        return None
    chart = DataChart(
        kind=kind,
        title=head.title,
        unit=getattr(head, "unit", ""),
        none=getattr(head, "none", None),
        whole=getattr(head, "whole", None),
        rows=tuple(row for _, row in rows),
    )
    if len(rows) == len(head.rows):
        _adds_up(draft, chart)
        _in_order(draft, chart)
    return chart


def _row(draft: _Draft, kind: ChartKind, n: int, given: Any) -> tuple[int, DataRow] | None:
    """Read one row; return it with its place, or nothing where it lacks something."""
    fitted = fit(_ROWS[kind], given, path=draft.path, lines=draft.lines, under=("rows", str(n)))
    draft.messages += fitted.messages
    if (head := fitted.head) is None:
        return None
    values = head.model_dump()
    sources = _sources(draft, n, values.pop("source"))
    if kind is ChartKind.TIMELINE:
        day = _day(draft, n, values.pop("date"))
        return (n, DataRow(**values, date=day, sources=sources)) if day else None
    row = DataRow(**values, sources=sources)
    _spread(draft, kind, n, row)
    if row.sd is not None and row.value is not None:
        low, high = exactly(row.value) - exactly(row.sd), exactly(row.value) + exactly(row.sd)
        row = DataRow(**{**values, "low": float(low), "high": float(high)}, sources=sources)
    return n, row


def _sources(draft: _Draft, n: int, written: str) -> tuple[str, ...]:
    keys = tuple(key for word in re.split("[,;]", written) if (key := word.strip().removeprefix("@")))
    line = draft.line("rows", str(n), "source")
    if draft.fictional and keys == (FROM_A_STORY,):
        return ()
    for key in keys:
        draft.cited.setdefault(key, line)
        if key not in draft.known:
            draft.say(line, f"The source “{key}” is not in references.yaml.{did_you_mean(key, draft.known)}")
    if not keys:
        draft.say(line, "Name the source of this row by its key, as in `source: S61`.")
    return tuple(dict.fromkeys(keys))


def _spread(draft: _Draft, kind: ChartKind, n: int, row: DataRow) -> None:
    """Note what does not fit together in one row."""
    here = draft.line("rows", str(n))
    low, high, value = row.low, row.high, row.value
    if row.sd is not None and (low is not None or high is not None):
        draft.say(draft.line("rows", str(n), "sd"), "Give either sd, or low and high: both say how far values spread.")
    elif row.sd is not None and value is None:
        draft.say(draft.line("rows", str(n), "sd"), "Add the value around which this standard deviation lies.")
    elif (low is None) != (high is None):
        there, missing = ("low", "high") if high is None else ("high", "low")
        draft.say(draft.line("rows", str(n), there), f"Add {missing} beside {there}, or remove {there}.")
    elif low is not None and high is not None and low > high:
        draft.say(draft.line("rows", str(n), "low"), "low is above high. Change them round, or mend the number.")
    elif low is not None and high is not None and value is not None and not low <= value <= high:
        draft.say(
            draft.line("rows", str(n), "value"),
            f"The value {written_number(value)} does not lie between low {written_number(low)} and high "
            f"{written_number(high)}. Mend the one that is wrong.",
        )
    elif low is None and value is None and row.sd is None:
        draft.say(here, "Give the row a value, or low and high.")
    if kind is ChartKind.BARS and value is not None and value < 0:
        draft.say(draft.line("rows", str(n), "value"), "A bar is 0 or more. Show what can be below 0 as ranges.")


def _day(draft: _Draft, n: int, written: str) -> tuple[int, ...]:
    """Return year, month and day as far as they are given; nothing where there is no such day."""
    day = tuple(map(int, written.split("-")))
    try:
        date(*(*day, 1, 1)[:3])
    except ValueError:
        draft.say(draft.line("rows", str(n), "date"), f"There is no {written} in a calendar. Mend the date.")
        return ()
    return day


def _repeated(draft: _Draft, rows: list[tuple[int, DataRow]]) -> None:
    seen: dict[tuple[str, tuple[int, ...]], int] = {}
    for n, row in rows:
        key = (row.label.casefold(), row.date)
        if key in seen:
            line = draft.line("rows", str(seen[key]), "label")
            draft.say(
                draft.line("rows", str(n), "label"), f"This row has the same label as line {line}. Say which is which."
            )
        seen.setdefault(key, n)


def _adds_up(draft: _Draft, chart: DataChart) -> None:
    if chart.whole is None:
        return
    total = sum(exactly(row.value) for row in chart.rows if row.value is not None)
    if total != exactly(chart.whole):
        draft.say(
            draft.line("whole"),
            f"The rows add up to {written_number(float(total))}, and not to {written_number(chart.whole)}. "
            "Mend a row, or remove “whole” if they are no parts of it.",
        )


def _in_order(draft: _Draft, chart: DataChart) -> None:
    """Note an event that stands after a later one; days are compared as far as both are known."""
    for n, (before, row) in enumerate(pairwise(chart.rows), start=1):
        known = min(len(before.date), len(row.date))
        if row.date[:known] < before.date[:known]:
            draft.say(draft.line("rows", str(n), "date"), "This is earlier than the row above. Put the earliest first.")
