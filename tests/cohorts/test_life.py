"""A cohort is called otherwise, dated anew and archived; a place in it ends, and is given back."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from trainer.accounts.words import Role
from trainer.audit.queries import latest
from trainer.certificates.models import Certificate, Conferral
from trainer.enrolment.models import Cohort, CohortChange, Enrolment, EnrolmentChange

WHY = {"reason": "It was a slip of the finger."}
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def change(cohort: Cohort, **other: str) -> dict[str, str]:
    return {"name": cohort.name, "starts_on": str(cohort.starts_on), **WHY, **other}


def test_dana_mends_the_name_and_the_first_day_of_a_cohort_and_says_why(as_, dana, cohort, database) -> None:
    desk, page = as_(dana), f"/desk/cohorts/{cohort.id}/change"
    form = change(cohort, name="Autumn", starts_on="2026-10-01")
    for _ in range(2):  # a second click changes nothing
        assert desk.decide(page, form).status_code == 303
    with database.reading() as session:
        now = session.get_one(Cohort, cohort.id)
        assert (now.name, str(now.starts_on)) == ("Autumn", "2026-10-01")
        assert [one.reason for one in session.scalars(select(CohortChange))] == [WHY["reason"]]
        [entry] = latest(session, programmes=frozenset({"foundations"}))
        assert cohort.name in entry.detail
    assert WHY["reason"] in desk.get(page).text


@sqlite
def test_an_older_page_of_a_cohort_says_what_holds_now(as_, dana, cohort) -> None:
    desk, page = as_(dana), f"/desk/cohorts/{cohort.id}/change"
    desk.send(page, change(cohort, name="Autumn", seen="0"))
    answer = desk.send(page, change(cohort, archived="y", seen="0", reason="It is over."))
    assert answer.status_code == 409
    assert "it is called “Autumn”" in answer.text
    assert f'value="{cohort.name}"' in answer.text, "what was typed stays, and sent again it holds"


@sqlite
def test_a_cohort_is_not_changed_without_a_reason(as_, dana, cohort, database) -> None:
    answer = as_(dana).send(f"/desk/cohorts/{cohort.id}/change", change(cohort, name="Autumn", reason=" "))
    assert answer.status_code == 422
    assert 'value="Autumn"' in answer.text, "nothing that was typed is lost"
    with database.reading() as session:
        assert session.get_one(Cohort, cohort.id).name == cohort.name


@sqlite
def test_a_certificate_keeps_the_name_that_it_was_signed_with(as_, dana, earned, worked, database) -> None:
    desk = as_(dana)
    desk.decide(f"/desk/people/{earned.id}", {"sure": "y"})
    with database.reading() as session:
        cohort = session.get_one(Cohort, earned.cohort_id)
    assert desk.decide(f"/desk/cohorts/{cohort.id}/change", change(cohort, name="Autumn")).status_code == 303
    worked()
    with database.reading() as session:
        assert [one.claim["cohort"] for one in session.query(Certificate)] == [cohort.name]


@sqlite
@pytest.mark.parametrize("name", ["spring 2026", "SPRING 2026", "Spring  2026 "])
def test_two_cohorts_do_not_differ_by_capitals_alone(as_, dana, cohort, database, name: str) -> None:
    desk = as_(dana)
    new = {"programme": "foundations", "starts_on": "2026-10-01"}
    assert desk.send("/desk/cohorts/new", {**new, "name": "Spring 2026"}).status_code == 303
    assert desk.send("/desk/cohorts/new", {**new, "name": name}).status_code == 422
    assert desk.decide(f"/desk/cohorts/{cohort.id}/change", change(cohort, name=name)).status_code == 422


@sqlite
def test_a_cohort_may_change_its_own_capitals(as_, dana, cohort) -> None:
    form = change(cohort, name=cohort.name.upper())
    assert as_(dana).decide(f"/desk/cohorts/{cohort.id}/change", form).status_code == 303


@sqlite
@pytest.mark.parametrize(
    ("day", "taken"),
    [
        ("0026-10-01", False),
        ("1899-01-01", False),
        ("9999-12-31", False),
        ("2020-12-29", False),
        ("2020-12-30", True),
        ("2031-01-01", True),
    ],
)
def test_a_year_that_is_hardly_meant_is_pointed_out(as_, dana, cohort, day: str, taken: bool) -> None:
    with time_machine.travel(datetime(2026, 1, 3, tzinfo=UTC), tick=False):
        desk = as_(dana)
        form = {"programme": "foundations", "name": "Autumn", "starts_on": day}
        answer = desk.send("/desk/cohorts/new", form)
    assert answer.status_code == (303 if taken else 422)
    assert taken or f"The year {day[:4]} is more than 5 years from now" in answer.text


def test_an_archived_cohort_is_off_the_desk_and_comes_back(as_, dana, earned, database) -> None:
    desk, page = as_(dana), f"/desk/cohorts/{earned.cohort_id}"
    with database.reading() as session:
        cohort = session.get_one(Cohort, earned.cohort_id)

    def waits() -> bool:
        return "Mara Vogel" in desk.get("/desk/").text.split("What was done")[0]

    assert waits()
    assert desk.decide(f"{page}/change", change(cohort, archived="y")).status_code == 303
    assert not waits()
    assert "In the archive (1)" in desk.get("/desk/").text
    assert "Make an invitation link" not in desk.get(page).text
    assert "Mara Vogel" in desk.get(page).text, "it is still read"
    invited = desk.send(page, {"name": "Noor Lind", "email": "noor@example.org"})
    assert invited.status_code == 422
    assert "This cohort is in the archive" in invited.text
    assert desk.decide(f"{page}/change", change(cohort)).status_code == 303
    assert waits()


def test_a_place_in_the_wrong_cohort_ends_and_is_given_back(as_, dana, mara, cohort, enrolled, database) -> None:
    desk, his = as_(dana), as_(mara)
    place = enrolled(mara)
    end = f"/desk/people/{place.id}/place"
    assert his.get(f"/path/{place.id}").status_code == 200
    for _ in range(2):
        assert desk.decide(end, {"ended": "y", **WHY}).status_code == 303
    assert his.get(f"/path/{place.id}").status_code == 404
    assert his.get("/", follow_redirects=True).status_code == 200
    matrix = desk.get(f"/desk/cohorts/{cohort.id}").text
    assert "Places that have ended (1)" in matrix
    assert "<tbody>" not in matrix
    assert "The place in this cohort has ended" in desk.get(f"/desk/people/{place.id}").text
    assert desk.decide(end, {"ended": "", **WHY}).status_code == 303
    assert his.get(f"/path/{place.id}").status_code == 200
    with database.reading() as session:
        rows = session.scalars(select(EnrolmentChange).order_by(EnrolmentChange.id)).all()
        acts = [one.act for one in latest(session, programmes=frozenset({"foundations"}))]
    assert [row.ended for row in rows] == [True, False]
    assert acts[:2] == ["give place back", "end place"]


@sqlite
def test_a_place_does_not_end_without_a_reason(as_, dana, mara, enrolled, database) -> None:
    assert as_(dana).decide(f"/desk/people/{enrolled(mara).id}/place", {"ended": "y"}).status_code == 422
    with database.reading() as session:
        assert session.query(EnrolmentChange).count() == 0


@sqlite
def test_whose_place_has_ended_is_conferred_nothing_until_it_is_given_back(as_, dana, earned, database) -> None:
    desk = as_(dana)
    desk.decide(f"/desk/people/{earned.id}/place", {"ended": "y", **WHY})
    assert "Confer the certificate" not in desk.get(f"/desk/people/{earned.id}").text
    answer = desk.decide(f"/desk/people/{earned.id}", {"sure": "y"})
    assert answer.status_code == 409
    assert "The place in this cohort has ended" in answer.text
    with database.reading() as session:
        assert session.query(Conferral).count() == 0
    desk.decide(f"/desk/people/{earned.id}/place", {"ended": "", **WHY})
    assert desk.decide(f"/desk/people/{earned.id}", {"sure": "y"}).status_code == 303


def test_whoever_is_invited_again_goes_on_where_they_were(as_, dana, omar, cohort, enrolled, database) -> None:
    desk, place = as_(dana), enrolled(omar)
    desk.decide(f"/desk/people/{place.id}/place", {"ended": "y", **WHY})
    form = {"name": "Omar", "email": omar.email}
    page = desk.send(f"/desk/cohorts/{cohort.id}", form, follow_redirects=True).text
    link = page.split("/invitations/", 1)[1].split("<", 1)[0]
    assert as_(omar).send(f"/invitations/{link}").status_code == 303
    assert as_(omar).get(f"/path/{place.id}").status_code == 200
    with database.reading() as session:
        assert session.query(Enrolment).count() == 1


@sqlite
def test_nobody_ends_their_own_place_or_one_elsewhere(as_, person, nils, mara, enrolled, cohort) -> None:
    both = person("Robin Kestrel", Role.TRAINEE, Role.DIRECTOR)
    assert as_(both).decide(f"/desk/people/{enrolled(both).id}/place", {"ended": "y", **WHY}).status_code == 409
    assert as_(nils).decide(f"/desk/people/{enrolled(mara).id}/place", {"ended": "y", **WHY}).status_code == 404
    assert as_(nils).decide(f"/desk/cohorts/{cohort.id}/change", change(cohort)).status_code == 404
    assert as_(mara).decide(f"/desk/cohorts/{cohort.id}/change", change(cohort)).status_code == 403
