"""Somebody has used every try: the director sees it, decides with a reason, and they go on."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from trainer.accounts.models import Role
from trainer.audit.services import latest
from trainer.chances.models import Chance, ChanceAgreement
from trainer.clock import utc_now
from trainer.cohorts.chances.forms import ChanceForm
from trainer.errors import Refused

MORE = {"what": "further", "further": "1", "plan": "Read the module again.", "reason": "She was ill.", "seen": "0"}
WAIVER = {"what": "waiver", "reason": "She has taught this for years.", "seen": "0"}


@pytest.fixture
def stuck(walk, mara):
    """Mara has used every try of the first quiz that the programme asks for."""
    way = walk(mara)
    for leaf in way.leaves():
        if leaf.kind == "quiz":
            break
        if leaf.kind == "module":
            way.do(leaf)
    for slug in dict.fromkeys([*(slug for _, slug in leaf.after), leaf.slug]):
        way.read(slug)
    way.slips = 99
    for _ in range(way.catalogue().banks[leaf.slug].attempts):
        way.answer(leaf.slug)
        way.now += timedelta(days=2)
    way.slips, way.quiz = 0, leaf.slug
    return way


def address(way) -> str:
    return f"/desk/people/{way.enrolment.id}/chances/quiz/{way.quiz}"


def test_dana_sees_who_is_stuck_grants_a_try_and_mara_passes(stuck, as_, dana, mara, database) -> None:
    desk, record = as_(dana), f"/desk/people/{stuck.enrolment.id}"
    for page in ("/desk/", f"/desk/cohorts/{stuck.enrolment.cohort_id}", record):
        text = desk.get(page).text
        assert "All tries are used" in text, page
        assert "tuck" in text, page
    assert "waits for a decision" in as_(mara).get("/", follow_redirects=True).text
    with pytest.raises(Refused, match="All tries of this quiz are used"):
        stuck.answer(stuck.quiz)
    assert address(stuck) in desk.get(record).text
    assert desk.send(address(stuck), MORE).location.endswith(record)
    path = as_(mara).get("/", follow_redirects=True).text
    assert "Dana Rivers granted one more try" in path
    assert "Read the module again" in path
    stuck.answer(stuck.quiz)
    assert "waits for a decision" not in as_(mara).get("/", follow_redirects=True).text
    with database.reading() as session:
        assert latest(session, programmes=frozenset({"foundations"}), limit=1)[0].act == "grant further tries"


def test_a_double_click_grants_once_and_an_old_page_is_told_what_changed(stuck, as_, dana, person, database) -> None:
    ester = person("Ester Lund", Role.DIRECTOR)
    assert as_(dana).send(address(stuck), MORE).status_code == 303
    assert as_(dana).send(address(stuck), MORE).status_code == 303
    answer = as_(ester).send(address(stuck), {**MORE, "reason": "I thought so as well."})
    assert answer.status_code == 409
    assert "This changed since you opened it" in answer.text
    assert "I thought so as well." in answer.text
    with database.reading() as session:
        assert session.query(Chance).count() == 1


def test_a_waiver_takes_two_directors_where_there_are_two(stuck, as_, dana, person, mara, database) -> None:
    ester = person("Ester Lund", Role.DIRECTOR)
    assert as_(dana).send(address(stuck), WAIVER).status_code == 303
    with database.reading() as session:
        waiver = session.query(Chance).one()
    agreement = f"/desk/people/{stuck.enrolment.id}/waivers/{waiver.id}"
    assert "Waived by" not in as_(mara).get("/", follow_redirects=True).text
    assert as_(dana).send(agreement, {}).status_code == 409
    assert as_(mara).send(agreement, {}).status_code == 403
    assert "agree to the waiver" in as_(ester).get(address(stuck)).text
    for _ in range(2):
        assert as_(ester).send(agreement, {}).status_code == 303
    assert "Waived by Dana Rivers and Ester Lund" in as_(mara).get("/", follow_redirects=True).text
    with database.reading() as session:
        assert session.query(ChanceAgreement).count() == 1


def test_where_there_is_one_director_one_is_enough(stuck, as_, dana, mara) -> None:
    assert as_(dana).send(address(stuck), WAIVER).status_code == 303
    assert "Waived by Dana Rivers on" in as_(mara).get("/", follow_redirects=True).text


def test_nobody_else_decides(stuck, as_, mara, nils, ada, sol) -> None:
    for somebody, status in ((mara, 403), (nils, 404), (ada, 403), (sol, 403)):
        assert as_(somebody).send(address(stuck), MORE).status_code == status


def test_tries_are_granted_to_nobody_who_has_some(walk, mara, as_, dana) -> None:
    way = walk(mara)
    quiz = next(leaf.slug for leaf in way.leaves() if leaf.kind == "quiz")
    answer = as_(dana).send(f"/desk/people/{way.enrolment.id}/chances/quiz/{quiz}", MORE)
    assert answer.status_code == 409
    assert "There are tries left" in answer.text


def test_no_try_before_a_day_means_before_it_begins_where_the_programme_is(app) -> None:
    there = ZoneInfo("America/Los_Angeles")
    today = utc_now().astimezone(there).date()
    for days, taken in ((0, False), (1, True), (366, True), (367, False)):
        day = today + timedelta(days=days)
        sent = {"what": "further", "further": "1", "not_before": day.isoformat(), "reason": "She was ill."}
        with app.test_request_context(method="POST", data=sent):
            form = ChanceForm(meta={"csrf": False}).counted_in(there).offer(stuck=True, waivable=False, decisions=0)
            assert form.validate_on_submit() is taken
            assert form.opens == datetime.combine(day, time.min, there)
            assert "the beginning of this day (Los Angeles)" in str(form.not_before.description)
