"""The command line: `trainer …`."""

import errno
import sys

import click
from sqlalchemy.exc import DatabaseError, OperationalError

from trainer.cli import cases, certificates, content, demo, installation, keys, people, registry, witness, worker
from trainer.db import cause_of
from trainer.errors import TrainerError

_REMEDY = (
    "See that its server runs, or that its file is whole, writable and on a disk with room; "
    "if it is damaged, restore it from a backup."
)


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
    except (OperationalError, DatabaseError) as error:
        if type(error) not in (OperationalError, DatabaseError):
            raise  # its other kinds are mistakes of ours
        click.echo(f"trainer: The database cannot be used ({cause_of(error)}). {_REMEDY}", err=True)
        sys.exit(1)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC):
            raise
        click.echo(f"trainer: {error.filename} cannot be written ({error.strerror}); nothing was begun.", err=True)
        sys.exit(1)
