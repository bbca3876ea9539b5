"""The director's desk: invite, see who is where, decide."""

import re
from datetime import timedelta
from threading import Thread

import pytest
import time_machine

from trainer.accounts import services as accounts
from trainer.accounts.models import Invitation, Person
from trainer.accounts.words import Role
from trainer.audit.queries import latest
from trainer.certificates.models import Certificate, Conferral
from trainer.clock import utc_now
from trainer.cohorts.queries import seen_of_people
from trainer.cohorts.routes import MOST_AT_ONCE
from trainer.issuing.services import note_problem


def invitation_link(page: str) -> str:
    found = re.search(r"/invitations/[\w-]+", page)
    assert found
    return found[0]


def test_dana_invites_noor_who_joins_and_finds_her_path(as_, dana, cohort, stranger) -> None:
    desk = as_(dana)
    page = desk.send(
        f"/desk/cohorts/{cohort.id}", {"name": "Noor Lind", "email": " noor@example.org"}, follow_redirects=True
    ).text
    link = invitation_link(page)
    assert "Noor Lind" in stranger.get(link).text
    answer = stranger.send(link, {"name": "Noor Lind", "password": "four quiet green herons"}, follow_redirects=True)
    assert "What the certificate needs" in answer.text
    assert "Noor Lind" in desk.get(f"/desk/cohorts/{cohort.id}").text


def test_the_link_is_shown_only_once(as_, dana, cohort) -> None:
    desk = as_(dana)
    link = invitation_link(
        desk.send(
            f"/desk/cohorts/{cohort.id}", {"name": "Noor", "email": "noor@example.org"}, follow_redirects=True
        ).text
    )
    assert link not in desk.get(f"/desk/cohorts/{cohort.id}").text


def test_reloading_the_page_with_the_link_invites_nobody_again(as_, dana, cohort, database) -> None:
    desk, form = as_(dana), {"name": "Noor", "email": "noor@example.org"}
    assert desk.send(f"/desk/cohorts/{cohort.id}", form).status_code == 303  # so a reload asks, and does not send
    again = desk.send(f"/desk/cohorts/{cohort.id}", {**form, "email": " NOOR@example.org"})
    assert again.status_code == 422
    assert "Noor is invited already" in again.text
    with database.reading() as session:
        assert session.query(Invitation).count() == 1


def test_whoever_is_in_the_cohort_is_not_invited_into_it(as_, dana, omar, cohort, enrolled, database) -> None:
    enrolled(omar)
    answer = as_(dana).send(f"/desk/cohorts/{cohort.id}", {"name": "Omar", "email": omar.email})
    assert answer.status_code == 422
    assert "Omar Haddad is in this cohort already" in answer.text
    with database.reading() as session:
        assert session.query(Invitation).count() == 0


def test_whoever_wrote_an_invitation_does_not_use_it(as_, dana, cohort) -> None:
    desk = as_(dana)
    form = {"name": "Dana's Other", "email": "other@example.org"}
    link = invitation_link(desk.send(f"/desk/cohorts/{cohort.id}", form, follow_redirects=True).text)
    answer = desk.send(link, {"name": "Dana's Other", "password": "four quiet green herons"})
    assert answer.status_code == 409
    assert "You wrote this invitation" in answer.text


def test_an_invitation_lets_in_once(as_, dana, cohort, app) -> None:
    link = invitation_link(
        as_(dana)
        .send(f"/desk/cohorts/{cohort.id}", {"name": "Noor", "email": "noor@example.org"}, follow_redirects=True)
        .text
    )
    form = {"name": "Noor Lind", "password": "four quiet green herons"}
    assert app.test_client().send(link, form).status_code == 303
    again = app.test_client().send(link, form)
    assert again.status_code == 409
    assert "has been used" in again.text


def test_an_old_invitation_is_refused_in_a_sentence(as_, dana, cohort, stranger) -> None:
    link = invitation_link(
        as_(dana)
        .send(f"/desk/cohorts/{cohort.id}", {"name": "Noor", "email": "noor@example.org"}, follow_redirects=True)
        .text
    )
    with time_machine.travel(utc_now() + timedelta(days=15), tick=False):
        answer = stranger.get(link)
    assert answer.status_code == 409
    assert "Ask your programme director for a new one" in answer.text


def test_somebody_with_an_account_accepts_only_as_themselves(as_, dana, omar, mara, cohort, app) -> None:
    link = invitation_link(
        as_(dana).send(f"/desk/cohorts/{cohort.id}", {"name": "Omar", "email": omar.email}, follow_redirects=True).text
    )
    assert app.test_client().send(link, {"name": "x", "password": "four quiet green herons"}).status_code == 409
    assert as_(mara).send(link).status_code == 409
    his = as_(omar)
    assert his.send(link).status_code == 303
    assert "What the certificate needs" in his.get("/", follow_redirects=True).text


