"""Roles are given, ended and given again by those entitled, and each act is written down."""

import re
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from tests.conftest import PASSWORD
from tests.staff.conftest import World
from trainer.accounts import services as accounts
from trainer.accounts.models import HELD_NOW, Membership, Person
from trainer.accounts.queries import check_may_decide
from trainer.accounts.words import Role
from trainer.audit.queries import latest
from trainer.clock import utc_now
from trainer.errors import Refused
from trainer.examinations.words import Zone
from trainer.staff import services
from trainer.staff.closing import services as closing

STAFF = "/desk/staff/foundations"
WHY = {"reason": "They have moved away."}
FOUNDATIONS = frozenset({"foundations"})


@pytest.fixture
def held(database):
    """Return what somebody holds in `foundations` now."""

    def roles(person: Person) -> set[Role]:
        with database.reading() as session:
            return set(session.scalars(select(Membership.role).where(Membership.person_id == person.id, HELD_NOW)))

    return roles


@pytest.fixture
def role_of(database):
    """Return the number under which somebody holds a role now."""

    def membership(person: Person, role: Role) -> int:
        with database.reading() as session:
            mine = Membership.person_id == person.id, Membership.role == role, HELD_NOW
            return session.scalars(select(Membership.id).where(*mine)).one()

    return membership


@pytest.fixture
def acts(database):
    """Return the acts that were written down, the oldest first."""

    def written() -> list[tuple[str, str, str]]:
        with database.reading() as session:
            found = latest(session, programmes=FOUNDATIONS)
            return [(one.act, one.subject, one.detail) for one in reversed(found)]

    return written


@pytest.fixture
def dora(person) -> Person:
    """A second director."""
    return person("Dora Second", Role.DIRECTOR)


def given(name: str, email: str, role: Role) -> dict[str, object]:
    return {"name": name, "email": email, "role": role.value}


def link_in(page: str) -> str:
    found = re.search(r"/invitations/[\w-]+", page)
    assert found
    return found[0]


def test_dana_sees_who_acts_for_her_programme_and_nils_does_not(as_, dana, sol, ada, nils) -> None:
    page = as_(dana).get(STAFF).text
    assert all(one.name in page for one in (dana, sol, ada))
    assert nils.name not in page
    assert as_(nils).get(STAFF).status_code == 404
    assert as_(ada).get(STAFF).status_code == 200
    assert as_(sol).get(STAFF).status_code == 403


def test_ada_makes_no_director_of_herself_nor_of_anybody(as_, ada, mara, held, acts) -> None:
    browser = as_(ada)
    for email in (ada.email, mara.email, "ada.quill@elsewhere.example"):
        answer = browser.send(STAFF, given("Ada Quill", email, Role.DIRECTOR))
        assert answer.status_code == 422
        assert "You cannot make anybody a director" in answer.text
    assert held(ada) == {Role.ADMINISTRATOR}
    assert acts() == []


def test_dana_does_not_make_an_examiner_of_herself(as_, dana, held) -> None:
    answer = as_(dana).send(STAFF, given(dana.name, dana.email, Role.SUPERVISOR))
    assert answer.status_code == 422
    assert "Nobody gives themselves a role" in answer.text
    assert held(dana) == {Role.DIRECTOR}


def test_a_role_is_given_at_once_to_somebody_whom_the_programme_knows(as_, dana, mara, held, acts) -> None:
    hers = as_(mara)
    assert hers.get("/cases/notes").status_code == 403
    answer = as_(dana).send(STAFF, given(mara.name, mara.email, Role.SUPERVISOR), follow_redirects=True)
    assert "Mara Vogel has the role from now on" in answer.text
    assert held(mara) == {Role.TRAINEE, Role.SUPERVISOR}
    assert hers.get("/cases/notes").status_code == 200
    assert acts() == [("give role", "Mara Vogel", "supervisor")]


