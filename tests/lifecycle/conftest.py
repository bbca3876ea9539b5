"""Mara's certificate, and what is needed to decide about it."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from sqlalchemy import select

from tests.certificates.conftest import (  # fixtures of the room below
    BASE_URL,
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
from trainer.certificates.authority import Authority
from trainer.certificates.claim import Claim, months_later
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.services import issue
from trainer.db import Database
from trainer.lifecycle.services import reason_of, superseded
from trainer.notices.models import Notice
from trainer.registry.notes import Signer

__all__ = ["authority", "award", "certificate", "cohort", "decide", "enrol", "enrolment", "means", "met", "programme"]

REASONS = {
    "reason": "conduct",
    "public_note": "Decided by the programme's board.",
    "private_reason": "The board's letter of 3 May.",
    "sure": "y",
}


@pytest.fixture
def issued(database: Database, authority: Authority, log: Signer) -> Callable[[Conferral, datetime], Certificate]:
    """Issue the certificate of a replacing conferral, as the worker does: `issued(conferral, now)`."""

    def work(conferral: Conferral, now: datetime) -> Certificate:
        facts = dict(conferral.facts)
        months, runs_from = facts.pop("validity_months"), facts.pop("runs_from")
        begins = date.fromisoformat(runs_from) if runs_from else now.date()
        dates = {"issued_on": now.date().isoformat(), "valid_until": months_later(begins, months).isoformat()}
        with database.transaction() as session:
            made = issue(
                session,
                conferral=conferral,
                claim=Claim.read({**facts, **dates}),
                authority=authority,
                log=log,
                base_url=BASE_URL,
                now=now,
            )
            superseded(
                session,
                old_public_id=str(conferral.supersedes),
                new_public_id=made.public_id,
                decided_by=conferral.decided_by,
                reason=reason_of(conferral),
                log=log,
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
