"""Verdicts: a borrowed number is not counted as valid, and no cell is taken for a formula by a spreadsheet."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.bulk.answers import ListedAnswer, answers_as_csv, counts_of, harmless
from trainer.bulk.table import TableRow

RUNS = re.compile(r"(?:\A|[;\t\r\n])[=+\-@]")  # wherever cells are parted by semicolons, tabs or the ends of lines


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell: str) -> None:
    assert harmless(cell).startswith("'")
    row = TableRow(line=1, reference=cell, name=cell)
    written = answers_as_csv([ListedAnswer(row=row, status="unknown")]).decode()
    assert [kept for line in csv.reader(io.StringIO(written, newline="")) for kept in line if kept == cell] == []


@pytest.mark.parametrize("before", ["Eve;", "Eve\n", "Eve\r\n", "\t", "Eve;x;"])
@pytest.mark.parametrize("sign", "=+-@")
def test_a_formula_behind_another_kind_of_gap_is_made_harmless(before: str, sign: str) -> None:
    cell = f"{before}{sign}cmd|' /C calc'!A0;"
    row = TableRow(line=1, reference=cell, name=cell)
    written = answers_as_csv([ListedAnswer(row=row, status="unknown")]).decode()
    assert f"'{sign}cmd" in written
    assert not RUNS.search(written)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=20))
def test_what_is_written_is_read_back_whole_and_holds_no_formula(cells: list[tuple[str, str]]) -> None:
    answers = [
        ListedAnswer(row=TableRow(line=at, reference=one, name=other), status="unknown")
        for at, (one, other) in enumerate(cells)
    ]
    written = list(csv.reader(io.StringIO(answers_as_csv(answers).decode(), newline=""), strict=True))
    assert len(written) == len(cells) + 1
    for line, (one, other) in zip(written[1:], cells, strict=True):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)
        assert line[1:3] == [harmless(one), harmless(other)]
    assert not RUNS.search(answers_as_csv(answers).decode())


def test_the_most_frequent_verdict_is_counted_first() -> None:
    row = TableRow(line=1, reference="x")
    answers = [ListedAnswer(row=row, status=status) for status in ("unknown", "valid", "valid")]
    assert list(counts_of(answers).items()) == [("valid", 2), ("unknown", 1)]


@pytest.mark.parametrize(
    ("status", "name", "aside", "match", "verdict"),
    [
        ("valid", "", "", "", "valid"),
        ("valid", "Mara Vogel", "", "yes", "valid"),
        ("valid", "Mara Vogel", "", "partial", "valid, name fits in part"),
        ("valid", "Mara Vogel", "", "no", "valid, name does not fit"),
        ("valid", "Mara Vogel", "", "too many tries", "valid, name not compared"),
        ("valid", "", "“(Mara)” stands beside the number.", "", "valid, name not compared"),
        ("revoked", "Mara Vogel", "", "no", "revoked"),
        ("unknown", "Mara Vogel", "", "", "unknown"),
    ],
)
def test_a_number_is_counted_as_valid_only_for_the_name_that_it_was_issued_to(
    status: str, name: str, aside: str, match: str, verdict: str
) -> None:
    answer = ListedAnswer(row=TableRow(line=1, reference="x", name=name, aside=aside), status=status, match=match)
    assert counts_of([answer]) == {verdict: 1}
    assert (answer.verdict, answer.status) == (verdict, status)
    assert verdict in next(iter(csv.DictReader(io.StringIO(answers_as_csv([answer]).decode()))))["verdict"]
