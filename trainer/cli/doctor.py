"""What ails an installation, and how to mend it: one line for each thing."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

import click
from sqlalchemy.exc import DBAPIError

from trainer.backups.services import file_of
from trainer.cli.looks import (
    audit,
    look_at_address,
    look_at_clock,
    look_at_content,
    look_at_copies,
    look_at_database,
    look_at_disk,
    look_at_keys,
    look_at_log,
    look_at_mail,
    look_at_migrations,
    look_at_paper,
    look_at_permissions,
    look_at_settings,
    look_at_worker,
)
from trainer.clock import utc_now
from trainer.db import Database, cause_of
from trainer.errors import TrainerError
from trainer.installation import Installation
from trainer.settings import Settings, database_url_in, instance_in


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at, whether it is well, and what to say or do about it."""

    what: str
    well: bool
    says: str

    @property
    def line(self) -> str:
        """Return it for people."""
        return f"{'✓' if self.well else '✗'} {self.what}: {self.says}"


Look = Callable[[Installation, datetime], Iterator[str]]
"""Yields a sentence for each fault, with how to mend it."""


@click.command()
@click.option("--deep", is_flag=True, help="Recompute the whole log as well, as `trainer registry audit` does.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def doctor(deep: bool, as_json: bool) -> None:
    """Look at everything an installation rests on. Exit 0 when it is healthy, 1 otherwise."""
    findings = list(findings_of(utc_now(), deep=deep))
    healthy = all(one.well for one in findings)
    if as_json:
        click.echo(json.dumps({"healthy": healthy, "findings": [asdict(one) for one in findings]}, indent=1))
    else:
        for one in findings:
            click.echo(one.line)
    sys.exit(0 if healthy else 1)


def findings_of(now: datetime, *, deep: bool = False) -> Iterator[Finding]:
    """Look at the installation of this environment; what cannot be looked at without its settings is left out."""
    try:
        instance = instance_in()
        file = file_of(database_url_in())
        if not instance.is_dir() or (file is not None and not file.exists()):
            where = instance if not instance.is_dir() else file
            yield Finding(what="installation", well=False, says=f"{where} does not exist; run `trainer setup`.")
            return
        settings = Settings.from_env()
    except TrainerError as error:
        yield Finding(what="settings", well=False, says=str(error))
        return
    database = Database(settings.database_url)
    try:
        installation = Installation(settings, database)
        reached = True
        for what, fine, look in LOOKS:
            if look in NEED_A_DATABASE and not reached:
                continue
            faults = _faults(installation, look, now)
            yield from _told(what, fine, faults)
            reached = reached and not (faults and look in (look_at_database, look_at_migrations))
        if deep and reached:
            yield from _told(
                "audit", "the log was recomputed, and everything fits together", _faults(installation, audit, now)
            )
    finally:
        database.close()


def _told(what: str, fine: str, faults: list[str]) -> Iterator[Finding]:
    if not faults:
        yield Finding(what=what, well=True, says=fine)
    for sentence in faults:
        yield Finding(what=what, well=False, says=sentence)


def _faults(installation: Installation, look: Look, now: datetime) -> list[str]:
    try:
        return list(look(installation, now))
    except TrainerError as error:
        return [str(error)]
    except DBAPIError as error:
        return [
            f"The database cannot be used ({cause_of(error)}). See that its server runs, or that its file is whole."
        ]
    except OSError as error:
        return [f"{error.filename} cannot be read ({error.strerror})."]


LOOKS: tuple[tuple[str, str, Look], ...] = (
    ("settings", "each is read, and can work", look_at_settings),
    ("address", "it can stand in a QR code", look_at_address),
    ("disk", "there is room", look_at_disk),
    ("permissions", "keys and database are their owner's alone", look_at_permissions),
    ("paper", "fonts and libraries are there", look_at_paper),
    ("database", "it answers", look_at_database),
    ("backup", "one can be made", look_at_copies),
    ("migrations", "the schema is this version's", look_at_migrations),
    ("clock", "it agrees with what was written", look_at_clock),
    ("keys", "they are there, and last", look_at_keys),
    ("log", "its newest checkpoint is signed and covers every entry", look_at_log),
    ("worker", "it is at work", look_at_worker),
    ("mail", "no letter waits without a way out", look_at_mail),
    ("content", "what cohorts follow can be read", look_at_content),
)
"""What is looked at, what is said when all is well, and how it is looked at; in the order in which to mend."""
NEED_A_DATABASE = (
    look_at_migrations,
    look_at_clock,
    look_at_keys,
    look_at_log,
    look_at_worker,
    look_at_mail,
    look_at_content,
)
