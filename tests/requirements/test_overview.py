"""The path as rows: what belongs to a module stands in one row, with one state and what is left of it."""

from datetime import timedelta

from trainer.clock import utc_now
from trainer.curriculum.study.place import place_in
from trainer.requirements.overview import RowState
from trainer.requirements.queries import headway_of, proof_for
from trainer.requirements.rules import RequirementKind


def headway(database, way, now=None):
    with database.reading() as session:
        return headway_of(session, enrolment=way.enrolment, now=now or utc_now())


def test_every_requirement_stands_in_exactly_one_row(mara, walk, reviewed, database) -> None:
    way = walk(mara)
    seen = headway(database, way)
    within = [part.leaf for row in seen.modules for part in row.parts]
    beside = [row.leaf for row in seen.beside]
    assert sorted([*within, *beside]) == sorted(seen.proof.leaves())
    assert {leaf.kind for leaf in beside} == {RequirementKind.EXAM, RequirementKind.ATTESTATION}


def test_the_rows_prove_what_everybody_else_is_told(mara, walk, reviewed, database) -> None:
    way, now = walk(mara), utc_now()
    way.read("ethics")
    way.play("tablet")
    with database.reading() as session:
        assert headway(database, way, now).proof == proof_for(session, enrolment=way.enrolment, now=now)


def test_a_case_belongs_to_the_module_to_which_most_of_its_answers_send_the_reader(catalogue) -> None:
    homes = catalogue.modules_of_cases
    assert homes["tablet"] == "screening"
    assert homes["water"] == "session"
    assert homes["five-nights"] == "integration"


def test_a_row_says_how_the_whole_module_stands_and_what_is_left(mara, walk, reviewed, database, catalogue) -> None:
    way = walk(mara)
    row = headway(database, way).row_of("ethics")
    assert (row.state, row.here) == (RowState.OPEN, None)
    assert row.left == sum(lesson.minutes for lesson in catalogue.course.module("ethics").lessons) + 15
    way.read("ethics", lessons=2)
    row = headway(database, way).row_of("ethics")
    assert row.state is RowState.BEGUN
    assert [*row.read] == [True, True, False, False, False]
    way.read("ethics")
    way.slips, way.now = 5, utc_now()
    way.answer("ethics")
    row = headway(database, way).row_of("ethics")
    assert (row.state, row.left) == (RowState.WAITS, 15)  # nothing in it can be done before the next try
    later = headway(database, way, utc_now() + timedelta(days=2))
    assert later.row_of("ethics").state is RowState.BEGUN
    assert [line.words for line in later.news(utc_now() + timedelta(days=2))] == ["The next try is open."]
    assert later.news(utc_now() + timedelta(days=30)) == []
    way.slips, way.now = 0, utc_now() + timedelta(days=2)
    way.answer("ethics")
    row = headway(database, way, utc_now() + timedelta(days=2)).row_of("ethics")
    assert (row.state, row.left) == (RowState.MET, 0)


def test_after_its_quiz_a_module_leads_to_its_cases(mara, walk, reviewed, database) -> None:
    way = walk(mara)
    way.read("screening")
    assert headway(database, way).best_after("screening").kind is RequirementKind.QUIZ
    way.answer("screening")
    best = headway(database, way).best_after("screening")
    assert (best.kind, best.slug) == (RequirementKind.CASE, "tablet")
    assert headway(database, way).best_after("ethics").slug == "foundations"  # its quiz cannot begin yet


def test_the_rest_of_a_lesson_is_told_by_its_words(catalogue) -> None:
    lesson = catalogue.course.module("foundations").lessons[1]
    top = place_in(lesson, "")
    assert (top.heading, top.minutes) == ("", lesson.minutes)
    assert place_in(lesson, "no-such-heading") == top
    places = [place_in(lesson, heading.id) for heading in lesson.headings]
    assert [place.heading for place in places] == [heading.text for heading in lesson.headings]
    left = [place.minutes for place in places]
    assert left == sorted(left, reverse=True)
    assert 1 <= left[-1] < lesson.minutes


def test_my_results_lead_to_each_result_and_to_no_one_elses(as_, mara, omar, walk, reviewed) -> None:
    way, browser = walk(mara), as_(mara)
    address = f"/path/{way.enrolment.id}/results"
    assert "No results yet" in browser.get(address).text
    way.read("ethics")
    way.answer("ethics")
    way.play("tablet")
    page = browser.get(address).text
    assert "Quiz, try 1" in page
    assert "12 of 12 points" in page
    assert "Case, run 1" in page
    for link in ("/quizzes/attempts/", "/cases/runs/"):
        found = f"{link}{page.split(link)[1].split(chr(34))[0]}"
        assert browser.get(found).status_code == 200, found
    for page in (address, f"/path/{way.enrolment.id}/requirements"):
        assert as_(omar).get(page).status_code == 404
