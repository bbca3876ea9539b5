"""A certificate of a programme elsewhere has that place's days: on the paper, the public page, the API and offline."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.stage.certified import FOUNDATIONS
from tests.stage.deciding import decides
from tests.verify.carrier import Carried, trust_for
from trainer.accounts.models import Person
from trainer.certificates.facts.claim import Claim
from trainer.certificates.models import Certificate
from trainer.certificates.signing.authority import Authority
from trainer.db import Database
from trainer.enrolment.models import Enrolment
from trainer.lifecycle.acts import Act
from trainer.notices.models import Notice
from trainer.registry.notes import Signer
from trainer.registry.queries import entry_by_id, status_at
from trainer.registry.status import Reason, Word
from trainer.requirements.programme import Programme
from trainer.verify.offline.checking import verify_offline
from trainer.verify.queries import certified, verdict_for_file

SECOND = timedelta(seconds=1)
THERE = ZoneInfo("America/Los_Angeles")
EVE = datetime(2026, 12, 31, 17, tzinfo=THERE).astimezone(UTC)


@pytest.fixture
def programme() -> Programme:
    return replace(FOUNDATIONS, time_zone=THERE.key)


def test_new_years_eve_in_los_angeles_is_that_day_everywhere(
    award: Callable[..., Certificate],
    enrolment: Enrolment,
    mara: Person,
    database: Database,
    authority: Authority,
    log: Signer,
    handed_out: Callable[[Certificate], Carried],
    stranger,
) -> None:
    made = award(enrolment, mara, now=EVE)
    claim = Claim.read(made.claim)
    assert (claim.issued_on, claim.valid_until) == (date(2026, 12, 31), date(2028, 12, 31))
    with database.reading() as session:
        entry = entry_by_id(session, public_id=made.public_id)
    assert certified(made.claim, entry)
    assert entry.valid_until == datetime(2029, 1, 1, 8, tzinfo=UTC)
    page = stranger.get(f"/c/{made.public_id}").text
    assert ">31 December 2026</time> (Los Angeles)" in page
    assert ">31 December 2028</time> (Los Angeles)" in page
    assert "up to 1 January 2029, 08:00 UTC." in page
    answer = stranger.get(f"/api/v1/credentials/{made.number}").json
    assert (answer["valid_from"], answer["valid_until"], answer["time_zone"]) == ("2026-12-31", "2028-12-31", THERE.key)
    assert "up to 1 January 2029, 08:00 UTC." in str(answer["checks"])
    for name, until, day in (
        ("Asia%2FKathmandu", "1 January 2029, 13:45 (Kathmandu time)", "31 December 2028</time> (Los Angeles)"),
        ("America%2FLos_Angeles", "1 January 2029, 00:00 (Los Angeles time)", "31 December 2028</time></dd>"),
    ):
        stranger.set_cookie("zone", name)
        page = stranger.get(f"/c/{made.public_id}").text
        assert f"up to {until}." in page
        assert day in page
    pdf, trust = handed_out(made).pdf, trust_for(authority, log=log)
    for now, word in ((EVE, "valid"), (entry.valid_until - SECOND, "valid"), (entry.valid_until, "expired")):
        with database.reading() as session:
            counter = verdict_for_file(session, content=pdf, log=log.verifier, now=now, trust=trust)
        alone = verify_offline(pdf, trust, now)
        assert (counter.status, alone.status) == (word, word)


def test_a_suspension_ends_at_midnight_where_the_programme_is(
    award: Callable[..., Certificate],
    enrolment: Enrolment,
    mara: Person,
    dana: Person,
    database: Database,
    log: Signer,
) -> None:
    made = award(enrolment, mara, now=EVE)
    with database.transaction() as session:
        decides(
            session,
            Act.SUSPEND,
            dana,
            made.public_id,
            reason=Reason.UNDER_REVIEW,
            last_day=date(2026, 12, 31),
            private_reason="A letter.",
            log=log,
            now=datetime(2027, 1, 1, 2, tzinfo=UTC),
        )
    with database.reading() as session:
        words = [
            status_at(session, public_id=made.public_id, now=datetime(2027, 1, 1, *at, tzinfo=UTC)).word
            for at in ((7, 59, 59), (8, 0, 0))
        ]
        letter = session.scalars(select(Notice.body).where(Notice.subject.endswith("is suspended"))).one()
    assert words == [Word.SUSPENDED, Word.VALID]
    assert "is suspended until 1 January 2027, 00:00 (Los Angeles time), when it ends by itself" in letter
