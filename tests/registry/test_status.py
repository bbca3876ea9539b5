"""The registry: what is entered stays, and a status follows from what was recorded."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from trainer.db import Database, new_id
from trainer.errors import Missing, Refused
from trainer.registry.notes import Signer
from trainer.registry.services import change_status, enter, entry_by_number, entry_by_sha256, status_at, statuses_at
from trainer.registry.status import FINAL, Reason, Word, by_dates, check_change

ISSUED = datetime(2026, 2, 1, 12, tzinfo=UTC)
UNTIL = datetime(2028, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def entered(database: Database, log: Signer) -> str:
    with database.transaction() as session:
        entry = enter(
            session,
            public_id=new_id(),
            number="7K4M-2QXH-9PTC",
            sha256="ab" * 32,
            claim_sha256="c0" * 32,
            size=50_000,
            issued_at=ISSUED,
            valid_until=UNTIL,
            log=log,
        )
        return entry.public_id


def change(database: Database, log: Signer, public_id: str, word: Word, now: datetime = ISSUED + DAY) -> bool:
    with database.transaction() as session:
        return change_status(
            session,
            public_id=public_id,
            status=word,
            reason=Reason.CONDUCT,
            public_note=" A note. ",
            private_reason="Why.",
            decided_by=None,
            log=log,
            now=now,
        )


def word(database: Database, public_id: str, now: datetime) -> Word:
    with database.reading() as session:
        return status_at(session, public_id=public_id, now=now).word


@given(st.integers(-4000, 4000))
def test_exactly_one_word_holds_at_any_moment(days: int) -> None:
    now = ISSUED + days * DAY
    status = by_dates(issued_at=ISSUED, valid_until=UNTIL, now=now)
    assert (status.word is Word.VALID) == (ISSUED <= now < UNTIL)


def test_it_is_valid_from_issue_to_the_last_day(database: Database, entered: str) -> None:
    assert word(database, entered, ISSUED - DAY) is Word.NOT_YET_VALID
    assert word(database, entered, ISSUED) is Word.VALID
    assert word(database, entered, UNTIL) is Word.EXPIRED


def test_a_revocation_counts_from_its_moment_and_not_before(database: Database, log: Signer, entered: str) -> None:
    assert change(database, log, entered, Word.REVOKED)
    assert word(database, entered, ISSUED) is Word.VALID
    assert word(database, entered, ISSUED + DAY) is Word.REVOKED
    assert word(database, entered, UNTIL + DAY) is Word.REVOKED


def test_the_same_change_twice_is_recorded_once(database: Database, log: Signer, entered: str) -> None:
    assert change(database, log, entered, Word.REVOKED)
    assert not change(database, log, entered, Word.REVOKED)


def test_a_suspension_can_be_lifted(database: Database, log: Signer, entered: str) -> None:
    change(database, log, entered, Word.SUSPENDED)
    change(database, log, entered, Word.VALID, ISSUED + 2 * DAY)
    assert word(database, entered, ISSUED + DAY) is Word.SUSPENDED
    assert word(database, entered, ISSUED + 2 * DAY) is Word.VALID
    assert word(database, entered, UNTIL) is Word.EXPIRED


def test_what_is_final_stays_final(database: Database, log: Signer, entered: str) -> None:
    change(database, log, entered, Word.REVOKED)
    with pytest.raises(Refused, match="final"):
        change(database, log, entered, Word.VALID)


@pytest.mark.parametrize("after", [Word.EXPIRED, Word.NOT_YET_VALID, Word.VALID])
def test_dates_cannot_be_recorded_as_a_decision(after: Word) -> None:
    with pytest.raises(Refused):
        check_change(Word.VALID, after)


@given(st.sampled_from(sorted(FINAL)), st.sampled_from(Word))
def test_nothing_follows_an_ending(before: Word, after: Word) -> None:
    with pytest.raises(Refused):
        check_change(before, after)


def test_an_unknown_certificate_is_missing(database: Database) -> None:
    with database.reading() as session, pytest.raises(Missing):
        status_at(session, public_id="x" * 26, now=ISSUED)


def test_an_entry_is_found_by_number_and_by_hash(database: Database, entered: str) -> None:
    with database.reading() as session:
        by_number = entry_by_number(session, number="7K4M-2QXH-9PTC")
        by_hash = entry_by_sha256(session, hashes=["00" * 32, "ab" * 32])
        assert by_number is not None
        assert by_hash is not None
        assert by_number.public_id == by_hash.public_id == entered
        assert entry_by_number(session, number="1111-1111-1111") is None
        assert entry_by_sha256(session, hashes=[]) is None


def test_many_are_told_their_status_in_as_few_queries_as_one(database: Database, log: Signer) -> None:
    ids = [str(number) * 26 for number in range(2, 7)]
    with database.transaction() as session:
        for number, public_id in enumerate(ids):
            enter(
                session,
                public_id=public_id,
                number=f"2222-2222-222{number}",
                sha256=f"{number}" * 64,
                size=1,
                claim_sha256="c" * 64,
                issued_at=ISSUED,
                valid_until=UNTIL,
                log=log,
            )
    for decided in (Word.SUSPENDED, Word.VALID, Word.REVOKED):
        change(database, log, ids[0], decided)
    now = ISSUED + 2 * DAY
    asked: list[str] = []
    with database.reading() as session:
        event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        found = statuses_at(session, public_ids=[*ids, "a" * 26], now=now)
        assert sum(statement.startswith("SELECT") for statement in asked) == 2
        assert found == {one: status_at(session, public_id=one, now=now) for one in ids}
    assert found[ids[0]].word is Word.REVOKED
