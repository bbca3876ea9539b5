"""Who waits is written to: raters once a day at most and without a name, the trainee once their answer is rated."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.written.conftest import FIRST, SECOND, marks
from trainer.accounts.models import Person
from trainer.clock import utc_now
from trainer.enrolment.models import EnrolmentChange
from trainer.notices.models import Notice
from trainer.written.raters.letters import TO_RATE, answer_rated, last_morning, to_rate, to_tell_of
from trainer.written.raters.services import tell_raters

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MORNING = datetime(2026, 3, 4, 5, tzinfo=UTC)
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
OLD = MORNING - 30 * DAY


@pytest.mark.parametrize(
    ("now", "morning"), [(MORNING - MOMENT, MORNING - DAY), (MORNING, MORNING), (MORNING + DAY - MOMENT, MORNING)]
)
def test_a_morning_begins_at_five_and_lasts_until_the_next(now: datetime, morning: datetime) -> None:
    assert last_morning(now) == morning


@pytest.mark.parametrize(
    ("waiting", "told", "count"),
    [
        ((), None, 0),
        ((MORNING,), None, 0),  # it came today: its letter would say when
        ((MORNING - MOMENT,), None, 1),
        ((OLD, MORNING - MOMENT, MORNING + MOMENT), None, 2),
        ((MORNING - MOMENT,), MORNING, 0),  # told today
        ((MORNING - MOMENT,), MORNING - MOMENT, 1),
        ((MORNING - DAY,), MORNING - DAY, 1),  # it came just as the letter of yesterday was written
        ((MORNING - DAY - MOMENT,), MORNING - DAY, 0),  # of which that letter told
        ((OLD, MORNING - MOMENT), MORNING - DAY, 2),
        ((OLD,), MORNING - 7 * DAY + MOMENT, 1),  # a week of mornings later
        ((OLD,), MORNING - 6 * DAY - MOMENT, 1),
        ((OLD,), MORNING - 6 * DAY, 0),
        ((), MORNING - 9 * DAY, 0),
    ],
)
def test_a_rater_hears_in_the_morning_of_what_is_new_and_once_a_week_of_what_still_waits(
    waiting: tuple[datetime, ...], told: datetime | None, count: int
) -> None:
    assert to_tell_of(waiting, told_at=told, now=MORNING) == count


def test_a_letter_says_how_many_wait_or_what_was_rated_and_where_to_look() -> None:
    assert to_rate(1).subject == "Answers wait to be rated", "in the outbox it says when somebody was told: it stays"
    assert to_rate(1).body.startswith("One written answer waits for somebody of your programme to rate.")
    assert to_rate(3).body.startswith("3 written answers wait for somebody of your programme to rate.")
    assert answer_rated("A coffee").subject == "Your answer to “A coffee” was rated"
    assert answer_rated("A coffee").body.startswith("Your answer to “A coffee” was rated. Sign in and open the task")


def letters(database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        found = session.scalars(select(Notice).order_by(Notice.id)).all()
        return [(notice.recipient, notice.subject, notice.body) for notice in found]


def tell(database, days: int) -> int:
    with database.transaction() as session:
        return tell_raters(session, now=utc_now() + timedelta(days=days))


def test_raters_are_written_to_once_for_a_whole_day_of_answers(sol, dana, ada, nils, mara, sent, database) -> None:
    sent()
    assert tell(database, 0) == 0, "not on the day on which it came"
    assert tell(database, 1) == 2
    assert tell(database, 1) == 0
    assert {recipient for recipient, *_ in letters(database)} == {sol.id, dana.id}
    for _, subject, body in letters(database):
        assert subject == TO_RATE
        assert body.startswith("One written answer waits")
        assert not [word for word in ("Mara", mara.email, FIRST[:20], "coffee") if word in subject + body]


@SQLITE
def test_nobody_hears_of_what_they_cannot_rate(as_, sol, dana, sent, place, database) -> None:
    answer = sent()
    as_(sol).send(f"/ratings/{answer.id}", marks(0, 2, 2, 2, 2))  # an alarm: a second is wanted, and not Sol
    assert tell(database, 1) == 1
    assert [recipient for recipient, *_ in letters(database)] == [dana.id]
    with database.transaction() as session:
        session.add(EnrolmentChange(enrolment_id=place.id, ended=True, reason="Moved.", decided_by=None, at=utc_now()))
    assert tell(database, 9) == 0
    assert "No answer waits" in as_(dana).get("/ratings/").text


@SQLITE
def test_whoever_wrote_hears_once_it_is_settled_and_of_no_name(
    as_, sol: Person, dana: Person, mara: Person, sent, database
) -> None:
    answer, comment = sent(), "The no comes late."
    as_(sol).send(f"/ratings/{answer.id}", marks(0, 2, 2, 2, 2, comment=comment))
    assert letters(database) == []
    as_(dana).send(f"/ratings/{answer.id}", marks(0, 2, 2, 1, 2, comment=comment))
    [(recipient, subject, body)] = letters(database)
    assert (recipient, subject) == (mara.id, "Your answer to “A coffee, just the two of us” was rated")
    assert not [word for word in (sol.name, dana.name, mara.name, comment, FIRST[:20]) if word in subject + body]
    sent(SECOND)
    assert len(letters(database)) == 1
