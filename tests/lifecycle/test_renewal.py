"""When a certificate can be renewed, and when its holder is reminded: both sides of each day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trainer.lifecycle.acts import Act, acts_now
from trainer.lifecycle.renewal import REMINDERS, reminder_due, renewal_window
from trainer.registry.status import Word

LAST_DAY = date(2028, 2, 1)
OPENS, CLOSES = date(2027, 11, 3), date(2029, 1, 31)
ENDS = datetime(2028, 2, 2, tzinfo=UTC)
ISSUED = datetime(2026, 2, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def test_the_window_opens_90_days_before_the_last_day_and_closes_365_days_after() -> None:
    assert renewal_window(LAST_DAY) == (OPENS, CLOSES)


@pytest.mark.parametrize(
    ("word", "today", "replaced", "acts"),
    [
        (Word.VALID, OPENS - DAY, False, [Act.CORRECT, Act.SUSPEND, Act.REVOKE]),
        (Word.VALID, OPENS, False, [Act.RENEW, Act.CORRECT, Act.SUSPEND, Act.REVOKE]),
        (Word.VALID, LAST_DAY, False, [Act.RENEW, Act.CORRECT, Act.SUSPEND, Act.REVOKE]),
        (Word.VALID, OPENS, True, [Act.SUSPEND, Act.REVOKE]),
        (Word.EXPIRED, LAST_DAY + DAY, False, [Act.RENEW, Act.REVOKE]),
        (Word.EXPIRED, CLOSES, False, [Act.RENEW, Act.REVOKE]),
        (Word.EXPIRED, CLOSES + DAY, False, [Act.REVOKE]),
        (Word.EXPIRED, CLOSES, True, [Act.REVOKE]),
        (Word.NOT_YET_VALID, OPENS, False, [Act.SUSPEND, Act.REVOKE]),
        (Word.SUSPENDED, OPENS, False, [Act.LIFT, Act.SUSPEND, Act.REVOKE]),
        (Word.REVOKED, OPENS, False, []),
        (Word.SURRENDERED, OPENS, False, []),
        (Word.SUPERSEDED, OPENS, False, []),
        (Word.ERASED, OPENS, False, []),
    ],
)
def test_what_can_be_decided_depends_on_the_status_and_the_day(
    word: Word, today: date, replaced: bool, acts: list[Act]
) -> None:
    assert acts_now(word, valid_until=LAST_DAY, replaced=replaced, today=today) == acts


@pytest.mark.parametrize(("recallable", "acts"), [(True, [Act.RECALL]), (False, [])])
def test_of_what_is_about_to_end_nothing_is_decided_but_its_recall(recallable: bool, acts: list[Act]) -> None:
    about = {"valid_until": LAST_DAY, "replaced": False, "today": OPENS}
    assert acts_now(Word.SUSPENDED, **about, recallable=recallable) == acts


def test_each_decision_has_a_page_of_its_own() -> None:
    directors = ["suspension", "lifting", "revocation", "correction", "renewal", "recall"]
    assert [str(act) for act in Act] == [*directors, "surrender", "surrender/recall"]


def test_a_holder_is_reminded_three_times() -> None:
    assert REMINDERS == (90, 30, 7)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (ENDS - 90 * DAY - MOMENT, None),
        (ENDS - 90 * DAY, 90),
        (ENDS - 30 * DAY - MOMENT, 90),
        (ENDS - 30 * DAY, 30),
        (ENDS - 7 * DAY - MOMENT, 30),
        (ENDS - 7 * DAY, 7),
        (ENDS - MOMENT, 7),
        (ENDS, None),
        (ENDS + DAY, None),
    ],
)
def test_the_latest_reminder_that_has_come_due_counts_until_the_end(now: datetime, due: int | None) -> None:
    assert reminder_due(issued_at=ISSUED, ends_at=ENDS, now=now) == due


@pytest.mark.parametrize(("before_it", "due"), [(MOMENT, 7), (timedelta(0), None), (-DAY, None)])
def test_nobody_is_reminded_of_a_day_that_lay_before_the_issue(before_it: timedelta, due: int | None) -> None:
    issued = ENDS - 7 * DAY - before_it
    assert reminder_due(issued_at=issued, ends_at=ENDS, now=ENDS - DAY) == due
