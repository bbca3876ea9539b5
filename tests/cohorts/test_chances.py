"""Somebody has used every try: the director sees it, decides with a reason, and they go on."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from trainer.accounts.models import Membership, Person
from trainer.accounts.words import Role
from trainer.audit.queries import latest
from trainer.chances.models import Chance, ChanceAgreement, ChanceRefusal
from trainer.clock import utc_now
from trainer.cohorts.chances.forms import ChanceForm
from trainer.errors import UNSEEN, Refused
from trainer.notices.models import Notice
from trainer.quizzes import services as quizzes

MORE = {"what": "further", "further": "1", "plan": "Read the module again.", "reason": "She was ill.", "seen": "0"}
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WAIVER = {"what": "waiver", "reason": "She has taught this for years.", "seen": "0"}


@pytest.fixture
def stuck(walk, mara):
    """Mara has used every try of the quiz on ethics, without an error that is critical."""
    way = walk(mara)
    for leaf in way.leaves():
        if (leaf.kind, leaf.slug) == ("quiz", "ethics"):
            break
        if leaf.kind in ("module", "quiz"):
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
        [entry] = latest(session, programmes=frozenset({"foundations"}), limit=1)
    assert entry.act == "grant further tries"
    assert entry.detail.endswith("”, 1 more"), "a person reads it, so it names what they know"


def test_whose_place_has_ended_is_not_stuck_on_the_desk(stuck, as_, dana) -> None:
    desk = as_(dana)
    assert "Stuck until somebody decides" in desk.get("/desk/").text
    desk.decide(f"/desk/people/{stuck.enrolment.id}/place", {"ended": "y", "reason": "She left."})
    assert "Stuck until somebody decides" not in desk.get("/desk/").text


def test_a_double_click_grants_once_and_an_old_page_is_told_what_changed(stuck, as_, dana, person, database) -> None:
    ester = person("Ester Lund", Role.DIRECTOR)
    assert as_(dana).send(address(stuck), MORE).status_code == 303
    assert as_(dana).send(address(stuck), MORE).status_code == 303
    answer = as_(ester).send(address(stuck), {**MORE, "reason": "I thought so as well."})
    assert answer.status_code == 409
    assert "This changed since you opened it" in answer.text
    assert "I thought so as well." in answer.text
    assert "Grant further tries" not in answer.text, "there are tries again"
    with database.reading() as session:
        assert session.query(Chance).count() == 1


@pytest.fixture
def ester(person) -> Person:
    """The second director."""
    return person("Ester Lund", Role.DIRECTOR)


def letters_to(database, somebody: Person) -> list[str]:
    with database.reading() as session:
        query = select(Notice.subject).where(Notice.recipient == somebody.id).order_by(Notice.id)
        return [subject.split("“")[0].strip() for subject in session.scalars(query)]


def path_of(as_, mara: Person) -> str:
    return as_(mara).get("/", follow_redirects=True).text


@pytest.fixture
def waiver(stuck, as_, dana, ester, database) -> str:
    """The address of a waiver that Dana proposed and that waits for Ester."""
    assert as_(dana).send(address(stuck), WAIVER).status_code == 303
    with database.reading() as session:
        newest = session.query(Chance).one()
    return f"/desk/people/{stuck.enrolment.id}/waivers/{newest.id}"


def waits_on(desk: str) -> bool:
    return "A waiver waits for a second director" in desk


def test_ester_is_told_of_a_waiver_that_waits_and_dana_is_not_asked(stuck, waiver, as_, dana, ester, database) -> None:
    assert letters_to(database, ester) == ["A waiver of the quiz"]
    with database.reading() as session:
        assert "Mara" not in session.query(Notice).one().body, "the outbox names nobody"
    assert letters_to(database, dana) == []
    desk = as_(ester).get("/desk/").text
    assert waits_on(desk)
    assert address(stuck) in desk
    assert not waits_on(as_(dana).get("/desk/").text)
    as_(ester).send(waiver, {})
    assert not waits_on(as_(ester).get("/desk/").text)


@sqlite
def test_a_waiver_of_what_was_passed_meanwhile_waits_for_nobody(stuck, as_, dana, ester) -> None:
    as_(dana).send(address(stuck), MORE)
    as_(dana).send(address(stuck), {**WAIVER, "seen": "1"})
    assert waits_on(as_(ester).get("/desk/").text)
    stuck.answer(stuck.quiz)
    assert not waits_on(as_(ester).get("/desk/").text)


def test_ester_declines_with_a_reason_that_dana_and_mara_read(stuck, waiver, as_, dana, ester, mara, database) -> None:
    why = "She should try again; it is about safety."
    answer = as_(ester).send(f"{waiver}/refusal", {"refusal": " "})
    assert answer.status_code == 422
    assert "Please give the reason" in answer.text
    for _ in range(2):
        assert as_(ester).send(f"{waiver}/refusal", {"refusal": why}).status_code == 303
    assert "Ester Lund did not agree on" in path_of(as_, mara)
    assert why in path_of(as_, mara)
    assert (letters_to(database, dana), letters_to(database, mara)) == (
        ["The waiver of the quiz"],
        ["A decision about the quiz"],
    )
    assert not waits_on(as_(ester).get("/desk/").text)
    late = as_(ester).send(waiver, {})
    assert late.status_code == 409
    assert "Ester Lund declined the waiver meanwhile" in late.text
    assert "All tries are used" in as_(dana).get("/desk/").text, "she is still stuck, and still on the desk"
    assert as_(dana).send(address(stuck), {**WAIVER, "reason": "She did.", "seen": "1"}).status_code == 303
    assert letters_to(database, ester) == ["A waiver of the quiz"] * 2
    with database.reading() as session:
        assert session.query(ChanceRefusal).count() == 1
        acts = [one.act for one in latest(session, programmes=frozenset({"foundations"}), limit=2)]
    assert acts == ["propose a waiver", "decline a waiver"]


def test_dana_takes_her_proposal_back_and_decides_otherwise(stuck, waiver, as_, dana, ester, mara, database) -> None:
    page = as_(dana).get(address(stuck)).text
    assert "agree to the waiver" not in page
    assert "Take the proposal back" in page
    assert "So does whoever proposed the waiver" not in page, "that is Dana herself"
    assert "Look at the proposal" in as_(dana).get(f"/desk/people/{stuck.enrolment.id}").text
    again = as_(dana).send(address(stuck), {**WAIVER, "reason": "Once more.", "seen": "1"})
    assert again.status_code == 409
    assert "you proposed waits already" in again.text
    assert as_(dana).send(f"{waiver}/refusal", {"refusal": "A try is fairer."}).status_code == 303
    assert letters_to(database, dana) == []
    late = as_(ester).send(waiver, {})
    assert late.status_code == 409
    assert "Dana Rivers took the proposal back meanwhile" in late.text
    assert as_(dana).send(address(stuck), {**MORE, "seen": "1"}).status_code == 303
    stuck.answer(stuck.quiz)
    assert "All tries are used" not in path_of(as_, mara)


def test_a_proposal_that_nobody_can_agree_to_any_more_says_what_to_do(
    stuck, waiver, as_, dana, ester, database
) -> None:
    desk = as_(dana)
    assert "finds it on the desk" in desk.get(address(stuck)).text
    with database.reading() as session:
        number = session.scalar(select(Membership.id).where(Membership.person_id == ester.id))
    assert desk.send(f"/desk/roles/{number}/end", {"reason": "Ester moved."}).status_code == 303
    page = desk.get(address(stuck)).text
    assert "nobody can agree to it" in page
    assert "finds it on the desk" not in page
    assert desk.send(f"{waiver}/refusal", {"refusal": "Nobody can agree."}).status_code == 303
    assert desk.send(address(stuck), {**WAIVER, "seen": "1"}, follow_redirects=True).text.count("Waived. ") == 1


def test_what_was_agreed_to_is_not_declined(stuck, waiver, as_, ester, dana, database) -> None:
    as_(ester).send(waiver, {})
    answer = as_(dana).send(f"{waiver}/refusal", {"refusal": "I thought again."})
    assert answer.status_code == 409
    assert "Ester Lund agreed to the waiver meanwhile" in answer.text
    with database.reading() as session:
        assert session.query(ChanceRefusal).count() == 0


def test_a_waiver_takes_two_directors_where_there_are_two(
    stuck, waiver, as_, dana, ester, mara, nils, database
) -> None:
    agreement = waiver
    for somebody, status in ((mara, 403), (nils, 404)):
        assert as_(somebody).send(f"{waiver}/refusal", {"refusal": "No."}).status_code == status
    assert "Waived by" not in path_of(as_, mara)
    assert "It holds once another director has agreed" in path_of(as_, mara)
    assert as_(dana).send(agreement, {}).status_code == 409
    assert as_(mara).send(agreement, {}).status_code == 403
    assert "agree to the waiver" in as_(ester).get(address(stuck)).text
    for _ in range(2):
        assert as_(ester).send(agreement, {}).status_code == 303
    assert "Waived by Dana Rivers and Ester Lund" in as_(mara).get("/", follow_redirects=True).text
    with database.reading() as session:
        assert session.query(ChanceAgreement).count() == 1


def answered_badly(way) -> None:
    """Send a try of the quiz with every question wrong, the critical ones among them."""
    catalogue = way.catalogue()
    with way.installation.database.transaction() as session:
        attempt = quizzes.start_attempt(
            session,
            enrolment=way.enrolment,
            bank=catalogue.banks[way.quiz],
            release_hash=catalogue.release.hash,
            counted=True,
            outstanding=(),
            now=way.now,
        )
        sent = quizzes.submit(session, attempt=attempt, bank=catalogue.banks[way.quiz], now=way.now)
    assert sent.failed_critical


def test_a_critical_mistake_after_the_proposal_stops_a_waiver(walk, as_, dana, person, mara, database) -> None:
    way, ester = walk(mara), person("Ester Lund", Role.DIRECTOR)
    quizzed = [leaf.slug for leaf in way.leaves() if leaf.kind == "quiz"]
    way.quiz = next(slug for slug in quizzed if way.catalogue().banks[slug].critical)
    assert as_(dana).send(address(way), WAIVER).status_code == 303
    with database.reading() as session:
        agreement = f"/desk/people/{way.enrolment.id}/waivers/{session.query(Chance).one().id}"
    for _ in range(way.catalogue().banks[way.quiz].attempts):
        answered_badly(way)
        way.now += timedelta(days=2)
    page = as_(ester).get(address(way)).text
    assert "agree to the waiver" not in page
    assert "This can no longer be waived" in page
    answer = as_(ester).send(agreement)
    assert answer.status_code == 409
    assert "This cannot be waived now" in answer.text
    assert "Waived by" not in as_(mara).get("/", follow_redirects=True).text
    assert as_(ester).send(f"{agreement}/refusal", {"refusal": "A critical question was wrong."}).status_code == 303
    assert as_(ester).send(address(way), {**WAIVER, "seen": "1"}).status_code == 409
    assert as_(ester).send(address(way), {**MORE, "seen": "1"}).status_code == 303


@pytest.mark.parametrize("seen", ["", "-1", "1e3", "9" * 5000])
def test_a_page_that_does_not_say_what_it_showed_decides_nothing(stuck, as_, dana, database, seen) -> None:
    answer = as_(dana).send(address(stuck), {**MORE, "seen": seen})
    assert answer.status_code == 409
    assert (UNSEEN in answer.text) is (seen == "")
    assert "She was ill." in answer.text
    with database.reading() as session:
        assert session.query(Chance).count() == 0


def test_a_second_click_on_a_waiver_finds_it_decided(stuck, as_, dana, database) -> None:
    for _ in range(2):
        assert as_(dana).send(address(stuck), WAIVER).status_code == 303
    with database.reading() as session:
        assert session.query(Chance).count() == 1


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
