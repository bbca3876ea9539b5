"""Mara takes a quiz: nothing she was told is saved gets lost, and nobody else comes near it."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.quizzes.conftest import (
    BANK,
    WITH_PRACTICE,
    Quiz,
    chosen_on,
    course_files,
    enrolled_in,
    places_on,
    seen_on,
)
from trainer.accounts import services as accounts
from trainer.authoring.release import release_of
from trainer.clock import utc_now
from trainer.curriculum.services import publish
from trainer.db import Database
from trainer.enrolment.models import Cohort, Enrolment
from trainer.items.forms import Question, form_as_json
from trainer.quizzes import services
from trainer.quizzes.models import QuizAnswer, QuizAttempt, QuizSubmission
from trainer.quizzes.queries import sent_attempts

SEVERAL = WITH_PRACTICE.replace(
    "blueprint: {know: 2, apply: 3, evaluate: 1}", "blueprint: {know: 4, apply: 1, evaluate: 1}"
)
"""Question 0, which has several right answers, and the critical question 3 are in every form."""
ENOUGH = WITH_PRACTICE.replace("attempts: 3", "attempts: 2").replace("apply: 3, evaluate: 1", "apply: 2, evaluate: 1")
ENOUGH = ENOUGH.replace("serve: 6", "serve: 5")
"""No question needs to be asked twice."""
TIMED = WITH_PRACTICE.replace("minutes: none", "minutes: 30")


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def number_of(quiz: Quiz, attempt: str, item: str) -> int:
    return next(n for n, question in enumerate(quiz.form(attempt), start=1) if question.item_id == item)


# --- beginning ----------------------------------------------------------------------------------


def test_mara_begins_and_sees_her_questions(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    assert "Begin" in browser.get(quiz.address).text
    page = browser.get(quiz.begin(browser))
    assert page.status_code == 200
    assert places_on(page.text) == {f"q{number}": list("0123") for number in range(1, 7)}


def test_a_double_click_begins_one_attempt(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    assert quiz.begin(browser) == quiz.begin(browser)
    assert count(quiz.database, QuizAttempt) == 1


def test_ten_clicks_at_once_begin_one_attempt(as_: Callable, mara, quiz: Quiz) -> None:
    browsers = [as_(mara) for _ in range(10)]
    with ThreadPoolExecutor(10) as threads:
        assert len(set(threads.map(quiz.begin, browsers))) == 1
    assert count(quiz.database, QuizAttempt) == 1


def test_an_open_try_is_offered_again(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    quiz.begin(browser)
    page = browser.get(quiz.address).text
    assert "Continue my try" in page
    assert "While a try is open, practice is closed" in page


def test_two_people_get_forms_of_their_own(as_: Callable, mara, omar, quiz_for: Callable) -> None:
    hers, his = quiz_for(mara), quiz_for(omar)
    assert hers.form(hers.begin(as_(mara))) != his.form(his.begin(as_(omar)))


def test_a_quiz_that_does_not_exist_is_not_found(as_: Callable, mara, quiz: Quiz) -> None:
    assert as_(mara).get(f"/quizzes/{quiz.enrolment_id}/touch").status_code == 404


# --- answering ----------------------------------------------------------------------------------


def test_the_script_hears_that_an_answer_is_saved(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    said = quiz.answer(browser, attempt, 2, 1).json
    assert said.keys() == {"saved_at", "seen", "answered"}
    assert (said["seen"], said["answered"]) == (1, 1)
    (row,) = quiz.rows(attempt)
    question = quiz.form(attempt)[1]
    assert (row.item_id, row.chosen) == (question.item_id, [question.order[1]])


def test_a_page_without_script_saves_everything_and_goes_on_to_the_check(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    answer = browser.send(f"{attempt}/answers", {**quiz.right(attempt), "seen": "0"})
    assert (answer.status_code, answer.location) == (303, f"{attempt}/check")
    assert "Every question has an answer, and all of them are saved." in browser.get(answer.location).text


def test_the_check_names_what_is_blank(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    browser.send(f"{attempt}/answers", {"q1": "0", "q3": "2", "seen": "0"})
    page = browser.get(f"{attempt}/check").text
    assert [number for number in range(1, 7) if f"#q{number}-title" in page] == [2, 4, 5, 6]


def test_the_page_says_what_is_saved(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    assert "Everything you saved before is here." not in browser.get(attempt).text
    quiz.answer(browser, attempt, 3, 2)
    page = browser.get(attempt).text
    assert "Everything you saved before is here." in page
    assert '<p class="small soft saved" data-saved-for="3">Saved</p>' in page
    assert '<p class="small soft saved" data-saved-for="2"></p>' in page
    assert chosen_on(page) == {"q3": ["2"]}


def test_mara_goes_on_in_another_browser(as_: Callable, mara, quiz: Quiz) -> None:
    phone, laptop = as_(mara), as_(mara)
    attempt = quiz.begin(phone)
    quiz.answer(phone, attempt, 1, 3)
    assert quiz.begin(laptop) == attempt
    assert chosen_on(laptop.get(attempt).text) == {"q1": ["3"]}


def test_mara_goes_on_after_the_server_was_started_anew(as_: Callable, mara, quiz: Quiz, settings) -> None:
    from trainer.app import create_app

    browser = as_(mara)
    attempt = quiz.begin(browser)
    quiz.answer(browser, attempt, 1, 3)
    again = create_app(settings)
    try:
        database = again.extensions["trainer.database"]
        with database.transaction() as session:
            token = accounts.start_sign_in(session, person_id=mara.id, browser="test", now=utc_now())
        later = again.test_client()
        with later.session_transaction() as cookie:
            cookie["_user_id"] = token
        assert chosen_on(later.get(attempt).text) == {"q1": ["3"]}
    finally:
        database.close()


def test_the_same_answer_again_is_kept_once(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    for _ in range(3):
        assert quiz.answer(browser, attempt, 1, 3).json["seen"] == 1
    assert len(quiz.rows(attempt)) == 1


def test_a_changed_mind_is_kept_beside_the_first_answer(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    for place in (0, 1, 0):
        quiz.answer(browser, attempt, 1, place)
    assert [row.seq for row in quiz.rows(attempt)] == [1, 2, 3]
    assert chosen_on(browser.get(attempt).text) == {"q1": ["0"]}


def test_an_answer_can_be_taken_back(as_: Callable, mara, quiz_for: Callable) -> None:
    quiz, browser = quiz_for(mara, SEVERAL), as_(mara)
    attempt = quiz.begin(browser)
    number = number_of(quiz, attempt, "item-0-id")
    assert quiz.answer(browser, attempt, number, 0, 1).json["answered"] == 1
    assert quiz.answer(browser, attempt, number).json["answered"] == 0
    assert chosen_on(browser.get(attempt).text) == {}


@pytest.mark.parametrize(
    "sent",
    [
        {"only": "7", "q7": ["1"]},
        {"only": "0 one 1.0", "q1": ["1"]},
        {"seen": "99999999999999999999", "q77": ["1"]},
        {"seen": "-1"},
        {"seen": "none"},
    ],
)
def test_answers_nobody_was_asked_for_are_ignored(as_: Callable, mara, quiz: Quiz, sent) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    assert browser.send(f"{attempt}/answers", sent).status_code == 303
    assert quiz.rows(attempt) == []


@pytest.mark.parametrize("place", ["4", "99", "-1", "x", "٣", "0" * 10_000])
def test_an_option_that_is_not_there_is_refused_and_takes_no_answer_away(
    as_: Callable, mara, quiz: Quiz, place: str
) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    quiz.answer(browser, attempt, 1, 2)
    page = browser.send(f"{attempt}/answers", {"seen": "1", "q1": [place]})
    assert page.status_code == 409
    assert "Question 1 has options from 0 to 3. Nothing of this page was saved." in page.text
    by_script = {"only": "1", "seen": "1", "q1": [place]}
    answer = browser.send(f"{attempt}/answers", by_script, headers={"Accept": "application/json"})
    assert answer.json == {"problem": "Question 1 has options from 0 to 3. Nothing of this page was saved."}
    assert chosen_on(browser.get(attempt).text) == {"q1": ["2"]}


@pytest.mark.parametrize("tried", ["[" * 5000, '["0"', "[1e999]", "[{}]", '{"q1": 1}'])
def test_what_a_script_sent_before_may_be_no_answer_at_all(as_: Callable, mara, quiz: Quiz, tried: str) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    sent = {"only": "1", "seen": "0", "q1": "2", "tried1": tried}
    assert browser.send(f"{attempt}/answers", sent, headers={"Accept": "application/json"}).status_code == 200
    assert chosen_on(browser.get(attempt).text) == {"q1": ["2"]}


# --- two tabs -----------------------------------------------------------------------------------


def test_a_stale_tab_does_not_blank_what_the_other_saved(as_: Callable, mara, quiz: Quiz) -> None:
    first, second = as_(mara), as_(mara)
    attempt = quiz.begin(first)
    seen = seen_on(second.get(attempt).text)
    quiz.answer(first, attempt, 1, 3)
    second.send(f"{attempt}/answers", {"q2": "1", "seen": seen})
    assert chosen_on(first.get(attempt).text) == {"q1": ["3"], "q2": ["1"]}


def test_a_stale_tab_does_not_bring_back_an_older_answer(as_: Callable, mara, quiz: Quiz) -> None:
    first, second = as_(mara), as_(mara)
    attempt = quiz.begin(first)
    quiz.answer(first, attempt, 1, 0)
    seen = seen_on(second.get(attempt).text)
    quiz.answer(first, attempt, 1, 3)
    second.send(f"{attempt}/answers", {"q1": "0", "q2": "1", "seen": seen})
    assert chosen_on(first.get(attempt).text) == {"q1": ["3"], "q2": ["1"]}


def test_a_stale_tab_with_a_script_sends_only_what_was_changed_in_it(as_: Callable, mara, quiz: Quiz) -> None:
    first, second = as_(mara), as_(mara)
    attempt = quiz.begin(first)
    seen = seen_on(second.get(attempt).text)
    quiz.answer(first, attempt, 1, 3)
    quiz.answer(second, attempt, 2, 1)
    second.send(f"{attempt}/answers", {"q2": "1", "seen": seen, "only": ""})  # “Save and check”: all is saved
    assert chosen_on(first.get(attempt).text) == {"q1": ["3"], "q2": ["1"]}


def test_an_answer_that_waited_on_one_device_does_not_replace_a_later_one_from_another(
    as_: Callable, mara, quiz: Quiz
) -> None:
    laptop, phone = as_(mara), as_(mara)
    attempt = quiz.begin(laptop)
    quiz.answer(phone, attempt, 1, 2)
    waited = {"only": "1", "seen": "0", "q1": "0"}
    answer = laptop.send(f"{attempt}/answers", waited, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json.keys() == {"newer", "at", "seen"}
    assert (answer.json["newer"], answer.json["seen"]) == (["2"], 1)
    assert chosen_on(phone.get(attempt).text) == {"q1": ["2"]}
    mine = {**waited, "seen": str(answer.json["seen"])}  # having seen both, she says that it is the first
    assert laptop.send(f"{attempt}/answers", mine, headers={"Accept": "application/json"}).status_code == 200
    assert [row.chosen for row in quiz.rows(attempt)] != [], "and both stay on record"
    assert len(quiz.rows(attempt)) == 2


def test_whoever_never_heard_that_it_was_saved_may_still_change_their_own_answer(
    as_: Callable, mara, quiz: Quiz
) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    quiz.answer(browser, attempt, 1, 2)  # its answer is lost on the way back
    changed = {"only": "1", "seen": "0", "q1": "0", "tried1": "2"}
    assert browser.send(f"{attempt}/answers", changed, headers={"Accept": "application/json"}).status_code == 200
    assert chosen_on(browser.get(attempt).text) == {"q1": ["0"]}


def test_lists_within_lists_without_end_are_no_answer_that_was_tried(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    sent = {"only": "1", "seen": "0", "q1": "0", "tried1": "[" * 100_000}
    assert browser.send(f"{attempt}/answers", sent, headers={"Accept": "application/json"}).status_code == 200
    assert chosen_on(browser.get(attempt).text) == {"q1": ["0"]}


def test_without_a_script_both_answers_are_shown_and_everything_else_is_saved(as_: Callable, mara, quiz: Quiz) -> None:
    laptop, phone = as_(mara), as_(mara)
    attempt = quiz.begin(laptop)
    quiz.answer(phone, attempt, 1, 2)
    page = laptop.send(f"{attempt}/answers", {"q1": "0", "q2": "1", "seen": "0"})
    assert page.status_code == 409
    assert "Some questions were answered on another page" in page.text
    assert chosen_on(page.text) == {"q1": ["2"], "q2": ["1"]}
    again = {"q1": "0", "q2": "1", "seen": seen_on(page.text)}
    assert laptop.send(f"{attempt}/answers", again).status_code == 303
    assert chosen_on(laptop.get(attempt).text) == {"q1": ["0"], "q2": ["1"]}


def test_a_blank_on_a_fresh_page_does_take_an_answer_back(as_: Callable, mara, quiz_for: Callable) -> None:
    quiz, browser = quiz_for(mara, SEVERAL), as_(mara)
    attempt = quiz.begin(browser)
    quiz.answer(browser, attempt, number_of(quiz, attempt, "item-0-id"), 0)
    browser.send(f"{attempt}/answers", {"seen": seen_on(browser.get(attempt).text)})
    assert chosen_on(browser.get(attempt).text) == {}


# --- sending ------------------------------------------------------------------------------------


def test_sending_twice_is_sending_once(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.take(browser)
    assert browser.send(f"{attempt}/submission").location == f"{attempt}/result"
    assert count(quiz.database, QuizSubmission) == 1
    assert "6 of 6 points" in browser.get(f"{attempt}/result").text


def test_a_question_left_blank_earns_nothing_but_can_be_sent(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    browser.send(f"{attempt}/submission")
    assert "0 of 6 points" in browser.get(f"{attempt}/result").text


def test_five_of_six_is_enough(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    wrong = 1 if quiz.critical_number(attempt) != 1 else 2
    browser.send(f"{attempt}/answers", {**quiz.right(attempt, but=wrong), "seen": "0"})
    browser.send(f"{attempt}/submission")
    page = browser.get(f"{attempt}/result").text
    assert "5 of 6 points" in page
    assert "Not passed" not in page


def test_a_critical_mistake_fails_although_the_mark_is_enough(as_: Callable, mara, quiz_for: Callable) -> None:
    quiz, browser = quiz_for(mara, SEVERAL), as_(mara)
    attempt = quiz.begin(browser)
    sent = quiz.right(attempt, but=quiz.critical_number(attempt))
    browser.send(f"{attempt}/answers", {**sent, "seen": "0"})
    browser.send(f"{attempt}/submission")
    page = browser.get(f"{attempt}/result").text
    assert "5 of 6 points" in page
    assert "Not passed" in page
    assert "A critical question went wrong" in page


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_after_sending_an_answer_is_refused_in_one_sentence(as_: Callable, mara, quiz: Quiz, accept: str) -> None:
    browser = as_(mara)
    attempt = quiz.take(browser)
    before = len(quiz.rows(attempt))
    answer = quiz.answer(browser, attempt, 1, 0, Accept=accept)
    assert answer.status_code == 409
    sentence = "This try has been sent, so its answers can no longer change."
    assert sentence in (answer.json["problem"] if accept == "application/json" else answer.text)
    assert len(quiz.rows(attempt)) == before


def test_after_sending_every_page_of_the_attempt_leads_to_the_result(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.take(browser)
    assert {browser.get(page).location for page in (attempt, f"{attempt}/check")} == {f"{attempt}/result"}


def test_before_sending_there_is_no_result(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    assert browser.get(f"{attempt}/result").location == attempt


def test_twenty_at_once_leave_one_submission_and_no_gap(as_: Callable, mara, quiz: Quiz) -> None:
    browsers = [as_(mara) for _ in range(20)]
    attempt = quiz.begin(browsers[0])

    def go(number: int) -> int:
        browser = browsers[number]
        if number % 4 == 3:
            return browser.send(f"{attempt}/submission").status_code
        return quiz.answer(browser, attempt, number % 6 + 1, number % 4).status_code

    with ThreadPoolExecutor(20) as threads:
        codes = list(threads.map(go, range(20)))
    assert {codes[number] for number in range(3, 20, 4)} == {303}
    assert set(codes) <= {200, 303, 409}
    assert count(quiz.database, QuizSubmission) == 1
    rows = quiz.rows(attempt)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) <= codes.count(200)


def test_twenty_answers_at_once_are_all_kept(as_: Callable, mara, quiz: Quiz) -> None:
    browsers = [as_(mara) for _ in range(20)]
    attempt = quiz.begin(browsers[0])
    with ThreadPoolExecutor(20) as threads:
        said = list(threads.map(lambda n: quiz.answer(browsers[n], attempt, n % 6 + 1, n // 6).json, range(20)))
    rows = quiz.rows(attempt)
    assert [row.seq for row in rows] == list(range(1, 21))
    assert sorted(one["seen"] for one in said) == list(range(1, 21))


# --- tries --------------------------------------------------------------------------------------


def test_three_tries_with_a_day_between_them(as_: Callable, mara, quiz: Quiz) -> None:
    browser, start = as_(mara), utc_now()
    for day in range(3):
        with time_machine.travel(start + timedelta(hours=24 * day, seconds=1), tick=False):
            attempt = quiz.begin(browser)
            browser.send(f"{attempt}/submission")
            assert ("No tries are left." in browser.get(f"{attempt}/result").text) is (day == 2)
        with time_machine.travel(start + timedelta(hours=24 * day + 23, minutes=59), tick=False):
            refused = browser.send(quiz.address, {"mode": "counted"})
            assert refused.status_code == 409
            assert ("The next try is possible from" if day < 2 else "All tries of this quiz are used.") in refused.text
    with time_machine.travel(start + timedelta(days=9), tick=False):
        assert browser.send(quiz.address, {"mode": "counted"}).status_code == 409
        assert "No tries are left" in browser.get(quiz.address).text
    assert count(quiz.database, QuizAttempt) == 3


def another_place(quiz: Quiz, person) -> Quiz:
    """Give the same person a place in another cohort of the same programme."""
    place = enrolled_in(quiz.database, person, quiz.release, now=utc_now())
    return Quiz(quiz.database, place, quiz.bank, quiz.release)


def test_failed_tries_of_one_place_count_at_the_next_in_the_same_programme(as_: Callable, mara, quiz: Quiz) -> None:
    browser, start = as_(mara), utc_now()
    for day in range(2):
        with time_machine.travel(start + timedelta(days=day, seconds=day), tick=False):
            browser.send(f"{quiz.begin(browser)}/submission")
    second = another_place(quiz, mara)
    assert "The next try is possible from" in browser.send(second.address, {"mode": "counted"}).text
    with time_machine.travel(start + timedelta(days=3), tick=False):
        page = " ".join(browser.get(second.address).text.split())
        assert "2 tries at another place of yours in this programme count as well" in page
        last = second.begin(browser)
        browser.send(f"{last}/submission")
        assert "What to read again" in browser.get(f"{last}/result").text
    with time_machine.travel(start + timedelta(days=9), tick=False):
        for place in (quiz, second):
            refused = browser.send(place.address, {"mode": "counted"})
            assert "All tries of this quiz are used." in refused.text


def test_who_passed_at_one_place_begins_anew_at_the_next(as_: Callable, mara, quiz: Quiz) -> None:
    browser, start = as_(mara), utc_now()
    browser.send(f"{quiz.begin(browser)}/submission")
    with time_machine.travel(start + timedelta(days=2), tick=False):
        quiz.take(browser)
        second = another_place(quiz, mara)
        assert "in this programme count" not in browser.get(second.address).text
        assert second.begin(browser)


def test_the_page_before_the_quiz_says_when_the_next_try_is_possible(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    browser.send(f"{quiz.begin(browser)}/submission")
    page = browser.get(quiz.address).text
    assert "A pause first" in page
    assert ">Begin<" not in page


def test_whoever_has_passed_needs_no_further_try(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    quiz.take(browser)
    with time_machine.travel(utc_now() + timedelta(days=3), tick=False):
        refused = browser.send(quiz.address, {"mode": "counted"})
        assert refused.status_code == 409
        assert "You have passed this quiz already." in refused.text
        assert quiz.begin(browser, "practice")


def test_practice_takes_no_try(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    for _ in range(4):
        browser.send(f"{quiz.begin(browser, 'practice')}/submission")
    assert quiz.begin(browser)
    with quiz.database.reading() as session:
        sent = sent_attempts(session, enrolment_ids=[quiz.enrolment_id])
    assert not sent[quiz.enrolment_id, "ethics"]


# --- the clock ----------------------------------------------------------------------------------


def test_without_a_clock_an_attempt_stays_open(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    with time_machine.travel(utc_now() + timedelta(days=13), tick=False):
        assert quiz.answer(browser, attempt, 1, 0).status_code == 200


def test_when_the_clock_has_run_out_what_was_saved_counts(as_: Callable, mara, quiz_for: Callable) -> None:
    quiz, browser, start = quiz_for(mara, TIMED), as_(mara), utc_now()
    with time_machine.travel(start, tick=False):
        attempt = quiz.begin(browser)
        for page in (browser.get(attempt).text, browser.get(f"{attempt}/check").text):
            assert "This try closes at" in page
            assert "When you opened this page, 30 whole minutes were left." in page  # for whom no script counts down
        browser.send(f"{attempt}/answers", {**quiz.right(attempt), "seen": "0"})
    with time_machine.travel(start + timedelta(minutes=30, seconds=6), tick=False):
        late = quiz.answer(browser, attempt, 1, 0)
        assert late.status_code == 409
        assert "The time for this try ended on" in late.json["problem"]
        page = browser.send(f"{attempt}/answers", {"q1": "0", "seen": "0"})
        assert page.location == f"{attempt}/result?late=1"
        assert "Your page arrived after the time had ended" in browser.get(page.location).text
        for address in (attempt, f"{attempt}/check"):
            assert browser.get(address).location == f"{attempt}/result"
        assert "6 of 6 points" in browser.get(f"{attempt}/result").text


def test_an_answer_on_its_way_when_the_clock_ends_still_counts(as_: Callable, mara, quiz_for: Callable) -> None:
    quiz, browser, start = quiz_for(mara, TIMED), as_(mara), utc_now()
    with time_machine.travel(start, tick=False):
        attempt = quiz.begin(browser)
    with time_machine.travel(start + timedelta(minutes=30) + services.ARRIVAL_GRACE, tick=False):
        assert quiz.answer(browser, attempt, 1, 0).status_code == 200


def test_the_server_says_how_many_seconds_are_left_and_that_an_attempt_is_over(as_, mara, quiz_for: Callable) -> None:
    quiz, browser, start = quiz_for(mara, TIMED), as_(mara), utc_now()
    with time_machine.travel(start, tick=False):
        attempt = quiz.begin(browser)
    for seconds, left in ((0.5, 1800), (1, 1799), (1799.9, 1), (1801, 0)):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            answer = browser.get(f"{attempt}/time")
            assert answer.json == {"here": True, "left": left}
            assert answer.headers["Cache-Control"] == "no-store"
    browser.send(f"{attempt}/submission")
    assert browser.get(f"{attempt}/time").json["here"] is False


def test_practice_has_no_clock(as_: Callable, mara, quiz_for: Callable) -> None:
    quiz, browser = quiz_for(mara, TIMED), as_(mara)
    attempt = quiz.begin(browser, "practice")
    with time_machine.travel(utc_now() + timedelta(hours=9), tick=False):
        assert quiz.answer(browser, attempt, 1, 0).status_code == 200


# --- other people -------------------------------------------------------------------------------


def addresses(app, quiz: Quiz, attempt: str) -> list[tuple[str, str]]:
    """Walk every address of this room, as far as it belongs to Mara."""
    values = {"enrolment_id": quiz.enrolment_id, "bank": "ethics", "attempt_id": attempt.rsplit("/", 1)[1]}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("quizzes.")]
    with app.test_request_context():
        return [
            (method, app.url_for(rule.endpoint, _method=method, **{name: values[name] for name in rule.arguments}))
            for rule in rules
            for method in sorted(rule.methods & {"GET", "POST"})
        ]


def knock(browser, method: str, address: str) -> int:
    sent = {"only": "1", "q1": "0", "mode": "counted"}
    return (browser.get(address) if method == "GET" else browser.send(address, sent)).status_code


@pytest.mark.parametrize("sent", [False, True])
def test_omar_finds_nothing_of_maras(app, as_: Callable, mara, omar, quiz: Quiz, sent: bool) -> None:
    browser = as_(mara)
    attempt = quiz.take(browser) if sent else quiz.begin(browser)
    before = len(quiz.rows(attempt)), count(quiz.database, QuizSubmission)
    other = as_(omar)
    tried = addresses(app, quiz, attempt)
    assert len(tried) == 8
    assert {knock(other, *one) for one in tried} == {404}
    assert (len(quiz.rows(attempt)), count(quiz.database, QuizSubmission)) == before


def test_a_stranger_is_asked_to_sign_in(app, as_: Callable, mara, stranger, quiz: Quiz) -> None:
    attempt = quiz.begin(as_(mara))
    for method, address in addresses(app, quiz, attempt):
        assert knock(stranger, method, address) == 303
    assert quiz.rows(attempt) == []


def test_a_director_does_not_sit_quizzes(app, as_: Callable, mara, dana, quiz: Quiz) -> None:
    attempt, browser = quiz.begin(as_(mara)), as_(dana)
    assert {knock(browser, *one) for one in addresses(app, quiz, attempt)} == {403}


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_forged_page_changes_nothing(app, as_: Callable, mara, quiz: Quiz, token: str) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    for method, address in addresses(app, quiz, attempt):
        if method == "POST":
            assert browser.post(address, data={"csrf_token": token, "q1": "0"}).status_code == 400
    assert quiz.rows(attempt) == []
    assert count(quiz.database, QuizSubmission) == 0


# --- the result, and releases -------------------------------------------------------------------


def reasons_on(page: str, quiz: Quiz, attempt: str) -> int:
    items = [quiz.bank.item(question.item_id) for question in quiz.form(attempt)]
    return sum(str(option.reason_html) in page for item in items for option in item.options)


def test_right_answers_are_shown_once_it_is_passed(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.take(browser)
    assert reasons_on(browser.get(f"{attempt}/result").text, quiz, attempt) == 6 * 4


def test_after_a_failed_try_only_the_reasons_of_own_answers_are_shown(as_: Callable, mara, quiz_for: Callable) -> None:
    quiz, browser = quiz_for(mara, ENOUGH), as_(mara)
    attempt = quiz.begin(browser)
    for number in (1, 2):
        quiz.answer(browser, attempt, number, 0)
    browser.send(f"{attempt}/submission")
    page = browser.get(f"{attempt}/result").text
    assert reasons_on(page, quiz, attempt) == 2
    assert "The whole key is shown for a form that was passed" in page
    assert page.count(">right<") == 0
    assert page.count("May be asked again") == 0


def test_of_a_question_that_may_come_again_nothing_is_told(as_: Callable, mara, quiz: Quiz) -> None:
    browser, start = as_(mara), utc_now()
    told: set[str] = set()
    for day in range(3):
        with time_machine.travel(start + timedelta(days=day, seconds=day), tick=False):
            attempt = quiz.begin(browser)
            asked = {question.item_id for question in quiz.form(attempt)}
            assert not asked & told
            for number in range(1, 7):
                quiz.answer(browser, attempt, number, 0)
            browser.send(f"{attempt}/submission")
            page = browser.get(f"{attempt}/result").text
            held = page.count("May be asked again")
            assert held == (5, 2, 0)[day]  # of know and apply there are too few for three forms
            assert reasons_on(page, quiz, attempt) == (1, 4, 0)[day]
            said = (
                "About 1 question you see below",
                "About 4 questions you see below",
                "A further try asks these same",
            )
            assert said[day] in page
            told |= {one for one in asked if re.search(rf"Reason{one.split('-')[1]}\D", page)}


def test_a_form_opens_its_key_only_to_who_passed_it(as_: Callable, mara, quiz: Quiz) -> None:
    browser, start = as_(mara), utc_now()
    failed = quiz.begin(browser)
    browser.send(f"{failed}/submission")
    with time_machine.travel(start + timedelta(days=2), tick=False):
        passed = quiz.take(browser)
        shown = [reasons_on(browser.get(f"{one}/result").text, quiz, one) for one in (failed, passed)]
    assert shown[1] == 6 * 4
    assert shown[0] < 6 * 4  # a blank form was no way to the key; what both asked is in both


def test_using_up_all_tries_buys_nobody_the_key(as_: Callable, mara, quiz: Quiz) -> None:
    browser, start = as_(mara), utc_now()
    attempts = []
    for day in range(3):
        with time_machine.travel(start + timedelta(days=day, seconds=day), tick=False):
            attempts.append(quiz.begin(browser))
            browser.send(f"{attempts[-1]}/submission")
    assert [reasons_on(browser.get(f"{one}/result").text, quiz, one) for one in attempts] == [0, 0, 0]


def test_once_only_granted_tries_can_follow_mara_reads_topics_and_no_question(as_: Callable, mara, quiz: Quiz) -> None:
    browser, start = as_(mara), utc_now()
    for day in range(3):
        with time_machine.travel(start + timedelta(days=day, seconds=day), tick=False):
            attempt = quiz.begin(browser)
            for number in range(1, 7):
                quiz.answer(browser, attempt, number, 0)
            browser.send(f"{attempt}/submission")
    page = browser.get(f"{attempt}/result").text
    assert "What to read again" in page
    assert 'class="question"' not in page
    assert "please don’t take it as a closed door" in page
    assert "The whole key is shown" not in page
    read = page.split("What to read again")[1]
    assert re.search(rf'href="/learn/[^"]+/{quiz.bank.slug}/[^"]+"', read), read[:900]


def test_practice_shows_its_whole_key_at_once(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    practised = quiz.begin(browser, "practice")
    browser.send(f"{practised}/submission")
    page = browser.get(f"{practised}/result").text
    assert reasons_on(page, quiz, practised) == 6 * 4
    counted = quiz.form(quiz.begin(browser))
    assert not {one.item_id for one in counted} & {one.item_id for one in quiz.form(practised)}


def test_a_blank_is_called_not_answered_and_each_question_leads_to_where_it_is_taught(
    as_: Callable, mara, quiz: Quiz
) -> None:
    browser = as_(mara)
    practised = quiz.begin(browser, "practice")
    browser.send(f"{practised}/submission")
    page = browser.get(f"{practised}/result").text
    assert page.count("Not answered") == 6
    assert "Not right" not in page
    assert page.count("Where this is taught:") == 6
    assert page.count('/ethics/why">Why consent is different</a>') == 6
    said = " ".join(re.sub("<[^>]+>", "", page).split())
    assert "Not passed with 0% of the points. Practice: it does not count." in said


def test_a_failed_try_says_how_many_are_left(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    browser.send(f"{(failed := quiz.begin(browser))}/submission")
    assert "2 tries are left" in browser.get(f"{failed}/result").text
    assert "2 tries are left" in browser.get(quiz.address).text


def test_from_the_result_of_practice_mara_practises_again(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    practised = quiz.begin(browser, "practice")
    browser.send(f"{practised}/submission")
    page = browser.get(f"{practised}/result").text
    assert "Practise again" in page
    assert "fails the try" not in page
    again = browser.send(re.search(r'action="([^"]+)"[^>]*>.*Practise again', page)[1], {"mode": "practice"}).location
    assert again not in ("", practised)
    counted = quiz.begin(browser)
    browser.send(f"{counted}/submission")
    assert "Practise again" not in browser.get(f"{counted}/result").text


def test_practice_from_before_there_were_two_pools_tells_nothing_of_what_counts(
    as_: Callable, mara, quiz: Quiz, tampering: Callable
) -> None:
    browser = as_(mara)
    practised = quiz.begin(browser, "practice")
    counts = [Question(f"item-{number}-id", (0, 1, 2, 3)) for number in range(5)]
    with tampering() as session:  # as it was drawn yesterday
        old = session.get_one(QuizAttempt, practised.rsplit("/", 1)[1])
        old.form = form_as_json((*counts, Question("item-12-id", (0, 1, 2, 3))))
    for number in range(1, 7):
        quiz.answer(browser, practised, number, 0)
    assert browser.send(f"{practised}/submission").location == f"{practised}/result"
    page = browser.get(f"{practised}/result").text
    assert reasons_on(page, quiz, practised) == 4
    assert page.count("May be asked again") == 5
    drawn = {one.item_id for one in quiz.form(quiz.begin(browser))}
    met = {question.item_id for question in counts}
    assert drawn >= {"item-6-id", "item-9-id", "item-7-id", "item-10-id"}  # what was not met comes first
    assert len(drawn & met) <= 2


def test_where_no_question_can_be_spared_practice_says_so(as_: Callable, mara, quiz_for: Callable) -> None:
    short = BANK.replace("pending review", "solid").replace("apply: 3, evaluate: 1", "apply: 2, evaluate: 2")
    quiz, browser = quiz_for(mara, short), as_(mara)
    page = browser.get(quiz.address).text
    assert "no questions to spare for practice yet" in page
    assert 'value="practice"' not in page
    refused = browser.send(quiz.address, {"mode": "practice"})
    assert refused.status_code == 409
    assert "each of its questions may count" in refused.text
    assert count(quiz.database, QuizAttempt) == 0


def test_the_page_before_the_quiz_counts_the_rounds_of_practice(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    assert "rounds so far" not in browser.get(quiz.address).text
    for _ in range(2):
        browser.send(f"{quiz.begin(browser, 'practice')}/submission")
    assert "You have begun 2 rounds so far." in browser.get(quiz.address).text


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_two_answers_to_a_question_with_one_are_refused(as_: Callable, mara, quiz_for: Callable, accept: str) -> None:
    quiz, browser = quiz_for(mara, SEVERAL), as_(mara)
    attempt = quiz.begin(browser)
    single = number_of(quiz, attempt, "item-3-id")
    quiz.answer(browser, attempt, single, 2)
    refused = quiz.answer(browser, attempt, single, 0, 1, 2, 3, Accept=accept)
    assert refused.status_code == 409
    sentence = f"Question {single} has one answer; choose one."
    assert sentence in (refused.json["problem"] if accept == "application/json" else refused.text)
    assert len(quiz.rows(attempt)) == 1
    several = number_of(quiz, attempt, "item-0-id")
    assert quiz.answer(browser, attempt, several, 0, 1, 2).status_code == 200


def test_several_answers_kept_before_that_was_refused_earn_and_tell_nothing(
    as_: Callable, mara, quiz_for: Callable
) -> None:
    quiz, browser = quiz_for(mara, ENOUGH), as_(mara)
    attempt = quiz.begin(browser)
    asked = [one.item_id for one in quiz.form(attempt) if one.item_id not in ("item-0-id", "item-5-id", "item-10-id")]
    with quiz.database.transaction() as session:
        for seq, item_id in enumerate(asked, start=1):
            session.add(
                QuizAnswer(
                    attempt_id=attempt.rsplit("/", 1)[1],
                    seq=seq,
                    item_id=item_id,
                    chosen=[0, 1, 2, 3],
                    saved_at=utc_now(),
                )
            )
    browser.send(f"{attempt}/submission")
    page = browser.get(f"{attempt}/result").text
    assert "0 of 5 points" in page
    assert reasons_on(page, quiz, attempt) == 0


@pytest.mark.parametrize("mode", ["", "counter", None])
def test_nothing_begins_unless_it_is_said_what(as_: Callable, mara, quiz: Quiz, mode: str | None) -> None:
    refused = as_(mara).send(quiz.address, {} if mode is None else {"mode": mode})
    assert refused.status_code == 409
    assert "Nothing has begun." in refused.text
    assert count(quiz.database, QuizAttempt) == 0


def test_no_practice_begins_while_a_try_is_open(as_: Callable, mara, quiz: Quiz) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    refused = browser.send(quiz.address, {"mode": "practice"})
    assert refused.status_code == 409
    assert "You have begun a try of this quiz. Send it first" in refused.text
    browser.send(f"{attempt}/submission")
    assert quiz.begin(browser, "practice")


def test_an_open_attempt_keeps_its_questions_when_the_cohort_moves_on(
    as_: Callable, mara, quiz: Quiz, tampering: Callable
) -> None:
    browser = as_(mara)
    attempt = quiz.begin(browser)
    before = places_on(browser.get(attempt).text)
    newer = release_of(course_files(WITH_PRACTICE.replace("Stem", "Newstem").replace("-id}", "-new}")))
    with quiz.database.transaction() as session:
        publish(session, release=newer, now=utc_now())
    with tampering() as session:  # no page moves a cohort yet
        enrolment = session.get_one(Enrolment, quiz.enrolment_id)
        session.get_one(Cohort, enrolment.cohort_id).release_hash = newer.hash
    page = browser.get(attempt).text
    assert places_on(page) == before
    assert "Newstem" not in page
    browser.send(f"{attempt}/answers", {**quiz.right(attempt), "seen": "0"})
    browser.send(f"{attempt}/submission")
    assert "6 of 6 points" in browser.get(f"{attempt}/result").text
