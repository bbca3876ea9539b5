"""Break every rule that decides, in every single way, and see whether the tests of that rule notice.

`make mutants` tries all rules; `python -m tests.mutants --changed` those that a change touched, and paths of rules as
arguments only these. What survives must stand in `survivors.toml` with its reason, and what stands there must survive.
"""

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import grimp

from tests.mutants.breaks import Break, breaks
from tests.mutants.stage import Fate, Rule, Unsound, fates

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LEAST = 95
"""So many per cent of all breaks must be noticed."""

Name = tuple[str, str, int]


@dataclass(frozen=True)
class Tried:
    """What became of the breaks of one rule."""

    path: str
    fates: Mapping[Break, Fate]
    seconds: float

    @property
    def survivors(self) -> list[Break]:
        """The breaks that no test noticed."""
        return [one for one, fate in self.fates.items() if fate is Fate.SURVIVED]

    @property
    def noticed(self) -> int:
        """How many were noticed."""
        return len(self.fates) - len(self.survivors)

    def row(self) -> str:
        """Return its figures in one line."""
        return _row(self.path, len(self.fates), self.noticed, self.seconds)


def _row(what: str, breaks: int, noticed: int, seconds: float) -> str:
    share = 100 * noticed / breaks
    return f"{what:42}{breaks:6}{noticed:9}{breaks - noticed:10}{share:8.1f} %{seconds:8.0f} s"


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--changed", is_flag=True, help="Only the rules that a change touched, and those whose tests it touched.")
@click.option("--jobs", default=os.cpu_count() or 1, show_default=True, help="So many at once.")
def main(paths: Sequence[str], changed: bool, jobs: int) -> None:
    """Break the rules and say which breaks no test notices; exit 1 where the list of survivors is not the truth."""
    os.chdir(ROOT)
    every_rule = rules()
    all_breaks = {rule: breaks(Path(rule.path).read_text()) for rule in every_rule}
    chosen = [rule for rule in every_rule if not paths or rule.path in paths]
    if changed:
        touched = _touched()
        chosen = [rule for rule in every_rule if touched is None or touched & {rule.path, *rule.tests}]
    if not chosen:
        click.echo("No rule was touched.")
    graph = grimp.build_graph("trainer", cache_dir=None)
    click.echo(f"{'rule':42}{'breaks':>6}{'noticed':>9}{'survive':>10}{'share':>10}{'CPU':>10}")
    tried = []
    for rule in chosen:
        tried.append(_try(rule, all_breaks[rule], graph, jobs))
        click.echo(tried[-1].row())
    mistakes = wrong(tried, listed(), {one.name for found in all_breaks.values() for one in found})
    if tried:
        total = sum(len(one.fates) for one in tried), sum(one.noticed for one in tried)
        click.echo(_row("together", *total, sum(one.seconds for one in tried)))
        if len(chosen) == len(every_rule) and 100 * total[1] < LEAST * total[0]:  # the bar is for all rules together
            mistakes.append(f"Fewer than {LEAST} % of the breaks are noticed. Write the tests that are missing.")
    for sentence in mistakes:
        click.echo(sentence, err=True)
    sys.exit(1 if mistakes else 0)


def _try(rule: Rule, broken: Sequence[Break], graph: grimp.ImportGraph, jobs: int) -> Tried:
    begun = _cpu()
    try:
        found = fates(rule, broken, unloaded=_standing_on(rule.module, graph), jobs=jobs)
    except Unsound as error:
        raise click.ClickException(str(error)) from error
    return Tried(rule.path, found, _cpu() - begun)


def _standing_on(module: str, graph: grimp.ImportGraph) -> set[str]:
    """Return the module and all that load it, straight or by others; whoever loads a module loads its packages."""
    found: set[str] = set()
    fresh = {module}
    while fresh:
        found |= fresh
        above = {name for one in fresh for name in graph.find_downstream_modules(one)}
        inside = {name for name in graph.modules if any(name.startswith(f"{one}.") for one in above)}
        fresh = (above | inside) - found
    return found


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def rules() -> tuple[Rule, ...]:
    """Return every rule that decides."""
    table = tomllib.loads((HERE / "rules.toml").read_text())["rules"]
    return tuple(Rule(path, tuple(tests)) for path, tests in table.items())


def listed() -> Mapping[Name, str]:
    """Return the breaks that are known to survive, with their reasons."""
    found: dict[Name, str] = {}
    for group in tomllib.loads((HERE / "survivors.toml").read_text())["survivor"]:
        for change in group["changes"]:
            text, _, nth = change.partition("  #")
            found[group["where"], text, int(nth or 1)] = group["reason"]
    return found


def wrong(tried: Sequence[Tried], known: Mapping[Name, str], existing: set[Name]) -> list[str]:
    """Return a sentence for each break that survives and is not listed, or is listed and does not survive."""
    found = [
        f"{one.path}:{each.line}: no test notices {_shown(each.name)}. Write one that does."
        for one in tried
        for each in one.survivors
        if each.name not in known
    ]
    found += [
        f"survivors.toml: a test now notices {_shown(each.name)}. Take it off the list."
        for one in tried
        for each, fate in one.fates.items()
        if fate is not Fate.SURVIVED and each.name in known
    ]
    found += [
        f"survivors.toml: there is no {_shown(name)} any more. Take it off the list."
        for name in known
        if name not in existing
    ]
    return found


def _shown(name: Name) -> str:
    where, change, nth = name
    return f"“{change}”{f'  #{nth}' if nth > 1 else ''} in {where}"


def _touched() -> set[str] | None:
    """Return the files that differ from where this branch left `origin/main`, else from the commit before; or None."""
    head, base = _git("rev-parse", "HEAD"), _git("merge-base", "HEAD", "origin/main")
    if not base or base == head:
        base = _git("rev-parse", "HEAD~1")
    if not base:
        return None
    return set((_git("diff", "--name-only", base) or "").splitlines())


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    main()
