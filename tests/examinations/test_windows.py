"""Outside of a window nobody begins; whoever has begun goes on. For examinations of cases and of knowledge alike."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.stage.browser import Browser
from trainer.accounts.models import Person
from trainer.cases.runs.models import Accommodation
from trainer.db import Database, new_id
from trainer.enrolment.models import Cohort, Enrolment
from trainer.quizzes.models import QuizAttempt
from trainer.windows.services import decide_window
from trainer.windows.wish import WindowWish

BEGUN = datetime(2026, 12, 1, 8, tzinfo=UTC)
OPENS, CLOSES = datetime(2026, 12, 3, 9, tzinfo=UTC), datetime(2026, 12, 3, 11, tzinfo=UTC)
TICK = timedelta(microseconds=1)
SURE = {"sure": "y"}
both = pytest.mark.parametrize("exam", ["short", "final"])
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def place(time_machine, enrolled: Callable[[Person], Enrolment], mara: Person, reviewed: None, app) -> Enrolment:
    """Mara's place; nothing comes before an examination, and it is 1 December."""
    app.extensions["trainer.prerequisites"] = lambda *_: ()
    time_machine.move_to(BEGUN, tick=False)
    return enrolled(mara)


@pytest.fixture
def window(database: Database, place: Enrolment, cohort: Cohort, dana: Person) -> Callable[..., None]:
    """Dana sets a window, or decides otherwise about it."""

    def decide(exam: str, **parts: object) -> None:
        about = {"window": None, "title": exam, "opens": OPENS, "closes": CLOSES, "reason": "For a test.", **parts}
        with database.transaction() as session:
            decide_window(session, cohort=cohort, wish=WindowWish(exam=exam, **about), by=dana.id, now=BEGUN)

    return decide


def sent(browser: Browser, place: Enrolment, exam: str) -> int:
    return browser.send(f"/examinations/{place.id}/{exam}", SURE).status_code


def words_of_path(browser: Browser, place: Enrolment) -> str:
    """Return the words of My path."""
    return " ".join(re.sub("<[^>]+>", " ", browser.get(f"/path/{place.id}").text).split())


@both
@pytest.mark.parametrize(("now", "status"), [(OPENS - TICK, 409), (OPENS, 303), (CLOSES - TICK, 303), (CLOSES, 409)])
def test_a_sitting_begins_in_its_window_alone(as_, mara, place, window, time_machine, exam, now, status) -> None:
    window(exam)
    time_machine.move_to(now, tick=False)
    assert sent(as_(mara), place, exam) == status


@sqlite
@both
def test_the_page_and_the_path_say_when_it_opens_and_then_whom_to_ask(
    as_, mara, place, window, time_machine, exam
) -> None:
    window(exam)
    browser, address = as_(mara), f"/examinations/{place.id}/{exam}"
    pages = (address, f"{address}/beginning")
    for page in pages:
        text = browser.get(page).text
        assert "The next window for sittings opens on 3 December 2026, 09:00 UTC" in text
        assert "Begin the" not in text
        assert 'name="sure"' not in text
    assert "Opens on" in words_of_path(browser, place)
    assert "opens on 3 December 2026, 09:00 UTC" in words_of_path(browser, place)
    time_machine.move_to(OPENS, tick=False)
    text = browser.get(pages[1]).text
    assert "A sitting that has begun goes on to its own end" in " ".join(text.split())
    assert "is open until 3 December 2026, 11:00 UTC" in text
    assert 'name="sure"' in text
    path = words_of_path(browser, place)
    assert "opens on" not in path.lower()
    assert "can be begun until 3 December 2026, 11:00 UTC" in path
    assert "no deadline" not in path
    time_machine.move_to(CLOSES, tick=False)
    for page in (*pages, f"/path/{place.id}"):
        text = " ".join(browser.get(page).text.split())
        assert "The last window for sittings closed on 3 December 2026, 11:00 UTC." in text
        assert "ask your programme director about another window" in text
    path = words_of_path(browser, place)
    assert "Opens on" not in path
    assert "can be begun until" not in path


