"""People decide: once, with a reason, without knowing whose it is, and never about themselves."""

import re
from html import unescape
from threading import Thread

import pytest
from sqlalchemy import event, func, select

from tests.examinations.conftest import one_step
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.cases.runs.models import CaseRun
from trainer.cases.runs.words import Pace
from trainer.examinations.models import Flag, FlagDecision, Sitting, SittingDecision
from trainer.examinations.outcome import Outcome
from trainer.examinations.queries import standings
from trainer.requirements.queries import proof_for
from trainer.requirements.rules import RequirementKind

CLEAR = {"verdict": "cleared", "reason": "She misread the sentence; her reason says so."}
PASS = {"verdict": "passed", "reason": "Calm and careful throughout."}
CONFIRM = {"verdict": "confirmed", "reason": "The hand was taken although nobody asked."}


@pytest.fixture
def flagged(mara, begun, played, database):
    """Mara has sat well, but for a hand that she took unasked."""
    sitting = begun(mara)
    played(sitting, "well", "roughly", "well", "well")
    with database.reading() as session:
        return sitting, session.scalars(select(Flag)).one()


@pytest.fixture
def grey(mara, begun, played):
    """Mara has come near the cut."""
    sitting = begun(mara)
    played(sitting, "well", "well", "coldly", "badly")
    return sitting


def outcome(database, sitting) -> Outcome:
    with database.reading() as session:
        return standings(session, sittings=[sitting])[0].outcome


def count(database, model) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_examiner_reads_the_run_as_words_without_the_name(as_, sol, flagged) -> None:
    _, flag = flagged
    browser = as_(sol)
    queue = browser.get("/examinations/").text
    page = browser.get(f"/examinations/flags/{flag.id}").text
    for text in (queue, page):
        assert "Touch outside consent" in text
        assert "Mara" not in text
        assert "Vogel" not in text
    assert "You take her hand and hold it, unasked." in page
    assert "I saw that she needed it." in page
    assert "seconds until the answer" in page
    assert re.search(r"She (shivers|fans herself)", page)
    assert "You bring her the blanket from the shelf." in page


def test_a_cleared_flag_lets_the_figures_speak_again(as_, sol, mara, flagged, database) -> None:
    sitting, flag = flagged
    assert outcome(database, sitting) is Outcome.LOOKED_AT
    browser = as_(sol)
    page = browser.send(f"/examinations/flags/{flag.id}", CLEAR, follow_redirects=True).text
    assert "Mara Vogel" in page, "now that it is decided"
    assert outcome(database, sitting) is Outcome.LOOKED_AT, "0, 100 and 100 per cent lie near the cut"
    browser.send(f"/examinations/grey/{sitting.id}", PASS)
    assert outcome(database, sitting) is Outcome.PASSED
    shown = as_(mara).get(f"/examinations/sittings/{sitting.id}").text
    assert CLEAR["reason"] in shown
    assert PASS["reason"] in shown


def test_a_confirmed_flag_fails_the_sitting_whatever_the_points(as_, sol, mara, flagged, database) -> None:
    sitting, flag = flagged
    as_(sol).send(f"/examinations/flags/{flag.id}", CONFIRM)
    assert outcome(database, sitting) is Outcome.FAILED
    page = as_(mara).get(f"/examinations/sittings/{sitting.id}").text
    assert CONFIRM["reason"] in page
    assert "A further sitting is open to you" in page
    assert "Sol" not in page


SHORT_OF = ({}, {"verdict": "cleared"}, {"verdict": "maybe", "reason": "x" * 20}, {**CLEAR, "reason": "   short     "})


@pytest.mark.parametrize("form", SHORT_OF)
def test_without_a_verdict_and_a_reason_nothing_is_decided(as_, sol, flagged, database, form) -> None:
    assert as_(sol).send(f"/examinations/flags/{flagged[1].id}", form).status_code == 422
    assert count(database, FlagDecision) == 0


