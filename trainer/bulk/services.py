"""Compare the names of a list, which counts as tries."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from trainer.bulk.answers import TOO_MANY_TRIES, ListedAnswer
from trainer.verify.matching import Match
from trainer.verify.services import try_names

_NAME_NOTES: Mapping[str, str] = {
    Match.PARTIAL.value: "The name given here fits the certificate's only in part.",
    Match.NO.value: "It was issued to somebody whose name is not the one given here.",
    TOO_MANY_TRIES: "The name was not compared: names have been tried with this certificate too often today.",
}


def compare_names(
    session: Session, *, answers: Sequence[ListedAnswer], address: str, base_url: str, now: datetime
) -> tuple[ListedAnswer, ...]:
    """Add to each answer whose row has a name whether that name fits; each comparison counts as a try of the day.

    Where the list says that there is no certificate, nothing is compared, nothing said about the name and nothing
    counted: a list of a thousand inventions would else leave two thousand counts behind.
    """
    named = [answer.row for answer in answers if answer.row.name and answer.public_id]
    asked = [(row.reference, row.name) for row in named]
    matches = try_names(session, asked=asked, address=address, base_url=base_url, now=now) if asked else ()
    found = {row.line: match.value if match else TOO_MANY_TRIES for row, match in zip(named, matches, strict=True)}
    return tuple(_with_match(answer, found.get(answer.row.line, "")) for answer in answers)


def _with_match(answer: ListedAnswer, match: str) -> ListedAnswer:
    note = f"{answer.note} {_NAME_NOTES[match]}" if match in _NAME_NOTES else answer.note
    return replace(answer, match=match, note=note)
