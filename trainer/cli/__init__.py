"""The command line: `trainer …`."""

import sys

import click

from trainer.cli import cases, certificates, content, demo, installation, keys, people, registry, witness, worker
from trainer.errors import TrainerError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Trainer trains and certifies psychedelic-assisted therapists."""


for group in (installation, people, content, cases, certificates, registry, keys, witness, worker, demo):
    for command in group.COMMANDS:
        cli.add_command(command)


def main() -> None:
    """Run a command; what a person can mend is one sentence, never a traceback."""
    try:
        cli(prog_name="trainer")
    except TrainerError as error:
        click.echo(f"trainer: {error}", err=True)
        sys.exit(1)