def test_a_second_click_changes_nothing_and_a_second_thought_is_refused(as_, sol, flagged, database) -> None:
    address, browser = f"/examinations/flags/{flagged[1].id}", as_(sol)
    assert browser.send(address, CLEAR).status_code == 303
    assert browser.send(address, CLEAR).status_code == 303
    for other in (CONFIRM, {**CLEAR, "reason": "On another page I wrote more than before."}):
        answer = browser.send(address, other)
        assert answer.status_code == 409
        assert "Somebody has decided this already" in answer.text
        assert f">\n{other['reason']}</textarea>" in unescape(answer.text), "nobody writes their reasons twice"
    with database.reading() as session:
        assert session.scalars(select(FlagDecision)).one().confirmed is False
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.contains("flag"))).all()
    assert acts == ["clear flag"]


def test_of_two_examiners_at_once_one_decides(as_, sol, person, flagged, database) -> None:
    address = f"/examinations/flags/{flagged[1].id}"
    browsers = [as_(sol), as_(person("Tess Lind", Role.SUPERVISOR))] * 3
    codes: list[int] = []

    def decide(browser, form) -> None:
        codes.append(browser.send(address, form).status_code)

    pairs = list(zip(browsers, [CLEAR, CONFIRM] * 3, strict=True))
    threads = [Thread(target=decide, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) <= {303, 409}
    assert codes.count(303) == 3, "the one who was first, as often as they clicked"
    assert count(database, FlagDecision) == 1


def test_the_audit_names_the_examiner_and_not_the_trainee(as_, sol, flagged, database) -> None:
    as_(sol).send(f"/examinations/flags/{flagged[1].id}", CONFIRM)
    with database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "confirm flag")).all()
    assert entry.actor_id == sol.id
    assert entry.programme == "foundations"
    assert "Mara" not in entry.subject + entry.detail


def test_near_the_cut_a_supervisor_or_a_director_decides_with_a_reason(as_, dana, mara, grey, database) -> None:
    browser = as_(dana)
    assert "Mara" not in browser.get("/examinations/").text
    page = browser.get(f"/examinations/grey/{grey.id}").text
    assert "Mara" not in page
    assert "give or take" in page
    assert "You say goodbye, as it has grown late." in page
    browser.send(f"/examinations/grey/{grey.id}", PASS)
    assert outcome(database, grey) is Outcome.PASSED
    assert "Mara Vogel" in browser.get("/examinations/").text
    assert "Calm and careful throughout." in as_(mara).get(f"/examinations/sittings/{grey.id}").text


def test_a_sitting_near_the_cut_is_decided_once(as_, dana, sol, grey, database) -> None:
    address = f"/examinations/grey/{grey.id}"
    assert as_(sol).send(address, {"verdict": "failed", "reason": "Left twice without a word."}).status_code == 303
    answer = as_(dana).send(address, PASS)
    assert answer.status_code == 409
    assert outcome(database, grey) is Outcome.FAILED
    assert count(database, SittingDecision) == 1


def test_a_flag_comes_before_the_whole(as_, dana, sol, mara, begun, played, database) -> None:
    sitting = begun(mara)
    played(sitting, "well", "roughly", "coldly", "well")
    address = f"/examinations/grey/{sitting.id}"
    assert as_(dana).get(address).status_code == 404
    assert as_(dana).send(address, PASS).status_code == 404
    with database.reading() as session:
        flag = session.scalars(select(Flag)).one()
    as_(sol).send(f"/examinations/flags/{flag.id}", CLEAR)
    assert as_(dana).get(address).status_code == 200
    as_(dana).send(address, PASS)
    assert outcome(database, sitting) is Outcome.PASSED


def test_what_ended_unseen_reaches_the_desk(as_, sol, mara, begun, played, database, monkeypatch) -> None:
    sitting = begun(mara)
    with monkeypatch.context() as patched:
        patched.setattr("trainer.examinations.services.settle", lambda *_, **__: None)
        played(sitting, "well", "roughly", "well", "well")
    assert count(database, Flag) == 0
    assert "Touch outside consent" in as_(sol).get("/examinations/").text
    assert count(database, Flag) == 1


