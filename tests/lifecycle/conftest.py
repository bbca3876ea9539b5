"""Mara's certificate, and what is needed to decide about it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from tests.certificates.conftest import (  # fixtures of the room below
    authority,
    award,
    certificate,
    cohort,
    decide,
    enrol,
    enrolment,
    means,
    met,
    programme,
)
from trainer.certificates.issuing import Means
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.services import issue
from trainer.db import Database
from trainer.lifecycle.services import reason_of, superseded
from trainer.notices.models import Notice

__all__ = ["authority", "award", "certificate", "cohort", "decide", "enrol", "enrolment", "means", "met", "programme"]

REASONS = {
    "reason": "conduct",
    "public_note": "Decided by the programme's board.",
    "private_reason": "The board's letter of 3 May.",
    "sure": "y",
}


@pytest.fixture
def issued(database: Database, means: Means) -> Callable[[Conferral, datetime], Certificate]:
    """Issue the certificate of a replacing conferral, as the worker does: `issued(conferral, now)`."""

    def work(conferral: Conferral, now: datetime) -> Certificate:
        with database.transaction() as session:
            made, _fresh = issue(session, conferral_id=conferral.id, means=means, now=now)
            superseded(
                session,
                old_public_id=str(conferral.supersedes),
                new_public_id=made.public_id,
                decided_by=conferral.decided_by,
                reason=reason_of(conferral),
                log=means.log,
                now=now,
            )
        return made

    return work


@pytest.fixture
def letters(database: Database) -> Callable[[], list[tuple[str, str]]]:
    """Return to whom, and under which subject, letters were written so far."""

    def written() -> list[tuple[str, str]]:
        with database.reading() as session:
            return [(one.recipient, one.subject) for one in session.scalars(select(Notice).order_by(Notice.id))]

    return written
