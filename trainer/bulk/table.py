"""A table of certificates to check, as a spreadsheet writes it, and the same table with a verdict in each row.

Read: UTF-8 with or without a byte order mark, or UTF-16 with one; columns parted by commas, semicolons or tabs
(RFC 4180 quotes); the first row may name the columns. Written: RFC 4180, and no cell that a spreadsheet would
take for a formula.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from trainer.verify.matching import LONGEST_NAME
from trainer.verify.reference import LONGEST

MOST_ROWS = 1000
_NUMBERS = frozenset({"number", "certificate", "certificate number", "certificate id", "id", "address", "reference"})
_NAMES = frozenset({"name", "holder", "holder name", "full name"})
# at the beginning, and behind what may end a cell or a row where cells are parted by semicolons, as in half of Europe
_FORMULA = re.compile(r"\A(?=[=+\-@\t\r\n])|(?<=[;\t\r\n])(?=[=+\-@])")
COLUMNS = ("row", "number", "name", "status", "since", "reason", "valid_until", "certificate", "name_match", "note")


class BadTable(ValueError):
    """The table cannot be read; the text says where and how to mend it."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one row asks.

    Attributes:
        line: where it stands in the file, from 1.
        name: to be compared with the holder's, or "".
        problem: why the row cannot be checked, or "".
    """

    line: int
    reference: str
    name: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What we say about one row.

    Attributes:
        status: a word of the registry, `unknown`, `not genuine`, or `unreadable` for a row with a problem.
        since: from when the status has held, as ISO 8601, or "".
        valid_until: the last day of validity, as ISO 8601, or "".
        certificate: its number as it stands on the paper, or "".
        match: yes, partial, no, `too many tries`, or "" when no name was given.
        note: one sentence.
    """

    row: Row
    status: str
    since: str = ""
    reason: str = ""
    valid_until: str = ""
    certificate: str = ""
    public_id: str = ""
    match: str = ""
    note: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the answer in the order of `COLUMNS`."""
        row = self.row
        return (
            str(row.line),
            row.reference,
            row.name,
            self.status,
            self.since,
            self.reason,
            self.valid_until,
            self.certificate,
            self.match,
            self.note,
        )

    def plain(self) -> dict[str, Any]:
        """Return the answer in values that JSON knows."""
        row = self.row
        return {
            "row": row.line,
            "reference": row.reference,
            "name": row.name or None,
            "status": self.status,
            "status_since": self.since or None,
            "status_reason_code": self.reason or None,
            "valid_until": self.valid_until or None,
            "number": self.certificate or None,
            "id": self.public_id or None,
            "name_match": self.match or None,
            "note": self.note,
        }


def read_table(content: bytes) -> tuple[Row, ...]:
    """Return the rows of a table; a row that cannot be checked carries its problem.

    Raises:
        BadTable: the whole of it cannot be read, is empty or too long.
    """
    text = _text_of(content)
    lines = list(islice(_cells_of(text), MOST_ROWS + 2))  # the titles, and one too many; the rest is not even read
    if not lines:
        raise BadTable("The table is empty. Put one certificate number in each row.")
    number_at, name_at = 0, 1
    titles = [cell.strip().casefold() for cell in lines[0][1]]
    if not _NUMBERS.isdisjoint(titles) or not _NAMES.isdisjoint(titles):
        lines = lines[1:]
        number_at, name_at = _column(titles, _NUMBERS), _column(titles, _NAMES)
        if number_at < 0:
            raise BadTable("The first row names no column for the numbers; call that column “number”.")
    if len(lines) > MOST_ROWS:
        raise BadTable(f"The table has more than {MOST_ROWS:,} rows; so many are checked at once. Split it.")
    if not lines:
        raise BadTable("Below its first row the table is empty. Put one certificate number in each row.")
    return tuple(row_of(line, _cell(cells, number_at), _cell(cells, name_at)) for line, cells in lines)


def row_of(line: int, reference: str, name: str) -> Row:
    """Return a row, with what is wrong with it."""
    problem = ""
    if not reference:
        problem = f"Row {line} has no number; write the certificate's number there."
    elif len(reference) > LONGEST:
        problem = f"What row {line} gives as a number is too long to be one."
    elif len(name) > LONGEST_NAME:
        problem = f"The name in row {line} is longer than any name on a certificate."
    return Row(line=line, reference=reference[:LONGEST], name=name[:LONGEST_NAME], problem=problem)


def counts_of(answers: Sequence[Answer]) -> Mapping[str, int]:
    """Return how often each verdict was given, the most frequent first."""
    return dict(Counter(answer.status for answer in answers).most_common())


def as_csv(answers: Sequence[Answer], *, mark: bool = False) -> bytes:
    """Return the answers as CSV in UTF-8; with a byte order mark where a person will open it in a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in answer.cells()] for answer in answers)
    return (codecs.BOM_UTF8 if mark else b"") + out.getvalue().encode("utf-8", "replace")


def harmless(cell: str) -> str:
    """Return a cell so that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return _FORMULA.sub("'", cell)


def _text_of(content: bytes) -> str:
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTable(
            "This is not text in UTF-8 or UTF-16. Save the table as “CSV UTF-8” and send it again."
        ) from error
    if "\0" in text:
        raise BadTable("This is not a table of text. Save it as “CSV UTF-8” and send it again.")
    return text


def _cells_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not blank, with the number of the line on which it begins."""
    first = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTable(
            f"Row {line} cannot be read: a quotation mark is missing or stands in a wrong place, or a cell is too long."
        ) from error


def _column(titles: Sequence[str], names: frozenset[str]) -> int:
    return next((at for at, title in enumerate(titles) if title in names), -1)


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if 0 <= at < len(cells) else ""
