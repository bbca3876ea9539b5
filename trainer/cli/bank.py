"""Say whether the banks of a folder of content prove themselves: what somebody gets who knows nothing."""

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from trainer.authoring.messages import Message
from trainer.authoring.release import content_folder_of, read_folder, release_of
from trainer.curriculum.course import course_of
from trainer.quizzes.bank import banks_of
from trainer.quizzes.knowledge_exams import knowledge_exams_of
from trainer.settings import ROOT
from trainer.testwiseness.coverage import LEVELS
from trainer.testwiseness.exposure import PEOPLE, Exposure, exposure
from trainer.testwiseness.figures import Clues, Figures, measured_banks
from trainer.testwiseness.from_banks import drawn_forms, reviewed_banks, unread_banks
from trainer.testwiseness.limits import ONE_BANK, broken_limits, errors_together, gets_too_much, points
from trainer.testwiseness.rows import HEAD, rows
from trainer.testwiseness.telltales import LEAST_OPTIONS, RATIO, WordRates

_WIDTH = 150
"""Columns of a terminal that the tables need."""
_READINESS = ("solid", "pending review", "practice")


@click.group()
def bank() -> None:
    """Work on banks of questions."""


@bank.command("report")
@click.option(
    "--content",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / "content",
    help="A folder of content.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Write all figures as CSV.")
def report_command(folder: Path, as_csv: bool) -> None:
    """Say what gives answers away, bank by bank, what is asked how often, and which limits are broken.

    Guessed are single-answer items, by strategies that know nothing and by a model that has read the answers of all
    other banks. A star marks what is beyond its limit. Exit 0 when no limit is broken, 1 otherwise.
    """
    files = read_folder(content_folder_of(folder)[0])
    release = release_of(files)
    banks, exams = banks_of(release), knowledge_exams_of(release)
    reviewed = reviewed_banks(files, course_of(release), banks, exams)
    figures = measured_banks(reviewed)
    forms = {slug: drawn_forms(bank, PEOPLE) for slug, bank in {**banks, **exams}.items()}
    exposures = {each.slug: exposure(each, forms[each.slug]) for each in reviewed}
    broken = (*unread_banks(files, reviewed), *broken_limits(figures))
    if as_csv:
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(HEAD)
        table.writerows(rows(figures, exposures))
    else:
        _print(figures, exposures, broken)
    sys.exit(1 if broken else 0)


def _print(figures: Figures, exposures: Mapping[str, Exposure], broken: Sequence[Message]) -> None:
    console = Console(width=max(_WIDTH, Console().width), highlight=False)
    for table in (_guesses(figures), _counts(figures), _known(figures, exposures), _words(figures)):
        console.print(table)
    for line in _remarks(figures):
        console.print(line, markup=False, soft_wrap=True)
    for message in broken:
        console.print(str(message), markup=False, soft_wrap=True)
    limits = "1 limit is broken." if len(broken) == 1 else f"{len(broken)} limits are broken."
    console.print(limits if broken else "No limit is broken.")


def _guesses(figures: Figures) -> Table:
    table = _table("Who knows nothing is right in … of single-answer items", "bank", "items", "chance")
    for name in figures.clues.guesses:
        table.add_column(name, justify="right", no_wrap=True)
    for each in figures.banks:
        table.add_row(each.bank.slug, *_shares(each.clues, ONE_BANK))
    table.add_section()
    errors = errors_together(figures)
    table.add_row("all", *_shares(figures.clues, errors))
    limits = [float(guesses.limit(points(name), errors)) for name, guesses in figures.clues.guesses.items()]
    table.add_row("all at most", "", "", *(f"{limit:.1%} " for limit in limits), style="dim")
    return table


def _shares(clues: Clues, errors: int) -> Iterator[str]:
    any_way = next(iter(clues.guesses.values()))
    yield str(len(any_way.credits))
    yield f"{float(any_way.chance):.1%}"
    for guesses in clues.guesses.values():
        yield f"{float(guesses.share):.1%}{'*' if gets_too_much(guesses, errors) else ' '}"


def _counts(figures: Figures) -> Table:
    kinds = sorted({kind for each in figures.banks for kind in each.counts.by_kind})
    table = _table("What there is", "bank", "items", *kinds, *LEVELS, *_READINESS, "critical", "wanted")
    for each in figures.banks:
        counts = each.counts
        parts = ((counts.by_kind, kinds), (counts.by_level, LEVELS), (counts.by_readiness, _READINESS))
        cells = [str(counted.get(name, 0)) for counted, names in parts for name in names]
        table.add_row(
            each.bank.slug, str(counts.items), *cells, str(counts.critical), str(counts.critical_wanted or "–")
        )
    return table


def _known(figures: Figures, exposures: Mapping[str, Exposure]) -> Table:
    grades = ("stems", "options", "hardest stem")
    shown = ("pool", "a form shows", f"of {PEOPLE} meet one", "at most", "unmet")
    table = _table(f"Grade, and what first forms show {PEOPLE} people of the pool", "bank", *grades, *shown)
    for each in figures.banks:
        read, exposed = each.readability, exposures[each.bank.slug]
        table.add_row(
            each.bank.slug,
            str(read.stems),
            str(read.options),
            f"{read.hardest_item} {read.hardest}",
            str(exposed.pool),
            f"{float(exposed.shown):.0%}",
            f"{float(exposed.mean):.0f}",
            f"{float(exposed.most):.0f}",
            str(len(exposed.never)),
        )
    return table


def _words(figures: Figures) -> Table:
    judged = figures.clues.words
    uneven = [rates for rates in judged if rates.beyond(errors_together(figures))]
    luck = sum(rates.luck for rates in judged)
    title = (
        f"{len(uneven)} of {len(judged)} words in {LEAST_OPTIONS} options or more are more than {RATIO} times as "
        f"frequent on one side; luck alone would make {luck:.0f}"
    )
    table = _table(title, "word", "kind", "keys", "rate", "distractors", "rate", "more on the side of", "may be luck")
    for rates in sorted(uneven, key=lambda each: (each.is_luck, each.kind, -each.occurrences, each.word)):
        table.add_row(*_rates(rates))
    return table


def _rates(rates: WordRates) -> Iterator[str]:
    yield rates.word
    yield rates.kind
    yield f"{rates.in_keys} of {rates.keys}"
    yield f"{float(rates.key_rate):.1%}"
    yield f"{rates.in_distractors} of {rates.distractors}"
    yield f"{float(rates.distractor_rate):.1%}"
    yield "keys" if rates.marks_keys else "distractors"
    yield "yes" if rates.is_luck else ""


def _remarks(figures: Figures) -> Iterator[str]:
    objectives = [objective for each in figures.banks for objective in each.objectives]
    yield f"{sum(asked.at_level > 0 for asked in objectives)} of {len(objectives)} objectives are asked at their level."
    for each in figures.banks:
        for objective in each.objectives:
            if not objective.at_level:
                at_all = f"; {objective.at_all} ask less" if objective.at_all else ""
                yield f"{each.bank.slug}: no item asks for “{objective.slug}” at its level, {objective.level}{at_all}."
    for one, other in figures.near:
        yield f"{one.bank}/{one.id} and {other.bank}/{other.id} are nearly the same."


def _table(title: str, first: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column(first, no_wrap=True)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    return table