def test_anybody_else_is_invited_and_accepting_is_written_down(as_, dana, nils, held, acts) -> None:
    desk = as_(dana)
    page = desk.send(STAFF, given(nils.name, nils.email, Role.SUPERVISOR), follow_redirects=True).text
    link = link_in(page)
    assert link not in desk.get(STAFF).text
    assert nils.email in desk.get(STAFF).text
    assert as_(nils).send(link).status_code == 303
    assert Role.SUPERVISOR in held(nils)
    assert acts() == [("invite", nils.email, "supervisor"), ("accept invitation", nils.name, "supervisor")]
    assert f"by invitation, {dana.name}" in desk.get(STAFF).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_is_invited_to_act_reads_nothing_of_a_certificate_of_theirs(as_, dana, app) -> None:
    page = as_(dana).send(STAFF, given("Ester Lund", "ester@example.org", Role.DIRECTOR), follow_redirects=True).text
    welcome = app.test_client().get(link_in(page)).text
    assert "We keep what you decide here" in welcome
    assert "your certificate" not in welcome


def test_whoever_has_a_role_is_not_given_it_again_nor_one_beside_it(as_, dana, sol, held) -> None:
    for role, words in ((Role.SUPERVISOR, "already"), (Role.DIRECTOR, "End the other role first")):
        answer = as_(dana).send(STAFF, given(sol.name, sol.email, role))
        assert answer.status_code == 422
        assert words in answer.text
    assert held(sol) == {Role.SUPERVISOR}


@pytest.mark.usefixtures("dora")
def test_an_ended_role_is_gone_at_once_where_its_holder_is_signed_in(as_, dana, sol, role_of, held, acts) -> None:
    his, path = as_(sol), f"/desk/roles/{role_of(sol, Role.SUPERVISOR)}/end"
    assert his.get("/cases/notes").status_code == 200
    assert as_(dana).send(path, {"reason": " "}).status_code == 422
    assert as_(dana).send(path, WHY).status_code == 303
    assert his.get("/cases/notes").status_code == 403
    assert held(sol) == set()
    assert acts() == [("end role", sol.name, "supervisor: They have moved away.")]
    page = as_(dana).get(STAFF).text.split("Roles that have ended")[1]
    assert sol.name in page
    assert "They have moved away." in page
    assert as_(dana).send(path, WHY).status_code == 303, "a second click finds it ended"
    assert len(acts()) == 1


def test_a_trainee_whose_role_ended_here_goes_on_only_elsewhere(as_, dana, mara, enrolled, database) -> None:
    path, hers = f"/path/{enrolled(mara).id}", as_(mara)
    assert hers.get(path).status_code == 200
    with database.transaction() as session:
        person = session.get_one(Person, mara.id)
        accounts.grant(session, person=person, programme="elsewhere", role=Role.TRAINEE, now=utc_now())
    with database.reading() as session:
        here = Membership.person_id == mara.id, Membership.programme == "foundations"
        number = session.scalars(select(Membership.id).where(*here)).one()
    as_(dana).send(f"/desk/roles/{number}/end", WHY)
    assert hers.get(path).status_code == 404


def test_a_role_can_be_given_again_and_both_times_are_kept(as_, dana, sol, role_of, held, database) -> None:
    desk = as_(dana)
    for _ in range(2):
        desk.send(f"/desk/roles/{role_of(sol, Role.SUPERVISOR)}/end", WHY)
        assert desk.send(STAFF, given(sol.name, sol.email, Role.SUPERVISOR)).status_code == 303
    assert held(sol) == {Role.SUPERVISOR}
    with database.reading() as session:
        kept = session.scalars(select(Membership.number).where(Membership.person_id == sol.id)).all()
    assert kept == [1, 2, 3]


def test_a_trainee_who_left_finds_what_stays_theirs_and_goes_on_when_invited_again(
    as_, dana, mara, enrolled, role_of, held
) -> None:
    enrolment, hers, desk = enrolled(mara), as_(mara), as_(dana)
    cohort, record = f"/desk/cohorts/{enrolment.cohort_id}", f"/desk/people/{enrolment.id}"
    again = {"name": mara.name, "email": mara.email}
    assert "no trainee any more" not in desk.get(cohort).text
    assert "is in this cohort already" in desk.send(cohort, again).text
    desk.send(f"/desk/roles/{role_of(mara, Role.TRAINEE)}/end", WHY)
    start = hers.get("/")
    assert start.status_code == 200  # not on to a path that is not hers any more
    assert "/certificates/" in start.text
    assert "no trainee any more" in desk.get(cohort).text
    assert "The trainee role has ended" in desk.get(record).text
    assert hers.send(link_in(desk.send(cohort, again, follow_redirects=True).text)).status_code == 303
    assert held(mara) == {Role.TRAINEE}
    assert hers.get("/").location == f"/path/{enrolment.id}"
    assert "no trainee any more" not in desk.get(cohort).text


