"""Sitting an examination: drawn once, played in order, settled once, whatever is clicked and however often."""

import re
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from sqlalchemy import func, select

from tests.examinations.conftest import one_step
from tests.stage.debriefs import walk_debrief
from trainer.cases.runs.models import Accommodation, CaseEnding, CaseRun
from trainer.cases.runs.queries import played_by_enrolment, runs_of
from trainer.cases.runs.services import start_run
from trainer.cases.runs.words import Pace, RunPurpose
from trainer.clock import utc_now
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.errors import Refused
from trainer.examinations import services
from trainer.examinations.forms import BeginForm
from trainer.examinations.models import Flag, Sitting, SittingCase, SittingResult, SittingRun
from trainer.examinations.outcome import Outcome
from trainer.examinations.pages import BeginningPage
from trainer.examinations.queries import places_of, standings
from trainer.examinations.words import Zone
from trainer.web.pages import show
from trainer.windows.opening import opening

SURE = {"sure": "y"}


def count(database, model) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def outcome(database, sitting) -> Outcome:
    with database.reading() as session:
        return standings(session, sittings=[sitting])[0].outcome


def test_beginning_twice_draws_one_form(as_, mara, enrolled, reviewed, database) -> None:
    browser, enrolment = as_(mara), enrolled(mara)
    first = browser.send(f"/examinations/{enrolment.id}/short", SURE).location
    assert browser.send(f"/examinations/{enrolment.id}/short", SURE).location == first
    assert count(database, Sitting) == 1
    assert count(database, SittingCase) == 4


def test_a_sitting_is_spent_only_when_it_is_confirmed(as_, mara, enrolled, reviewed, database) -> None:
    browser, address = as_(mara), f"/examinations/{enrolled(mara).id}/short"
    assert f'href="{address}/beginning"' in browser.get(address).text
    page = browser.get(f"{address}/beginning").text
    assert "This would be sitting 1 of 2." in page
    assert "The sitting is used from the moment you begin" in page
    assert "You play 4 cases, one after the other." in page
    plain = browser.send(address)
    assert plain.status_code == 422
    assert "Nothing has begun. Tick the box to begin the sitting." in plain.text
    assert count(database, Sitting) == count(database, SittingCase) == 0
    sitting = browser.send(address, SURE).location
    assert browser.get(f"{address}/beginning").location == sitting
    assert browser.send(address).location == sitting, "an open one goes on, and spends nothing"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((90, 90), "Some moments have a limit: 1 minute 30 seconds for you."),
        ((90, 120), "Some moments have a limit, from 1 minute 30 seconds to 2 minutes for you."),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_limit_is_not_told_as_a_range(app, catalogue, limits, said) -> None:
    exam = replace(catalogue.exams["short"], pace=Pace.SIMULATED)
    with app.test_request_context():
        page = BeginningPage(
            enrolment_id="e",
            exam=exam,
            number=1,
            why_not="",
            opening=opening((), now=utc_now()),
            outstanding=(),
            limits=limits,
            form=BeginForm(),
        )
        assert said in show(page).get_data(as_text=True)


def test_many_first_clicks_at_once_draw_one_form(as_, mara, enrolled, reviewed, database) -> None:
    browsers, enrolment = [as_(mara) for _ in range(8)], enrolled(mara)
    places: list[str] = []

    def click(browser) -> None:
        places.append(browser.send(f"/examinations/{enrolment.id}/short", SURE).location)

    _at_once(click, browsers)
    assert len(places) == 8
    assert len(set(places)) == 1
    assert count(database, Sitting) == 1


def test_many_clicks_at_once_begin_one_run_of_a_case(as_, mara, begun, database) -> None:
    sitting, browsers = begun(mara), [as_(mara) for _ in range(8)]
    places: list[str] = []

    def click(browser) -> None:
        places.append(browser.send(f"/examinations/sittings/{sitting.id}/cases/1").location)

    _at_once(click, browsers)
    assert len(set(places)) == 1
    assert count(database, CaseRun) == count(database, SittingRun) == 1


