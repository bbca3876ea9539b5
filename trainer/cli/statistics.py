"""Say what a folder of content holds, against the plan."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from trainer.authoring.release import content_folder_of, read_folder
from trainer.publishing.inventory import ContentInventory, ModuleInventory, inventory
from trainer.publishing.plan import PLANNED_MODULES, PLANNED_RANGES
from trainer.settings import ROOT

_COLUMNS = (
    ("lessons", "lessons"),
    ("words", "words"),
    ("minutes", "min"),
    ("grade", "grade"),
    ("figures", "figures"),
    ("objectives", "aims"),
    ("checks", "checks"),
    ("exercises", "exerc."),
    ("summaries", "summ."),
    ("items", "items"),
    ("critical", "crit."),
    ("written", "tasks"),
)


@click.command("stats")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=ROOT / "content")
@click.option("--json", "as_json", is_flag=True, help="Write everything that was counted as JSON.")
def stats_command(path: Path, as_json: bool) -> None:
    """Count what a folder of content holds and hold it against the plan: fourteen modules, and what each should hold.

    What lies outside its planned range is marked with a star. It is no check: the exit status is 0 either way.
    """
    found = inventory(read_folder(content_folder_of(path)[0]))
    if as_json:
        click.echo(json.dumps(_as_json(found), indent=2, ensure_ascii=False))
        return
    console = Console(width=max(136, Console().width))
    console.print(_table(found))
    for title, counts in _lists(found):
        console.print(f"[bold]{title}[/bold] {_counted(counts)}")
    for number, title in found.missing.items():
        console.print(f"Module {number} is not there yet: {title}")


def _table(found: ContentInventory) -> Table:
    title = f"{len(found.modules)} of {len(PLANNED_MODULES)} modules"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    table.add_column("module", no_wrap=True)
    for _name, head in _COLUMNS:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("pending", justify="right")
    for module in found.modules:
        cells = [_cell(module, name) for name, _head in _COLUMNS]
        table.add_row(f"{module.number} {module.slug}", *cells, f"{module.pending:.0%}")
    sums = ["" if name == "grade" else f"{found.total(name):,}" for name, _head in _COLUMNS]
    table.add_section()
    table.add_row("all", *sums, "")
    table.add_row("plan for each", *(str(PLANNED_RANGES.get(name, "")) for name, _head in _COLUMNS), "", style="dim")
    return table


def _cell(module: ModuleInventory, name: str) -> str:
    star = "*" if name in module.off_plan else ""
    value = getattr(module, name)
    return f"{value:,}{star}"


def _lists(found: ContentInventory) -> list[tuple[str, Mapping[str, int]]]:
    return [
        ("Questions by level:", _sum(found, "by_level")),
        ("Questions by kind:", _sum(found, "by_kind")),
        ("Questions by readiness:", _sum(found, "by_readiness")),
        ("Sources cited, by kind:", found.cited),
        ("And:", {"sources listed": found.references, "terms": found.terms, "cases": found.cases}),
    ]


def _sum(found: ContentInventory, name: str) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for module in found.modules:
        for word, count in getattr(module, name).items():
            counts[word] = counts.get(word, 0) + count
    return counts


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def _as_json(found: ContentInventory) -> Mapping[str, object]:
    whole = asdict(found)
    whole["modules"] = [{**asdict(module), "off_plan": module.off_plan} for module in found.modules]
    whole["planned"] = {name: str(wish) for name, wish in PLANNED_RANGES.items()}
    return whole
