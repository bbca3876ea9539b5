"""Time that presses, as far as somebody wants it to: the server's clock judges, and nothing is ever lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import time_machine
from sqlalchemy import func, select

from tests.cases.playing import SLUG, TEXT, Player, anna, begin, release_with_anna
from trainer.authoring.archive import pack_release
from trainer.authoring.release import read_folder, release_of
from trainer.cases.pacing.services import decide_time
from trainer.cases.play.engine import TIMEOUT, expert_choice
from trainer.cases.runs.models import Accommodation, CaseEvent, CaseRun
from trainer.cases.runs.timing import ARRIVAL_SECONDS
from trainer.cases.runs.words import EventKind, RunPurpose
from trainer.curriculum.services import publish
from trainer.enrolment.models import Cohort
from trainer.errors import Refused
from trainer.requirements.catalogue import Catalogue, catalogue_of
from trainer.settings import ROOT

LIMIT = 90


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return catalogue_of(release_with_anna())


@pytest.fixture(scope="session")
def archive(catalogue: Catalogue) -> bytes:
    return pack_release(catalogue.release.files)


@pytest.fixture
def in_the_wave(as_, mara, enrolled, database) -> Callable[[str], Player]:
    """Bring Mara to the moment that lasts 90 seconds: `in_the_wave("real")`."""
    enrolment = enrolled(mara)
    return lambda pace: begin(as_(mara), database, enrolment.id, pace).go_to("wave")


@pytest.fixture
def in_the_interview(as_, mara, enrolled, database) -> Player:
    """Mara in the first scene, which asks for a reason as well."""
    return begin(as_(mara), database, enrolled(mara).id)


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds))


@pytest.mark.parametrize("pace", ["calm", "nonsense", ""])
def test_calm_knows_no_limit(in_the_wave, pace: str) -> None:
    player = in_the_wave(pace)
    assert "This moment lasts" not in player.page
    with later(3 * 3600):
        assert player.answer("come-low").status_code == 303
        assert player.say_nothing().status_code == 422
    assert player.kept[-1] == "come-low"


@pytest.mark.parametrize("pace", ["simulated", "real"])
def test_the_page_says_how_long_a_moment_lasts(in_the_wave, pace: str) -> None:
    page = in_the_wave(pace).page
    assert "This moment lasts 1 minute 30 seconds." in page
    assert "If you have not answered when it ends, the story goes on as if you had waited" in page
    assert ("data-left" in page) is (pace == "real")
    assert ("When you opened this page, 1 minute 30 seconds were left." in page) is (pace == "real")  # without scripts


@pytest.mark.parametrize("pace", ["simulated", "real"])
def test_a_late_answer_finds_that_the_moment_has_passed(in_the_wave, pace: str) -> None:
    player = in_the_wave(pace)
    with later(LIMIT + ARRIVAL_SECONDS + 2):
        assert "The time for this moment has run out." in player.page
        assert player.answer("come-low", "I was still thinking.").status_code == 303
        assert player.scene != "wave"
        assert "Nothing is lost: this is where you stand." in player.page
        assert "I was still thinking." in player.page
    assert player.kept[-1] == TIMEOUT


@pytest.mark.parametrize("purpose", RunPurpose)
def test_whoever_chose_too_late_is_told_that_the_choice_does_not_count(in_the_wave, tampering, purpose) -> None:
    player = in_the_wave("real")
    with tampering() as session:
        session.get_one(CaseRun, player.run.id).purpose = purpose
    ask = f"{player.address}/time?moment={player.token(TIMEOUT)}"
    assert LIMIT - 5 < player.browser.get(ask).json["left"] <= LIMIT
    with later(LIMIT + ARRIVAL_SECONDS + 2):
        assert player.browser.get(ask).json == {"here": True, "left": 0}
        answer = player.answer("come-low", "I was on the phone.")
        told = player.browser.get(answer.location).text
        assert player.browser.get(ask).json["here"] is False
    assert "What you chose reached us after the time for that moment had ended" in told
    assert "I was on the phone." in told
    assert player.kept[-1] == TIMEOUT


def test_what_was_written_before_a_pause_outlives_a_clock_that_ran_on(in_the_wave, tampering) -> None:
    player = in_the_wave("real")
    with tampering() as session:
        run = session.get_one(CaseRun, player.run.id)
        run.purpose, run.pauses = RunPurpose.EXAM, 0
    player.pause("come-low", reason="She is afraid of dying.")
    with later(LIMIT + 1):
        assert "What you had written is kept with it." in player.go_on()
        player.say_nothing()
        assert "She is afraid of dying." in player.page
    assert player.kept[-1] == TIMEOUT


def test_an_answer_on_its_way_when_the_time_is_up_still_counts(in_the_wave) -> None:
    player = in_the_wave("real")
    with later(LIMIT + ARRIVAL_SECONDS - 2):
        player.answer("come-low")
    assert player.kept[-1] == "come-low"


def test_silence_counts_only_once_the_time_is_up(in_the_wave) -> None:
    player = in_the_wave("real")
    before = player.kept
    assert player.say_nothing().status_code == 422
    assert player.kept == before
    with later(LIMIT + 1):
        assert player.say_nothing().status_code == 303
        assert player.kept == [*before, TIMEOUT]


def test_the_silence_of_an_earlier_moment_changes_nothing(in_the_wave) -> None:
    player = in_the_wave("real")
    before = player.kept
    with later(3600):
        answer = player.say_nothing(moment=len(before) - 1)
    assert answer.status_code == 409
    assert "That moment has passed. This is where you stand now." in answer.text
    assert player.kept == before


def test_a_pause_takes_no_time(in_the_wave) -> None:
    player = in_the_wave("real")
    player.browser.send(f"{player.address}/pause")
    with later(7 * 24 * 3600):
        player.browser.send(f"{player.address}/resumption")
        assert "The time for this moment has run out." not in player.page
        player.answer("come-low")
    assert player.kept[-1] == "come-low"


def test_more_time_may_be_asked_for_again_and_again(in_the_wave) -> None:
    player = in_the_wave("real")
    now = datetime.now(UTC)
    for _ in range(12):
        now += timedelta(seconds=LIMIT - 5)
        with time_machine.travel(now):
            assert player.ask_for_time().json["left"] > LIMIT
    with time_machine.travel(now + timedelta(seconds=LIMIT)):
        player.answer("come-low")
    assert player.kept[-1] == "come-low"


def test_a_double_click_on_more_time_gives_it_once(in_the_wave) -> None:
    player = in_the_wave("real")
    first, second = player.ask_for_time().json, player.ask_for_time().json
    assert second["left"] <= first["left"] <= 2 * LIMIT
    assert (first["given"], second["given"]) == (True, False)
    assert player.kinds(EventKind.RESUME) == 1


def test_more_time_without_scripts_keeps_what_was_marked(in_the_wave) -> None:
    player = in_the_wave("simulated")
    form = {"moment": player.token(TIMEOUT), "choice": player.token("come-low")}
    for already in (False, True):
        page = player.browser.send(f"{player.address}/time", form).text
        assert "This moment lasts 3 minutes." in page
        assert page.count(" checked") == 1
        assert ("You have more time already." in page) is already


@pytest.mark.parametrize(("factor", "seconds"), [(100, 90), (150, 135), (200, 180), (0, None)])
def test_a_director_makes_limits_longer(
    in_the_wave, database, enrolled, mara, dana, as_, factor: int, seconds: int | None
) -> None:
    enrolment = enrolled(mara)
    with database.transaction() as session:
        decided = datetime.now(UTC)
        for other in (200, 100, factor):
            decided += timedelta(seconds=1)
            decide_time(session, enrolment=enrolment, factor=other, reason="Reads slowly.", by=dana.id, now=decided)
    player = in_the_wave("real")
    assert player.run.record.factor == factor
    assert player.run.span(datetime.now(UTC)).limit == seconds


def test_an_examination_gives_no_more_time(in_the_wave, tampering) -> None:
    player = in_the_wave("real")
    with tampering() as session:
        session.get_one(CaseRun, player.run.id).purpose = RunPurpose.EXAM
    assert "More time" not in player.page
    player.ask_for_time()
    assert player.kinds(EventKind.RESUME) == 0


# --- pause and go on ------------------------------------------------------------------------------


def test_pausing_and_going_on_twice_is_harmless(in_the_wave) -> None:
    player = in_the_wave("calm")
    for _ in range(2):
        assert player.browser.send(f"{player.address}/pause").location == f"{player.address}/pause"
    assert "You have paused" in player.browser.get(player.address, follow_redirects=True).text
    for _ in range(2):
        player.browser.send(f"{player.address}/resumption")
    assert (player.kinds(EventKind.PAUSE), player.kinds(EventKind.RESUME)) == (1, 1)
    assert player.browser.get(f"{player.address}/pause").location == player.address


def test_the_pause_tells_what_the_case_is_about_and_whom_to_turn_to(as_, mara, sol, dana, enrolled) -> None:
    browser = as_(mara)
    address = browser.send(f"/cases/{enrolled(mara).id}/hold-me").location
    page = browser.send(f"{address}/pause", follow_redirects=True).text
    assert "a man who was left alone as a child" in page
    for person, does in ((sol, "supervisor"), (dana, "programme director")):  # the same people on both pages
        for text in (page, browser.get("/help").text):
            assert f"{person.name}, {does}" in text
            assert f'href="mailto:{person.email}"' in text


def test_more_time_asked_for_in_another_window_is_not_given_in_a_pause(in_the_wave) -> None:
    player = in_the_wave("real")
    player.browser.send(f"{player.address}/pause")
    player.ask_for_time()
    assert player.kinds(EventKind.RESUME) == 0


def test_an_answer_from_another_window_waits_for_the_pause_to_end(in_the_interview) -> None:
    player = in_the_interview
    before = player.kept
    player.browser.send(f"{player.address}/pause")
    told = player.browser.get(player.answer("ask-heart", "Because she is afraid.").location).text
    assert "Your answer from the other page was not taken" in told
    assert player.kept == before
    page = player.go_on()
    assert f'value="{player.token("ask-heart")}" required autocomplete="off" checked' in page
    assert ">Because she is afraid.</textarea>" in page


def test_what_was_written_before_a_pause_is_there_after_it_on_another_device(in_the_interview, as_, mara) -> None:
    player = in_the_interview
    player.pause(reason="The tablets, because")
    elsewhere = as_(mara)
    assert "Continue this case" in elsewhere.get(f"/path/{player.run.record.enrolment_id}").text
    elsewhere.send(f"{player.address}/resumption")
    assert ">The tablets, because</textarea>" in elsewhere.get(player.address).text


def test_a_script_on_an_old_page_fills_no_database(in_the_interview) -> None:
    player = in_the_interview
    codes = [player.pause(reason=f"{number} {'x' * 1990}", seen="0").status_code for number in range(8)]
    assert codes == [303] * 5 + [409] * 3
    assert "7 xxx" in player.pause(reason=f"7 {'x' * 1990}", seen="0").text, "what had no room is given back"
    assert sum(len(event.value) for event in player.events) < 40_000


def test_a_pause_keeps_the_answer_that_was_marked(in_the_wave) -> None:
    player = in_the_wave("real")
    player.pause("come-low")
    assert "is marked again when you go on" in player.browser.get(f"{player.address}/pause").text
    page = player.go_on()
    assert page.count(" checked") == 1
    assert f'value="{player.token("come-low")}" required autocomplete="off" checked' in page
    player.answer("explain-away")
    assert player.kept[-1] == "explain-away", "a mark is no answer"
    assert " checked" not in player.page


def test_an_older_page_replaces_nothing_that_was_written_on_another(in_the_interview) -> None:
    player = in_the_interview
    seen = str(len(player.events))
    player.pause(reason="From the laptop.", seen=seen)
    player.pause(reason="From the phone.", seen=seen)
    player.pause(reason="From the phone.", seen=seen)
    page = player.go_on()
    assert ">From the laptop.\n\nFrom the phone.</textarea>" in page
    form = {"choice": player.token("ask-heart"), "seen": seen, "reason": ""}
    player.browser.send(f"{player.address}/steps", form)
    assert "From the laptop. From the phone." in player.page, "kept with the answer from the oldest page"


def test_what_was_written_on_a_page_of_an_earlier_moment_is_given_back(in_the_interview) -> None:
    player = in_the_interview
    old, before = player.token(TIMEOUT), len(player.kept)
    player.answer("ask-heart", "On the phone.")
    late = {"moment": old, "choice": player.token("ask-hopes", before), "reason": "On the laptop."}
    assert ">\nOn the laptop.</textarea>" in player.browser.send(f"{player.address}/steps", late).text
    assert ">\nOn the laptop.</textarea>" in player.browser.send(f"{player.address}/time", late).text
    assert ">\nOn the laptop.</textarea>" in player.browser.send(f"{player.address}/pause", late).text
    assert ">\nOn the laptop.</textarea>" in player.browser.send(f"{player.address}/steps", late).text
    assert "On the laptop." not in player.go_on()
    again = {"choice": player.token("ask-heart", before), "reason": "On the phone."}
    assert "What you had written belongs" not in player.browser.send(f"{player.address}/steps", again).text


def test_nobody_else_pauses_maras_run(in_the_wave, as_, omar) -> None:
    player = in_the_wave("real")
    for act in ("pause", "resumption", "time"):
        assert as_(omar).send(f"{player.address}/{act}").status_code == 404
    assert len(player.events) == len(player.kept)


def test_everything_at_once_keeps_one_answer_and_a_whole_transcript(in_the_wave, as_, mara, database) -> None:
    player = in_the_wave("real")
    before, moment = player.kept, player.token(TIMEOUT)
    forms = [
        ("steps", {"choice": player.token("come-low")}),
        ("steps", {"choice": player.token("explain-away")}),
        ("time", {"moment": moment}),
        ("pause", {}),
        ("resumption", {}),
    ]
    codes: list[int] = []
    browsers = [(as_(mara), *form) for form in forms * 3]
    threads = [
        Thread(target=lambda b=b, act=act, form=form: codes.append(b.send(f"{player.address}/{act}", form).status_code))
        for b, act, form in browsers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == len(forms) * 3
    assert set(codes) <= {200, 303, 409}
    assert player.kept[:-1] in (before, before[:-1])
    assert len(player.kept) <= len(before) + 1
    with database.reading() as session:
        numbers = session.scalars(select(CaseEvent.seq).order_by(CaseEvent.seq)).all()
    assert numbers == list(range(1, len(player.events) + 1))


# --- a run keeps its own text -----------------------------------------------------------------------


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_run_ends_on_the_text_with_which_it_began(as_, mara, enrolled, database, tampering, withdrawn: bool) -> None:
    player = begin(as_(mara), database, enrolled(mara).id).go_to("wave")
    newer = (
        release_of(read_folder(ROOT / "content")) if withdrawn else release_with_anna(TEXT.replace("dying", "flying"))
    )
    with tampering() as session:
        publish(session, release=newer, now=datetime.now(UTC))
        session.flush()
        session.scalars(select(Cohort)).one().release_hash = newer.hash
    assert "I think I am dying" in player.page
    intro = player.browser.get(f"/cases/{player.run.record.enrolment_id}/{SLUG}")
    assert intro.status_code == (404 if withdrawn else 200)
    while not (run := player.run).has_ended:
        assert player.answer(expert_choice(run.case, run.play.state)).status_code == 303
    assert "The end of this run" in player.browser.get(f"{player.address}/reaction").text


def test_decisions_about_time_are_kept_for_good_and_need_a_reason(database, mara, dana, enrolled) -> None:
    enrolment, now = enrolled(mara), datetime.now(UTC)
    with database.transaction() as session:
        for _ in range(2):
            decide_time(session, enrolment=enrolment, factor=150, reason="Reads slowly.", by=dana.id, now=now)
        assert session.scalar(select(func.count()).select_from(Accommodation)) == 1
        for factor, reason in ((150, " "), (120, "Reads slowly.")):
            with pytest.raises(Refused):
                decide_time(session, enrolment=enrolment, factor=factor, reason=reason, by=dana.id, now=now)


def test_the_wave_is_as_these_tests_take_it_to_be() -> None:
    assert anna().scenes["wave"].limit == LIMIT
