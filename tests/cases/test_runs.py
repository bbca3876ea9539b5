"""A run through the pages: nothing is lost, nothing is doubled, nothing is anybody else's."""

import re
from threading import Thread

import pytest
from sqlalchemy import func, select

from tests.stage.debriefs import walk_debrief
from trainer.cases.play.engine import expert_choice, options
from trainer.cases.prover.findings import SEEDS
from trainer.cases.runs.models import CaseEnding, CaseEvent, CaseRun
from trainer.cases.runs.queries import run_of, transcript_of
from trainer.cases.runs.run import option_token
from trainer.cases.runs.words import EventKind


@pytest.fixture
def run(as_, mara, enrolled, database):
    """Mara has begun the case "Hold me"."""
    browser = as_(mara)
    address = browser.send(f"/cases/{enrolled(mara).id}/hold-me").location
    with database.reading() as session:
        return browser, address, session.scalars(select(CaseRun)).one()


def play(database, catalogue, run: CaseRun):
    with database.reading() as session:
        return run_of(session, run, catalogue.cases[run.case_slug]).play


def token(app, run: CaseRun, step: int, choice: str) -> str:
    return option_token(app.config["SECRET_KEY"], run_id=run.id, step=step, choice_id=choice)


def count(database, model) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def first_choice(database, catalogue, run: CaseRun) -> str:
    return options(catalogue.cases[run.case_slug], play(database, catalogue, run).state)[0]


def play_to_the_end(app, browser, address, database, catalogue, run) -> None:
    case = catalogue.cases[run.case_slug]
    while not (so_far := play(database, catalogue, run)).state.ending:
        choice = expert_choice(case, so_far.state)
        browser.send(f"{address}/steps", {"choice": token(app, run, len(so_far.steps), choice)})


def test_beginning_twice_begins_one_run(as_, mara, enrolled, database) -> None:
    browser, enrolment = as_(mara), enrolled(mara)
    first = browser.send(f"/cases/{enrolment.id}/tablet").location
    assert browser.send(f"/cases/{enrolment.id}/tablet").location == first
    assert count(database, CaseRun) == 1


def test_the_content_note_stands_before_the_first_scene(as_, mara, enrolled, catalogue) -> None:
    page = as_(mara).get(f"/cases/{enrolled(mara).id}/hold-me").text
    assert "Before you begin" in page
    assert catalogue.cases["hold-me"].note[:20] in page


def test_a_double_click_takes_one_step(app, run, database, catalogue) -> None:
    browser, address, made = run
    form = {"choice": token(app, made, 0, first_choice(database, catalogue, made))}
    assert browser.send(f"{address}/steps", form).status_code == 303
    again = browser.send(f"{address}/steps", form)
    assert again.status_code == 409
    assert "This is where you stand now" in again.text
    assert count(database, CaseEvent) == 1


def test_many_clicks_at_once_take_one_step(app, as_, mara, run, database, catalogue) -> None:
    _, address, made = run
    form = {"choice": token(app, made, 0, first_choice(database, catalogue, made))}
    browsers = [as_(mara) for _ in range(12)]
    codes: list[int] = []
    threads = [Thread(target=lambda b=b: codes.append(b.send(f"{address}/steps", form).status_code)) for b in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303] + [409] * 11
    assert count(database, CaseEvent) == 1


def test_a_made_up_token_changes_nothing(run, database) -> None:
    browser, address, _ = run
    assert browser.send(f"{address}/steps", {"choice": "0" * 22}).status_code == 409
    assert browser.send(f"{address}/steps", {"choice": "stay-near"}).status_code == 409
    assert browser.send(f"{address}/steps").status_code == 422
    assert count(database, CaseEvent) == 0


def test_a_token_of_another_run_changes_nothing(app, as_, omar, enrolled, run, database, catalogue) -> None:
    _, _, hers = run
    browser = as_(omar)
    address = browser.send(f"/cases/{enrolled(omar).id}/hold-me").location
    form = {"choice": token(app, hers, 0, first_choice(database, catalogue, hers))}
    assert browser.send(f"{address}/steps", form).status_code == 409
    assert count(database, CaseEvent) == 0