def test_a_weak_password_is_refused_and_the_invitation_stays_open(as_, dana, cohort, app) -> None:
    link = invitation_link(
        as_(dana)
        .send(f"/desk/cohorts/{cohort.id}", {"name": "Noor", "email": "noor@example.org"}, follow_redirects=True)
        .text
    )
    answer = app.test_client().send(link, {"name": "Noor", "password": "short"})
    assert answer.status_code == 422
    assert "at least 12 characters" in answer.text
    assert app.test_client().get(link).status_code == 200


def test_nils_of_another_programme_sees_nothing_of_it(as_, nils, mara, cohort, enrolled) -> None:
    browser, hers = as_(nils), enrolled(mara)
    assert browser.get(f"/desk/cohorts/{cohort.id}").status_code == 404
    assert browser.get(f"/desk/people/{hers.id}").status_code == 404
    assert browser.send(f"/desk/people/{hers.id}", {"sure": "y"}).status_code == 404
    assert cohort.name not in browser.get("/desk/").text


def test_nobody_is_certified_before_every_requirement_is_met(as_, dana, mara, walk, database) -> None:
    way = walk(mara)
    way.read("ethics")
    answer = as_(dana).send(f"/desk/people/{way.enrolment.id}", {"sure": "y"})
    assert answer.status_code == 409
    with database.reading() as session:
        assert session.query(Certificate).count() == 0


def test_dana_confers_what_mara_has_earned(as_, dana, mara, earned, worked) -> None:
    desk = as_(dana)
    assert "Mara Vogel" in desk.get("/desk/").text.split("Cohorts")[0]
    without_tick = desk.send(f"/desk/people/{earned.id}")
    assert without_tick.status_code == 422
    assert desk.decide(f"/desk/people/{earned.id}", {"sure": "y"}).status_code == 303
    for page in (f"/desk/people/{earned.id}", "/desk/", f"/desk/cohorts/{earned.cohort_id}"):
        assert "Being signed" in desk.get(page).text
    assert "being signed" in as_(mara).get("/certificates/").text
    worked()
    assert "Valid" in desk.get(f"/desk/people/{earned.id}").text
    assert "Being signed" not in desk.get("/desk/").text
    assert "confer" in desk.get("/desk/").text
    assert "Mara Vogel" in as_(mara).get("/certificates/").text


def test_fifty_requests_at_once_are_one_decision(as_, dana, earned, database) -> None:
    browsers = [as_(dana) for _ in range(50)]
    codes: list[int] = []
    form = {"sure": "y", "seen": browsers[0].shown(f"/desk/people/{earned.id}")}
    threads = [
        Thread(target=lambda b=b: codes.append(b.send(f"/desk/people/{earned.id}", form).status_code)) for b in browsers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303] * 50
    with database.reading() as session:
        assert session.query(Conferral).count() == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_confers_is_told_so_and_whoever_comes_second_that_another_had(as_, dana, person, earned) -> None:
    ester, address = person("Ester Lund", Role.DIRECTOR), f"/desk/people/{earned.id}"
    assert (
        "Conferred. The certificate is being signed."
        in as_(dana).decide(address, {"sure": "y"}, follow_redirects=True).text
    )
    told = as_(ester).send(address, {"sure": "y"}, follow_redirects=True).text
    assert "Dana Rivers had conferred already. Nothing more was decided." in told
    assert "Conferred. The certificate" not in told


def test_dana_confers_several_at_once_and_is_told_who_could_not_be_conferred(
    as_, dana, omar, earned, enrolled, worked, database
) -> None:
    ticked, cohort = {"enrolment": [earned.id, enrolled(omar).id]}, f"/desk/cohorts/{earned.cohort_id}"
    answer = as_(dana).decide(f"{cohort}/conferrals", ticked, on=cohort)
    assert answer.status_code == 409
    assert f"1 of 2 were conferred. {omar.name}: " in answer.text
    worked()
    with database.reading() as session:
        assert [one.claim["holder"] for one in session.query(Certificate)] == ["Mara Vogel"]


@pytest.mark.parametrize("ticked", [[], [str(number) for number in range(MOST_AT_ONCE)]])
def test_when_nobody_or_too_many_are_ticked_nobody_is_conferred_and_dana_is_told(
    as_, dana, earned, database, ticked
) -> None:
    several = f"/desk/cohorts/{earned.cohort_id}/conferrals"
    answer = as_(dana).send(several, {"enrolment": [earned.id, *ticked] if ticked else []})
    assert answer.status_code == 409
    assert ("at most 200" if ticked else "Nobody was ticked") in answer.text
    with database.reading() as session:
        assert session.query(Conferral).count() == 0


