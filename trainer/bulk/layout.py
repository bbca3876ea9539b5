"""How a table is laid out: what parts its cells, which column holds the numbers, which the names.

People write such tables in many ways, and a separator or a heading guessed wrongly calls a genuine certificate
unknown. So nothing is guessed from looks: that separator and that column are taken under which most rows read as
numbers of ours, whose last sign checks the others. A table in which nothing does is not one of ours.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from trainer.certificates.facts.number import read_number
from trainer.verify.handed_in.reference import LONGEST_REFERENCE, id_at_the_end

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright lines"}
MOST_COLUMNS = 50
ADDRESS = re.compile(r"\S*(?<![^\s/])c/\s*[a-z2-7]{26}(?![a-z0-9])\S*", re.IGNORECASE)
_ID = re.compile(r"[a-z2-7]{26}")
_IN_GROUPS = re.compile(r"(?<!\w)\w{4}\W{0,3}\w{4}\W{0,3}\w{4}(?!\w)")
_ASIDE = re.compile(r"\(.*?\)|\[.*?\]")
_LETTERS = re.compile(r"[^\W\d_]+")
_NAME = {"name", "names", "holder", "holders", "fullname", "naam", "nom", "nome", "nombre", "navn", "namn", "inhaber"}
_GIVEN = {"first", "given", "forename", "forenames", "firstname", "vorname", "prénom", "prenom", "voornaam"}
_FAMILY = {"last", "family", "surname", "lastname", "nachname", "familienname", "apellido", "apellidos", "cognome"}
_OF_SOMETHING_ELSE = {"file", "user", "username", "programme", "program", "course", "school", "issuer", "company"}
_OF_SOMETHING_ELSE |= {"employer", "institution", "organisation", "organization", "supervisor", "director", "clinic"}

Cells = Sequence[str]
_Lines = Sequence[tuple[int, Cells]]


class BadRow(ValueError):
    """A row cannot be read: a quotation mark is missing or out of place, or a cell is too long.

    Attributes:
        line: where the row begins, from 1.
    """

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What was found about a table.

    Attributes:
        separator: the sign that parts the cells.
        number: the column of the numbers, from 0.
        names: the columns that make up the name, from 0, in the order of reading; none when no column is sure.
        first: how many rows at the beginning are titles.
        titles: the headings, or nothing when there are none.
        unsure: there are columns of words, but none that is surely the name.
    """

    separator: str
    number: int
    names: tuple[int, ...] = ()
    first: int = 0
    titles: Cells = ()
    unsure: bool = False


def numbers_in(cell: str) -> list[str]:
    """Return the different numbers of ours in a cell, whatever else stands in it, as they stand there."""
    found = {read_number(match[0]): match[0] for match in _IN_GROUPS.finditer(cell[:LONGEST_REFERENCE])}
    return [text for number, text in found.items() if number]


def reads_alone(cell: str) -> bool:
    """Say whether a cell is a number, an id or the address of a certificate, and no more; it need not exist."""
    cell = cell.strip()[:LONGEST_REFERENCE]
    return bool(read_number(cell) or _ID.fullmatch(cell.lower()) or ADDRESS.fullmatch(cell.lower()))


def reads(cell: str) -> bool:
    """Say whether a cell holds a number, an id or the address of a certificate, perhaps beside something else."""
    return reads_alone(cell) or bool(numbers_in(cell) or id_at_the_end(cell))


def _attempted(cell: str) -> bool:
    """Say whether a cell is written like a number of ours: a mistyped one must not vanish among the titles."""
    found = _IN_GROUPS.search(cell[:LONGEST_REFERENCE])
    return bool(found and not found[0].isalpha())


def numbered_rows(text: str, separator: str, *, most: int, strict: bool) -> Iterator[tuple[int, Cells]]:
    """Give each row that is not blank, with the number of the line on which it begins; at most so many.

    Raises:
        BadRow: a cell is too long, or, read strictly, a quotation mark is missing or out of place.
    """
    return islice(_rows(text, separator, strict=strict), most)