def test_omar_finds_no_page_of_maras_run(as_, omar, run) -> None:
    _, address, _ = run
    browser = as_(omar)
    for page in (address, f"{address}/reaction", f"{address}/debrief"):
        assert browser.get(page).status_code == 404
    assert browser.send(f"{address}/steps", {"choice": "x"}).status_code == 404


def test_there_is_no_debrief_before_the_end(run) -> None:
    browser, address, _ = run
    assert browser.get(f"{address}/debrief", follow_redirects=True).request.path == address


def test_the_first_words_come_before_the_debrief_and_are_kept_once(app, run, database, catalogue) -> None:
    browser, address, made = run
    play_to_the_end(app, browser, address, database, catalogue, made)
    asked = browser.get(f"{address}/debrief", follow_redirects=True)
    assert "The end of this run" in asked.text
    answer = browser.send(f"{address}/reaction", {"words": "It was quiet.", "felt-presence": "4", "felt-safety": "99"})
    assert answer.location == f"{address}/debrief#verdict", "the place at which the run was played is left behind"
    assert browser.send(f"{address}/reaction", {"words": "It was quiet."}).status_code == 303, "a second click"
    again = browser.send(f"{address}/reaction", {"words": "Something else."})
    assert again.status_code == 409
    assert ">\nSomething else.</textarea>" in again.text, "what came second is given back"
    walk_debrief(browser, address)
    page = browser.get(f"{address}/debrief").text
    assert "It was quiet." in page
    assert "Something else." not in page
    assert "Passed" in page
    assert 'id="scene"' not in page


def test_an_ended_run_has_one_ending_and_takes_no_more_steps(app, run, database, catalogue) -> None:
    browser, address, made = run
    play_to_the_end(app, browser, address, database, catalogue, made)
    before = count(database, CaseEvent)
    browser.send(f"{address}/steps", {"choice": "0" * 22})
    browser.send(f"{address}/pause")
    assert count(database, CaseEvent) == before
    assert count(database, CaseEnding) == 1


def test_the_next_run_is_another_variant(app, run, database, catalogue) -> None:
    browser, address, made = run
    play_to_the_end(app, browser, address, database, catalogue, made)
    browser.send(f"/cases/{made.enrolment_id}/hold-me")
    with database.reading() as session:
        first, second = session.scalars(select(CaseRun).order_by(CaseRun.number)).all()
    assert first.variant != second.variant


def test_a_reason_is_kept_with_the_step_it_was_given_for(app, run, database, catalogue) -> None:
    browser, address, made = run
    choice = first_choice(database, catalogue, made)
    browser.send(f"{address}/steps", {"choice": token(app, made, 0, choice), "reason": "Because <b>he asked</b>."})
    with database.reading() as session:
        kinds = [event.kind for event in transcript_of(session, made).events]
    assert kinds == [EventKind.CHOICE, EventKind.REASON]


def test_a_run_goes_on_in_another_browser(app, as_, mara, run, database, catalogue) -> None:
    browser, address, made = run
    browser.send(f"{address}/steps", {"choice": token(app, made, 0, first_choice(database, catalogue, made))})
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", browser.get(address).text)
    elsewhere = re.search(r"<h1[^>]*>(.*?)</h1>", as_(mara).get(address).text)
    assert heading
    assert elsewhere
    assert heading[1] == elsewhere[1]


def test_nobody_meets_a_person_in_whom_the_case_was_not_proved(mara, walk, database) -> None:
    way = walk(mara)
    for _ in range(8):
        way.play("hold-me")
    with database.reading() as session:
        seeds = session.scalars(select(CaseRun.seed)).all()
    assert len(seeds) == 8
    assert set(seeds) <= set(SEEDS)
