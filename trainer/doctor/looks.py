"""Each look at an installation yields a sentence for every fault, with how to mend it."""

import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from trainer import moments
from trainer.backups.services import file_of
from trainer.certificates.paper.scripts import FONTS
from trainer.certificates.signing.authority import authority_in, is_established
from trainer.certificates.signing.key_rotation import kept_in
from trainer.db.migrations import NEWER, is_current, is_newer
from trainer.doctor import queries
from trainer.doctor.faulty_settings import faulty_settings
from trainer.enrolment.queries import followed, newest_release, release_with
from trainer.errors import TrainerError
from trainer.health.queries import pulse
from trainer.installation import Installation
from trainer.notices.mail import mail_server_of
from trainer.notices.network_addresses import is_loopback_host
from trainer.notices.outcome import Undelivered
from trainer.notices.queries import what_waits
from trainer.registry.keys import has_key, key_in
from trainer.registry.log.queries import newest_checkpoint
from trainer.registry.notes import BadNote, read_checkpoint
from trainer.registry.queries import anything_entered
from trainer.requirements.catalogue import catalogue_of
from trainer.school.reading import school_in
from trainer.verify.audit.queries import Tell, misfits

ENOUGH_ROOM = 1024**3
"""Bytes on the disk of the instance folder, below which an operator should know."""
_SOON = timedelta(days=60)
"""A signing certificate that ends within this is to be replaced."""
DRIFT = timedelta(minutes=1)
"""A clock may differ by this from another one, or from what was written last."""
SECRET_FILES = ("secret-key", "authority/*-key.pem", "log/key.pem", "receipts/key.pem")
SECRET_FOLDERS = (".", "authority", "log", "receipts")


FACES = (
    "SourceSerif4-Regular.ttf",
    "SourceSerif4Display-Regular.ttf",
    "SourceSans3-Regular.ttf",
    "SourceSans3-Semibold.ttf",
    "NanumMyeongjo-Regular.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoSerifHebrew-Regular.ttf",
    "NotoSerifSC-Regular.ttf",
)


def look_at_settings(installation: Installation, now: datetime) -> Iterator[str]:
    """Find settings that are passed over or cannot work."""
    yield from faulty_settings(installation.settings)


def look_at_contact(installation: Installation, now: datetime) -> Iterator[str]:
    """Find a school that names nobody whom strangers can ask."""
    if not school_in(installation.settings.school).contact:
        yield (
            "The school's file names nobody, so strangers who want a place read only that they are to ask whoever told "
            'them of it. Write contact = "…" in the file that TRAINER_SCHOOL names.'
        )


def look_at_address(installation: Installation, now: datetime) -> Iterator[str]:
    """Find an address that should stand in no QR code."""
    parts = urlsplit(installation.settings.base_url)
    if parts.scheme != "https" and not is_loopback_host(parts.hostname or ""):
        yield (
            f"TRAINER_BASE_URL is {installation.settings.base_url}: passwords travel in the clear, and this address "
            "stands in every QR code. Put a proxy with TLS in front and set an https:// address."
        )


def look_at_database(installation: Installation, now: datetime) -> Iterator[str]:
    """Find a database that does not answer."""
    with installation.database.reading() as session:
        queries.answers(session)
    yield from ()


def look_at_migrations(installation: Installation, now: datetime) -> Iterator[str]:
    """Find a schema of another version."""
    if is_newer(installation.database):
        yield NEWER
    elif not is_current(installation.database):
        yield "The database is not at this version's schema. Run `trainer backup`, then `trainer db upgrade`."


def look_at_clock(installation: Installation, now: datetime) -> Iterator[str]:
    """Find a clock that went backwards, or that the database does not share."""
    with installation.database.reading() as session:
        checkpoint = newest_checkpoint(session)
        written = [queries.last_noted(session), checkpoint.at if checkpoint else None]
        theirs = queries.clock_of(session)
    if theirs is not None and abs(theirs - now) > DRIFT:
        yield f"This machine's clock and the database's differ by {abs(theirs - now)}. Let both follow NTP."
    newest = max((at for at in written if at), default=now)
    if newest > now + DRIFT:
        yield (
            f"The clock says {moments.written(now)}, but something was written at {moments.written(newest)}: "
            "it went backwards. Set it right (NTP) before anything is signed."
        )


def look_at_disk(installation: Installation, now: datetime) -> Iterator[str]:
    """Find a disk with little room."""
    instance = installation.settings.instance
    free = shutil.disk_usage(instance).free
    if free < ENOUGH_ROOM:
        yield f"Only {free // 2**20} MiB are free at {instance}. Make room before nothing can be kept."


