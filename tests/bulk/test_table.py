"""Tables as people write them: what is genuine is found, what is nonsense is refused, nothing is misread."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.bulk.table import MOST_LINES, MOST_ROWS, BadTable, RowTable, read_table
from trainer.certificates.facts.number import number_from, read_number
from trainer.verify.handed_in.reference import read_reference

MARA, TOMAS, ILSE = (number_from(each * 7_919_000_000_011) for each in (1, 2, 3))
MISTYPED = MARA[:-1] + ("A" if MARA[-1] != "A" else "B")
WANTED = [(1, MARA, "Mara Vogel"), (2, TOMAS, "")]
ADDRESS = "https://trainer.example/c/abcdefghijklmnopqrstuvwxy2"
BASE = "https://trainer.example"


def rows_in(content: bytes | str) -> list[tuple[int, str, str]]:
    table = read_table(content if isinstance(content, bytes) else content.encode())
    return [(row.line, row.reference, row.name) for row in table.rows]


def found_in(table: RowTable) -> list[tuple[str | None, str]]:
    """Return which certificate each row asks about, and the name beside it."""
    asked = [read_reference(row.reference, base_url=BASE) for row in table.rows]
    return [(public_id or number, row.name) for (public_id, number), row in zip(asked, table.rows, strict=True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("gap", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_whatever_spreadsheet_wrote_it_the_table_is_read(encoding: str, gap: str, end: str) -> None:
    text = f"{MARA}{gap}Mara Vogel{end}{TOMAS}{gap}{end}"
    assert rows_in(text.encode(encoding)) == WANTED


BOTH = [(MARA, "Mara Vogel"), (TOMAS, "Specimen, Tomas")]
ALONE = [(MARA, ""), (TOMAS, "")]
WRITTEN: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a comma in the heading": (f"Number;Name (last, first)\n{MARA};Mara Vogel\n{TOMAS};Specimen, Tomas", BOTH),
    "two words with a comma as headings": (f"NUMBER;Surname, Name\n{MARA};Mara Vogel\n{TOMAS};Specimen, Tomas", BOTH),
    "no heading": (f"{MARA};Mara Vogel\n{TOMAS};Specimen, Tomas", BOTH),
    "tabs and one comma": (f"Number\tName, as registered\n{MARA}\tMara Vogel\n{TOMAS}\tSpecimen, Tomas", BOTH),
    "quoted names": (f'number,name\n{MARA},Mara Vogel\n{TOMAS},"Specimen, Tomas"', BOTH),
    "everything quoted": (f'"number";"name"\n"{MARA}";"Mara Vogel"\n"{TOMAS}";"Specimen, Tomas"', BOTH),
    "the name first": (f"Name;Number\nMara Vogel;{MARA}\nSpecimen, Tomas;{TOMAS}", BOTH),
    "the name first, without a heading": (f"Mara Vogel;{MARA}\nSpecimen, Tomas;{TOMAS}", BOTH),
    "a heading in German": (f"Zertifikatsnummer;Inhaber\n{MARA};Mara Vogel\n{TOMAS};Specimen, Tomas", BOTH),
    "a heading in French": (f"Numéro;Nom\n{MARA};Mara Vogel\n{TOMAS};Specimen, Tomas", BOTH),
    "a heading in Chinese": (f"证书编号;姓名\n{MARA};Mara Vogel\n{TOMAS};Specimen, Tomas", BOTH),
    "first and last name apart": (
        f"Last name,First name,Certificate\nVogel,Mara,{MARA}\nSpecimen,Tomas,{TOMAS}",
        [(MARA, "Mara Vogel"), (TOMAS, "Tomas Specimen")],
    ),
    "Vorname and Nachname": (
        f"Vorname;Nachname;Nr.\nMara;Vogel;{MARA}\nTomas;Specimen;{TOMAS}",
        [(MARA, "Mara Vogel"), (TOMAS, "Tomas Specimen")],
    ),
    "more columns": (
        f"#,Clinic,Therapist name,E-mail,Certificate,Since\n1,North,Mara Vogel,m@x.example,{MARA},2026\n"
        f'2,South,"Specimen, Tomas",t@x.example,{TOMAS},2025',
        BOTH,
    ),
    "a status beside it": (f"{MARA};active\n{TOMAS};active\n{ILSE};active", [*ALONE, (ILSE, "")]),
    "a date beside it": (f"{MARA};2026-01-03\n{TOMAS};2025-11-30", ALONE),
    "an address of mail beside it": (f"{MARA};mara@example.org\n{TOMAS};tomas@example.org", ALONE),
    "a running number before it": (f"1;{MARA}\n2;{TOMAS}", ALONE),
    "another body's number before it": (f"LIC-20441;{MARA}\nLIC-20442;{TOMAS}", ALONE),
    "a title above": (f"Therapists of the north, 3 May 2026\n\nNumber;Name\n{MARA};Mara Vogel", BOTH[:1]),
    "three lines of titles above": (f"Board\nReport 2026\nNumber,Name\n{MARA},Mara Vogel", BOTH[:1]),
    "a total below": (f"number\n{MARA}\n{TOMAS}\nTotal", [*ALONE, (None, "")]),
    "one in each line": (f"{MARA}\n{TOMAS}\n", ALONE),
    "blank lines between": (f"{MARA}\n\n   \n{TOMAS}\n\n", ALONE),
    "empty cells at the end": (f"{MARA};;;\n{TOMAS};;;", ALONE),
    "a comma at the end": (f"{MARA},\n{TOMAS},", ALONE),
    "lower case": (f"{MARA.lower()}\n{TOMAS.lower()}", ALONE),
    "no hyphens": (f"{MARA.replace('-', '')}\n{TOMAS.replace('-', '')}", ALONE),
    "blanks for hyphens": (f"{MARA.replace('-', ' ')}\n{TOMAS.replace('-', ' ')}", ALONE),
    "long dashes": (f"{MARA.replace('-', '–')}\n{TOMAS.replace('-', '‑')}", ALONE),
    "dashes with blanks": (f"{MARA.replace('-', ' - ')}\n{TOMAS.replace('-', ' – ')}", ALONE),
    "a word before it": (f"Number {MARA}\nNo. {TOMAS}", ALONE),
    "a sign before it": (f"#{MARA}\n№ {TOMAS}", ALONE),
    "an apostrophe before it": (f"'{MARA}\n'{TOMAS}", ALONE),
    "a formula that keeps it text": (f'="{MARA}"\n="{TOMAS}"', ALONE),
    "typographic quotes": (
        f"“{MARA}”;“Mara Vogel”\n„{TOMAS}“;„Specimen, Tomas“",
        [(MARA, "“Mara Vogel”"), (TOMAS, "„Specimen, Tomas“")],
    ),
    "brackets": (f"[{MARA}]\n({TOMAS})", ALONE),
    "a dot at the end": (f"{MARA}.\n{TOMAS}.", ALONE),
    "hard spaces": (f"\N{NO-BREAK SPACE}{MARA}\N{NO-BREAK SPACE}\n{TOMAS}\N{NO-BREAK SPACE}", ALONE),
    "invisible signs": (f"\N{ZERO WIDTH SPACE}{MARA}\n{TOMAS}\N{WORD JOINER}", ALONE),
    "the name behind it, with blanks": (f"{MARA}   Mara Vogel\n{TOMAS}   Specimen, Tomas", BOTH),
    "the name before it, with a colon": (
        f"Mara Vogel: {MARA}\nSpecimen, Tomas: {TOMAS}",
        [(MARA, "Mara Vogel:"), (TOMAS, "Specimen, Tomas:")],
    ),
    "a word in brackets behind it": (f"{MARA} (valid)\n{TOMAS} (valid)", ALONE),
    "addresses": (f"{ADDRESS}\n{ADDRESS}/", [(ADDRESS[-26:], "")] * 2),
    "addresses in angle brackets": (f"<{ADDRESS}>\n{MARA}", [(ADDRESS[-26:], ""), (MARA, "")]),
    "ids and numbers": (f"{ADDRESS[-26:]}\n{MARA}", [(ADDRESS[-26:], ""), (MARA, "")]),
    "upright lines, as in Markdown": (f"| {MARA} | Mara Vogel |\n| {TOMAS} | Specimen, Tomas |", BOTH),
    "one mistyped, first": (f"{MISTYPED};Mara Vogel\n{TOMAS};Specimen, Tomas", [(None, "Mara Vogel"), BOTH[1]]),
    "one mistyped, first and alone": (f"{MISTYPED}\n{TOMAS}", [(None, ""), (TOMAS, "")]),
    "one left out": (f"number;name\n{MARA};Mara Vogel\n;Omar Nobody", [BOTH[0], (None, "Omar Nobody")]),
    "half of them of another body": (
        f"LIC-1;Ann Other\n{MARA};Mara Vogel\n{TOMAS};Specimen, Tomas",
        [(None, "Ann Other"), *BOTH],
    ),
    "one row only": (f"{MARA},Mara Vogel", BOTH[:1]),
    "one holder, two certificates": (
        f"{MARA};Mara Vogel\n{TOMAS};Mara Vogel",
        [(MARA, "Mara Vogel"), (TOMAS, "Mara Vogel")],
    ),
    "names with a programme beside": (
        f"number,programme name,name\n{MARA},Foundations of care,Mara Vogel\n{TOMAS},Foundations of care,T Specimen",
        [(MARA, "Mara Vogel"), (TOMAS, "T Specimen")],
    ),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_however_a_verifier_writes_it_each_certificate_is_found_and_nothing_is_misread(
    written: tuple[str, list[tuple[str, str]]],
) -> None:
    text, wanted = written
    assert found_in(read_table(text.encode())) == wanted


NONSENSE = {
    "nothing": (b"", "is empty"),
    "blanks": (b"\n \n", "is empty"),
    "titles alone": (b"number,name\n", "Nothing in this table"),
    "names alone": (b"name\nMara\n", "Nothing in this table"),
    "one mistyped": (MISTYPED.encode(), "the last one checks the others"),
    "numbers of another body": (b"LIC-20441;Mara Vogel\nLIC-20442;Tomas\n", "Nothing in this table"),
    "a letter": (b"Dear colleagues,\nplease check our therapists.\n", "Nothing in this table"),
    "a PDF": (b"%PDF-1.7\n\xe2\xe3", "Verify a certificate"),
    "a workbook": (b"PK\x03\x04" + bytes(30), "workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(30), "workbook"),
    "bytes": (b"\xff\xfe\xff", "Nothing in this table"),
    "UTF-16 without its mark": (MARA.encode("utf-16-le"), "CSV UTF-8"),
    "an open quotation mark": (f'{MARA}\n{TOMAS},"open'.encode(), "Row 2 cannot be read"),
    "too many rows": (f"{MARA}\n".encode() * (MOST_ROWS + 1), "more than 1,000 rows"),
}


@pytest.mark.parametrize(("content", "said"), NONSENSE.values(), ids=NONSENSE)
def test_a_table_that_cannot_be_read_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        read_table(content)


def test_as_many_rows_as_are_promised_are_read_below_their_titles() -> None:
    assert len(read_table(("number\n" + f"{MARA}\n" * MOST_ROWS).encode()).rows) == MOST_ROWS


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman", "cp1250"])
def test_of_another_encoding_the_numbers_are_read_and_a_name_is_compared_only_if_every_letter_is_sure(
    encoding: str,
) -> None:
    table = read_table(f"Nummer;Name\n{MARA};Jörg Müller\n{TOMAS};Tomas Specimen\n".encode(encoding))
    assert found_in(table) == [(MARA, ""), (TOMAS, "Tomas Specimen")]
    assert [bool(row.aside) for row in table.rows] == [True, False]


def test_what_stands_beside_a_number_and_is_no_name_is_named() -> None:
    [row] = read_table(f"{MARA} (Mara)".encode()).rows
    assert row.aside == "“(Mara)” stands beside the number and was not compared."
    [row] = read_table(f"{MARA} and {TOMAS}".encode()).rows
    assert row.problem == "Row 1 has two numbers; write each in a row of its own."


def test_quoted_cells_may_hold_commas_quotes_and_line_ends() -> None:
    assert rows_in(f'{MARA},"Vogel, ""Mara""\nAnna"\n{TOMAS},\n') == [
        (1, MARA, 'Vogel, "Mara"\nAnna'),
        (3, TOMAS, ""),
    ]


def test_whoever_sent_it_is_told_how_it_was_read() -> None:
    layout = read_table(f"Report\nName;Since;Number\nMara Vogel;2026;{MARA}\n".encode()).layout
    assert (layout.separator, layout.number, layout.names) == (";", 2, (0,))
    assert (layout.first, layout.titles) == (2, ["Name", "Since", "Number"])
    unsure = read_table(f"{MARA},North,open\n{TOMAS},South,closed".encode()).layout
    assert (unsure.names, unsure.unsure) == ((), True)


def test_a_table_far_too_long_is_not_read_to_its_end() -> None:
    content = f"{MARA}\n".encode() * 400_000
    begun = time.process_time()
    with pytest.raises(BadTable, match="more than"):
        read_table(content)
    assert time.process_time() - begun < 0.5
    with pytest.raises(BadTable, match="Nothing in this table"):
        read_table(f"{MARA}\n".encode() + b"x" * 140_000)


def test_a_bad_row_says_which_one_it_is_and_leaves_the_others_alone() -> None:
    found = read_table(f"{MARA},a\n,Mara Vogel\n".encode() + b"x" * 600 + f"\n{TOMAS},".encode() + b"n" * 300).rows
    assert [row.problem[:5] and row.problem for row in found] == [
        "",
        "Row 2 has no number; write the certificate's number there.",
        "What row 3 gives as a number is too long to be one.",
        "The name in row 4 is longer than any name on a certificate.",
    ]


@given(
    numbers=st.lists(st.integers(0, 2**54).map(number_from), min_size=1, max_size=8),
    gap=st.sampled_from([",", ";", "\t", "|"]),
    name=st.sampled_from(["Mara Vogel", "Vogel, Mara", "O'Neil; Ann", "Li | Na", "李 娜", '"Bo" Ek']),
    heading=st.sampled_from(["", "Number{}Name", "No., as printed{}Name; in full", "编号{}姓名"]),
)
def test_no_separator_in_a_name_or_a_heading_hides_a_number(
    numbers: list[str], gap: str, name: str, heading: str
) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    titles = '"' + heading.replace("{}", f'"{gap}"') + '"\n' if heading else ""
    text = titles + "".join(f"{number}{gap}{quoted}\n" for number in numbers)
    assert found_in(read_table(text.encode())) == [(read_number(number), name) for number in numbers]


@given(st.binary(max_size=400))
def test_anything_may_be_sent(content: bytes) -> None:
    with suppress(BadTable):
        assert len(read_table(content).rows) >= 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_up_to_a_bound_are_passed_over_and_beyond_it_keep_nobody_waiting(end: str) -> None:
    assert MOST_LINES == 100_000
    assert rows_in(end * (MOST_LINES - 1) + MARA + end) == [(MOST_LINES, MARA, "")]
    begun = time.process_time()
    with pytest.raises(BadTable, match="more than 100,000 lines, most of them perhaps empty"):
        read_table((end * MOST_LINES + MARA + end * 900_000).encode())
    assert time.process_time() - begun < 0.5
