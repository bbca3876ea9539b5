"""Walk one person through a whole programme, without a server, to a verified certificate."""

import json
import shlex
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from trainer.accounts import services as accounts
from trainer.accounts.models import Role
from trainer.accounts.passwords import NOBODYS
from trainer.certificates.paper.acceptance import check_person
from trainer.certificates.paper.scripts import tidy
from trainer.certificates.queries import certificate_of
from trainer.certificates.signing.keys import SigningSettings
from trainer.cli.certificates import in_words
from trainer.cli.seed import PROGRAMME, conferred, publish_folder, sign_cases_as_demo
from trainer.cli.walk import Walk
from trainer.clock import utc_now
from trainer.cohorts import services as cohorts
from trainer.db import Database
from trainer.db.migrations import upgrade
from trainer.enrolment.services import enrol
from trainer.errors import Refused
from trainer.installation import Installation, opened
from trainer.issuing.errands import publish_lists
from trainer.registry.keys import verifier_in
from trainer.requirements.rules import as_json as proof_as_json
from trainer.requirements.services import proof_for
from trainer.settings import Settings
from trainer.verify.offline import verify_offline
from trainer.verify.services import trust_file, verdict_for_file, verdict_for_reference
from trainer.verify.trust_file import read_trust
from trainer.verify.verdict import as_json

TEMPORARY = (
    "The registry of this demonstration was temporary and is gone: online, nobody knows the certificate, and its "
    "number, address and QR code lead nowhere. trust.json shows offline that it is genuine, and how it stood then."
)


@click.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write.")
@click.option("--name", default="Mara Example", show_default=True, help="Whose name stands on the certificate.")
def demo(out: Path, name: str) -> None:
    """Pass a whole programme on the real content; write certificate.pdf, trust.json and report.json, and verify them.

    The registry behind it is temporary: afterwards the certificate can be checked offline, with trust.json.
    """
    name = _printable(name)
    if SigningSettings.from_env().key:
        raise Refused("TRAINER_SIGNING_KEY names a real key, and nobody real is certified here; unset it for the demo.")
    out.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="trainer-demo-"))
    try:
        database_url = f"sqlite:///{place / 'trainer.sqlite'}"
        # nobody watches a log that ends with the demonstration
        alone = replace(Settings.from_env(), instance=place, database_url=database_url, witnesses=(), witness_quorum=0)
        database = Database(alone.database_url)
        upgrade(database)
        database.close()
        with opened(alone) as installation:
            sys.exit(_walk(installation, out, name))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _printable(name: str) -> str:
    """Return a name as it is kept, when a person here could have it and a certificate could show it.

    Raises:
        Refused: it could not.
    """
    check_person(name)
    return tidy(name)


def _walk(installation: Installation, out: Path, name: str) -> int:
    console = Console(stderr=True)
    walk = _arrive(installation, name)
    with Progress(console=console) as progress:
        steps = progress.add_task("Walking through the programme", total=None)
        leaves = walk.leaves()
        progress.update(steps, total=len(leaves) + 1)
        for leaf in leaves:
            progress.update(steps, description=f"{leaf.kind.value}: {leaf.title}")
            walk.do(leaf)
            progress.advance(steps)
        progress.update(steps, description="Conferring, signing")
        conferred(installation, walk.enrolment, now=max(walk.now, utc_now()))
        publish_lists(installation)
        progress.advance(steps)
    return _report(installation, walk, out, console)


def _arrive(installation: Installation, name: str) -> Walk:
    now = utc_now() - timedelta(days=3)
    catalogue = publish_folder(installation, now=now)
    with installation.database.transaction() as session:
        people = {}
        for called, whole, role in (
            ("dana", "Dana Example", Role.DIRECTOR),
            ("sol", "Sol Example", Role.SUPERVISOR),
            ("mara", name, Role.TRAINEE),
        ):
            people[role] = accounts.create_person(
                session, email=f"{called}@demo.example", name=whole, password_hash=NOBODYS, now=now
            )
            accounts.grant(session, person=people[role], programme=PROGRAMME, role=role, now=now)
        sign_cases_as_demo(session, catalogue=catalogue, reviewer=people[Role.SUPERVISOR], now=now)
        cohort = cohorts.create_cohort(
            session,
            programme=PROGRAMME,
            name="Demonstration cohort",
            release_hash=catalogue.release.hash,
            starts_on=now.date(),
            by=people[Role.DIRECTOR].id,
            now=now,
        )
        enrolment = enrol(session, person_id=people[Role.TRAINEE].id, cohort=cohort, now=now)
    return Walk(installation, people[Role.TRAINEE], enrolment, now, slips=1)


def _report(installation: Installation, walk: Walk, out: Path, console: Console) -> int:
    now = max(walk.now, utc_now())
    with installation.database.reading() as session:
        certificate = certificate_of(session, enrolment_id=walk.enrolment.id)
        if certificate is None:
            console.print("No certificate was issued.")
            return 1
        paper = certificate.pdf
        log = verifier_in(installation.settings.instance)
        by_file = verdict_for_file(session, content=paper, log=log, now=now)
        by_number = verdict_for_reference(
            session, text=certificate.number, log=log, base_url=installation.settings.base_url, now=now
        )
        altered = verdict_for_file(session, content=paper + b"\n", log=log, now=now)
        proof = proof_for(session, enrolment=walk.enrolment, now=now)
        trust = trust_file(session, settings=installation.settings, now=now)
    if trust is None:
        console.print("Nothing was logged, so there is nothing to check the certificate with.")
        return 1
    (out / "certificate.pdf").write_bytes(paper)
    (out / "trust.json").write_text(trust, encoding="utf-8")
    offline = verify_offline((out / "certificate.pdf").read_bytes(), read_trust(trust), now)
    report = {
        "certificate": certificate.claim,
        "requirements": proof_as_json(proof),
        "verified": {
            "by file": as_json(by_file),
            "by number": as_json(by_number),
            "one byte added": as_json(altered),
            "offline": as_json(offline),
        },
        "registry": TEMPORARY,
    }
    (out / "report.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    whole = by_file.holds and by_number.holds and not altered.holds and offline.holds and offline.fresh
    names = [shlex.quote(str(out / name)) for name in ("certificate.pdf", "trust.json", "report.json")]
    for line in (
        in_words(by_file),
        f"Offline, with trust.json alone: {in_words(offline)}",
        f"Written: {', '.join(names)}",
        TEMPORARY,
        f"To check it again: trainer verify {names[0]} --offline --trust {names[1]}",
    ):
        console.print(line, markup=False, soft_wrap=True)
    return 0 if whole else 1
