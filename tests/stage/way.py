"""A small installation, and the way to a certificate on the shipped content: a cohort, a place in it, who goes."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.accounts.models import Person
from trainer.clock import utc_now
from trainer.curriculum.reviews import ReviewedText, Reviewer
from trainer.curriculum.services import sign_content
from trainer.curriculum.words import ReviewKind
from trainer.db import Database, new_id
from trainer.enrolment.models import Cohort, ContentRelease, Enrolment
from trainer.enrolment.services import enrol
from trainer.requirements.catalogue import Catalogue
from trainer.settings import ROOT, Settings

if TYPE_CHECKING:
    from trainer.demo.walk import Walk


def an_installation(database_url: str, instance: Path) -> Settings:
    """Return the settings of a small installation, where what ends a certificate is final at once.

    What happens in the hours before is the matter of `tests/lifecycle/test_finality.py`.
    """
    return Settings(
        instance=instance,
        content=ROOT / "content",
        database_url=database_url,
        base_url="http://localhost",
        issuer="Trainer test programme",
        secret_key="a secret that is long enough for tests",
        secure_cookies=False,
        recall_hours=0,
    )


def a_cohort(database: Database, catalogue: Catalogue, archive: bytes) -> Cohort:
    """Begin a cohort of `foundations` on this content, a month ago."""
    with database.transaction() as session:
        now = utc_now() - timedelta(days=30)
        session.add(ContentRelease(hash=catalogue.release.hash, archive=archive, published_at=now, note=""))
        session.flush()
        made = Cohort(
            id=new_id(),
            programme="foundations",
            name="Spring",
            release_hash=catalogue.release.hash,
            starts_on=now.date(),
            created_at=now,
        )
        session.add(made)
    return made


def a_place(database: Database, cohort: Cohort, person: Person) -> Enrolment:
    """Enrol somebody."""
    with database.transaction() as session:
        return enrol(session, person_id=person.id, cohort=cohort, now=utc_now() - timedelta(days=29))


def sign_cases(database: Database, catalogue: Catalogue, reviewer: Person) -> None:
    """Sign every case, so that cases count."""
    with database.transaction() as session:
        for slug, case in catalogue.cases.items():
            sign_content(
                session,
                text=ReviewedText(kind=ReviewKind.CASE, id=slug, hash=case.hash),
                reviewer=Reviewer(person_id=reviewer.id, name=reviewer.name, role="reviewer in a test"),
                statement="Read for a test.",
                now=utc_now(),
            )


def a_walk(database: Database, settings: Settings, person: Person, place: Enrolment) -> "Walk":
    """Set somebody on the way."""
    from trainer.demo.walk import Walk
    from trainer.installation import Installation  # most tests walk nobody

    return Walk(Installation(settings, database), person, place, utc_now() - timedelta(days=20))
