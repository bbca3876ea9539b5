"""Check a certificate from the command line."""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import click
from sqlalchemy.orm import Session

from trainer.clock import utc_now
from trainer.installation import opened
from trainer.registry.keys import verifier_in
from trainer.settings import Settings
from trainer.verify.entered.services import raise_alarm
from trainer.verify.handed_in.marks import LARGEST_FILE
from trainer.verify.handed_in.reference import looks_like_credential
from trainer.verify.offline.checking import verify_offline
from trainer.verify.plain_text import as_text
from trainer.verify.queries import verdict_for_file, verdict_for_reference
from trainer.verify.trust.anchors import BadTrust, Trust
from trainer.verify.trust.queries import trust_of
from trainer.verify.trust.succession import check_follows
from trainer.verify.trust.trust_file import LONGEST_TRUST_FILE, read_trust
from trainer.verify.verdict import Verdict, verdict_as_json


@click.command()
@click.argument("what")
@click.option(
    "--trust",
    "trust_files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="The issuer's /trust.json. Given again, each must continue the one before, and the last counts.",
)
@click.option("--offline", is_flag=True, help="Go by the pinned keys alone: no database, no network.")
@click.option("--json", "written", is_flag=True, help="Write the verdict as JSON.")
def verify(what: str, trust_files: Sequence[Path], offline: bool, written: bool) -> None:
    """Say whether WHAT (a file, a number, an id, an address or a credential) is genuine and valid.

    Exit 0 if so, 1 otherwise, 2 if the question cannot be understood. With --trust or --offline, WHAT is a file, and
    only what it proves by itself counts; a revocation is seen as far as the status lists in the trust file go.
    """
    path = Path(what)
    verdict = _offline(path, trust_files) if offline or trust_files else _asked(path, what)
    click.echo(json.dumps(verdict_as_json(verdict), indent=2, ensure_ascii=False) if written else as_text(verdict))
    sys.exit(0 if verdict.holds else 1)


def _asked(path: Path, what: str) -> Verdict:
    with opened() as installation:
        with installation.database.reading() as session:
            verdict = _judged(session, installation.settings, path, what)
        if verdict.alarm:
            with installation.database.transaction() as session:
                raise_alarm(session, about=verdict.alarm, now=verdict.checked_at)
    return verdict


def _judged(session: Session, known: Settings, path: Path, what: str) -> Verdict:
    now, log = utc_now(), verifier_in(known.instance)
    trust = trust_of(session, settings=known, now=now)
    if looks_like_credential(what):
        return verdict_for_file(session, content=what.encode("utf-8", "replace"), log=log, now=now, trust=trust)
    if not _is_file(path):
        return verdict_for_reference(session, text=what, log=log, base_url=known.base_url, now=now)
    return verdict_for_file(session, content=_read(path), log=log, now=now, trust=trust)


def _offline(path: Path, trust_files: Sequence[Path]) -> Verdict:
    if not trust_files:
        raise click.UsageError("Offline, the issuer's keys are needed: --trust trust.json (from the issuer's address).")
    if not _is_file(path):
        raise click.UsageError(f"Offline, only a file can be checked, and {str(path)!r} is none.")
    return verify_offline(_read(path), _trust(trust_files), utc_now())


def _trust(paths: Sequence[Path]) -> Trust:
    try:
        pinned = [read_trust(_text(path)) for path in paths]
        for earlier, later in pairwise(pinned):
            check_follows(earlier, later)
    except BadTrust as error:
        raise click.UsageError(str(error)) from error
    return pinned[-1]


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST_TRUST_FILE + 1)
    except OSError as error:
        raise click.UsageError(f"The trust file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise click.UsageError(f"The trust file {path} cannot be read: it is not text (UTF-8).") from error


def _is_file(path: Path) -> bool:
    with suppress(OSError):  # a pasted credential is longer than any name of a file
        return path.is_file()
    return False


def _read(path: Path) -> bytes:
    """Return all that is in the file: what was not read might change what it is."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise click.UsageError(f"The file {path} cannot be read: {error.strerror}.") from error
    if len(content) > LARGEST_FILE:
        raise click.UsageError(f"The file {path} is larger than any certificate of ours, so nothing was checked.")
    return content
