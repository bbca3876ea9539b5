"""The stage of a case: who, where and when in sight, an answer to every choice, and the monitor before the choices."""

import html
import re

import pytest

from trainer.authoring.markdown import inline
from trainer.cases.play.engine import expert_choice, options
from trainer.cases.runs.models import CaseRun
from trainer.cases.runs.queries import run_of
from trainer.cases.runs.run import Run, Setup
from trainer.cases.runs.services import hold_run, start_exam_run, take_step
from trainer.cases.runs.words import Pace
from trainer.clock import utc_now


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


@pytest.fixture
def played(as_, mara, enrolled, database, catalogue):
    """Mara plays “Booster time” as an expert would, page by page: the page and the run as it stands then."""
    case, browser = catalogue.cases["booster"], as_(mara)
    address = browser.send(f"/cases/{enrolled(mara).id}/booster").location

    def pages():
        with database.reading() as session:
            run = run_of(session, session.get_one(CaseRun, address.rsplit("/", 1)[1]), case)
        while not run.has_ended:
            yield browser.get(address).text, run
            with database.transaction() as session:
                held = run_of(session, hold_run(session, person_id=mara.id, run_id=run.id), case)
                given = expert_choice(case, held.play.state) or options(case, held.play.state)[0]
                run = take_step(session, run=held, choice_id=given, reason="", now=utc_now())

    return pages


def test_every_choice_is_repeated_and_answered_before_the_next_one(played) -> None:
    seen = 0
    for page, run in played():
        told, steps = plain(page), run.play.steps
        assert ('class="echo"' in page) is bool(steps)
        if steps:
            did = plain(str(inline(run.case.choices[steps[-1].choice].text)))
            heard = [plain(str(inline(text))) for text in steps[-1].heard]
            places = [told.index(text) for text in (f"You: {did}", *heard, "What do you do?")]
            assert places == sorted(places)
            seen += 1
    assert seen > 5


def test_person_part_and_clock_stay_in_sight_and_a_measured_part_counts_from_the_dose(played) -> None:
    for page, run in played():
        strip = plain(page.partition('class="strip deep"')[2].partition('class="scene')[0])
        chapter = run.case.scenes[run.play.state.scene].chapter
        assert "Leyla Demir, 41" in strip
        assert f"Part {chapter + 1} of 3" in strip
        assert ("after the dose" in strip) is run.case.chapters[chapter].vitals
        assert not any(plain(later.name) in strip for later in run.case.chapters[chapter + 1 :])


def test_room_answer_scene_monitor_what_was_agreed_choices_and_act_follow_each_other(played) -> None:
    measured = [(page, run) for page, run in played() if '<h2 id="monitor">' in page]
    assert measured
    for page, run in measured:
        room = ['class="view"'] if run.case.scenes[run.play.state.scene].room else []
        order = [*room, 'class="echo"', 'id="scene-title"', 'id="monitor"', 'class="vitals"', 'id="agreed"', "<legend>"]
        places = [page.index(mark) for mark in (*order, ">Do this</button>")]
        assert places == sorted(places)
        assert "limit, systolic 160" in plain(page)


def test_a_drawing_says_the_same_in_words_and_a_scene_without_one_has_none(played) -> None:
    drawn = set()
    for page, run in played():
        room = run.case.scenes[run.play.state.scene].room
        drawn.add(room is not None)
        assert page.count('class="view"') == (room is not None)
        if room:
            assert f"<figcaption>{room.words}</figcaption>" in page
    assert drawn == {True, False}


def test_an_examined_run_shows_neither_drawing_person_nor_limit(as_, mara, enrolled, database, catalogue) -> None:
    case = catalogue.cases["booster"]
    with database.transaction() as session:
        record = start_exam_run(
            session,
            enrolment=enrolled(mara),
            case=case,
            release_hash=catalogue.release.hash,
            setup=Setup(variant="head", seed=1, pace=Pace.CALM),
            now=utc_now(),
        )
        run = Run(record, case, run_of(session, record, case).transcript)
        while not case.chapters[case.scenes[run.play.state.scene].chapter].vitals:
            given = options(case, run.play.state)[0]
            run = take_step(session, run=run, choice_id=given, reason="", now=utc_now())
    page = as_(mara).get(f"/cases/runs/{record.id}").text
    assert 'id="monitor"' in page
    assert case.scenes[run.play.state.scene].room is not None
    assert not [mark for mark in ('class="view"', "Leyla Demir, 41", 'id="agreed"', "limit, systolic") if mark in page]
