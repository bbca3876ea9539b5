"""Some cases are only examined: nobody practises them, and no programme asks for that."""

import pytest

from trainer.authoring.release import read_folder, release_of
from trainer.cases.afterwards.next_steps import NextReason
from trainer.cases.afterwards.pages import debrief_page
from trainer.cases.catalogue import cases_of, practised_cases
from trainer.cases.play.engine import options
from trainer.cases.runs.queries import run_of
from trainer.cases.runs.run import Setup
from trainer.cases.runs.services import start_exam_run, take_step
from trainer.cases.runs.words import Pace
from trainer.clock import utc_now
from trainer.requirements.catalogue import asked_in_vain
from trainer.settings import ROOT

CASE = "cases/keys/en.md"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    files = dict(read_folder(ROOT / "content"))
    files[CASE] = files[CASE].replace(b"status: draft\n", b"status: draft\nuse: examination\n", 1)
    return files


def test_it_is_read_and_not_offered_for_practice(files: dict[str, bytes]) -> None:
    release = release_of(files)
    assert cases_of(release)["keys"].head.examined_only
    assert "keys" not in practised_cases(release)
    assert "water" in practised_cases(release)


def test_nobody_opens_or_begins_it_as_practice(as_, mara, enrolled) -> None:
    browser, practice = as_(mara), f"/cases/{enrolled(mara).id}"
    assert browser.get(f"{practice}/cardamom").status_code == 200
    assert browser.get(f"{practice}/rain").status_code == 404
    assert browser.send(f"{practice}/rain").status_code == 404


def test_a_programme_that_asks_for_its_practice_is_named(files: dict[str, bytes]) -> None:
    message, as_what_comes_first = asked_in_vain(files, cases_of(release_of(files)))
    assert as_what_comes_first.line > message.line
    assert message.path == "programmes/foundations.yaml"
    assert "“keys” is only examined" in message.text
    assert files[message.path].split(b"\n")[message.line - 1].strip() == b"- case: keys"


def test_its_debrief_after_an_examination_leads_to_no_practice_of_it(app, mara, enrolled, catalogue, database) -> None:
    case, enrolment, drawn = catalogue.cases["rain"], enrolled(mara), Setup(variant="grey", seed=1, pace=Pace.CALM)
    assert case.head.examined_only
    release_hash = catalogue.release.hash
    with app.test_request_context(), database.transaction() as session:
        begun = start_exam_run(
            session, enrolment=enrolment, case=case, release_hash=release_hash, setup=drawn, now=utc_now()
        )
        session.flush()
        run = run_of(session, begun, case)
        while not run.has_ended:
            run = take_step(session, run=run, choice_id=options(case, run.play.state)[-1], reason="", now=utc_now())
        page = debrief_page(session, run)
    assert page.mastery is None
    assert NextReason.AGAIN not in {step.why for step in page.nexts}
    assert "rain" not in page.titles