def test_the_desk_leaves_alone_what_is_under_way(as_, sol, mara, omar, begun, played, database) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def asked_for_the_desk() -> int:
        asked.clear()
        assert desk.get("/examinations/").status_code == 200
        return len(asked)

    desk = as_(sol)
    played(begun(mara), "well", "well")
    with_one = asked_for_the_desk()
    played(begun(omar), "well", "well", "well")
    assert asked_for_the_desk() == with_one


def test_an_examiner_is_told_where_the_clock_stood_still(
    as_, sol, mara, begun, played, catalogue, database, tampering
) -> None:
    sitting, browser = begun(mara), as_(mara)
    played(sitting, "well")
    address = browser.send(f"/examinations/sittings/{sitting.id}/cases/2").location
    with tampering() as session:
        session.get_one(CaseRun, address.rsplit("/", 1)[1]).pace = Pace.SIMULATED
    with database.reading() as session:
        run = session.get_one(CaseRun, address.rsplit("/", 1)[1])
    one_step(database, catalogue, run, "grab")
    shown = browser.get(address)
    assert "This moment lasts 1 minute." in shown.text
    assert shown.headers["Cache-Control"] == "no-store", "or the way back from the pause leads into the scene"
    browser.send(f"{address}/pause")
    hidden = browser.get(address, follow_redirects=True).text
    assert "You have paused" in hidden
    assert "She looks up." not in hidden
    assert "wait." not in hidden
    browser.send(f"{address}/resumption")
    one_step(database, catalogue, run, "ask")
    browser.get(f"/examinations/sittings/{sitting.id}")
    with database.reading() as session:
        flag = session.scalars(select(Flag)).one()
    page = as_(sol).get(f"/examinations/flags/{flag.id}").text
    assert "A pause in a moment with a limit" in page
    assert "limit 1 minute" in page
    assert page.count("Paused for") == 1


@pytest.mark.parametrize("who", ["dana", "nils", "mara", "omar", "ada"])
def test_nobody_but_a_supervisor_of_the_programme_decides_a_flag(as_, request, who, flagged, database) -> None:
    browser = as_(request.getfixturevalue(who))
    address = f"/examinations/flags/{flagged[1].id}"
    assert browser.get(address).status_code == 403
    assert browser.send(address, CLEAR).status_code == 403
    assert count(database, FlagDecision) == 0


def test_a_supervisor_of_another_programme_finds_nothing(as_, person, flagged, database) -> None:
    browser = as_(person("Ugo Ferri", Role.SUPERVISOR, programme="elsewhere"))
    address = f"/examinations/flags/{flagged[1].id}"
    assert browser.get(address).status_code == 404
    assert browser.send(address, CLEAR).status_code == 404
    assert "Touch outside consent" not in browser.get("/examinations/").text
    assert count(database, FlagDecision) == 0


@pytest.mark.parametrize(("who", "code"), [("nils", 404), ("mara", 403), ("omar", 403), ("ada", 403)])
def test_nobody_else_decides_near_the_cut(as_, request, who, code, grey, database) -> None:
    browser = as_(request.getfixturevalue(who))
    assert browser.get(f"/examinations/grey/{grey.id}").status_code == code
    assert browser.send(f"/examinations/grey/{grey.id}", PASS).status_code == code
    assert count(database, SittingDecision) == 0


def test_nobody_decides_about_themselves(as_, person, begun, played, database) -> None:
    both = person("Bo Lang", Role.TRAINEE, Role.SUPERVISOR, Role.DIRECTOR)
    sitting = begun(both)
    played(sitting, "well", "roughly", "well", "well")
    with database.reading() as session:
        flag = session.scalars(select(Flag)).one()
    browser = as_(both)
    assert "Touch outside consent" not in browser.get("/examinations/").text
    assert browser.get(f"/examinations/flags/{flag.id}").status_code == 404
    assert browser.send(f"/examinations/flags/{flag.id}", CLEAR).status_code == 404
    assert browser.send(f"/examinations/grey/{sitting.id}", PASS).status_code == 404
    assert count(database, FlagDecision) == 0


