"""Trainee and director see the same proof tree, and it says what is missing."""

from trainer.clock import utc_now
from trainer.curriculum.models import LessonRead
from trainer.requirements.services import proof_for


def proof_of(database, way):
    with database.reading() as session:
        return proof_for(session, enrolment=way.enrolment, now=utc_now())


def test_the_path_fills_as_mara_goes(as_, mara, walk, reviewed, database) -> None:
    way, browser = walk(mara), as_(mara)
    counts = []
    asked = way.leaves()
    for leaf in asked:
        way.do(leaf)
        counts.append(proof_of(database, way).done)
    assert counts == list(range(1, len(asked) + 1))
    assert "Every requirement is met" in browser.get(f"/path/{way.enrolment.id}").text


def test_an_unsigned_case_waits_for_a_reviewer_and_says_so(as_, mara, walk, database) -> None:
    way = walk(mara)
    way.play("tablet")
    page = as_(mara).get(f"/path/{way.enrolment.id}").text
    assert "Waits until a clinical reviewer has signed this case" in page
    assert not any(leaf.met for leaf in proof_of(database, way).leaves())


def test_a_failed_quiz_names_the_mark_the_tries_and_the_hour(as_, mara, walk, database) -> None:
    way = walk(mara)
    way.read("ethics")
    way.slips = 5
    way.now = utc_now()
    way.answer("ethics")
    page = as_(mara).get(f"/path/{way.enrolment.id}").text
    assert "Best try: 7 of 12 points" in page
    assert "2 tries left" in page
    assert "Next try possible from" in page


def test_trainee_and_director_read_the_same_sentences(as_, mara, dana, walk, database) -> None:
    way = walk(mara)
    way.read("ethics", lessons=2)
    hers, theirs = (
        as_(mara).get(f"/path/{way.enrolment.id}").text,
        as_(dana).get(f"/desk/people/{way.enrolment.id}").text,
    )
    for leaf in proof_of(database, way).leaves():
        assert leaf.evidence in hers
        assert leaf.evidence in theirs


def test_omar_does_not_see_maras_path(as_, omar, mara, enrolled) -> None:
    assert as_(omar).get(f"/path/{enrolled(mara).id}").status_code == 404


def test_home_leads_everybody_to_their_work(as_, mara, dana, sol, stranger, enrolled) -> None:
    enrolment = enrolled(mara)
    assert as_(mara).get("/").location == f"/path/{enrolment.id}"
    assert as_(dana).get("/").location == "/desk/"
    assert as_(sol).get("/").location == "/examinations/"
    assert "Careful training" in stranger.get("/").text


def test_a_lesson_read_in_two_versions_counts_once(mara, walk, database, catalogue) -> None:
    way = walk(mara)
    way.read("ethics", lessons=1)
    lesson = catalogue.course.module("ethics").lessons[0]
    with database.transaction() as session:
        earlier = {"lesson_hash": "0" * 64, "minutes": 5, "read_at": way.now}
        session.add(LessonRead(enrolment_id=way.enrolment.id, module="ethics", lesson=lesson.slug, **earlier))
    assert proof_of(database, way).leaves()[0].done == 1