def test_dana_sees_why_a_further_document_could_not_be_made(as_, dana, mara, earned, worked, database) -> None:
    as_(dana).decide(f"/desk/people/{earned.id}", {"sure": "y"})
    worked()
    with database.reading() as session:
        [certificate] = session.query(Certificate)
    as_(mara).send(f"/certificates/{certificate.public_id}/documents/transcript")
    with database.transaction() as session:
        note_problem(session, conferral_id=certificate.conferral_id, sentence="The disk is full.", now=utc_now())
    page = as_(dana).get(f"/desk/people/{earned.id}").text
    assert "Not made yet: transcript" in page
    assert "The disk is full." in page


def test_a_director_of_another_programme_confers_nobody_here(as_, nils, mara, walk, database) -> None:
    way = walk(mara)
    path = f"/desk/cohorts/{way.enrolment.cohort_id}/conferrals"
    assert as_(nils).send(path, {"enrolment": way.enrolment.id}).status_code == 404
    with database.reading() as session:
        assert session.query(Conferral).count() == 0


def test_a_new_cohort_follows_the_newest_release(as_, dana, cohort) -> None:
    desk = as_(dana)
    answer = desk.send("/desk/cohorts/new", {"programme": "foundations", "name": "Autumn", "starts_on": "2026-10-01"})
    assert answer.status_code == 303
    assert cohort.release_hash[:12] in desk.get(answer.location).text


def test_a_cohort_cannot_be_begun_in_somebody_elses_programme(as_, nils, cohort) -> None:
    form = {"programme": "foundations", "name": "Autumn", "starts_on": "2026-10-01"}
    assert as_(nils).send("/desk/cohorts/new", form).status_code == 422


def test_dana_takes_an_invitation_back_before_it_is_used(as_, dana, nils, cohort, stranger) -> None:
    desk = as_(dana)
    form = {"name": "Noor Lind", "email": "noor@example.org"}
    page = desk.send(f"/desk/cohorts/{cohort.id}", form, follow_redirects=True).text
    link, address = invitation_link(page), re.search(r"/desk/invitations/\w+/withdrawal", page)[0]
    assert as_(nils).send(address).status_code == 404
    assert desk.send(address).status_code == 303
    assert desk.send(address).status_code == 303
    page = desk.get(f"/desk/cohorts/{cohort.id}").text
    assert "None. Whoever you invite" in page
    assert "taken back" in page.split("Used or taken back (1)", 1)[1]
    answer = stranger.get(link)
    assert answer.status_code == 409
    assert "was taken back" in answer.text


def test_an_invitation_that_was_used_cannot_be_taken_back(as_, dana, cohort, stranger) -> None:
    desk = as_(dana)
    form = {"name": "Noor Lind", "email": "noor@example.org"}
    page = desk.send(f"/desk/cohorts/{cohort.id}", form, follow_redirects=True).text
    stranger.send(invitation_link(page), {"name": "Noor Lind", "password": "four quiet green herons"})
    address = re.search(r"/desk/invitations/\w+/withdrawal", page)[0]
    assert desk.send(address).status_code == 409


def test_each_row_of_the_matrix_tells_of_its_own_person(as_, dana, mara, omar, walk, cohort) -> None:
    way = walk(mara)
    walk(omar)
    way.read("ethics", lessons=2)
    page = as_(dana).get(f"/desk/cohorts/{cohort.id}").text
    rows = {name: page.split(name, 1)[1].split("</tr>", 1)[0] for name in (mara.name, omar.name)}
    assert re.findall(r"([1-9]) of \d+ lessons read", rows[mara.name]) == ["2"]
    assert re.findall(r"([1-9]) of \d+ lessons read", rows[omar.name]) == []
    assert rows[omar.name].count("Not tried yet.") == rows[mara.name].count("Not tried yet.") == 15


def test_a_cohort_has_a_name_that_fits_on_a_certificate(as_, dana, cohort) -> None:
    form = {"programme": "foundations", "name": "S" * 61, "starts_on": "2026-10-01"}
    assert as_(dana).send("/desk/cohorts/new", form).status_code == 422


