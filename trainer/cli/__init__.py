"""The command line: `trainer …`."""

import errno
import gc
import sys
from importlib import import_module

import click
from sqlalchemy.exc import DatabaseError

from trainer.db import outage_in
from trainer.errors import TrainerError

_REMEDY = (
    "See that its server runs, or that its file is whole, writable and on a disk with room; "
    "if it is damaged, restore it from a backup."
)


COMMANDS = {
    "setup": "installation",
    "serve": "serving",
    "db": "schema",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "backup",
    "invite": "people",
    "roles": "people",
    "end-role": "people",
    "close-account": "people",
    "open-account": "people",
    "correct-name": "people",
    "correct-address": "people",
    "new-password": "people",
    "erase": "people",
    "bank": "bank",
    "content": "content",
    "cases": "cases",
    "verify": "certificates",
    "registry": "registry",
    "keys": "keys",
    "witness": "witness",
    "worker": "worker",
    "demo": "demo",
}
"""Every command, and the module that it stands in under its own name."""


class Commands(click.Group):
    """Commands that are loaded when they are asked for: none waits for what only another needs."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names of all."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """Load a command."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"trainer.cli.{COMMANDS[name]}"), name.replace("-", "_"))
        if not gc.isenabled():  # as it began
            gc.freeze()
            gc.enable()
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Trainer trains and certifies psychedelic-assisted therapists."""


def main() -> None:
    """Run a command; what a person can mend is one sentence, never a traceback."""
    try:
        cli(prog_name="trainer")
    except TrainerError as error:
        click.echo(f"trainer: {error}", err=True)
        sys.exit(1)
    except DatabaseError as error:
        if (cause := outage_in(error)) is None:
            raise
        click.echo(f"trainer: The database cannot be used ({cause}). {_REMEDY}", err=True)
        sys.exit(1)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC):
            raise
        what = error.filename or "A file"  # which, an error of a write to an open one does not say
        click.echo(f"trainer: {what} cannot be written ({error.strerror}); nothing was begun.", err=True)
        sys.exit(1)