def _at_once(click, browsers) -> None:
    threads = [Thread(target=click, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_without_signatures_no_form_is_drawn_and_the_line_is_named(as_, mara, enrolled, database) -> None:
    answer = as_(mara).send(f"/examinations/{enrolled(mara).id}/short", SURE)
    assert answer.status_code == 409
    assert "cannot be sat yet" in answer.text
    assert re.search(r"cases/\w+/en.md:\d+: ", answer.text)
    assert count(database, Sitting) == 0


def test_cases_come_one_after_the_other(as_, mara, begun, database) -> None:
    sitting = begun(mara)
    browser = as_(mara)
    answer = browser.send(f"/examinations/sittings/{sitting.id}/cases/2")
    assert answer.status_code == 409
    assert "Play the case before this one to its end first" in answer.text
    assert count(database, CaseRun) == 0
    assert browser.send(f"/examinations/sittings/{sitting.id}/cases/9").status_code == 404


def test_a_run_is_what_was_drawn_with_the_pace_of_the_examination(mara, dana, begun, database) -> None:
    sitting = begun(mara)
    with database.transaction() as session:
        session.add(
            Accommodation(
                id=new_id(),
                enrolment_id=sitting.enrolment_id,
                factor=150,
                reason="Reads with a screen reader.",
                decided_by=dana.id,
                at=utc_now(),
            )
        )
    with database.transaction() as session:
        run = services.begin_case(session, sitting=sitting, position="1", now=utc_now())
        place = places_of(session, sitting_id=sitting.id)[0][0]
        assert place.warm_up
        assert (run.case_slug, run.variant, run.seed) == (place.case_slug, place.variant, place.seed)
        assert (run.purpose, run.pace, run.factor) == (RunPurpose.EXAM, Pace.CALM, 150)


def test_practice_and_examination_never_meet(mara, begun, played, catalogue, database) -> None:
    sitting = begun(mara)
    played(sitting, "well")
    with database.transaction() as session:
        run = session.scalars(select(CaseRun)).one()
        enrolment_id, slug = sitting.enrolment_id, run.case_slug
        assert runs_of(session, enrolment_id=enrolment_id, slug=slug) == []
        assert played_by_enrolment(session, enrolment_ids=[enrolment_id]) == {}
        own = start_run(
            session,
            enrolment=session.get_one(Enrolment, enrolment_id),
            case=catalogue.cases[slug],
            release_hash=sitting.release_hash,
            now=utc_now(),
        )
        assert own.id != run.id
        assert own.purpose is RunPurpose.PRACTICE


def test_playing_well_passes_without_anybody(mara, begun, played, database) -> None:
    sitting = begun(mara)
    played(sitting, "badly", "well", "well", "well")
    assert outcome(database, sitting) is Outcome.PASSED, "the warm-up does not count"


def test_playing_badly_throughout_fails_without_anybody(mara, begun, played, database) -> None:
    sitting = begun(mara)
    played(sitting, "well", "badly", "badly", "badly")
    assert outcome(database, sitting) is Outcome.FAILED


def test_near_the_cut_people_decide(mara, begun, played, database) -> None:
    sitting = begun(mara)
    played(sitting, "well", "well", "coldly", "badly")
    assert outcome(database, sitting) is Outcome.LOOKED_AT
    with database.reading() as session:
        assert session.get_one(SittingResult, sitting.id).zone is Zone.GREY


def test_a_critical_failure_raises_one_flag_and_the_run_goes_on(mara, begun, played, database) -> None:
    sitting = begun(mara)
    played(sitting, "well", "roughly")
    assert count(database, CaseEnding) == 2
    with database.reading() as session:
        (flag,) = session.scalars(select(Flag)).all()
        assert flag.rule == "cf07-touch-outside-consent"
    played(sitting, "well", "roughly", "well", "well")
    assert count(database, Flag) == 1
    assert outcome(database, sitting) is Outcome.LOOKED_AT


def test_the_warm_up_raises_no_flag(mara, begun, played, database) -> None:
    sitting = begun(mara)
    played(sitting, "roughly", "well", "well", "well")
    assert count(database, Flag) == 0
    assert outcome(database, sitting) is Outcome.PASSED


def test_settling_again_changes_nothing_even_at_once(as_, mara, begun, played, database) -> None:
    sitting = begun(mara)
    played(sitting, "well", "roughly", "well", "well")
    with database.reading() as session:
        kept = session.get_one(SittingResult, sitting.id)

    def look(browser) -> None:
        assert browser.get(f"/examinations/sittings/{sitting.id}").status_code == 200

    _at_once(look, [as_(mara) for _ in range(6)])
    with database.reading() as session:
        again = session.get_one(SittingResult, sitting.id)
        assert (again.at, again.result) == (kept.at, kept.result)
    assert count(database, Flag) == 1


def test_a_second_sitting_shares_little_with_the_first(mara, begun, played, database) -> None:
    first = begun(mara)
    assert begun(mara).id == first.id
    played(first, "well", "badly", "badly", "badly")
    second = begun(mara)
    assert second.number == 2
    with database.reading() as session:
        met = [
            {(place.case_slug, place.variant) for place, _, _ in places_of(session, sitting_id=one.id)}
            for one in (first, second)
        ]
    assert len(met[0] & met[1]) <= 1
    played(second, "well", "badly", "badly", "badly")
    with pytest.raises(Refused, match="Your 2 sittings are used"):
        begun(mara)


def test_who_has_passed_or_is_being_looked_at_sits_no_further(mara, omar, begun, played) -> None:
    played(begun(mara), "well", "well", "well", "well")
    with pytest.raises(Refused, match="You have passed"):
        begun(mara)
    played(begun(omar), "well", "roughly", "well", "well")
    with pytest.raises(Refused, match="An examiner still reads"):
        begun(omar)


def test_nothing_is_told_before_the_sitting_has_been_decided(as_, mara, begun, played, database) -> None:
    sitting, browser = begun(mara), as_(mara)
    played(sitting, "well", "roughly")
    page = browser.get(f"/examinations/sittings/{sitting.id}").text
    assert "Played" in page
    played(sitting, "well", "roughly", "well", "well")
    waits = browser.get(f"/examinations/sittings/{sitting.id}").text
    assert "says nothing about the outcome" in waits
    for text in (page, waits):
        for word in ("mean", "touch", "flag", "Confirmed", "Not passed", "70%"):
            assert word.lower() not in text.lower().replace("meant", ""), word
    answer = browser.get(f"/examinations/sittings/{sitting.id}/debriefs/2")
    assert answer.status_code == 409
    assert "opens when its result is there" in answer.text
    with database.reading() as session:
        run = places_of(session, sitting_id=sitting.id)[1][1]
    said = browser.send(f"/cases/runs/{run.id}/reaction", {"words": "It was quick."}, follow_redirects=True)
    assert said.request.path == f"/examinations/sittings/{sitting.id}"
    assert browser.get(f"/cases/runs/{run.id}/debrief").status_code == 404


def test_the_result_says_what_it_came_to_and_what_it_cannot_show(as_, mara, begun, played) -> None:
    sitting, browser = begun(mara), as_(mara)
    played(sitting, "badly", "well", "well", "well")
    page = browser.get(f"/examinations/sittings/{sitting.id}").text
    assert "The mean of 3 cases is 100.0%" in page
    assert "only be seen in role play" in page
    for position in range(1, 5):
        address = f"/examinations/sittings/{sitting.id}/debriefs/{position}"
        first_words = browser.get(address).location
        assert first_words.endswith("/reaction")
        browser.send(first_words, {"words": "It was long ago."})
        debrief = browser.get(address).text
        assert "It was long ago." in debrief
        assert "Back to my sitting" in debrief
        assert "Play again" not in debrief
    assert browser.get(f"/examinations/sittings/{sitting.id}/debriefs/5").status_code == 404


def test_omar_finds_nothing_of_maras_sitting(as_, omar, mara, begun, played, database) -> None:
    sitting = begun(mara)
    played(sitting, "well")
    with database.reading() as session:
        run = session.scalars(select(CaseRun)).one()
    browser = as_(omar)
    assert browser.get(f"/examinations/{sitting.enrolment_id}/short").status_code == 404
    assert browser.send(f"/examinations/{sitting.enrolment_id}/short").status_code == 404
    assert browser.get(f"/examinations/sittings/{sitting.id}").status_code == 404
    assert browser.send(f"/examinations/sittings/{sitting.id}/cases/2").status_code == 404
    assert browser.get(f"/examinations/sittings/{sitting.id}/debriefs/1").status_code == 404
    assert browser.get(f"/examinations/runs/{run.id}").status_code == 404


def test_there_is_no_examination_of_another_name(as_, mara, enrolled) -> None:
    browser, enrolment = as_(mara), enrolled(mara)
    assert browser.get(f"/examinations/{enrolment.id}/long").status_code == 404
    assert browser.send(f"/examinations/{enrolment.id}/long").status_code == 404


def practise(browser, address: str, database, catalogue) -> str:
    """Play a practice run to its end, say how it was and go through its debrief; return its address."""
    run_address = browser.send(address).location
    with database.reading() as session:
        run = session.get_one(CaseRun, run_address.rsplit("/", 1)[1])
    for word in ("right", "ask"):
        one_step(database, catalogue, run, word)
    browser.send(f"{run_address}/reaction", {"words": "Fine."})
    walk_debrief(browser, run_address)
    return run_address


def test_while_a_case_is_examined_its_practice_tells_nothing(as_, mara, begun, database, catalogue) -> None:
    sitting, browser = begun(mara), as_(mara)
    with database.reading() as session:
        slug = places_of(session, sitting_id=sitting.id)[0][0].case_slug
    intro = f"/cases/{sitting.enrolment_id}/{slug}"
    practised = practise(browser, intro, database, catalogue)
    half = browser.send(intro).location
    looking_back = [f"{practised}/debrief", f"{practised}/what-if/0"]
    assert [browser.get(one).status_code for one in (half, *looking_back)] == [200, 200, 200]

    examined = browser.send(f"/examinations/sittings/{sitting.id}/cases/1").location
    for one in (half, *looking_back):
        answer = browser.get(one)
        assert answer.status_code == 409, one
        assert "Play it there to its end first" in answer.text
        assert "shivers" not in answer.text
        assert "fans herself" not in answer.text
    for one in (intro, f"{half}/steps", f"{half}/time", f"{practised}/note", f"{practised}/comments"):
        assert browser.send(one, {"note": "x", "comment": "x", "choice": "x", "scene": "0"}).status_code == 409, one
    page = browser.get(intro)
    assert page.status_code == 200
    assert "You are being examined in this case" in page.text
    assert f"{practised}/debrief" not in page.text
    assert browser.get(examined).status_code == 200

    with database.reading() as session:
        run = session.get_one(CaseRun, examined.rsplit("/", 1)[1])
    for word in ("right", "ask"):
        one_step(database, catalogue, run, word)
    assert [browser.get(one).status_code for one in (half, *looking_back)] == [200, 200, 200]


def test_the_debrief_of_an_earlier_sitting_waits_while_its_case_is_examined_again(
    as_, mara, begun, played, database
) -> None:
    first, browser = begun(mara), as_(mara)
    played(first, "badly", "badly", "badly", "badly")
    with database.reading() as session:
        places = {run.case_slug: run for _, run, _ in places_of(session, sitting_id=first.id)}
        where = {place.case_slug: place.position for place, _, _ in places_of(session, sitting_id=first.id)}
    for run in places.values():
        browser.send(f"/cases/runs/{run.id}/reaction", {"words": ""})
    again = begun(mara)
    with database.reading() as session:
        forms = places_of(session, sitting_id=again.id)
    position = next(place.position for place, _, _ in forms if place.case_slug in where)
    slug = forms[position - 1][0].case_slug
    debrief = f"/examinations/sittings/{first.id}/debriefs/{where[slug]}"
    assert browser.get(debrief).status_code == 200
    played(again, *["well"] * (position - 1))
    browser.send(f"/examinations/sittings/{again.id}/cases/{position}")
    assert browser.get(debrief).status_code == 409
    played(again, "well", "well", "well", "well")
    assert browser.get(debrief).status_code == 200


def test_a_case_of_an_examination_begins_by_saying_what_it_is_about(as_, mara, begun, database, catalogue) -> None:
    sitting, browser = begun(mara), as_(mara)
    assert "A short story for a test." not in browser.get(f"/examinations/sittings/{sitting.id}").text
    address = browser.send(f"/examinations/sittings/{sitting.id}/cases/1").location
    page = browser.get(address).text
    assert "A short story for a test." in page
    assert "If people look at your sitting they read it" in page
    assert ">My examination</a>" in page
    paused = browser.send(f"{address}/pause", follow_redirects=True).text
    assert "they read where you paused" in paused
    browser.send(f"{address}/resumption")
    with database.reading() as session:
        run = session.get_one(CaseRun, address.rsplit("/", 1)[1])
    one_step(database, catalogue, run, "right")
    assert "A short story for a test." not in browser.get(address).text


def test_three_pauses_of_a_sitting_stop_a_clock_and_its_result_says_so(
    as_, mara, sol, begun, played, catalogue, database, tampering
) -> None:
    sitting, browser = begun(mara), as_(mara)
    assert "No clock runs in this examination" in browser.get(f"/examinations/sittings/{sitting.id}").text
    left, said = [], []
    for position in (1, 2, 3):
        address = browser.send(f"/examinations/sittings/{sitting.id}/cases/{position}").location
        with tampering() as session:
            session.get_one(CaseRun, address.rsplit("/", 1)[1]).pace = Pace.SIMULATED
        with database.reading() as session:
            run = session.get_one(CaseRun, address.rsplit("/", 1)[1])
        left.append(run.pauses)
        browser.send(f"{address}/pause")
        assert "This moment has no limit" in browser.get(f"{address}/pause").text
        browser.send(f"{address}/resumption")
        one_step(database, catalogue, run, "right")
        for _ in range(2):
            browser.send(f"{address}/pause")
            said.append("stands still until" in browser.get(f"{address}/pause").text)
            browser.send(f"{address}/resumption")
        one_step(database, catalogue, run, "ask")
    assert left == [3, 1, 0]
    assert said == [True, True, True, False, False, False]
    played(sitting, "well", "well", "well", "well")
    assert outcome(database, sitting) is Outcome.PASSED
    with database.reading() as session:
        assert session.get_one(SittingResult, sitting.id).result["pauses"]["count"] == 3
    assert "In this sitting 3 pauses stopped a clock" in browser.get(f"/examinations/sittings/{sitting.id}").text
    assert "3 pauses of a clock" in as_(sol).get("/examinations/").text
    page = browser.get(f"/path/{sitting.enrolment_id}/requirements").text
    assert "Passed in sitting 1, its clock stopped by 3 pauses." in page


def test_where_the_clock_stood_still_once_it_has_run_on(as_, mara, begun, catalogue, database, tampering) -> None:
    sitting, browser = begun(mara), as_(mara)
    address = browser.send(f"/examinations/sittings/{sitting.id}/cases/1").location
    with tampering() as session:
        run = session.get_one(CaseRun, address.rsplit("/", 1)[1])
        run.pace, run.pauses = Pace.SIMULATED, 0
    with database.reading() as session:
        run = session.get_one(CaseRun, address.rsplit("/", 1)[1])
    one_step(database, catalogue, run, "right")
    browser.send(f"{address}/pause")
    page = browser.get(f"{address}/pause").text
    assert "The clock of this moment runs on." in page
    assert "How you are comes first." in page
    with time_machine.travel(utc_now() + timedelta(seconds=61), tick=False):
        browser.send(f"{address}/resumption")
        shown = browser.get(address)
        assert "The time for this moment has run out." in shown.text, (shown.status_code, shown.text[-2200:])


def test_practice_pauses_are_nobody_elses(as_, mara, enrolled) -> None:
    address = as_(mara).send(f"/cases/{enrolled(mara).id}/ash").location
    assert "they read where you paused" not in as_(mara).send(f"{address}/pause", follow_redirects=True).text
