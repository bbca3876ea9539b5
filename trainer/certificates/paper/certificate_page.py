"""Lay out the paper: one landscape page, archival (PDF/A-3a), accessible (PDF/UA-1), with a place to sign.

The same claim, attachments and moment give the same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import NamedTuple

from trainer.certificates.facts.claim import Claim
from trainer.certificates.paper.guilloche import Figure, Seal
from trainer.certificates.paper.line_fitting import Fitted, TextPlace, fitted, wrapped
from trainer.certificates.paper.pdfa import Attachment, Labels, finish
from trainer.certificates.paper.places import ACCENT, ROOMS, PaperSize, Rooms, places_on_paper
from trainer.certificates.paper.qr import Code
from trainer.certificates.paper.scripts import SANS, direction
from trainer.certificates.paper.sheets import SHEETS, page
from trainer.errors import Refused


class _List(NamedTuple):
    """One way to set the covered titles: as lines of a size in points, in columns of so many rows at most."""

    columns: int
    size: float
    rows: int


_LISTS = (_List(3, 9, 6), _List(3, 8.5, 7), _List(4, 7.5, 8), _List(3, 7.5, 8))
FEWEST_ROWS = 4
"""A column is filled so far before the next one begins."""


@dataclass(frozen=True, kw_only=True)
class _Covers:
    """The covered titles as they stand: columns of titles, each in its lines."""

    columns: tuple[tuple[tuple[str, ...], ...], ...]
    halves: int
    dense: bool


def check_claim(claim: Claim) -> None:
    """Let a claim pass if every visible word of it can be written, and has room on both sizes of paper.

    Raises:
        Refused: some sign is missing from our fonts, or a text is too long for its place.
    """
    for size in PaperSize:
        _texts(claim, ROOMS[size])
        _covers(claim.covered, ROOMS[size])


def unsigned_paper(
    claim: Claim,
    *,
    base_url: str,
    at: datetime,
    size: PaperSize = PaperSize.A4,
    attachments: Sequence[Attachment] = (),
    accent: str = ACCENT,
) -> bytes:
    """Return the PDF with an empty place for the signature.

    Args:
        at: the moment of issue.
        accent: the colour of title, lines and drawings, as `#rrggbb`; small print is never in it.

    Raises:
        Refused: a text cannot be written, or is too long for its place.
        ValueError: two attachments have the same name.
    """
    names = [attached.name for attached in attachments]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"Two attachments are called {twice}.")
    address = claim.address(base_url)
    html = _html(claim, base_url, ROOMS[size])
    from trainer.certificates.paper.layout_engine import printed  # noqa: PLC0415 – loads the layout engine

    return printed(
        html,
        sheet=_sheet(size, accent),
        drawings={
            "figure": Figure(claim.number, accent),
            "seal": Seal(claim.release, claim.number, accent),
            "qr": Code(address),
        },
        identifier=claim.public_id.encode(),
        finish=partial(finish, labels=_labels(claim, address, at), attachments=attachments),
    )


def _labels(claim: Claim, address: str, at: datetime) -> Labels:
    return Labels(
        title=_title(claim),
        issuer=claim.issuer,
        number=claim.number,
        address=address,
        reason=f"Certificate {claim.number} was issued.",
        at=at,
    )


def _html(claim: Claim, base_url: str, rooms: Rooms) -> str:
    return page(
        "paper.html",
        claim=claim,
        title=_title(claim),
        text=_texts(claim, rooms),
        statement=_statement(claim, base_url.split("://", 1)[-1] + "/verify", rooms),
        apart=_apart(claim, rooms),
        address=claim.address(base_url),
        ways=_ways(base_url, claim.public_id, rooms),
        covers=_covers(claim.covered, rooms),
        day=written_day,
        direction=direction,
    )


def written_day(value: date) -> str:
    """Return a date as people write it."""
    return f"{value:%-d %B %Y}"


def sizes(smallest: int, largest: int) -> str:
    """Return the CSS of the classes `h-…`, one for every half point."""
    return "".join(
        f".h-{halves} {{ font-size: {halves / 2:g}pt }}\n" for halves in range(smallest * 2, largest * 2 + 1)
    )


@cache
def _sheet(size: PaperSize, accent: str) -> str:
    own = SHEETS.joinpath(f"paper-{size}.css").read_text()
    return coloured(SHEETS.joinpath("paper.css").read_text() + own, accent) + sizes(4, 44)


def coloured(sheet: str, accent: str) -> str:
    """Return a sheet with another accent."""
    return sheet.replace(ACCENT, accent)


def _title(claim: Claim) -> str:
    return f"Certificate {claim.number}: {claim.holder}"


def _texts(claim: Claim, rooms: Rooms) -> dict[str, Fitted]:
    place = places_on_paper(rooms)
    return {
        "holder": fitted(claim.holder, place.holder, "The name"),
        "issuer": fitted(claim.issuer, place.issuer, "The issuer's name"),
        "programme": fitted(claim.programme, place.award, "The programme's title"),
        "credential": fitted(claim.credential, place.credential, "The credential"),
        "conferred_by": fitted(claim.conferred_by, place.signer, "The director's name"),
        "cohort": fitted(claim.cohort, place.wide_fact, "The cohort's name"),
        "version": fitted(claim.version, place.fact, "The programme's version"),
    }


def _statement(claim: Claim, counter: str, rooms: Rooms) -> Fitted:
    place = TextPlace(face=SANS, room=rooms.statement, largest=8.5, pair=7.5, smallest=5)
    return fitted(f"{claim.statement} The number can also be checked at {counter}.", place, "The statement")


def _apart(claim: Claim, rooms: Rooms) -> Fitted | None:
    """Return what the hours consist of; nothing on papers of a time that did not say it."""
    place = TextPlace(face=SANS, room=rooms.statement, largest=8, pair=7.5, smallest=5)
    return fitted(f"Hours of learning. {claim.hours_apart}.", place, "The hours") if claim.hours_apart else None


def _ways(base_url: str, public_id: str, rooms: Rooms) -> tuple[Fitted, Fitted]:
    """Return the address in words, in two parts that a person can type after each other."""
    place = TextPlace(face=SANS, room=rooms.address, largest=7.5, pair=7.5, smallest=4, address=True)
    start, end = (fitted(part, place, "The address of this site") for part in (f"{base_url}/c/", public_id))
    return start, end


def _covers(titles: Sequence[str], rooms: Rooms) -> _Covers:
    """Return the titles in the largest letters in which all fit; if none do, as many as fit and how many are left."""
    way, lines = _LISTS[-1], [_lines(title, _LISTS[-1], rooms) for title in titles]
    for tried in _LISTS:
        wrapped_titles = [_lines(title, tried, rooms) for title in titles]
        if None in wrapped_titles:
            continue
        if (columns := _flow([line for line in wrapped_titles if line], tried)) is not None:
            return _Covers(columns=columns, halves=int(tried.size * 2), dense=tried.columns > 3)
        if way.columns <= tried.columns:
            way, lines = tried, wrapped_titles
    if None in lines:
        raise Refused(
            f"The title “{titles[lines.index(None)]}” has a word that is too long for its column on the paper. "
            "Nothing was issued; shorten it, then try again."
        )
    for shown in range(len(titles) - 1, -1, -1):
        more = f"and {len(titles) - shown} more, listed at the address of this certificate"
        kept = [line for line in (*lines[:shown], _lines(more, way, rooms)) if line]
        if (columns := _flow(kept, way)) is not None:
            break
    return _Covers(columns=columns or (), halves=int(way.size * 2), dense=True)


def _lines(title: str, way: _List, rooms: Rooms) -> tuple[str, ...] | None:
    room = rooms.column if way.columns == 3 else rooms.dense_column
    return wrapped(title, face=SANS, room=room, size=way.size)


def _flow(titles: Sequence[tuple[str, ...]], way: _List) -> tuple[tuple[tuple[str, ...], ...], ...] | None:
    """Return the titles in columns that are as even as can be, read downwards, or None if they do not fit."""
    evenly = -(-sum(map(len, titles)) // way.columns)
    for rows in range(max(FEWEST_ROWS, evenly), way.rows + 1):
        columns = tuple(_filled(titles, rows))
        if len(columns) <= way.columns and all(sum(map(len, column)) <= rows for column in columns):
            return columns
    return None


def _filled(titles: Sequence[tuple[str, ...]], rows: int) -> Iterator[tuple[tuple[str, ...], ...]]:
    column: list[tuple[str, ...]] = []
    for lines in titles:
        if column and sum(map(len, column)) + len(lines) > rows:
            yield tuple(column)
            column = []
        column.append(lines)
    if column:
        yield tuple(column)
