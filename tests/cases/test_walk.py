"""A debrief is gone through moment by moment: each is kept, nothing is told ahead, and one may stop at any time."""

import re
from threading import Thread

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from tests.cases.test_looking_back import Looking, last, plain, said_in
from tests.stage.debriefs import leave, shown_on, walk_debrief
from trainer.cases.play.engine import expert_choice
from trainer.cases.runs.models import CaseNote, DebriefStep
from trainer.cases.runs.walk import stays
from trainer.clock import utc_now
from trainer.requirements.queries import proof_for


@pytest.fixture
def mara_looks(as_, mara, enrolled, database, catalogue) -> Looking:
    return Looking(as_(mara), database, catalogue.cases["shaking"], enrolled(mara), mara, walks=False)


@pytest.fixture
def ended(mara_looks) -> str:
    return mara_looks.play(last)


def moments(looking: Looking, address: str) -> list[set[str]]:
    """What is said in the scenes of each moment, and nowhere in those before it."""
    steps, known, found = looking.played(address).steps, set(), []
    for stay in stays(looking.played(address)):
        said = said_in(looking.case, steps[stay[0]].scene)
        found.append(said - known)
        known |= said
    return found


# --- the pages ------------------------------------------------------------------------------------


def test_moment_after_moment_opens_and_nothing_is_told_ahead(mara_looks, ended) -> None:
    told = moments(mara_looks, ended)
    reached = mara_looks.browser.get(f"{ended}/debrief").location
    for number, _own in enumerate(told, 1):
        assert reached == f"{ended}/debrief/{number}#main"
        page = mara_looks.browser.get(reached.partition("#")[0]).text.partition("<main")[2].partition("</main>")[0]
        assert f"Moment {number} of {len(told)}" in page
        text = f"{page}\n{plain(page)}"
        assert [words for later in told[number:] for words in later if words in text] == []
        for ahead in range(number + 1, len(told) + 1):
            assert mara_looks.browser.get(f"{ended}/debrief/{ahead}").location == reached
        for shut in (f"{ended}/what-if/0", f"{ended}/debrief"):
            assert mara_looks.browser.get(shut).status_code in (303, 409)
        reached = leave(mara_looks.browser, reached)
    assert reached == f"{ended}/debrief#verdict"
    assert "You have gone through it" in mara_looks.browser.get(f"{ended}/debrief").text
    assert "Go on to the next moment</a>" in mara_looks.browser.get(f"{ended}/debrief/1").text, "going back is free"


def test_at_a_moment_where_something_was_lost_the_colleague_is_heard_and_nobody_has_to_answer(mara_looks) -> None:
    pages = []
    for choose in (last, expert_choice):
        ended = mara_looks.play(choose)
        whole = len(stays(mara_looks.played(ended)))
        walk_debrief(mara_looks.browser, ended)
        pages.append("".join(mara_looks.browser.get(f"{ended}/debrief/{n}").text for n in range(1, whole + 1)))
    assert "An experienced colleague:" in pages[0]
    assert "An experienced colleague:" not in pages[1]
    assert not re.search(r"<(textarea|select)|type=\"(text|checkbox|radio)", "".join(pages))


def test_many_clicks_at_once_and_an_older_tab_take_one_step(as_, mara, mara_looks, ended) -> None:
    browsers = [as_(mara) for _ in range(6)]
    sent = shown_on(mara_looks.browser, f"{ended}/debrief/1")
    threads = [Thread(target=browser.send, args=(f"{ended}/debrief/1", sent)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mara_looks.browser.send(f"{ended}/debrief/1", sent).location == f"{ended}/debrief/2#main"
    assert mara_looks.browser.send(f"{ended}/debrief/99").status_code == 404
    with mara_looks.database.reading() as session:
        assert session.scalars(select(DebriefStep.number).order_by(DebriefStep.number)).all() == [0, 1]


def test_no_moment_is_left_that_was_never_shown(mara_looks, ended) -> None:
    first = shown_on(mara_looks.browser, f"{ended}/debrief/1")
    for sent in ({}, {"shown": ""}, {"shown": "x" * 10_000}, shown_on(mara_looks.browser, f"{ended}/debrief/2")):
        for number in range(2, 5):
            answer = mara_looks.browser.send(f"{ended}/debrief/{number}", sent or first)
            assert answer.location == f"{ended}/debrief/{number}#main"
            assert mara_looks.browser.get(f"{ended}/debrief/{number}").location == f"{ended}/debrief/1#main"
    assert mara_looks.count(DebriefStep) == 1
    assert mara_looks.browser.send(f"{ended}/debrief/1").location == f"{ended}/debrief/1#main", "its page comes first"
    assert mara_looks.browser.send(f"{ended}/debrief/1", first).location == f"{ended}/debrief/2#main"


def test_nothing_is_written_beside_a_debrief_that_is_not_gone_through_and_nobody_elses_is_found(
    as_, omar, mara_looks, ended
) -> None:
    answer = mara_looks.browser.send(f"{ended}/note", {"note": "First the question."})
    assert answer.status_code == 409
    assert "moment by moment" in answer.text
    assert mara_looks.count(CaseNote) == 0
    assert as_(omar).get(f"{ended}/debrief/1").status_code == 404
    assert as_(omar).send(f"{ended}/debrief/1").status_code == 404
    assert mara_looks.count(DebriefStep) == 1


def test_a_step_once_taken_is_never_changed(mara_looks, ended, database) -> None:
    for change in (update(DebriefStep).values(number=9), delete(DebriefStep)):
        with pytest.raises(DatabaseError, match="debrief_step"), database.transaction() as session:
            session.execute(change)


def test_a_debrief_of_before_stays_open_as_a_whole_and_can_be_gone_through(mara_looks, ended, tampering) -> None:
    with tampering() as session:
        session.execute(delete(DebriefStep))
    for _ in range(2):
        page = mara_looks.browser.get(f"{ended}/debrief")
        assert "Go through it, moment by moment" in page.text
        assert mara_looks.browser.get(f"{ended}/what-if/0").status_code == 200
        shown = f"{ended}/debrief/{page.text.partition(f'{ended}/debrief/')[2].partition(chr(34))[0]}"
        leave(mara_looks.browser, shown)
    with mara_looks.database.reading() as session:
        assert session.scalar(select(func.min(DebriefStep.number))) == 1


# --- what counts ----------------------------------------------------------------------------------


def test_a_pass_counts_once_its_debrief_was_gone_through_and_the_path_leads_there(
    mara_looks, reviewed, database
) -> None:
    def leaf():
        with database.reading() as session:
            proof = proof_for(session, enrolment=mara_looks.enrolment, now=utc_now())
        return next(leaf for leaf in proof.leaves() if leaf.slug == "shaking")

    ended = mara_looks.play(expert_choice)
    path = f"/path/{mara_looks.enrolment.id}"
    assert not leaf().met
    leave(mara_looks.browser, f"{ended}/debrief/1")
    assert leaf().evidence == "Passed; 1 of 9 moments of its debrief so far."
    assert f'href="{ended}/debrief"' in mara_looks.browser.get(path).text
    walk_debrief(mara_looks.browser, ended)
    assert leaf().met
    assert f'href="{ended}/debrief"' not in mara_looks.browser.get(path).text
