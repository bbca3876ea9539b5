"""The registry: what is entered stays, and a status follows from what was recorded."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from tests.registry.entering import entered as entered_with
from trainer.db import Database, new_id
from trainer.errors import Missing, Refused
from trainer.registry.entries import status_digest
from trainer.registry.models import StatusChange
from trainer.registry.notes import Signer
from trainer.registry.queries import entry_by_number, entry_by_sha256, status_at, statuses_at
from trainer.registry.services import change_status
from trainer.registry.status import FINAL, Decision, Reason, Word, by_dates, check_change, follows, status_after

ISSUED = datetime(2026, 2, 1, 12, tzinfo=UTC)
UNTIL = datetime(2028, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def enter_one(database: Database, log: Signer, *, number: str) -> str:
    with database.transaction() as session:
        entry = entered_with(
            session,
            public_id=new_id(),
            number=number,
            sha256=hashlib.sha256(number.encode()).hexdigest(),
            claim_sha256="c0" * 32,
            size=50_000,
            issued_at=ISSUED,
            valid_until=UNTIL,
            log=log,
        )
        return entry.public_id


@pytest.fixture
def entered(database: Database, log: Signer) -> str:
    return enter_one(database, log, number="7K4M-2QXH-9PTC")


def change(database: Database, log: Signer, public_id: str, word: Word, now: datetime = ISSUED + DAY) -> bool:
    with database.transaction() as session:
        return change_status(
            session,
            public_id=public_id,
            decision=Decision(
                word=word, at=now, reason_code=Reason.CONDUCT, public_note=" A note. ", private_reason="Why."
            ),
            log=log,
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


@given(st.sampled_from(sorted(FINAL)), st.sampled_from(sorted(set(Word) - {Word.ERASED})))
def test_nothing_but_an_erasure_follows_an_ending(before: Word, after: Word) -> None:
    with pytest.raises(Refused):
        check_change(before, after)


@given(st.sampled_from(Word))
def test_nothing_at_all_follows_an_erasure(after: Word) -> None:
    with pytest.raises(Refused):
        check_change(Word.ERASED, after)


def test_a_suspension_ends_by_itself_on_its_day_and_the_dates_decide_again() -> None:
    end = ISSUED + 3 * DAY
    suspended = Decision(word=Word.SUSPENDED, at=ISSUED + DAY, until=end)

    def at(now: datetime) -> tuple[Word, datetime]:
        status = status_after(suspended, issued_at=ISSUED, valid_until=UNTIL, now=now)
        return status.word, status.since

    assert at(end - DAY) == (Word.SUSPENDED, ISSUED + DAY)
    assert at(end) == (Word.VALID, end)
    assert at(UNTIL) == (Word.EXPIRED, UNTIL)
    assert not follows(suspended, Decision(word=Word.VALID, at=end))  # there is nothing left to lift
    assert follows(suspended, Decision(word=Word.SUSPENDED, at=end))


def test_a_suspension_can_be_given_another_end() -> None:
    suspended = Decision(word=Word.SUSPENDED, at=ISSUED, until=ISSUED + 3 * DAY)
    again = Decision(word=Word.SUSPENDED, at=ISSUED + DAY, until=ISSUED + 9 * DAY)
    assert follows(suspended, again)
    assert not follows(again, Decision(word=Word.SUSPENDED, at=ISSUED + 2 * DAY, until=ISSUED + 9 * DAY))


@pytest.mark.parametrize(
    "odd",
    [
        Decision(word=Word.REVOKED, at=ISSUED, until=UNTIL),
        Decision(word=Word.SUSPENDED, at=ISSUED, until=ISSUED),
        Decision(word=Word.SUPERSEDED, at=ISSUED),
        Decision(word=Word.REVOKED, at=ISSUED, successor="a" * 26),
    ],
)
def test_an_end_or_a_successor_where_there_can_be_none_is_a_mistake_of_ours(odd: Decision) -> None:
    with pytest.raises(ValueError, match=r"suspension|successor"):
        follows(None, odd)


@st.composite
def wishes(draw: st.DrawFn) -> list[Decision]:
    """What people might want recorded, one after the other."""
    moment, made = ISSUED, []
    for word in draw(st.lists(st.sampled_from(Word), max_size=12)):
        moment += draw(st.integers(0, 40)) * DAY
        until = draw(st.none() | st.integers(1, 60)) if word is Word.SUSPENDED else None
        made.append(
            Decision(
                word=word,
                at=moment,
                until=moment + until * DAY if until else None,
                successor="a" * 26 if word is Word.SUPERSEDED else None,
            )
        )
    return made


@given(wishes(), st.integers(0, 900))
def test_whatever_is_decided_what_is_final_stays_and_repeating_changes_nothing(
    wished: list[Decision], days: int
) -> None:
    kept: list[Decision] = []
    for one in wished:
        try:
            if not follows(kept[-1] if kept else None, one):
                continue
        except Refused:
            continue
        kept.append(one)
        assert not follows(one, one)
    words = [one.word for one in kept]
    for word in words[:-1]:
        assert word not in FINAL or words[words.index(word) + 1 :] == [Word.ERASED]
    assert [one.at for one in kept] == sorted(one.at for one in kept)
    now = ISSUED + days * DAY
    newest = next((one for one in reversed(kept) if one.at <= now), None)
    status = status_after(newest, issued_at=ISSUED, valid_until=UNTIL, now=now)
    assert status.since <= now
    assert (status.word in FINAL) == (newest is not None and newest.word in FINAL)
    if status.word in (Word.VALID, Word.EXPIRED):
        assert newest is None or newest.word is Word.VALID or (newest.until is not None and newest.until <= now)


def record(database: Database, log: Signer, public_id: str, one: Decision) -> None:
    with database.transaction() as session:
        change_status(session, public_id=public_id, decision=one, log=log)


@given(wishes())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_registry_keeps_what_the_rule_lets_pass_and_nothing_twice(
    database: Database, log: Signer, wished: list[Decision]
) -> None:
    public_id = enter_one(database, log, number=new_id()[:20])
    newest, expected = None, []
    for one in wished:
        for _ in range(2):  # the second click
            try:
                record(database, log, public_id, one)
            except Refused:
                break
        try:
            if follows(newest, one):
                newest = one
                expected.append((one.word, one.at, one.until, one.successor))
        except Refused:
            pass
    with database.reading() as session:
        rows = session.scalars(
            select(StatusChange).where(StatusChange.public_id == public_id).order_by(StatusChange.id)
        ).all()
        assert [(row.status, row.at, row.until, row.successor) for row in rows] == expected


def test_a_decision_that_comes_second_is_never_the_earlier_one(database: Database, log: Signer, entered: str) -> None:
    change(database, log, entered, Word.SUSPENDED, ISSUED + 2 * DAY)
    change(database, log, entered, Word.REVOKED, ISSUED + DAY)  # its clock went slow
    assert word(database, entered, ISSUED + 2 * DAY) is Word.REVOKED
    assert word(database, entered, ISSUED + DAY) is Word.VALID


def test_a_decision_without_end_and_successor_has_the_digest_it_always_had() -> None:
    decided = Decision(word=Word.REVOKED, at=ISSUED, reason_code=Reason.CONDUCT, private_reason="Why.")

    def digest(**also: object) -> str:
        return status_digest("a" * 26, replace(decided, **also), salt=b"\x01" * 32).hex()

    always = "d6178900a0802745568750bec17ab5673ac503a7e3d8aaf6a2701a69b8270dfb"
    assert digest() == always
    others = [{"until": UNTIL}, {"successor": "b" * 26}]
    others += [
        {"becomes": word, "final_at": at}
        for word, at in ((Word.REVOKED, UNTIL), (Word.SURRENDERED, UNTIL), (Word.REVOKED, UNTIL + DAY))
    ]
    assert len({always, *(digest(**also) for also in others)}) == 6


def test_an_unknown_certificate_is_missing(database: Database) -> None:
    with database.reading() as session, pytest.raises(Missing):
        status_at(session, public_id="x" * 26, now=ISSUED)


def test_an_entry_is_found_by_number_and_by_hash(database: Database, entered: str) -> None:
    with database.reading() as session:
        by_number = entry_by_number(session, number="7K4M-2QXH-9PTC")
        by_hash = entry_by_sha256(session, hashes=["00" * 32, hashlib.sha256(b"7K4M-2QXH-9PTC").hexdigest()])
        assert by_number is not None
        assert by_hash is not None
        assert by_number.public_id == by_hash.public_id == entered
        assert entry_by_number(session, number="1111-1111-1111") is None
        assert entry_by_sha256(session, hashes=[]) is None


def test_many_are_told_their_status_in_as_few_queries_as_one(database: Database, log: Signer) -> None:
    ids = [str(number) * 26 for number in range(2, 7)]
    with database.transaction() as session:
        for number, public_id in enumerate(ids):
            entered_with(
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
