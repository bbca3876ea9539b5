"""A table of certificates to check, as people write one.

Read: UTF-8 with or without a byte order mark, or UTF-16 with one. Of any other encoding only what is ASCII is read,
which all numbers are; a name that has other letters there is not compared, since nobody can tell which they were.
"""

import codecs
import re
from dataclasses import dataclass, replace

from trainer.bulk.layout import ADDRESS, BadRow, Cells, Layout, layout_of, numbered_rows, numbers_in, reads_alone
from trainer.verify.handed_in.reference import LONGEST_REFERENCE
from trainer.verify.matching import LONGEST_NAME

MOST_ROWS = 1000
MOST_LINES = 100 * MOST_ROWS
"""Blank lines and the lines within a cell among them: reading them takes its time too, and others wait meanwhile."""
_MOST_TITLES = 20
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_FILES = {
    b"PK\x03\x04": "This is a workbook, not a table of text. Save it as “CSV UTF-8” and send that.",
    b"\xd0\xcf\x11\xe0": "This is a workbook, not a table of text. Save it as “CSV UTF-8” and send that.",
    b"%PDF-": "This is a PDF. One certificate is checked at “Verify a certificate”; a list is sent as “CSV UTF-8”.",
}
_AROUND = "<>\"'“”„‘’«»"
_FULL_NAME = re.compile(r"[^\W\d_]+(?:[^\w]+[^\W\d_]+)+\W*")


class BadTable(ValueError):
    """The table cannot be read; the text says where and how to mend it."""


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """What one row asks.

    Attributes:
        line: where it stands in the file, from 1.
        name: to be compared with the holder's, or "".
        aside: a sentence about what stands in the row like a name and cannot be compared, or "".
        problem: why the row cannot be checked, or "".
    """

    line: int
    reference: str
    name: str = ""
    aside: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class RowTable:
    """The rows of a table and how they were found, to be shown to whoever sent it."""

    rows: tuple[TableRow, ...]
    layout: Layout


def read_table(content: bytes) -> RowTable:
    """Read a table; a row that cannot be checked carries its problem.

    Raises:
        BadTable: the whole of it cannot be read, is empty or too long, or nothing in it is a number of ours.
    """
    text = _text_of(content)
    if text.count("\n") + text.count("\r") - text.count("\r\n") > MOST_LINES:
        raise BadTable(
            f"The table has more than {MOST_LINES:,} lines, most of them perhaps empty. Up to {MOST_ROWS:,} rows are "
            "checked at once; leave the empty ones out."
        )
    layout = layout_of(text, most=MOST_ROWS + _MOST_TITLES)
    if layout is None:
        raise BadTable(_nothing_reads(text))
    most = layout.first + MOST_ROWS
    try:
        lines = list(
            numbered_rows(text, layout.separator, most=most + 1, strict=True)
        )  # one too many; no more is even read
    except BadRow as bad:
        raise BadTable(
            f"Row {bad.line} cannot be read: a quotation mark is missing or stands in a wrong place, or a cell is too "
            "long."
        ) from bad
    if len(lines) > most:
        raise BadTable(f"The table has more than {MOST_ROWS:,} rows; so many are checked at once. Split it.")
    return RowTable(rows=tuple(_row(line, cells, layout) for line, cells in lines[layout.first :]), layout=layout)


def row_of(line: int, reference: str, name: str) -> TableRow:
    """Return a row, with what is wrong with it."""
    problem = aside = ""
    if not reference:
        problem = f"Row {line} has no number; write the certificate's number there."
    elif len(reference) > LONGEST_REFERENCE:
        problem = f"What row {line} gives as a number is too long to be one."
    elif len(name) > LONGEST_NAME:
        problem = f"The name in row {line} is longer than any name on a certificate."
    elif _UNREADABLE in name:
        name, aside = "", "The name has letters that we cannot read, so it was not compared: send “CSV UTF-8”."
    return TableRow(
        line=line, reference=reference[:LONGEST_REFERENCE], name=name[:LONGEST_NAME], aside=aside, problem=problem
    )


def _row(line: int, cells: Cells, layout: Layout) -> TableRow:
    told = cells[layout.number].strip(_AROUND) if layout.number < len(cells) else ""
    name = " ".join(cells[at] for at in layout.names if at < len(cells)).strip()
    if reads_alone(told) or not (found := numbers_in(told) or ADDRESS.findall(told[:LONGEST_REFERENCE])):
        return row_of(line, told, name)
    if len(found) > 1:
        return replace(row_of(line, told, name), problem=f"Row {line} has two numbers; write each in a row of its own.")
    beside = told.replace(found[0], " ").strip()
    if not name and _FULL_NAME.fullmatch(beside):
        return row_of(line, found[0], beside)
    return replace(row_of(line, found[0], name), aside=f"“{beside}” stands beside the number and was not compared.")


def _text_of(content: bytes) -> str:
    for begins, said in _FILES.items():
        if content.startswith(begins):
            raise BadTable(said)
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content.decode("utf-16" if utf16 else "utf-8-sig", "replace")
    if "\0" in text:
        raise BadTable("This is not a table of text. Save it as “CSV UTF-8” and send it again.")
    return text


def _nothing_reads(text: str) -> str:
    if not text.strip():
        return "The table is empty. Put one certificate number in each row."
    return (
        "Nothing in this table reads as a number, an id or an address of ours. A number has twelve signs, as in "
        "7K4M-2QXH-9PTV, and the last one checks the others; is this the right list, with every number in a cell of "
        "its own?"
    )