def _rows(text: str, separator: str, *, strict: bool) -> Iterator[tuple[int, Cells]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadRow(line) from error


def layout_of(text: str, *, most: int) -> Layout | None:
    """Return how a table is laid out by its first rows, or None when nothing in it reads as a number of ours."""
    found = [one for separator in SEPARATORS if (one := _tried(text, separator, most))]
    if not found:
        return None
    _read, separator, number, lines = max(found, key=lambda one: (one[0], -sum(len(cells) for _line, cells in one[3])))
    first = _titles_above(lines, number)
    titles = lines[first - 1][1] if first else ()
    names, unsure = _names(titles, lines[first:], number)
    return Layout(separator=separator, number=number, names=names, first=first, titles=titles, unsure=unsure)


def _tried(text: str, separator: str, most: int) -> tuple[tuple[int, int], str, int, _Lines] | None:
    """Return how many rows read under a separator, alone in their cells or not, and in which column most of them do."""
    try:
        lines = list(numbered_rows(text, separator, most=most, strict=False))
    except BadRow:
        return None
    counts = [(0, 0)] * MOST_COLUMNS
    for _line, cells in lines:
        for at, cell in enumerate(cells[:MOST_COLUMNS]):
            alone, somehow = counts[at]
            counts[at] = (alone + reads_alone(cell), somehow + reads(cell))
    most_read = max(counts)
    return (most_read, separator, counts.index(most_read), lines) if any(most_read) else None


def _titles_above(lines: _Lines, number: int) -> int:
    """Return how many rows stand above the list: up to the last one that has words where the numbers will be."""
    last = 0
    for at, (_line, cells) in enumerate(lines, start=1):
        told = cells[number] if number < len(cells) else ""
        if reads(told) or _attempted(told):
            break
        if told and not any(sign.isdigit() for sign in told):
            last = at
    return last


def _names(titles: Cells, lines: _Lines, number: int) -> tuple[tuple[int, ...], bool]:
    """Return the columns of the name by their headings, else by what stands in them; and whether that is unsure."""
    if columns := _names_by_title(titles, number):
        return columns, False
    width = max((len(cells) for _line, cells in lines), default=0)
    worded = [at for at in range(min(width, MOST_COLUMNS)) if at != number and _words_alone(lines, at)]
    if len(worded) == 1 and width == 2:
        return (worded[0],), False
    full = [at for at in worded if _several_words(lines, at)]
    return ((full[0],), False) if len(full) == 1 else ((), bool(worded))


def _names_by_title(titles: Cells, number: int) -> tuple[int, ...]:
    meant = [set(_LETTERS.findall(_ASIDE.sub("", title).casefold())) for title in titles]
    at = [column for column, words in enumerate(meant) if column != number and not words & _OF_SOMETHING_ELSE]
    given = [column for column in at if meant[column] & _GIVEN]
    family = [column for column in at if meant[column] & _FAMILY]
    whole = [column for column in at if meant[column] & _NAME and column not in {*given, *family}]
    if given and (family or whole):
        return given[0], (family or whole)[0]
    return tuple((whole or family)[:1])


def _words_alone(lines: _Lines, at: int) -> bool:
    """Say whether a column holds words without any digit, and not a few that come again, as "active" would."""
    told = [cells[at] for _line, cells in lines if at < len(cells) and cells[at]]
    wordy = all(_LETTERS.search(cell) and not any(sign.isdigit() or sign == "@" for sign in cell) for cell in told)
    return bool(told) and wordy and (2 * len(set(told)) > len(told) or _several_words(lines, at))


def _several_words(lines: _Lines, at: int) -> bool:
    told = [cells[at] for _line, cells in lines if at < len(cells) and cells[at]]
    return 2 * sum(len(_LETTERS.findall(cell)) > 1 for cell in told) > len(told)