def look_at_permissions(installation: Installation, now: datetime) -> Iterator[str]:
    """Find secrets that others may read, or put others in the place of."""
    instance = installation.settings.instance
    files = [path for pattern in SECRET_FILES for path in sorted(instance.glob(pattern))]
    database = file_of(installation.settings.database_url)
    for path in [*files, *([database] if database else [])]:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield f"{path} may be read by others (mode {mode:04o}). Run: chmod 600 {path}"
    for folder in filter(Path.is_dir, (instance / name for name in SECRET_FOLDERS)):
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & 0o002:  # a group of its own may well be let in
            yield f"Others may change what is in {folder} (mode {mode:04o}). Run: chmod 700 {folder}"


def look_at_keys(installation: Installation, now: datetime) -> Iterator[str]:
    """Find signing keys that are gone, cannot be used, or end soon."""
    settings = installation.settings
    if not is_established(settings.instance):
        with installation.database.reading() as session:
            if anything_entered(session):
                yield f"The signing keys are missing from {settings.instance}. Restore the authority folder."
        return
    authority = authority_in(settings.instance, issuer=settings.issuer, now=now)
    ends = {"The signing certificate": authority.signer.not_valid_after_utc}
    ends["The root certificate"] = authority.root.not_valid_after_utc
    if stamps := kept_in(settings.instance / "authority", "timestamp"):
        ends["Our timestamp certificate"] = stamps[-1].certificate.not_valid_after_utc
    for what, end in ends.items():
        if end < now + _SOON:
            yield f"{what} ends on {moments.written(end)}. Make the next one with `trainer keys rotate` (docs/keys.md)."


def look_at_log(installation: Installation, now: datetime) -> Iterator[str]:
    """Find a newest checkpoint that is not ours or does not cover the log; nothing is recomputed."""
    with installation.database.reading() as session:
        checkpoint = newest_checkpoint(session)
        count = queries.entries_in_log(session)
    if checkpoint is None:
        return
    if not has_key(installation.settings.instance):
        yield f"The log's key is missing from {installation.settings.instance}. Restore the log folder from a backup."
        return
    key = key_in(installation.settings.instance, base_url=installation.settings.base_url)
    try:
        read_checkpoint(checkpoint.note, key.verifier)
    except BadNote:
        yield "The newest checkpoint was not signed by the log's key. Restore database and keys from one backup."
    if checkpoint.size != count:
        yield (
            f"The log has {count} entries, and its newest checkpoint covers {checkpoint.size}. Run "
            "`trainer registry audit`, and restore a backup if it says the same."
        )


def look_at_worker(installation: Installation, now: datetime) -> Iterator[str]:
    """Find that no worker is at work."""
    with installation.database.reading() as session:
        told = pulse(session, now=now)
    if told.is_silent:
        yield told.problems[0]


def look_at_mail(installation: Installation, now: datetime) -> Iterator[str]:
    """Find letters that wait, and a mail server that cannot be reached."""
    with installation.database.reading() as session:
        if waits := what_waits(session, has_mail=bool(installation.settings.smtp_url)):
            yield waits
    if server := mail_server_of(installation.settings):
        try:
            server.answers()
        except Undelivered as reason:
            yield f"No letter can leave: {reason}. Look at TRAINER_SMTP_URL, and whether that server runs."


def look_at_content(installation: Installation, now: datetime) -> Iterator[str]:
    """Find releases that a cohort follows and nobody can read."""
    with installation.database.reading() as session:
        catalogue_of(newest_release(session))
        for cohort in followed(session):
            try:
                catalogue_of(release_with(session, cohort.release_hash))
            except (TrainerError, ValueError, KeyError) as error:
                yield (
                    f"The content that cohort {cohort.name!r} follows ({cohort.release_hash[:8]}) cannot be read: "
                    f"{error} Restore the database from a backup."
                )


def look_at_paper(installation: Installation, now: datetime) -> Iterator[str]:
    """Find fonts and libraries that are missing."""
    from trainer.certificates.paper.layout_engine import check_libraries  # noqa: PLC0415 – loads the layout engine

    missing = [name for name in FACES if not (FONTS / name).is_file()]
    if missing:
        yield f"The font {missing[0]} is missing from {FONTS}. Install this version anew."
    check_libraries()


def look_at_copies(installation: Installation, now: datetime) -> Iterator[str]:
    """Find programs without which no backup can be made."""
    if installation.database.engine.dialect.name == "postgresql":
        missing = [name for name in ("pg_dump", "pg_restore") if shutil.which(name) is None]
        if missing:
            yield f"{missing[0]} is not on the PATH, so no backup can be made. Install postgresql-client."


def look_at_everything(
    installation: Installation, now: datetime, *, tell: Tell = lambda what, done, of: None
) -> Iterator[str]:
    """Recompute the log, and compare everything with it."""
    with installation.database.reading() as session:
        yield from misfits(session, settings=installation.settings, tell=tell)