def test_a_dismissed_director_decides_nothing_more_and_lets_nobody_in(as_, dana, dora, role_of, app) -> None:
    hers = as_(dana)
    page = hers.send(STAFF, given("Sock", "sock@example.org", Role.DIRECTOR), follow_redirects=True).text
    as_(dora).send(f"/desk/roles/{role_of(dana, Role.DIRECTOR)}/end", WHY)
    assert hers.get("/desk/").status_code == 403
    answer = app.test_client().send(link_in(page), {"name": "Sock", "password": "four quiet green herons"})
    assert answer.status_code == 409
    assert "does not hold any more" in answer.text


def test_the_last_director_stays_until_there_is_another(as_, dana, person, role_of, held) -> None:
    path = f"/desk/roles/{role_of(dana, Role.DIRECTOR)}/end"
    answer = as_(dana).send(path, WHY)
    assert answer.status_code == 409
    assert "the last director of the programme" in answer.text
    person("Dora Second", Role.DIRECTOR)
    assert "cannot give it back to yourself" in as_(dana).get(path).text
    assert as_(dana).send(path, WHY).location == "/"
    assert held(dana) == set()


def test_the_director_of_another_programme_ends_nothing_here(as_, nils, sol, role_of, held) -> None:
    assert as_(nils).send(f"/desk/roles/{role_of(sol, Role.SUPERVISOR)}/end", WHY).status_code == 404
    assert held(sol) == {Role.SUPERVISOR}


def test_sol_lays_down_his_own_office_from_his_account(as_, sol, role_of, held) -> None:
    path = f"/desk/roles/{role_of(sol, Role.SUPERVISOR)}/end"
    assert path in as_(sol).get("/account").text
    assert as_(sol).send(path, WHY).status_code == 303
    assert held(sol) == set()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_before_the_last_supervisor_goes_it_is_said_what_then_waits(as_, dana, sol, mara, person, role_of) -> None:
    desk = as_(dana)
    asked = desk.get(f"/desk/roles/{role_of(sol, Role.SUPERVISOR)}/end").text
    assert "the last supervisor of the programme" in asked
    assert "What they decided stays" in asked
    assert "What they did stays" in desk.get(f"/desk/roles/{role_of(mara, Role.TRAINEE)}/end").text
    person("Sina Weber", Role.SUPERVISOR)
    assert "the last supervisor" not in desk.get(f"/desk/roles/{role_of(sol, Role.SUPERVISOR)}/end").text


