"""A certificate is suspended for a time, and holds again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.certificates.conftest import ISSUED
from tests.lifecycle.conftest import REASONS
from tests.stage.deciding import decides
from trainer.accounts.models import Person
from trainer.certificates.models import Certificate
from trainer.clock import utc_now
from trainer.db import Database
from trainer.errors import Refused
from trainer.lifecycle.acts import Act
from trainer.registry.models import StatusChange
from trainer.registry.notes import Signer
from trainer.registry.queries import status_at
from trainer.registry.status import Reason, Word

SUSPEND = {**REASONS, "reason": "under review", "last_day": ""}
LIFT = {**REASONS, "reason": "review ended"}


def words(database: Database, certificate: Certificate, *moments: datetime) -> list[Word]:
    with database.reading() as session:
        return [status_at(session, public_id=certificate.public_id, now=now).word for now in moments]


def test_dana_suspends_until_a_day_and_the_dates_decide_again_afterwards(
    as_: Callable, dana: Person, mara: Person, certificate: Certificate, database: Database, letters: Callable, stranger
) -> None:
    browser, today = as_(dana), utc_now()
    path = f"/certificates/{certificate.public_id}/suspension"
    assert "Last day of the suspension" in browser.get(path).text
    answer = browser.decide(path, {**SUSPEND, "last_day": today.date().isoformat()})
    assert answer.location == f"/certificates/{certificate.public_id}/status"
    page = browser.get(answer.location).text
    assert "Suspended" in page
    assert "The board&#39;s letter of 3 May." in page
    assert "Lift the suspension" in page
    tomorrow = (today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    before = tomorrow - timedelta(seconds=1)
    assert words(database, certificate, utc_now(), before, tomorrow) == [Word.SUSPENDED, Word.SUSPENDED, Word.VALID]
    public = stranger.get(f"/c/{certificate.public_id}").text
    assert f"until {tomorrow:%-d %B %Y}, 00:00 UTC" in public
    stranger.set_cookie("zone", "Asia%2FKathmandu")
    elsewhere = f"until {tomorrow:%-d %B %Y}, 05:45 (Kathmandu time)"
    assert elsewhere in stranger.get(f"/c/{certificate.public_id}").text
    assert "Under review" in public
    assert "letter of 3 May" not in public
    assert letters() == [(mara.id, f"Your certificate {certificate.number} is suspended")]


def test_dana_lifts_a_suspension(
    as_: Callable, dana: Person, certificate: Certificate, database: Database, letters: Callable
) -> None:
    browser = as_(dana)
    browser.decide(f"/certificates/{certificate.public_id}/suspension", SUSPEND)
    path = f"/certificates/{certificate.public_id}/lifting"
    opened = {**LIFT, "seen": browser.shown(path)}
    assert [browser.send(path, opened).status_code for _ in range(2)] == [303, 303]
    assert words(database, certificate, utc_now()) == [Word.VALID]
    assert [subject.rsplit(" is ")[1] for _, subject in letters()] == ["suspended", "no longer suspended"]
    assert "Suspension lifted" in browser.get(f"/certificates/{certificate.public_id}/status").text
    assert "is not suspended" in browser.get(f"/certificates/{certificate.public_id}/lifting").text


def test_suspending_twice_with_the_same_end_is_one_decision_and_another_end_is_a_second(
    as_: Callable, dana: Person, certificate: Certificate, database: Database
) -> None:
    browser, path = as_(dana), f"/certificates/{certificate.public_id}/suspension"
    day = (utc_now() + timedelta(days=9)).date().isoformat()
    for last_day in ("", "", day, day):
        assert browser.decide(path, {**SUSPEND, "last_day": last_day}).status_code == 303
    with database.reading() as session:
        assert [one.until is None for one in session.scalars(select(StatusChange).order_by(StatusChange.id))] == [
            True,
            False,
        ]


@pytest.mark.parametrize("last_day", ["2026-02-01", "9999-12-31", "2026-13-01", "x", "0001-01-01"])
def test_a_day_that_cannot_end_a_suspension_is_refused(
    as_: Callable, dana: Person, certificate: Certificate, database: Database, last_day: str
) -> None:
    path = f"/certificates/{certificate.public_id}/suspension"
    assert as_(dana).send(path, {**SUSPEND, "last_day": last_day}).status_code == 422
    assert words(database, certificate, utc_now()) == [Word.VALID]


@pytest.mark.parametrize("days", [-1, 5 * 366 + 1])
def test_the_service_refuses_such_a_day_as_well(
    dana: Person, certificate: Certificate, database: Database, log: Signer, days: int
) -> None:
    with pytest.raises(Refused, match="within five years"), database.transaction() as session:
        decides(
            session,
            Act.SUSPEND,
            dana,
            certificate.public_id,
            reason=Reason.CONDUCT,
            last_day=(ISSUED + timedelta(days=days)).date(),
            private_reason="Why.",
            log=log,
            now=ISSUED,
        )


@pytest.mark.parametrize(("path", "given"), [("suspension", SUSPEND), ("lifting", LIFT)])
@pytest.mark.parametrize("left_out", ["sure", "private_reason", "reason"])
def test_a_decision_that_is_not_whole_changes_nothing(
    as_: Callable, dana: Person, certificate: Certificate, database: Database, path: str, given: dict, left_out: str
) -> None:
    given = {name: value for name, value in given.items() if name != left_out}
    assert as_(dana).send(f"/certificates/{certificate.public_id}/{path}", given).status_code == 422
    with database.reading() as session:
        assert session.scalars(select(StatusChange)).all() == []
