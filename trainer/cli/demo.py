"""Walk one person through a whole programme, without a server, to a verified certificate."""

import json
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
from trainer.certificates.services import certificate_of
from trainer.cli.certificates import in_words
from trainer.cli.opening import Opened, opened
from trainer.cli.seed import PROGRAMME, conferred, publish_folder, sign_cases_as_demo
from trainer.cli.walk import Walk
from trainer.clock import utc_now
from trainer.cohorts import services as cohorts
from trainer.curriculum.services import enrol
from trainer.db import Database
from trainer.db.migrations import upgrade
from trainer.registry.keys import verifier_in
from trainer.requirements.rules import as_json as proof_as_json
from trainer.requirements.services import proof_for
from trainer.settings import Settings
from trainer.verify.services import trust_of, verdict_for_file, verdict_for_reference
from trainer.verify.trust import trust_text
from trainer.verify.verdict import as_json


@click.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write.")
def demo(out: Path) -> None:
    """Pass a whole programme on the real content; write certificate, report and trust.json, and verify them."""
    out.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="trainer-demo-"))
    try:
        settings = replace(Settings.from_env(), instance=place, database_url=f"sqlite:///{place / 'trainer.sqlite'}")
        database = Database(settings.database_url)
        upgrade(database)
        database.close()
        with opened(settings) as trainer:
            sys.exit(_walk(trainer, out))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _walk(trainer: Opened, out: Path) -> int:
    console = Console(stderr=True)
    walk = _arrive(trainer)
    with Progress(console=console) as progress:
        steps = progress.add_task("Walking through the programme", total=None)
        leaves = walk.leaves()
        progress.update(steps, total=len(leaves) + 1)
        for leaf in leaves:
            progress.update(steps, description=f"{leaf.kind.value}: {leaf.title}")
            walk.do(leaf)
            progress.advance(steps)
        progress.update(steps, description="Conferring, signing")
        conferred(trainer, walk.enrolment, now=max(walk.now, utc_now()))
        progress.advance(steps)
    return _report(trainer, walk, out, console)


def _arrive(trainer: Opened) -> Walk:
    now = utc_now() - timedelta(days=3)
    catalogue = publish_folder(trainer, now=now)
    with trainer.database.transaction() as session:
        people = {}
        for name, role in (("Dana", Role.DIRECTOR), ("Sol", Role.SUPERVISOR), ("Mara", Role.TRAINEE)):
            people[role] = accounts.create_person(
                session, email=f"{name.lower()}@demo.example", name=f"{name} Example", password_hash=NOBODYS, now=now
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
    return Walk(trainer, people[Role.TRAINEE], enrolment, now, slips=1)


def _report(trainer: Opened, walk: Walk, out: Path, console: Console) -> int:
    now = max(walk.now, utc_now())
    with trainer.database.reading() as session:
        certificate = certificate_of(session, enrolment_id=walk.enrolment.id)
        if certificate is None:
            console.print("No certificate was issued.")
            return 1
        paper = certificate.pdf
        log = verifier_in(trainer.settings.instance)
        by_file = verdict_for_file(session, content=paper, log=log, now=now)
        by_number = verdict_for_reference(
            session, text=certificate.number, log=log, base_url=trainer.settings.base_url, now=now
        )
        altered = verdict_for_file(session, content=paper + b"\n", log=log, now=now)
        proof = proof_for(session, enrolment=walk.enrolment, now=now)
        trust = trust_of(session, settings=trainer.settings, now=now)
    (out / "certificate.pdf").write_bytes(paper)
    report = {
        "certificate": certificate.claim,
        "requirements": proof_as_json(proof),
        "verified": {"by file": as_json(by_file), "by number": as_json(by_number), "one byte added": as_json(altered)},
    }
    (out / "report.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    if trust is not None:
        (out / "trust.json").write_text(trust_text(trust))
    console.print(in_words(by_file))
    console.print(
        f"Written to {out}: certificate.pdf, report.json, trust.json. Its registry was for this walk only, so"
    )
    console.print("check it by: trainer verify certificate.pdf --offline --trust trust.json")
    return 0 if by_file.holds and by_number.holds and not altered.holds else 1


COMMANDS = (demo,)