@sqlite
def test_one_examination_says_nothing_of_another(as_, mara, place, window) -> None:
    window("short")
    assert "window" not in as_(mara).get(f"/examinations/{place.id}/final").text
    assert sent(as_(mara), place, "final") == 303


@both
def test_whoever_has_begun_goes_on_after_the_closing_and_after_a_withdrawal(
    as_, mara, place, window, time_machine, exam
) -> None:
    window(exam)
    time_machine.move_to(CLOSES - timedelta(minutes=1), tick=False)
    browser, address = as_(mara), f"/examinations/{place.id}/{exam}"
    mine = browser.send(address, SURE).location
    time_machine.move_to(CLOSES + timedelta(minutes=30), tick=False)
    assert browser.send(address, SURE).location == mine, "a second click goes on, and draws nothing"
    assert browser.get(mine).status_code == 200
    path = browser.get(f"/path/{place.id}").text
    assert "The last window" not in path
    assert "Opens on" not in path
    if exam == "short":
        assert browser.send(f"{mine}/cases/1").status_code == 303
    else:
        assert browser.send(f"{mine}/answers", {"seen": "0"}).status_code == 303
        assert browser.send(f"{mine}/submission").location == f"{mine}/result"


@sqlite
@both
def test_without_its_only_window_a_sitting_may_begin_at_any_time(as_, mara, place, window, exam) -> None:
    window(exam)
    assert sent(as_(mara), place, exam) == 409
    window(exam, window=1, withdrawn=True)
    assert sent(as_(mara), place, exam) == 303


@sqlite
def test_more_time_that_was_granted_outlasts_the_window(as_, mara, dana, place, window, time_machine, database) -> None:
    with database.transaction() as session:
        about = {"enrolment_id": place.id, "decided_by": dana.id, "reason": "For a test.", "at": BEGUN}
        session.add(Accommodation(id=new_id(), factor=200, **about))
    window("final")
    time_machine.move_to(CLOSES - TICK, tick=False)
    address = as_(mara).send(f"/examinations/{place.id}/final", SURE).location
    with database.reading() as session:
        attempt = session.get_one(QuizAttempt, address.rsplit("/", 1)[1])
    assert attempt.closes_at - attempt.started_at == timedelta(hours=6)


@sqlite
def test_a_second_try_waits_for_its_days_and_then_for_a_window(as_, mara, place, window, time_machine) -> None:
    window("final")
    later = OPENS + timedelta(days=30)
    window("final", opens=later, closes=later + timedelta(days=1))
    time_machine.move_to(OPENS, tick=False)
    browser, address = as_(mara), f"/examinations/{place.id}/final"
    mine = browser.send(address, SURE).location
    browser.send(f"{mine}/submission")
    for page in (address, f"{mine}/result"):
        assert "The next window for sittings opens on 2 January 2027, 09:00 UTC" in browser.get(page).text
    assert "2 January 2027" in browser.get(f"/path/{place.id}").text
    time_machine.move_to(later - TICK, tick=False)
    assert sent(as_(mara), place, "final") == 409
    time_machine.move_to(later, tick=False)
    assert sent(as_(mara), place, "final") == 303


@sqlite
def test_a_director_sees_how_the_final_went_topic_by_topic_and_no_question(
    as_, mara, dana, sol, ada, place, catalogue
) -> None:
    browser = as_(mara)
    mine = browser.send(f"/examinations/{place.id}/final", SURE).location
    browser.send(f"{mine}/submission")
    own, record = browser.get(f"{mine}/result").text, as_(dana).get(f"/desk/people/{place.id}").text
    bars = re.compile(r'<progress value="[^"]*" max="\d+" aria-label="([^"]+)"')
    topics = bars.findall(own)[1:]
    assert len(topics) > 10
    assert bars.findall(record)[: len(topics)] == topics
    assert "try 1: 0 of 80 points, not passed" in " ".join(record.split())
    told = [
        item.title for item in catalogue.knowledge_exams["final"].items if item.title in record or item.id in record
    ]
    assert not told
    assert "Topic by topic" not in as_(ada).get(f"/desk/people/{place.id}").text, "she decides nothing about it"
