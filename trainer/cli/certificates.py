"""Check a certificate from the command line."""

import json
import sys
from pathlib import Path

import click

from trainer.cli.opening import opened
from trainer.clock import utc_now
from trainer.registry.keys import verifier_in
from trainer.verify.services import verdict_for_file, verdict_for_reference
from trainer.verify.verdict import Verdict, as_json


@click.command()
@click.argument("what")
@click.option("--json", "written", is_flag=True, help="Write the verdict as JSON.")
def verify(what: str, written: bool) -> None:
    """Say whether WHAT (a file, a number, an id or an address) is genuine and valid. Exit 0 if so, 1 otherwise."""
    path = Path(what)
    with opened() as trainer, trainer.database.reading() as session:
        log = verifier_in(trainer.settings.instance)
        if path.is_file():
            verdict = verdict_for_file(session, content=path.read_bytes(), log=log, now=utc_now())
        else:
            verdict = verdict_for_reference(session, text=what, log=log, now=utc_now())
    click.echo(json.dumps(as_json(verdict), indent=2, ensure_ascii=False) if written else in_words(verdict))
    sys.exit(0 if verdict.holds else 1)


def in_words(verdict: Verdict) -> str:
    """Write a verdict for a terminal: the sentence, then how we know."""
    lines = [f"{verdict.status.upper()}: {verdict.sentence}"]
    lines += [f"  {'yes' if check.holds else 'no '}  {check.question} {check.evidence}" for check in verdict.checks]
    return "\n".join(lines)


COMMANDS = (verify,)