def test_two_directors_who_end_each_other_at_once_leave_one(as_, dana, dora, role_of, held) -> None:
    paths = [f"/desk/roles/{role_of(one, Role.DIRECTOR)}/end" for one in (dana, dora)]
    browsers, ready, codes = [as_(dora), as_(dana)], Barrier(2), []

    def go(browser, path: str) -> None:
        ready.wait()
        codes.append(browser.send(path, WHY).status_code)

    threads = [Thread(target=go, args=pair) for pair in zip(browsers, paths, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held(dana) | held(dora)) == 1
    assert codes.count(303) == 1


def test_a_closed_account_is_out_at_once_and_signs_in_no_more(app, as_, ada, mara, held, acts) -> None:
    hers, desk, path = as_(mara), as_(ada), f"/people/{mara.id}"
    assert desk.decide(f"{path}/closing", {}, on=f"{path}/account").status_code == 422
    for _ in range(2):  # a second click closes nothing more, and opens nothing
        assert desk.decide(f"{path}/closing", WHY, on=f"{path}/account").status_code == 303
    other = desk.decide(f"{path}/closing", {"reason": "She left for another school."}, on=f"{path}/account")
    assert other.status_code == 409
    assert "She left for another school." in other.text, "the reasons of whoever comes second are given back"
    assert hers.get("/account").location.startswith("/sign-in")
    answer = app.test_client().send("/sign-in", {"email": mara.email, "password": PASSWORD})
    assert answer.status_code == 409
    assert "This account is closed" in answer.text
    assert held(mara) == set()
    assert "The account is closed" in desk.get(f"{path}/account").text
    assert desk.decide(f"{path}/opening", WHY, on=f"{path}/account").status_code == 303
    assert app.test_client().send("/sign-in", {"email": mara.email, "password": PASSWORD}).status_code == 303
    assert [act for act, _, _ in acts()] == ["end role", "close account", "open account"]


def test_ada_closes_no_account_whose_roles_are_not_hers_to_end(as_, ada, dana, dora, held) -> None:
    page = as_(ada).get(f"/people/{dana.id}/account").text
    assert "You cannot end the role of a director" in page
    assert "Close this account" not in page
    answer = as_(ada).decide(f"/people/{dana.id}/closing", WHY, on=f"/people/{dana.id}/account")
    assert answer.status_code == 409
    assert "You cannot end the role of a director" in answer.text
    assert held(dana) == {Role.DIRECTOR}
    assert as_(ada).decide(f"/people/{ada.id}/closing", WHY, on=f"/people/{ada.id}/account").status_code == 409


def test_nobody_with_a_closed_account_is_invited_or_given_a_role(as_, ada, dana, mara) -> None:
    as_(ada).decide(f"/people/{mara.id}/closing", WHY, on=f"/people/{mara.id}/account")
    answer = as_(dana).send(STAFF, given(mara.name, mara.email, Role.SUPERVISOR))
    assert answer.status_code == 422
    assert "must open it again first" in answer.text


def test_who_gave_an_office_and_who_has_it_decide_nothing_about_each_other(dana, sol, omar, database) -> None:
    with database.transaction() as session:
        services.give(
            session,
            person=session.get_one(Person, omar.id),
            programme="foundations",
            role=Role.SUPERVISOR,
            by=dana.id,
            now=utc_now(),
        )
    with database.reading() as session:
        for decider, about in ((dana, omar), (omar, dana), (dana, dana)):
            with pytest.raises(Refused, match=r"Somebody else of the programme must"):
                check_may_decide(session, decider_id=decider.id, about_id=about.id)
        check_may_decide(session, decider_id=dana.id, about_id=sol.id)


def test_the_command_line_may_leave_a_programme_without_a_director(dana, database, held) -> None:
    with database.transaction() as session:
        [membership] = session.get_one(Person, dana.id).memberships
        services.end_role(session, membership=membership, by=None, reason="The school has closed.", now=utc_now())
    assert held(dana) == set()


def test_a_person_of_two_programmes_is_closed_by_the_command_line_alone(as_, ada, mara, database, held) -> None:
    with database.transaction() as session:
        person = session.get_one(Person, mara.id)
        accounts.grant(session, person=person, programme="elsewhere", role=Role.TRAINEE, now=utc_now())
    answer = as_(ada).decide(f"/people/{mara.id}/closing", WHY, on=f"/people/{mara.id}/account")
    assert answer.status_code == 409
    assert "trainer close-account" in answer.text
    with database.transaction() as session:
        person = session.get_one(Person, mara.id)
        closing.close_account(session, person=person, by=None, reason="Asked for it.", now=utc_now())
    assert held(mara) == set()


def test_the_row_of_a_role_cannot_be_changed_behind_our_back(sol, database) -> None:
    with pytest.raises(Exception, match="append-only"), database.transaction() as session:
        session.query(Membership).filter_by(person_id=sol.id).update({"role": Role.DIRECTOR})


def test_the_menu_counts_what_waits_for_an_examiner(world: World) -> None:
    sol, dana = world.person(Role.SUPERVISOR), world.person(Role.DIRECTOR)

    def count(person: Person) -> list[str]:
        return re.findall(
            r'Examinations <span class="count">(\d+)<span[^>]*> wait<', world.browser(person).get("/verify").text
        )

    assert count(sol) == count(dana) == []
    world.sitting(flagged=True)
    assert (count(sol), count(dana)) == (["1"], []), "a flag is for supervisors alone, and holds the sitting back"
    world.sitting(zone=Zone.GREY)
    assert (count(sol), count(dana)) == (["2"], ["1"])
