"""Trainee and director see the same proof tree, and it says what is missing."""

import re
from datetime import datetime, timedelta

from trainer.certificates.models import Conferral
from trainer.certificates.words import Occasion
from trainer.clock import utc_now
from trainer.curriculum.models import LessonRead
from trainer.db import new_id
from trainer.quizzes.queries import attempts_sent
from trainer.requirements.queries import proof_for
from trainer.requirements.rules import RequirementKind


def proof_of(database, way):
    with database.reading() as session:
        return proof_for(session, enrolment=way.enrolment, now=utc_now())


def text_of(page: str) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+([.,:])", r"\1", " ".join(re.sub("<[^>]+>", " ", page).split()))


def day_of(at: datetime) -> str:
    return f"{at:%-d %B %Y}"


def test_the_path_fills_as_mara_goes(as_, mara, dana, walk, reviewed, database) -> None:
    way, browser = walk(mara), as_(mara)
    counts = []
    asked = way.leaves()
    for leaf in asked:
        way.do(leaf)
        counts.append(proof_of(database, way).done)
    assert counts == list(range(1, len(asked) + 1))
    path = browser.get(f"/path/{way.enrolment.id}").text
    assert "Every requirement is met" in path
    last = max(leaf.at for leaf in proof_of(database, way).leaves())
    for page in (path, browser.get(f"/path/{way.enrolment.id}/requirements").text):
        assert f"aits for Dana Rivers since {day_of(last)}" in text_of(page)
        assert f'href="mailto:{dana.email}"' in page
    assert "no deadline" not in path


def test_what_is_missing_comes_first_and_what_is_met_lies_in_a_fold(as_, mara, walk, catalogue) -> None:
    way, browser = walk(mara), as_(mara)
    way.read("law")
    page = browser.get(f"/path/{way.enrolment.id}/requirements").text
    titles = [catalogue.course.module(slug).title for slug in ("foundations", "practice", "law")]
    places = [page.index(f'{title} <span class="hidden-visually">(lessons)') for title in titles]
    assert places == sorted(places)
    assert "<summary>Met: 1</summary>" in page[: places[2]]
    assert "Still missing: 45" in text_of(page)


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
    browser = as_(mara)
    page = browser.get(f"/path/{way.enrolment.id}/requirements").text
    assert "Best try: 7 of 12 points" in page
    assert "2 tries left" in page
    assert "Next try possible from" in page
    path = text_of(browser.get(f"/path/{way.enrolment.id}").text)
    again = way.now + timedelta(days=1)
    assert f"58%, 2 tries left, next from {day_of(again)}" in path
    assert "Quiz: Ethics and informed consent: next try from" in path  # a date that is in sight above the rows
    assert "no deadline: at your own pace" in path  # a wait is none
    assert "after the lessons" in path
    assert "after the quizzes" in path


def test_while_a_quiz_waits_the_next_step_is_something_that_can_be_done(as_, mara, walk) -> None:
    way = walk(mara)
    for leaf in way.leaves():
        if leaf.kind is RequirementKind.MODULE:
            way.read(leaf.slug)
    way.slips, way.now = 5, utc_now()
    way.answer("ethics")
    page = as_(mara).get(f"/path/{way.enrolment.id}").text
    assert "Answer 10 questions." in page.split("Your next step")[1].split("</a>")[0]


def test_what_may_not_begin_yet_says_so_on_the_path(as_, mara, walk, reviewed) -> None:
    way = walk(mara)
    page = as_(mara).get(f"/path/{way.enrolment.id}/requirements").text
    assert "It opens once 1 requirement above is met." in page
    assert "It opens once 28 requirements above are met." in page


def test_who_waits_for_people_is_told_so_where_the_next_step_would_stand(
    as_, mara, dana, walk, reviewed, database
) -> None:
    way, browser = walk(mara), as_(mara)
    for leaf in way.leaves():
        if leaf.kind is RequirementKind.EXAM:
            way.sit(leaf.slug, errs=True)
        else:
            way.do(leaf)
    page = browser.get(f"/path/{way.enrolment.id}").text.split("What the certificate needs")[0]
    assert "There is nothing for you to do now" in page
    (exam,) = [leaf for leaf in proof_of(database, way).missing() if leaf.slug == "judgement"]
    for told in (
        page,
        browser.get(f"/path/{way.enrolment.id}/requirements").text,
        browser.get(f"/examinations/{way.enrolment.id}/judgement").text,
    ):
        assert f"ince {day_of(exam.since)}." in text_of(told)
        assert "If it takes long, ask Dana Rivers" in text_of(told)
    assert "An examiner reads this sitting" in page


def test_whoever_was_given_a_certificate_is_not_told_that_somebody_still_decides(
    as_, mara, dana, walk, database
) -> None:
    way = walk(mara)
    decided = Conferral(
        id=new_id(),
        public_id=new_id(),
        enrolment_id=way.enrolment.id,
        person_id=mara.id,
        programme=way.enrolment.programme,
        decided_by=dana.id,
        decided_at=utc_now(),
        release_hash="0" * 64,
        proof={},
        occasion=Occasion.FIRST,
        facts={},
    )
    with database.transaction() as session:
        session.add(decided)
    page = as_(mara).get(f"/path/{way.enrolment.id}").text.split("What the certificate needs")[0]
    assert "The certificate has been conferred" in page
    assert "decides about the certificate" not in page
    assert "Your next step" not in page


