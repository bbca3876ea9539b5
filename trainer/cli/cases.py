"""Look after what has been played, and say who passes a case without having learnt it."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from trainer.authoring.release import content_folder_of, read_folder
from trainer.authoring.wording import did_you_mean
from trainer.cases.afterwards.queries import compared
from trainer.cases.catalogue import sound_cases
from trainer.errors import Refused
from trainer.installation import opened
from trainer.settings import ROOT
from trainer.testwiseness.played_cases import PassFigures, Plays, broken_bounds, measured_cases, of_all_cases

_WIDTH = 120
"""Columns of a terminal that the tables need."""


@click.group()
def cases() -> None:
    """Work on cases and on what has been played."""


@cases.command("rescore")
@click.option("--check", is_flag=True, required=True, help="Compare only; nothing is ever changed from here.")
def rescore_command(check: bool) -> None:
    """Score every ended run again from its transcript, in its own text, and compare with what is stored.

    Exit 0 when every result is the same to the byte, 1 otherwise. Deciding about a newer text is a director's
    work, on the pages.
    """
    with opened() as installation, installation.database.reading() as session:
        runs = list(compared(session))
    different = [run for run in runs if run.why]
    for run in different:
        click.echo(f"{run.run_id} ({run.case}): {run.why}")
    click.echo(f"{len(runs)} ended runs, {len(different)} differ.", err=True)
    sys.exit(1 if different else 0)


@cases.command("strategies")
@click.argument("slugs", metavar="[SLUG]…", nargs=-1)
@click.option(
    "--content",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / "content",
    help="A folder of content.",
)
@click.option(
    "--plays",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="Plays in each variant by each strategy that knows nothing.",
)
def strategies_command(slugs: Sequence[str], folder: Path, plays: int) -> None:
    """Say who passes a case without having learnt it, and which bounds are broken.

    The expert and who is always cautious play every variant with every seed; an expert slips once in every way that
    harms nobody; who knows nothing goes by looks, by the words of all other cases, or by luck. Without SLUG all cases
    are played. The same figures come again. Exit 0 when no bound is broken, 1 otherwise.
    """
    known = sound_cases(read_folder(content_folder_of(folder)[0]))
    for slug in slugs:
        if slug not in known:
            raise Refused(f"There is no sound case “{slug}”.{did_you_mean(slug, known)}")
    figures = tuple(measured_cases(known, slugs or tuple(known), plays))
    broken = broken_bounds(figures)
    console = Console(width=max(_WIDTH, Console().width), highlight=False)
    for table in (_passed(figures), _ignorant(figures)):
        console.print(table)
    for message in broken:
        console.print(str(message), markup=False, soft_wrap=True)
    bounds = "1 bound is broken." if len(broken) == 1 else f"{len(broken)} bounds are broken."
    console.print(bounds if broken else "No bound is broken.")
    sys.exit(1 if broken else 0)


def _passed(figures: Sequence[PassFigures]) -> Table:
    heads = ("expert", "always cautious", "so, once led", "after a harmless slip", "knowing nothing, at most")
    table = _table("Plays that were passed, case by case", "case", *heads)
    for each in figures:
        best = max(each.ignorant, key=lambda name: each.ignorant[name].share)
        known = (each.expert, each.cautious, each.led, each.slipped)
        counts = [f"{plays.passed} of {plays.of}" if plays.of else "–" for plays in known]
        table.add_row(each.case.slug, *counts, _share(each.ignorant[best], best))
    return table


def _ignorant(figures: Sequence[PassFigures]) -> Table:
    table = _table("By who knows nothing, all cases", "strategy", "passed", "share")
    for name, plays in of_all_cases(figures).items():
        table.add_row(name, f"{plays.passed} of {plays.of}", _share(plays))
    return table


def _share(plays: Plays, name: str = "") -> str:
    return f"{float(plays.share):.2%}{f' ({name})' if name and plays.passed else ''}"


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left", no_wrap=True)
    return table
