"""One person on the whole way: through a programme to a certificate, and what verifiers say of it.

The registry behind it is temporary: afterwards the certificate can be checked offline alone.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from trainer.accounts import services as accounts
from trainer.accounts.words import NOBODYS, Role
from trainer.certificates.queries import certificate_of
from trainer.certificates.signing.keys import SigningSettings
from trainer.clock import utc_now
from trainer.cohorts import services as cohorts
from trainer.db import Database
from trainer.db.migrations import upgrade
from trainer.demo.seed import PROGRAMME, conferred, sign_cases_as_demo
from trainer.demo.walk import Walk
from trainer.enrolment.services import enrol
from trainer.errors import Broken, Refused
from trainer.installation import Installation, opened
from trainer.issuing.errands import publish_lists
from trainer.publishing.folder import publish_folder
from trainer.registry.keys import verifier_in
from trainer.requirements.queries import proof_for
from trainer.requirements.rules import proof_as_json
from trainer.settings import Settings
from trainer.verify.offline.checking import verify_offline
from trainer.verify.queries import verdict_for_file, verdict_for_reference
from trainer.verify.trust.queries import trust_file
from trainer.verify.trust.trust_file import read_trust
from trainer.verify.verdict import Verdict, verdict_as_json

TEMPORARY = (
    "The registry of this demonstration was temporary and is gone: online, nobody knows the certificate, and its "
    "number, address and QR code lead nowhere. trust.json shows offline that it is genuine, and how it stood then."
)


@dataclass(frozen=True, kw_only=True)
class WholeWay:
    """The certificate, and what verifiers say of it.

    Attributes:
        claim: what is certified.
        requirements: the proof that every requirement is met.
        altered: the verdict about the paper with one byte added.
        offline: the verdict with `trust` alone.
    """

    paper: bytes
    trust: str
    claim: Mapping[str, Any]
    requirements: Mapping[str, Any]
    by_file: Verdict
    by_number: Verdict
    altered: Verdict
    offline: Verdict

    @property
    def is_as_it_should_be(self) -> bool:
        """Say whether every verifier found what it should."""
        sound = self.by_file.holds and self.by_number.holds and self.offline.holds and self.offline.fresh
        return sound and not self.altered.holds

    def report(self) -> dict[str, Any]:
        """Return all of it as JSON."""
        return {
            "certificate": self.claim,
            "requirements": self.requirements,
            "verified": {
                "by file": verdict_as_json(self.by_file),
                "by number": verdict_as_json(self.by_number),
                "one byte added": verdict_as_json(self.altered),
                "offline": verdict_as_json(self.offline),
            },
            "registry": TEMPORARY,
        }


@contextmanager
def temporary_installation() -> Iterator[Installation]:
    """Make an installation for as long as it is needed, with the settings of this environment and keys of its own.

    Raises:
        Refused: a real signing key is named.
    """
    if SigningSettings.from_env().key:
        raise Refused("TRAINER_SIGNING_KEY names a real key, and nobody real is certified here; unset it for the demo.")
    place = Path(tempfile.mkdtemp(prefix="trainer-demo-"))
    try:
        database_url = f"sqlite:///{place / 'trainer.sqlite'}"
        # nobody watches a log that ends with the demonstration
        alone = replace(Settings.from_env(), instance=place, database_url=database_url, witnesses=(), witness_quorum=0)
        with closing(Database(alone.database_url)) as database:
            upgrade(database)
        with opened(alone) as installation:
            yield installation
    finally:
        shutil.rmtree(place, ignore_errors=True)


def arrive(installation: Installation, name: str) -> Walk:
    """Publish the real content, begin a cohort, and enrol somebody of this name in it."""
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


def certify(installation: Installation, walk: Walk) -> None:
    """Confer and issue the certificate of somebody who has met everything, and publish how it stands."""
    conferred(installation, walk.enrolment, now=max(walk.now, utc_now()))
    publish_lists(installation)


def whole_way_of(installation: Installation, walk: Walk) -> WholeWay:
    """Have the certificate verified in every way.

    Raises:
        Broken: there is none, or nothing to check it with.
    """
    now = max(walk.now, utc_now())
    with installation.database.reading() as session:
        certificate = certificate_of(session, enrolment_id=walk.enrolment.id)
        trust = trust_file(session, settings=installation.settings, now=now)
        if certificate is None or trust is None:
            raise Broken("No certificate was issued.")
        log, paper = verifier_in(installation.settings.instance), certificate.pdf
        return WholeWay(
            paper=paper,
            trust=trust,
            claim=certificate.claim,
            requirements=proof_as_json(proof_for(session, enrolment=walk.enrolment, now=now)),
            by_file=verdict_for_file(session, content=paper, log=log, now=now),
            by_number=verdict_for_reference(
                session, text=certificate.number, log=log, base_url=installation.settings.base_url, now=now
            ),
            altered=verdict_for_file(session, content=paper + b"\n", log=log, now=now),
            offline=verify_offline(paper, read_trust(trust), now),
        )
