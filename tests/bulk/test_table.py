"""Tables as spreadsheets write them, and verdicts that no spreadsheet takes for a formula."""

import csv
import io
import re
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.bulk.table import MOST_ROWS, Answer, BadTable, Row, as_csv, counts_of, harmless, read_table

RUNS = re.compile(r"(?:\A|[;\t\r\n])[=+\-@]")  # wherever cells are parted by semicolons, tabs or the ends of lines
WANTED = [(1, "7K4M-2QXH-9PTC", "Mara Vogel"), (2, "3XW8-D6TN-K2RB", "")]


def rows_in(content: bytes) -> list[tuple[int, str, str]]:
    return [(row.line, row.reference, row.name) for row in read_table(content)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("gap", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_whatever_spreadsheet_wrote_it_the_table_is_read(encoding: str, gap: str, end: str) -> None:
    text = f"7K4M-2QXH-9PTC{gap}Mara Vogel{end}3XW8-D6TN-K2RB{gap}{end}"
    assert rows_in(text.encode(encoding)) == WANTED


def test_names_of_columns_are_understood_in_any_order() -> None:
    assert rows_in(b"Name;Number\nMara Vogel;7K4M-2QXH-9PTC\n") == [(2, "7K4M-2QXH-9PTC", "Mara Vogel")]
    assert rows_in(b"id\n7K4M-2QXH-9PTC\n\n  \n3XW8\n") == [(2, "7K4M-2QXH-9PTC", ""), (5, "3XW8", "")]


def test_quoted_cells_may_hold_commas_quotes_and_line_ends() -> None:
    assert rows_in(b'7K4M,"Vogel, ""Mara""\nAnna"\n3XW8,\n') == [
        (1, "7K4M", 'Vogel, "Mara"\nAnna'),
        (3, "3XW8", ""),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"number,name\n", "Below its first row"),
        (b"name\nMara\n", "call that column"),
        (b"7K4M\n3XW8," + b'"open', "Row 2 cannot be read"),
        (b"\xff\xfe\xff", "UTF-8"),
        (b"%PDF-1.7\n\xe2\xe3", "UTF-8"),
        ("7K4M".encode("utf-16-le"), "CSV UTF-8"),
        (b"7K4M\n" * (MOST_ROWS + 1), "more than 1,000 rows"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        read_table(content)


def test_a_table_far_too_long_is_not_read_to_its_end() -> None:
    content = b"7K4M\n" * 400_000
    begun = time.perf_counter()
    with pytest.raises(BadTable, match="more than"):
        read_table(content)
    assert time.perf_counter() - begun < 0.5
    with pytest.raises(BadTable, match="Row 2 cannot be read"):
        read_table(b"7K4M\n" + b"x" * 140_000)


def test_a_bad_row_says_which_one_it_is_and_leaves_the_others_alone() -> None:
    found = read_table(b"7K4M,a\n,Mara Vogel\n" + b"x" * 600 + b"\n3XW8," + b"n" * 300)
    assert [row.problem[:5] and row.problem for row in found] == [
        "",
        "Row 2 has no number; write the certificate's number there.",
        "What row 3 gives as a number is too long to be one.",
        "The name in row 4 is longer than any name on a certificate.",
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")'])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell: str) -> None:
    assert harmless(cell).startswith("'")
    row = Row(line=1, reference=cell, name=cell)
    written = as_csv([Answer(row=row, status="unknown")]).decode()
    assert [kept for line in csv.reader(io.StringIO(written, newline="")) for kept in line if kept == cell] == []


@pytest.mark.parametrize("before", ["Eve;", "Eve\n", "Eve\r\n", "\t", "Eve;x;"])
@pytest.mark.parametrize("sign", "=+-@")
def test_a_formula_behind_another_kind_of_gap_is_made_harmless(before: str, sign: str) -> None:
    cell = f"{before}{sign}cmd|' /C calc'!A0;"
    row = Row(line=1, reference=cell, name=cell)
    written = as_csv([Answer(row=row, status="unknown")]).decode()
    assert f"'{sign}cmd" in written
    assert not RUNS.search(written)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=20))
def test_what_is_written_is_read_back_whole_and_holds_no_formula(cells: list[tuple[str, str]]) -> None:
    answers = [
        Answer(row=Row(line=at, reference=one, name=other), status="unknown") for at, (one, other) in enumerate(cells)
    ]
    written = list(csv.reader(io.StringIO(as_csv(answers).decode(), newline=""), strict=True))
    assert len(written) == len(cells) + 1
    for line, (one, other) in zip(written[1:], cells, strict=True):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)
        assert line[1:3] == [harmless(one), harmless(other)]
    assert not RUNS.search(as_csv(answers).decode())


@given(st.binary(max_size=400))
def test_anything_may_be_sent(content: bytes) -> None:
    with suppress(BadTable):
        assert len(read_table(content)) >= 1


def test_the_most_frequent_verdict_is_counted_first() -> None:
    row = Row(line=1, reference="x")
    answers = [Answer(row=row, status=status) for status in ("unknown", "valid", "valid")]
    assert list(counts_of(answers).items()) == [("valid", 2), ("unknown", 1)]
