"""Walk one person through a whole programme, without a server, to a verified certificate."""

import json
import shlex
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from trainer.certificates.paper.acceptance import check_person
from trainer.certificates.paper.scripts import tidy
from trainer.demo.walk import Walk
from trainer.demo.whole_way import TEMPORARY, WholeWay, arrive, certify, temporary_installation, whole_way_of
from trainer.installation import Installation
from trainer.verify.plain_text import as_text


@click.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write.")
@click.option("--name", default="Mara Example", show_default=True, help="Whose name stands on the certificate.")
def demo(out: Path, name: str) -> None:
    """Pass a whole programme on the real content; write certificate.pdf, trust.json and report.json, and verify them.

    The registry behind it is temporary: afterwards the certificate can be checked offline, with trust.json.
    """
    check_person(name)
    with temporary_installation() as installation:
        out.mkdir(parents=True, exist_ok=True)
        outcome = _walk(installation, tidy(name))
        _write(outcome, out)
    sys.exit(0 if outcome.is_as_it_should_be else 1)


def _walk(installation: Installation, name: str) -> WholeWay:
    walk: Walk = arrive(installation, name)
    with Progress(console=Console(stderr=True)) as progress:
        leaves = walk.leaves()
        steps = progress.add_task("Walking through the programme", total=len(leaves) + 1)
        for leaf in leaves:
            progress.update(steps, description=f"{leaf.kind.value}: {leaf.title}")
            walk.do(leaf)
            progress.advance(steps)
        progress.update(steps, description="Conferring, signing")
        certify(installation, walk)
        progress.advance(steps)
    return whole_way_of(installation, walk)


def _write(outcome: WholeWay, out: Path) -> None:
    (out / "certificate.pdf").write_bytes(outcome.paper)
    (out / "trust.json").write_text(outcome.trust, encoding="utf-8")
    report = json.dumps(outcome.report(), indent=2, ensure_ascii=False)
    (out / "report.json").write_text(f"{report}\n", encoding="utf-8")
    names = [shlex.quote(str(out / name)) for name in ("certificate.pdf", "trust.json", "report.json")]
    console = Console(stderr=True)
    for line in (
        as_text(outcome.by_file),
        f"Offline, with trust.json alone: {as_text(outcome.offline)}",
        f"Written: {', '.join(names)}",
        TEMPORARY,
        f"To check it again: trainer verify {names[0]} --offline --trust {names[1]}",
    ):
        console.print(line, markup=False, soft_wrap=True)
