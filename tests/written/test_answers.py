"""Whoever writes: saved as it is typed, sent once, revised until it holds; nothing lost, nothing told too early."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.written.conftest import FIRST, SECOND, marks
from trainer.clock import utc_now
from trainer.requirements.rules import RequirementKind, RequirementLeaf
from trainer.requirements.standing import EMPTY_RECORD, leaf_record
from trainer.written.answers import SentAnswer
from trainer.written.models import WrittenAnswer, WrittenDraft
from trainer.written.queries import sent_answers

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JSON = {"headers": {"Accept": "application/json"}}


def kept(database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(WrittenDraft.text).order_by(WrittenDraft.seq)))


def test_the_page_of_the_module_leads_to_its_tasks_and_says_how_they_stand(as_, mara, place, sent) -> None:
    assert "Your programme does not ask for this task" in as_(mara).get(f"/written/{place.id}/coffee").text
    page = as_(mara).get(f"/learn/{place.id}/boundaries/").text
    assert "A coffee, just the two of us" in page
    assert "Not sent yet" in page
    sent()
    assert "Waits for a rater" in as_(mara).get(f"/learn/{place.id}/boundaries/").text


def test_what_is_typed_is_durable_before_the_page_says_so(as_, mara, task_path, database) -> None:
    browser = as_(mara)
    assert browser.send(f"{task_path}/draft", {"text": "Odile, ", "seen": "0"}, **JSON).json == {
        "seen": 1,
        "newer": None,
    }
    assert browser.send(f"{task_path}/draft", {"text": "Odile, no.", "seen": "1"}, **JSON).json["seen"] == 2
    assert browser.send(f"{task_path}/draft", {"text": "Odile, no.", "seen": "2"}, **JSON).json["seen"] == 2
    assert kept(database) == ["Odile,", "Odile, no."]
    assert ">\r\nOdile, no.</textarea>" in browser.get(task_path).text


def test_of_two_pages_neither_undoes_the_other(as_, mara, task_path, database) -> None:
    browser = as_(mara)
    browser.send(f"{task_path}/draft", {"text": "There", "seen": "0"}, **JSON)
    answer = browser.send(f"{task_path}/draft", {"text": "Here", "seen": "0"}, **JSON)
    assert (answer.status_code, answer.json) == (409, {"seen": 1, "newer": "There"})
    page = browser.send(f"{task_path}/draft", {"text": "Here", "seen": "0"})
    assert page.status_code == 409
    assert ">There</blockquote>" in page.text
    assert "Here</textarea>" in page.text
    seen = re.search(r'name="seen" type="hidden" value="(\d+)"', page.text)[1]
    assert browser.send(f"{task_path}/draft", {"text": "Here", "seen": seen}).status_code == 303
    assert kept(database) == ["There", "Here"]


def test_ten_thousand_letters_are_refused_in_words_and_nothing_is_lost(as_, mara, task_path, database) -> None:
    browser, long = as_(mara), "é" * 10_000
    for path in (task_path, f"{task_path}/draft"):
        page = browser.send(path, {"text": long, "seen": "0"})
        assert page.status_code == 422
        assert "10000 letters long, and at most 8000 are kept" in page.text
        assert f"{long}</textarea>" in page.text
    assert "at most 8000" in browser.send(f"{task_path}/draft", {"text": long}, **JSON).json["problem"]
    assert kept(database) == []


def test_too_few_words_are_saved_and_not_sent(as_, mara, task_path, database) -> None:
    page = as_(mara).send(task_path, {"text": "No, Odile."})
    assert page.status_code == 422
    assert "You have written 2 words; from 50 to 130 are asked for." in page.text
    assert ">\r\nNo, Odile.</textarea>" in page.text
    assert kept(database) == ["No, Odile."]
    with database.reading() as session:
        assert session.scalars(select(WrittenAnswer)).all() == []


def test_a_version_is_sent_once_and_nothing_more_until_it_is_rated(as_, mara, task_path, database, sent) -> None:
    sent()
    browser = as_(mara)
    assert browser.send(task_path, {"text": FIRST}).status_code == 303, "a second click"
    other = browser.send(task_path, {"text": SECOND})
    assert other.status_code == 409
    assert "waits for a rater" in other.text
    assert SECOND.strip() in other.text, "nobody writes twice"
    assert browser.send(f"{task_path}/draft", {"text": SECOND}, **JSON).status_code == 409
    with database.reading() as session:
        assert [answer.number for answer in session.scalars(select(WrittenAnswer))] == [1]


def test_nothing_of_the_rubric_is_told_before_it_is_rated(as_, mara, task_path, catalogue, sent) -> None:
    browser, task = as_(mara), catalogue.written["coffee"]
    secret = [words for one in task.rubric for words in (one.name, one.meaning, *one.anchors)]
    pages = [browser.get(task_path).text, browser.send(f"{task_path}/draft", {"text": "x"}).text]
    sent()
    pages.append(browser.get(task_path).text)
    assert not [words for words in secret for page in pages if words in page]


def test_a_revised_version_follows_until_one_holds_and_every_version_stays(as_, mara, sol, task_path, sent) -> None:
    first = sent()
    as_(sol).send(f"/ratings/{first.id}", marks(1, 1, 1, 1, 2))
    page = as_(mara).get(task_path).text
    assert "The no can be found and is blurred" in page, "the words of the anchor"
    assert "The no is said once" not in page, "what more was wanted is for the next version"
    assert "say it in the first sentence" in page
    assert "6 of 10" in page
    assert "An answer holds from 7 of 10" in page
    assert page.index("say it in the first sentence") < page.index("<textarea"), "it is read before it is revised"
    assert page.count('id="version-1"') == 1
    assert "Sol" not in page.split("<main")[1]
    assert f"{FIRST.strip()}</textarea>" in page, "from here the revision begins"
    second = sent(SECOND)
    as_(sol).send(f"/ratings/{second.id}", marks(2, 2, 2, 1, 1))
    page = as_(mara).get(task_path).text
    assert "Your answer holds" in page
    assert "<textarea" not in page
    assert FIRST.strip() in page
    assert SECOND.strip() in page
    assert as_(mara).send(task_path, {"text": FIRST}).status_code == 409


def test_nobody_writes_in_somebody_elses_place(as_, omar, task_path) -> None:
    for answer in (
        as_(omar).get(task_path),
        as_(omar).send(task_path, {"text": FIRST}),
        as_(omar).send(f"{task_path}/draft"),
    ):
        assert answer.status_code == 404
    assert as_(omar).get(task_path.replace("coffee", "tea")).status_code == 404


def test_a_programme_that_asks_for_a_task_says_how_it_stands(catalogue, database, place, sent, as_, sol) -> None:
    leaf = RequirementLeaf(kind=RequirementKind.WRITTEN, slug="coffee", title="A coffee")

    def stands():
        with database.reading() as session:
            record = replace(EMPTY_RECORD, written=sent_answers(session, enrolment_ids=[place.id])[place.id])
        return leaf_record(leaf, catalogue, record, frozenset(), utc_now())

    assert stands().step == "Write your answer and send it."
    answer = sent()
    assert stands().evidence == "Version 1 is sent and waits for a rater."
    as_(sol).send(f"/ratings/{answer.id}", marks(1, 1, 1, 1, 1))
    assert (stands().evidence, stands().met) == ("Version 1: 5 of 10 points; not yet.", False)
    with database.reading() as session:
        [found] = sent_answers(session, enrolment_ids=[place.id])[place.id]["coffee"]
    assert found == SentAnswer(number=1, sent_at=answer.sent_at, holds=False, points=5, decided_at=found.decided_at)