def test_dana_gives_mara_more_time_for_a_reason(as_, dana, mara, enrolled, database) -> None:
    record = f"/desk/people/{enrolled(mara).id}"
    assert "Please give the reason" in as_(dana).send(f"{record}/time", {"factor": "150"}).text
    assert as_(dana).send(f"{record}/time", {"factor": "120", "reason": "Reads slowly."}).status_code == 422
    for _ in range(2):
        assert (
            as_(dana).decide(f"{record}/time", {"factor": "150", "reason": "Reads slowly."}, on=record).status_code
            == 303
        )
    page = as_(dana).get(record).text
    assert page.count("Reads slowly.") == 1
    assert "half as long again" in page
    with database.reading() as session:
        assert [entry.detail for entry in latest(session, programmes=frozenset({"foundations"}))] == ["150 %"]


def test_only_the_director_of_the_programme_decides_about_time(as_, nils, sol, mara, enrolled) -> None:
    address = f"/desk/people/{enrolled(mara).id}/time"
    form = {"factor": "0", "reason": "Because."}
    assert as_(nils).send(address, form).status_code == 404
    assert as_(sol).send(address, form).status_code == 403
    assert as_(mara).send(address, form).status_code == 403


def in_order(page: str, *names: str) -> bool:
    return [page.index(name) for name in names] == sorted(page.index(name) for name in names)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_ticks_nobody_is_told_so_on_the_page_itself(as_, dana, earned) -> None:
    answer = as_(dana).send(f"/desk/cohorts/{earned.cohort_id}/conferrals", {})
    assert "Nobody was ticked" in answer.text
    assert "Confer the certificates of the people ticked" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everybody_who_is_ready_is_ticked_on_request_and_nothing_is_decided_by_that(
    as_, dana, omar, earned, enrolled, database
) -> None:
    page = as_(dana).get(f"/desk/cohorts/{earned.cohort_id}?everybody=1").text
    assert f'value="{earned.id}" checked' in page
    assert f'value="{enrolled(omar).id}"' not in page, "he is not ready"
    with database.reading() as session:
        assert session.query(Conferral).count() == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_more_are_ticked_than_are_taken(as_, dana, earned, monkeypatch) -> None:
    monkeypatch.setattr("trainer.cohorts.routes.MOST_AT_ONCE", 0)
    assert " checked" not in as_(dana).get(f"/desk/cohorts/{earned.cohort_id}?everybody=1").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_administrator_is_not_told_that_somebody_waits_for_her_decision(as_, ada, earned) -> None:
    page = as_(ada).get("/desk/").text
    assert "Waiting for your decision" not in page
    assert "Mara Vogel" in page.split("Waiting for a director", 1)[1].split("Cohorts", 1)[0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_with_two_programmes_every_card_names_its_own(as_, dana, earned, catalogue, database) -> None:
    title = catalogue.programmes["foundations"].title

    def cards() -> str:
        page = as_(dana).get("/desk/").text
        return page.split('id="waiting"', 1)[1].split("Begin a cohort", 1)[0]

    assert title not in cards()
    with database.transaction() as session:
        person = session.get_one(Person, dana.id)
        accounts.grant(session, person=person, programme="elsewhere", role=Role.DIRECTOR, now=utc_now())
    assert cards().count(title) == 2, "Mara's card, and the cohort's"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_names_stand_in_the_order_of_the_alphabet_whatever_their_marks(as_, dana, person, enrolled, cohort) -> None:
    for name in ("Zoë Marsh", "Yılmaz Ak", "Élodie Petit", "Çelik Demir", "Łukasz Nowak", "Mia Lind"):
        enrolled(person(name, Role.TRAINEE))
    page = as_(dana).get(f"/desk/cohorts/{cohort.id}").text
    assert in_order(page, "Çelik Demir", "Élodie Petit", "Łukasz Nowak", "Mia Lind", "Yılmaz Ak", "Zoë Marsh")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("before", "offered"),
    [("http://localhost/desk/?a=1", True), ("http://elsewhere.example/desk/", False), ("http://[", False), ("", False)],
)
def test_a_refusal_leads_back_to_the_page_where_the_form_stood(
    as_, dana, mara, enrolled, database, before, offered
) -> None:
    hers = enrolled(mara)
    with database.reading() as session:
        seen = seen_of_people(session, enrolment_ids=[hers.id])[hers.id]
    sent = {"sure": "y", "seen": seen}
    answer = as_(dana).send(f"/desk/people/{hers.id}", sent, headers={"Referer": before})
    assert answer.status_code == 409
    assert ("Back to the page before" in answer.text) is offered
    assert ('href="/desk/?a=1"' in answer.text) is offered


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_about_time_opens_at_what_holds(as_, dana, mara, enrolled) -> None:
    record = f"/desk/people/{enrolled(mara).id}"
    assert '<option selected value="100">' in as_(dana).get(record).text
    as_(dana).decide(f"{record}/time", {"factor": "150", "reason": "Reads slowly."}, on=record)
    assert '<option selected value="150">' in as_(dana).get(record).text
