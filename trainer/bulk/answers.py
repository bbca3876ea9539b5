"""What we say about each row, and the same table with a verdict in each row.

Written: RFC 4180, and no cell that a spreadsheet would take for a formula.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from trainer.bulk.table import TableRow
from trainer.registry.status import Word
from trainer.verify.matching import Match
from trainer.verify.verdict import Doubt

# at the beginning, and behind what may end a cell or a row where cells are parted by semicolons, as in half of Europe
_FORMULA = re.compile(r"\A(?=[=+\-@\t\r\n])|(?<=[;\t\r\n])(?=[=+\-@])")
COLUMNS = (
    "row",
    "number",
    "name",
    "verdict",
    "status",
    "since",
    "reason",
    "valid_until",
    "certificate",
    "name_match",
    "note",
)
FITS_IN_PART = "valid, name fits in part"
DOES_NOT_FIT = "valid, name does not fit"
NOT_COMPARED = "valid, name not compared"
TOO_MANY_TRIES = "too many tries"


@dataclass(frozen=True, kw_only=True)
class ListedAnswer:
    """What we say about one row.

    Attributes:
        status: a word of the registry, `unknown`, `not genuine`, or `unreadable` for a row with a problem.
        since: from when the status has held.
        valid_until: the last day of validity.
        certificate: its number as it stands on the paper, or "".
        match: yes, partial, no, `TOO_MANY_TRIES`, or "" when no name was given.
        note: one sentence.
    """

    row: TableRow
    status: Word | Doubt
    since: datetime | None = None
    reason: str = ""
    valid_until: date | None = None
    certificate: str = ""
    public_id: str = ""
    match: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """The status, and of a valid certificate whether the name beside it fits: a number alone may be borrowed."""
        if self.status != Word.VALID or self.match == Match.YES or not (self.row.name or self.row.aside):
            return self.status
        return {Match.PARTIAL.value: FITS_IN_PART, Match.NO.value: DOES_NOT_FIT}.get(self.match, NOT_COMPARED)

    def cells(self) -> tuple[str, ...]:
        """Return the answer in the order of `COLUMNS`."""
        row = self.row
        return (
            str(row.line),
            row.reference,
            row.name,
            self.verdict,
            self.status,
            self.since.isoformat() if self.since else "",
            self.reason,
            self.valid_until.isoformat() if self.valid_until else "",
            self.certificate,
            self.match,
            self.note,
        )


def counts_of(answers: Sequence[ListedAnswer]) -> Mapping[str, int]:
    """Return how often each verdict was given, the most frequent first."""
    return dict(Counter(answer.verdict for answer in answers).most_common())


def answers_as_csv(answers: Sequence[ListedAnswer], *, mark: bool = False) -> bytes:
    """Return the answers as CSV in UTF-8; with a byte order mark where a person will open it in a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in answer.cells()] for answer in answers)
    return (codecs.BOM_UTF8 if mark else b"") + out.getvalue().encode("utf-8", "replace")


def harmless(cell: str) -> str:
    """Return a cell so that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    return _FORMULA.sub("'", cell)
