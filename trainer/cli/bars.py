"""Bars that say on a terminal how far something is."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

from trainer.verify.audit.queries import Tell


@contextmanager
def audit_bar() -> Iterator[Tell]:
    """Show how far an audit is, and take the bar away at its end."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Recomputing the log", total=None)
        yield lambda what, done, of: progress.update(bar, description=what, completed=done, total=of)
