"""What a programme asks for before something counts: nothing begins without it, and the page leads there."""

import pytest
from sqlalchemy import func, select

from trainer.clock import utc_now
from trainer.curriculum.models import LessonRead
from trainer.examinations.models import Sitting
from trainer.quizzes.models import QuizAttempt
from trainer.requirements.queries import missing_before
from trainer.requirements.rules import RequirementKind

COUNTED = {"mode": "counted"}


def count(database, table) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_quiz_counts_only_after_its_lessons_were_read(as_, mara, walk, database) -> None:
    way, browser = walk(mara), as_(mara)
    address = f"/quizzes/{way.enrolment.id}/ethics"
    way.read("ethics", lessons=4)  # of five
    refused = browser.send(address, COUNTED)
    assert refused.status_code == 409
    assert "Something comes first: “Module: Ethics and informed consent”. Read “" in refused.text
    assert count(database, QuizAttempt) == 0
    way.read("ethics")
    assert browser.send(address, COUNTED).status_code == 303


def test_the_page_of_a_quiz_names_what_comes_first_and_leads_there(as_, mara, walk) -> None:
    way, browser = walk(mara), as_(mara)
    page = browser.get(f"/quizzes/{way.enrolment.id}/ethics").text
    assert "What comes first" in page
    assert f'<a href="/learn/{way.enrolment.id}/ethics/">Module: Ethics and informed consent</a>' in page
    assert 'value="counted"' not in page
    assert 'value="practice"' in page
    way.read("ethics")
    page = browser.get(f"/quizzes/{way.enrolment.id}/ethics").text
    assert "What comes first" not in page
    assert 'value="counted"' in page


def test_practice_asks_for_nothing_first(as_, mara, enrolled) -> None:
    assert as_(mara).send(f"/quizzes/{enrolled(mara).id}/ethics", {"mode": "practice"}).status_code == 303


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_try_that_was_begun_before_the_rule_goes_on(as_, mara, walk, tampering) -> None:
    way, browser = walk(mara), as_(mara)
    way.read("ethics")
    address = f"/quizzes/{way.enrolment.id}/ethics"
    attempt = browser.send(address, COUNTED).location
    with tampering() as session:
        for row in session.scalars(select(LessonRead)):
            session.delete(row)
    assert "Continue my try" in browser.get(address).text
    assert browser.send(address, COUNTED).location == attempt


def test_an_examination_comes_after_the_quizzes_and_the_cases(as_, mara, enrolled, reviewed, database) -> None:
    browser, address = as_(mara), f"/examinations/{enrolled(mara).id}/judgement"
    for page in (address, f"{address}/beginning"):
        shown = browser.get(page).text
        assert "What comes first" in shown
        assert shown.count(f'<a href="/quizzes/{address.split("/")[2]}/') == 14
        assert "Begin the sitting" not in shown
    refused = browser.send(address, {"sure": "y"})
    assert refused.status_code == 409
    assert "Something comes first: “Quiz: Foundations, evidence and its limits” and 27 more." in refused.text
    assert count(database, Sitting) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_thing_done_is_one_thing_less(mara, walk, reviewed, database) -> None:
    way = walk(mara)

    def missing() -> int:
        with database.reading() as session:
            proofs = missing_before(
                session, enrolment=way.enrolment, kind=RequirementKind.EXAM, slug="judgement", now=utc_now()
            )
        return len(proofs)

    assert missing() == 28
    way.read("ethics")
    assert missing() == 28
    way.answer("ethics")
    assert missing() == 27
    way.play("tablet")
    assert missing() == 26
