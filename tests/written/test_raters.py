"""Whoever rates: blind, once, nobody their own; two at once, and two who disagree."""

import re
from threading import Thread

import pytest
from sqlalchemy import func, select

from tests.written.conftest import FIRST, marks
from trainer.accounts.models import Person
from trainer.accounts.services import grant
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.curriculum.words import ReviewKind
from trainer.signoff.texts import signable_texts
from trainer.written.answers import code_of, code_of_rating, order_for
from trainer.written.models import WrittenOutcome, WrittenRating

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GOOD, UNSAFE = marks(2, 2, 2, 2, 2), marks(0, 2, 2, 2, 2)


def count(database, model) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def outcome(database, answer) -> tuple[list[int], bool] | None:
    with database.reading() as session:
        found = session.get(WrittenOutcome, answer.id)
        return found and (found.steps, found.holds)


@SQLITE
def test_a_rater_reads_the_words_and_nothing_that_says_whose_they_are(as_, sol, dana, cohort, mara, sent) -> None:
    answer = sent()
    for rater in (sol, dana):
        queue, page = as_(rater).get("/ratings/").text, as_(rater).get(f"/ratings/{answer.id}").text
        assert code_of(answer.id) in queue
        assert FIRST.strip() in page
        for text in (queue, page):
            assert not [
                word for word in ("Mara", "Vogel", mara.email, cohort.name, answer.enrolment_id) if word in text
            ]
    assert re.search(r"Answers <span class=\"count\">1<span[^>]*> wait<", as_(sol).get("/ratings/").text)


@SQLITE
def test_answers_stand_in_an_order_that_tells_nothing_of_when_they_came(as_, sol, dana, sent) -> None:
    ids = [f"answer {n}" for n in range(20)]
    assert sorted(ids, key=lambda one: order_for(sol.id, one)) != sorted(ids, key=lambda one: order_for(dana.id, one))
    assert len({code_of(one) for one in ids}) == 20


@SQLITE
def test_nobody_rates_their_own_nor_another_programmes(as_, mara, nils, person, sent, database) -> None:
    answer = sent()
    elsewhere = person("Sven Dahl", Role.SUPERVISOR, programme="elsewhere")
    assert as_(mara).get(f"/ratings/{answer.id}").status_code == 403
    for rater in (nils, elsewhere):
        assert as_(rater).get(f"/ratings/{answer.id}").status_code == 404
        assert as_(rater).send(f"/ratings/{answer.id}", GOOD).status_code == 404
    with database.transaction() as session:
        own = session.get_one(Person, mara.id)
        grant(session, person=own, programme="foundations", role=Role.SUPERVISOR, by=None, now=answer.sent_at)
    assert "No answer waits" in as_(mara).get("/ratings/").text
    assert as_(mara).send(f"/ratings/{answer.id}", GOOD).status_code == 404
    assert count(database, WrittenRating) == 0


@SQLITE
@pytest.mark.parametrize("form", [{}, marks(2, 2, 2, 2), marks(2, 2, 2, 2, 3), marks(2, 2, 2, 2, 2, comment=" short ")])
def test_without_a_step_for_each_criterion_and_a_comment_nothing_is_kept(as_, sol, sent, database, form) -> None:
    answer = as_(sol).send(f"/ratings/{sent().id}", form)
    assert answer.status_code == 422
    assert "Please mend this" in answer.text
    assert count(database, WrittenRating) == 0


@SQLITE
def test_a_rating_is_kept_once_and_stays(as_, sol, sent, database) -> None:
    answer, browser = sent(), as_(sol)
    assert browser.send(f"/ratings/{answer.id}", GOOD).status_code == 303
    assert browser.send(f"/ratings/{answer.id}", GOOD).status_code == 303
    again = browser.send(f"/ratings/{answer.id}", UNSAFE)
    assert again.status_code == 409
    assert UNSAFE["comment"] in again.text
    assert outcome(database, answer) == ([2, 2, 2, 2, 2], True)
    assert "You have rated this answer" in browser.get(f"/ratings/{answer.id}").text
    assert f'<a href="/ratings/{answer.id}">' in browser.get("/ratings/").text.split("What you rated last")[1]
    with database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "rate written answer")).all()
    assert (entry.actor_id, entry.subject) == (sol.id, f"coffee, rating {code_of_rating(answer.id, sol.id)}")
    assert entry.subject[-9:] in browser.get(f"/ratings/{answer.id}").text


def test_of_two_at_once_one_rates_and_the_other_is_told(as_, sol, dana, sent, database) -> None:
    answer = sent()
    found = []

    def press(browser, form) -> None:
        found.append(browser.send(f"/ratings/{answer.id}", form))

    threads = [Thread(target=press, args=pair) for pair in ((as_(sol), GOOD), (as_(dana), marks(1, 1, 2, 2, 2)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.status_code for one in found) == [303, 409]
    [told] = [one.text for one in found if one.status_code == 409]
    assert "Somebody has rated this answer while you were reading" in told
    assert "say it in the first sentence" in told, "the comment can be copied"
    assert count(database, WrittenRating) == 1


def test_an_alarm_asks_for_a_second_and_disagreement_for_a_third(
    as_, sol, dana, mara, person, sent, database, task_path
) -> None:
    answer = sent()
    as_(sol).send(f"/ratings/{answer.id}", UNSAFE)
    assert outcome(database, answer) is None
    assert "Waits for a rater" in as_(mara).get(task_path).text
    assert "No answer waits" in as_(sol).get("/ratings/").text
    trail = as_(dana).get("/desk/").text
    assert "rate written answer" in trail
    assert code_of(answer.id) not in trail, "whoever rates second is not told that somebody was first"
    as_(dana).send(f"/ratings/{answer.id}", GOOD)
    assert outcome(database, answer) is None
    third = as_(person("Tess Lind", Role.SUPERVISOR))
    assert "0 There is" not in third.get("/ratings/").text
    third.send(f"/ratings/{answer.id}", marks(1, 1, 1, 2, 2))
    assert outcome(database, answer) == ([1, 2, 2, 2, 2], True)
    page = as_(mara).get(task_path).text
    assert "What rater 3 says" in page
    agreement = as_(dana).get("/ratings/agreement").text
    assert "A no that is a no" in agreement
    assert '<td class="number">1</td><td class="number">0%</td>' in agreement
    assert as_(sol).get("/ratings/agreement").status_code == 403
    redirected = as_(person("Ola Holm", Role.SUPERVISOR)).get(f"/ratings/{answer.id}", follow_redirects=True)
    assert "is rated already" in redirected.text


def test_a_reviewer_signs_a_task_as_any_other_text(catalogue) -> None:
    text = signable_texts(catalogue.release)[ReviewKind.WRITTEN, "boundaries/coffee"]
    task = catalogue.written["coffee"]
    assert (text.hash, text.waits, text.what) == (task.hash, False, "Written task")
    assert text.text.startswith("## A coffee")