def test_nobody_decides_about_themselves_near_the_cut(as_, person, begun, played, database) -> None:
    both = person("Bo Lang", Role.TRAINEE, Role.SUPERVISOR, Role.DIRECTOR)
    sitting = begun(both)
    played(sitting, "well", "well", "coldly", "badly")
    assert outcome(database, sitting) is Outcome.LOOKED_AT
    browser = as_(both)
    assert browser.get(f"/examinations/grey/{sitting.id}").status_code == 404
    assert browser.send(f"/examinations/grey/{sitting.id}", PASS).status_code == 404
    assert count(database, SittingDecision) == 0


STRANGE = ("", "😀", "\u202e", "²", "-1", "9" * 3000, "../../etc/passwd", "<b>", "%", "{{ 7 * 7 }}", "İ" * 300)


def test_nothing_anybody_sends_here_falls_over(app, as_, mara, sol, dana, flagged) -> None:
    sitting, flag = flagged
    true = {"sitting_id": sitting.id, "flag_id": flag.id, "enrolment_id": sitting.enrolment_id, "slug": "short"}
    true |= {"position": "1", "run_id": flag.run_id}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in ("examinations", "examiners")]
    assert len(rules) == 10
    for browser in map(as_, (mara, sol, dana)):
        for rule in rules:
            for strange in STRANGE:
                for odd in (*rule.arguments, None):
                    values = {name: (strange or "x") if name == odd else true[name] for name in rule.arguments}
                    path = app.url_map.bind("localhost").build(rule.endpoint, values, method=None)
                    answers = [browser.get(path)] if "GET" in rule.methods else []
                    if "POST" in rule.methods:
                        answers.append(browser.send(path, {"verdict": strange, "reason": strange}))
                    assert all(answer.status_code < 500 for answer in answers), path


# --- on the path ---------------------------------------------------------------------------------


def leaf(database, sitting):
    from trainer.clock import utc_now
    from trainer.enrolment.models import Enrolment

    with database.reading() as session:
        proof = proof_for(session, enrolment=session.get_one(Enrolment, sitting.enrolment_id), now=utc_now())
    return next(one for one in proof.leaves() if one.kind is RequirementKind.EXAM)


def test_the_path_asks_for_the_examination_and_says_how_it_stands(
    as_, mara, sol, dana, cohort, begun, played, database
) -> None:
    sitting = begun(mara)
    played(sitting, "well")
    assert leaf(database, sitting).evidence == "Sitting 1: 1 of 4 cases played."
    page = as_(mara).get(f"/path/{sitting.enrolment_id}").text
    assert f"/examinations/{sitting.enrolment_id}/short" in page
    played(sitting, "well", "badly", "roughly", "badly")
    assert leaf(database, sitting).blocked.endswith("you need to do nothing.")
    with database.reading() as session:
        flag = session.scalars(select(Flag)).one()
    as_(sol).send(f"/examinations/flags/{flag.id}", CONFIRM)
    assert leaf(database, sitting).evidence == "Sitting 1 was not passed."
    second = begun(mara)
    played(second, "well", "well", "well", "well")
    assert leaf(database, second).met
    assert leaf(database, second).evidence == "Passed in sitting 2."
    matrix = as_(dana).get(f"/desk/cohorts/{cohort.id}").text
    assert "A short examination" in matrix


def test_somebody_who_walks_like_an_expert_passes(mara, walk, reviewed, database) -> None:
    way = walk(mara)
    way.sit("short")
    with database.reading() as session:
        sitting = session.scalars(select(Sitting)).one()
    assert leaf(database, sitting).met


def test_an_examination_that_waits_for_signatures_says_so_on_the_path(as_, mara, enrolled) -> None:
    page = as_(mara).get(f"/path/{enrolled(mara).id}").text
    assert "Waits until clinical reviewers have signed 4 cases; 0 are signed." in page


def test_when_all_sittings_are_used_a_talk_comes_next(as_, mara, begun, played, database) -> None:
    for _ in range(2):
        sitting = begun(mara)
        played(sitting, "well", "badly", "badly", "badly")
    assert "learning plan" in leaf(database, sitting).blocked
    assert "learning plan" in as_(mara).get(f"/examinations/sittings/{sitting.id}").text
    assert "learning plan" in as_(mara).get(f"/examinations/{sitting.enrolment_id}/short").text