def test_trainee_and_director_read_the_same_sentences(as_, mara, dana, walk, database) -> None:
    way = walk(mara)
    way.read("ethics", lessons=2)
    hers, theirs = (
        as_(mara).get(f"/path/{way.enrolment.id}/requirements").text,
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
    assert "helps some people and harms others" in stranger.get("/").text


def test_a_lesson_read_in_two_versions_counts_once(mara, walk, database, catalogue) -> None:
    way = walk(mara)
    way.read("foundations", lessons=1)
    lesson = catalogue.course.module("foundations").lessons[0]
    with database.transaction() as session:
        earlier = {"lesson_hash": "0" * 64, "minutes": 5, "read_at": way.now}
        session.add(LessonRead(enrolment_id=way.enrolment.id, module="foundations", lesson=lesson.slug, **earlier))
    assert proof_of(database, way).leaves()[0].done == 1


def top_of(page: str) -> str:
    """What stands above the list of requirements."""
    return page.split("What the certificate needs", maxsplit=1)[0]


def test_going_on_leads_to_the_heading_at_which_mara_stopped(as_, mara, walk, catalogue) -> None:
    way, browser = walk(mara), as_(mara)
    way.read("foundations", lessons=1)
    lesson = catalogue.course.module("foundations").lessons[1]
    address, anchor = f"/learn/{way.enrolment.id}/foundations/{lesson.slug}", lesson.headings[2].id
    path, module = f"/path/{way.enrolment.id}", f"/learn/{way.enrolment.id}/foundations/"
    assert all(f'href="{address}"' in browser.get(page).text for page in (path, module))
    browser.send(f"{address}/place", {"anchor": anchor})
    assert all(f'href="{address}#{anchor}"' in browser.get(page).text for page in (path, module))
    top = top_of(browser.get(path).text)
    assert lesson.title in top
    assert f">Continue at “{lesson.headings[2].text}”</a>" in top
    assert f"You stopped at “{lesson.headings[2].text}”. About" in top


def test_after_the_last_lesson_the_module_leads_to_its_quiz(as_, mara, walk) -> None:
    way, browser = walk(mara), as_(mara)
    way.read("ethics")
    page = browser.get(f"/learn/{way.enrolment.id}/ethics/").text
    assert f'href="/quizzes/{way.enrolment.id}/ethics">Answer the quiz</a>' in page.split("<h2>Lessons</h2>")[0]


def test_after_a_passed_quiz_its_result_and_the_summary_lead_to_what_is_best_next(
    as_, mara, walk, database, reviewed
) -> None:
    way, browser = walk(mara), as_(mara)
    way.read("ethics")
    summary = f"/learn/{way.enrolment.id}/ethics/summary"
    assert f'href="/quizzes/{way.enrolment.id}/ethics">Next:' in browser.get(summary).text
    way.answer("ethics")
    with database.reading() as session:
        (sent,) = attempts_sent(session, enrolment_id=way.enrolment.id)
    result = browser.get(f"/quizzes/attempts/{sent[0].id}/result").text
    assert re.search(r'<a class="button" href="/[^"]+">Next:\s+Module: ', result), "the quiz is done; a module is next"
    assert f'href="/quizzes/{way.enrolment.id}/ethics">Next:' not in browser.get(summary).text


def test_a_sitting_that_is_under_way_is_listed_as_such(as_, mara, walk, reviewed, database) -> None:
    way, browser = walk(mara), as_(mara)
    for leaf in way.leaves():
        if leaf.kind is not RequirementKind.EXAM:
            way.do(leaf)
    path = f"/path/{way.enrolment.id}"
    assert "Continue this examination" not in browser.get(path).text
    browser.send(f"/examinations/{way.enrolment.id}/judgement", {"sure": "y"})
    page = browser.get(path).text
    assert "Continue this examination" in top_of(page)
    assert "Continue this examination" in page.split("<h2>Under way</h2>")[1]


def test_what_is_under_way_is_named_with_its_kind(as_, mara, walk, catalogue) -> None:
    way, browser = walk(mara), as_(mara)
    way.read("law")
    browser.send(f"/quizzes/{way.enrolment.id}/law", {"mode": "counted"})
    page, title = browser.get(f"/path/{way.enrolment.id}").text, catalogue.banks["law"].title
    assert f"Or continue the quiz “{title}”" in top_of(page)
    assert f"Quiz: {title}" in page.split("<h2>Under way</h2>")[1].split("</section>")[0]


def test_a_way_on_is_named_by_what_it_leads_to(as_, mara, walk, catalogue) -> None:
    way, browser = walk(mara), as_(mara)
    path = f"/path/{way.enrolment.id}"
    first, second, *_ = catalogue.course.module("foundations").lessons
    assert f">Read “{first.title}”</a>" in top_of(browser.get(path).text)
    way.read("foundations", lessons=1)
    assert f">Read “{second.title}”</a>" in top_of(browser.get(path).text)
    assert ">Go on<" not in browser.get(path).text


def test_the_navigation_says_where_one_is(as_, mara, enrolled) -> None:
    enrolment, browser = enrolled(mara), as_(mara)
    pages = (f"/path/{enrolment.id}", f"/learn/{enrolment.id}/", f"/quizzes/{enrolment.id}/ethics")
    for page in pages:
        assert 'href="/path/" aria-current="true">My path' in browser.get(page).text, page
    assert 'href="/path/" aria-current' not in browser.get("/certificates/").text


def test_who_has_met_everything_is_not_sent_to_look_for_what_is_missing(as_, mara, walk, reviewed) -> None:
    way, browser = walk(mara), as_(mara)
    assert "See what is still missing" in browser.get("/certificates/").text
    for leaf in way.leaves():
        way.do(leaf)
    page = browser.get("/certificates/").text
    assert "See what is still missing" not in page
    assert "Nothing is missing." in page


def test_the_path_says_what_the_hours_consist_of(as_, mara, enrolled) -> None:
    page = as_(mara).get(f"/path/{enrolled(mara).id}/requirements").text
    assert "Hours of learning: about" in page
    assert "Reading at 150 words a minute" in page
