"""The worker, beside the server or by hand."""

import time

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from trainer.certificates.queries import waiting
from trainer.doctor.faulty_settings import check_settings
from trainer.errors import Broken
from trainer.installation import Installation
from trainer.issuing.errands import issue_waiting
from trainer.lifecycle.errands import make_endings_final
from trainer.notices.queries import what_waits
from trainer.worker import begun, work


@click.command()
@click.option("--once", is_flag=True, help="Enter what became final, issue what waits, with a progress bar, and end.")
@click.option("--beside", type=int, help="End when this process, which started the worker, has ended.")
def worker(once: bool, beside: int | None) -> None:
    """Sign certificates, send notices, keep status lists and witnesses up to date."""
    if not once:
        work(beside=beside)
        return
    with begun() as installation:
        check_settings(installation.settings)
        _work_once(installation)


def _work_once(installation: Installation) -> None:
    make_endings_final(installation)
    with installation.database.reading() as session:
        count = len(waiting(session))
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    begun_at = time.monotonic()
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("Issuing certificates", total=count)
        tally = issue_waiting(installation, step=lambda: progress.advance(bar))
    seconds = time.monotonic() - begun_at
    console.print(
        f"{tally.issued} issued, {tally.failed} failed, in {seconds:.1f} s "
        f"({tally.issued / seconds if seconds else 0:.1f} a second)."
    )
    with installation.database.reading() as session:
        if waits := what_waits(session, has_mail=bool(installation.settings.smtp_url)):
            console.print(waits)
    if tally.failed:
        raise Broken("Some certificates could not be issued; the desk and `trainer worker` say why.")
