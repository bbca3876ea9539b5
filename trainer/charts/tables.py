"""The table twin of a chart: the same rows in words, each with its source."""

from collections.abc import Callable

from markupsafe import Markup

from trainer.charts.drawing import date_words, row_words
from trainer.charts.shapes import ChartKind
from trainer.charts.values import DataChart, DataRow, written_number

_TABLE = Markup(
    '<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n<caption>{}</caption>\n'
    "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n{}</table>\n</div>\n"
)


def chart_table(chart: DataChart, named: Callable[[str], Markup]) -> Markup:
    """Return the chart as an HTML table; `named` makes a link of the key of a source."""
    dated, noted = chart.kind is ChartKind.TIMELINE, any(row.note for row in chart.rows)
    heads = ["When", "What"] if dated else ["What", f"Value, {chart.unit}"]
    heads += [*(["Note"] if noted else []), *(["Source"] if chart.sources else [])]
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(words) for words in heads)
    sourced = bool(chart.sources)
    rows = Markup("").join(_row(row, named if sourced else None, dated=dated, noted=noted) for row in chart.rows)
    foot = Markup("")
    if chart.whole is not None:
        empty = Markup("<td></td>") * (len(heads) - 2)
        foot = Markup('<tfoot><tr><th scope="row">Together</th><td>{}</td>{}</tr></tfoot>\n').format(
            written_number(chart.whole), empty
        )
    return _TABLE.format(chart.title, top, rows, foot)


def _row(row: DataRow, named: Callable[[str], Markup] | None, *, dated: bool, noted: bool) -> Markup:
    head, value = (date_words(row.date), row.label) if dated else (row.label, row_words(row))
    note = Markup("<td>{}</td>").format(row.note) if noted else Markup("")
    told = Markup("<td>{}</td>").format(Markup(", ").join(map(named, row.sources))) if named else Markup("")
    return Markup('<tr><th scope="row">{}</th><td>{}</td>{}{}</tr>\n').format(head, value, note, told)
