"""What ails an installation, and how to mend it: one finding for each thing."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from trainer.backups.services import file_of
from trainer.db import Database, DatabaseFault, cause_of
from trainer.doctor import looks
from trainer.errors import TrainerError
from trainer.installation import Installation
from trainer.settings import Settings, database_url_in, instance_in
from trainer.verify.audit.queries import Tell


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at, whether it is well, and what to say or do about it.

    Attributes:
        advice: nothing is broken, but something could be better.
    """

    what: str
    well: bool
    says: str
    advice: bool = False

    @property
    def line(self) -> str:
        """Return it for people."""
        return f"{'✗' if not self.well else '○' if self.advice else '✓'} {self.what}: {self.says}"


@dataclass(frozen=True)
class InstallationLook:
    """A look at one thing.

    Attributes:
        fine: what is said when all is well.
        faults: yields a sentence for each fault, with how to mend it.
        reads: it reads our tables, so that it is left out where the database cannot be used.
        opens: it finds out whether the database can be used.
        advises: what it finds leaves an installation healthy.
    """

    what: str
    fine: str
    faults: Callable[[Installation, datetime], Iterator[str]]
    reads: bool = False
    opens: bool = False
    advises: bool = False


LOOKS = (
    InstallationLook("settings", "each is read, and can work", looks.look_at_settings),
    InstallationLook("contact", "strangers are told whom to ask", looks.look_at_contact, advises=True),
    InstallationLook("address", "it can stand in a QR code", looks.look_at_address),
    InstallationLook("disk", "there is room", looks.look_at_disk),
    InstallationLook("permissions", "keys and database are their owner's alone", looks.look_at_permissions),
    InstallationLook("paper", "fonts and libraries are there", looks.look_at_paper),
    InstallationLook("database", "it answers", looks.look_at_database, opens=True),
    InstallationLook("backup", "one can be made", looks.look_at_copies),
    InstallationLook("migrations", "the schema is this version's", looks.look_at_migrations, reads=True, opens=True),
    InstallationLook("clock", "it agrees with what was written", looks.look_at_clock, reads=True),
    InstallationLook("keys", "they are there, and last", looks.look_at_keys, reads=True),
    InstallationLook("log", "its newest checkpoint is signed and covers every entry", looks.look_at_log, reads=True),
    InstallationLook("worker", "it is at work", looks.look_at_worker, reads=True),
    InstallationLook("mail", "no letter waits without a way out", looks.look_at_mail, reads=True),
    InstallationLook("content", "what cohorts follow can be read", looks.look_at_content, reads=True),
)
"""Everything that is looked at, in the order in which to mend."""
AUDIT = InstallationLook(
    "audit", "the log was recomputed, and everything fits together", looks.look_at_everything, reads=True
)


def findings_of(now: datetime, *, deep: Tell | None = None) -> Iterator[Finding]:
    """Look at the installation of this environment; what cannot be looked at without its settings is left out.

    Args:
        deep: is told how far the audit of everything is; without it, none is made.
    """
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
    audit = () if deep is None else (replace(AUDIT, faults=partial(looks.look_at_everything, tell=deep)),)
    with closing(Database(settings.database_url)) as database:
        yield from _looked(Installation(settings, database), (*LOOKS, *audit), now)


def _looked(installation: Installation, asked: tuple[InstallationLook, ...], now: datetime) -> Iterator[Finding]:
    reached = True
    for look in asked:
        if look.reads and not reached:
            continue
        faults = _faults(installation, look, now)
        if not faults:
            yield Finding(what=look.what, well=True, says=look.fine)
        for sentence in faults:
            yield Finding(what=look.what, well=look.advises, says=sentence, advice=look.advises)
        reached = reached and not (faults and look.opens)


def _faults(installation: Installation, look: InstallationLook, now: datetime) -> list[str]:
    try:
        return list(look.faults(installation, now))
    except TrainerError as error:
        return [str(error)]
    except DatabaseFault as error:
        return [
            f"The database cannot be used ({cause_of(error)}). See that its server runs, or that its file is whole."
        ]
    except OSError as error:
        return [f"{error.filename} cannot be read ({error.strerror})."]
