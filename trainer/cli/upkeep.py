"""What of the content is past its date, what rests on what, and what changed in the law."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from trainer.authoring.release import Files, content_folder_of, read_folder
from trainer.authoring.wording import did_you_mean
from trainer.clock import utc_now
from trainer.curriculum.course import parse
from trainer.enrolment.queries import release_with, releases_beginning
from trainer.installation import opened
from trainer.moments import day_in_words
from trainer.settings import ROOT
from trainer.upkeep.changes import law_changes
from trainer.upkeep.past import PastDate, past_dates, read_in_days_to_come, resting_on, what_is_named
from trainer.upkeep.resting import Resting


@click.command("stale")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT / "content")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day to look from; today without it.")
@click.option("--what", help="List instead all that rests on this: an answer such as oregon/training, or a source.")
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON.")
def stale(path: Path, day: datetime | None, what: str | None, as_json: bool) -> None:
    """Say what is past its date, and what rests on it, by file and line. Exit 0 when nothing is, 1 otherwise.

    Answers of the law and boxes about it are read again after their intervals, signatures are asked for again.
    """
    files = read_folder(content_folder_of(path)[0])
    on = day.date() if day else utc_now().date()
    if what:
        _tell_resting(files, what, as_json)
        return
    found = past_dates(files, on)
    if as_json:
        click.echo(json.dumps([_plain(past) for past in found], indent=2))
    else:
        for past in found:
            click.echo(str(past.message))
            for line in () if past.resting is None else _under(past.resting):
                click.echo(line)
        click.echo(f"{_counted(len(found))} on {day_in_words(on)}.", err=True)
    sys.exit(1 if found else 0)


def notes_on_dates(files: Files) -> Iterator[str]:
    """Yield what is past its date or read on a day to come, for whoever checks the content; it stops nothing."""
    today = utc_now().date()
    for past in past_dates(files, today):
        yield str(past.message)
    for early in read_in_days_to_come(files, today):
        yield str(early)


def law_difference(old: str, new: str) -> Iterator[str]:
    """Yield the answers of the law that differ between two folders or releases, each with what rests on it."""
    changes = law_changes(_files_of(old), _files_of(new))
    answers = "1 answer" if len(changes) == 1 else f"{len(changes) or 'No'} answers"
    yield f"The law: {answers} changed"
    for change in changes:
        yield f"  {change.what}: {change.words}"
        yield from (f"  {line}" for line in _under(change.resting))


def names_content(name: str) -> bool:
    """Say whether a name is that of a folder of content or, by its digits, of a release."""
    return Path(name).is_dir() or (not Path(name).exists() and set(name) <= set("0123456789abcdef"))


def _files_of(name: str) -> Files:
    if Path(name).is_dir():
        return read_folder(content_folder_of(Path(name))[0])
    with opened() as installation, installation.database.reading() as session:
        found = releases_beginning(session, name)
        if not name or len(found) != 1:
            raise click.UsageError(f"{len(found)} releases begin with {name}. Give more digits of its hash.")
        return release_with(session, found[0]).files


def _tell_resting(files: Files, what: str, as_json: bool) -> None:
    places = resting_on(files, what)
    if places is None:
        hint = did_you_mean(what, what_is_named(parse(files)[0]))
        raise click.UsageError(f"There is no answer of the law and no source “{what}”.{hint}")
    if as_json:
        click.echo(json.dumps([_place(place) for place in places], indent=2))
        return
    for place in places:
        click.echo(str(place))
    click.echo(f"{len(places)} {'place rests' if len(places) == 1 else 'places rest'} on {what}.", err=True)


def _counted(number: int) -> str:
    if number == 1:
        return "1 thing is past its date"
    return f"{number} things are past their dates" if number else "Nothing is past its date"


def _under(places: Sequence[Resting]) -> Iterator[str]:
    seen: dict[str, None] = dict.fromkeys(str(place) for place in places)
    yield from (f"  {place}" for place in seen)
    if not seen:
        yield "  Nothing rests on it."


def _plain(past: PastDate) -> dict[str, object]:
    told = {"file": past.message.path, "line": past.message.line, "message": past.message.text}
    return {**told, "due": past.due.isoformat(), "resting": [_place(place) for place in past.resting or ()]}


def _place(place: Resting) -> dict[str, object]:
    return {"file": place.path, "line": place.line, "kind": place.kind, "name": place.name, "on": place.on}
