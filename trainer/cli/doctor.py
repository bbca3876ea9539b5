"""What ails an installation, and how to mend it: one line for each thing."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from trainer.cli.bars import audit_bar
from trainer.clock import utc_now
from trainer.doctor.findings import Finding, findings_of


@click.command()
@click.option("--deep", is_flag=True, help="Recompute the whole log as well, as `trainer registry audit` does.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def doctor(deep: bool, as_json: bool) -> None:
    """Look at everything an installation rests on. Exit 0 when it is healthy, 1 otherwise."""
    findings = list(_findings(deep=deep))
    healthy = all(finding.well for finding in findings)
    if as_json:
        plain = [asdict(finding) for finding in findings]
        click.echo(json.dumps({"healthy": healthy, "findings": plain}, indent=1))
    else:
        for finding in findings:
            click.echo(finding.line)
    sys.exit(0 if healthy else 1)


def _findings(*, deep: bool) -> Iterator[Finding]:
    if not deep:
        yield from findings_of(utc_now())
        return
    with audit_bar() as tell:
        yield from findings_of(utc_now(), deep=tell)
