"""Tables as a spreadsheet reads them (RFC 4180, UTF-8 with a byte order mark), with no cell taken for a formula."""

import codecs
import csv
import io
from dataclasses import dataclass

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What begins a formula in one spreadsheet or another (OWASP, CSV injection)."""

Value = str | int | float | None


@dataclass(frozen=True)
class FigureTable:
    """A table to take away; None is a number that is kept back or not there."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def table_as_csv(table: FigureTable) -> bytes:
    """Write a table; numbers with a point, at most four places."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_written(value) for value in row] for row in table.rows)
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8", "replace")


def _written(value: Value) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
