"""The checker at work, and a table of what it proved that a clinician can read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from trainer.authoring.release import Files
from trainer.cases.catalogue import prove_cases
from trainer.cases.prover.kept_reports import ReportCache
from trainer.cases.prover.report import Proved, checker, summary_of

WIDTH = 160
"""Characters to a line of the table."""


def proved_with_progress(files: Files, cache: ReportCache) -> Sequence[Proved]:
    """Prove every case; on a terminal a line says which one is being played."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Proving the cases", total=None)

        def tell(number: int, of: int, slug: str) -> None:
            progress.update(task, description=f"Proving {slug}, case {number} of {of}", completed=number - 1, total=of)

        return prove_cases(files, cache, tell)


def write_proofs(proved: Sequence[Proved], file: TextIO) -> None:
    """Write the table: for each case what can happen in it, and how long the proof took."""
    table = Table(title=f"What the checker {checker()} proved, in every variant and with every seed", show_lines=True)
    for heading in ("case", "states", "seconds", "endings", "duties", "critical failures that can happen", "points"):
        table.add_column(heading, justify="right" if heading in ("states", "seconds") else "left", overflow="fold")
    for proof in proved:
        table.add_row(*_row(proof))
    table.add_row(
        f"{len(proved)} cases",
        f"{sum(proof.plain['states'] for proof in proved):,}",
        f"{sum(proof.seconds or 0 for proof in proved):.1f}",
    )
    Console(file=file, width=WIDTH).print(table)


def _row(one: Proved) -> tuple[str, ...]:
    plain, found = one.plain, summary_of(one.plain)
    variants = ", ".join(plain["variants"])
    mistakes = f"\n{len(one.messages)} mistakes" if one.messages else ""
    return (
        f"{plain['case']}\n{variants}; seeds {_span(plain['seeds'])}{mistakes}",
        f"{plain['states']:,}",
        "kept" if one.seconds is None else f"{one.seconds:.1f}",
        _lines(found.endings),
        _lines(f"{name}: {', '.join(ways)}" for name, ways in found.duties.items()),
        _lines(found.failures),
        _lines(_points(found.points, found.expert)),
    )


def _points(points: Mapping[str, tuple[int, int]], expert: Mapping[str, tuple[int, int]]) -> Iterable[str]:
    for name, (low, high) in points.items():
        yield f"{name} {low} to {high}, expert {_span(expert[name])}"


def _span(numbers: Sequence[int]) -> str:
    return str(min(numbers)) if min(numbers) == max(numbers) else f"{min(numbers)} to {max(numbers)}"


def _lines(words: Iterable[str]) -> str:
    return "\n".join(words)
