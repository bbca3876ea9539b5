"""Mara's certificate, and what is needed to decide about it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.stage.certified import *  # noqa: F403
from tests.stage.issuing import issue_now
from trainer.certificates.models import Certificate, Conferral
from trainer.db import Database
from trainer.issuing.tools import IssuingTools
from trainer.notices.models import Notice

AT_ONCE = timedelta(0)
REASONS = {
    "reason": "conduct",
    "public_note": "Decided by the programme's board.",
    "private_reason": "The board's letter of 3 May.",
    "sure": "y",
}


@pytest.fixture
def issued(database: Database, tools: IssuingTools) -> Callable[[Conferral, datetime], Certificate]:
    """Issue the certificate of a replacing conferral, as the worker does: `issued(conferral, now)`."""
    return lambda conferral, now: issue_now(database, conferral.id, tools, now)


@pytest.fixture
def letters(database: Database) -> Callable[[], list[tuple[str, str]]]:
    """Return to whom, and under which subject, letters were written so far."""

    def written() -> list[tuple[str, str]]:
        with database.reading() as session:
            return [(one.recipient, one.subject) for one in session.scalars(select(Notice).order_by(Notice.id))]

    return written
