"""What somebody with bad intentions, or a quick finger, tries at the desk and at the door for the invited."""

from threading import Barrier, Thread

import pytest

from trainer.accounts import services as accounts
from trainer.accounts.models import InvitationUse, Membership
from trainer.accounts.offers import OfferedRole
from trainer.accounts.words import Role
from trainer.certificates.models import Certificate
from trainer.clock import utc_now

FORM = {"name": "Noor Lind", "password": "four quiet green herons"}


def invited(database, cohort, dana, *, email: str = "noor@example.org", role: Role = Role.TRAINEE) -> str:
    with database.transaction() as session:
        into = OfferedRole(programme=cohort.programme, role=role, cohort_id=cohort.id)
        _, token = accounts.make_invitation(
            session, name="Noor Lind", email=email, into=into, invited_by=dana.id, now=utc_now()
        )
    return f"/invitations/{token}"


def at_once(*acts) -> list[int]:
    ready, codes = Barrier(len(acts)), []

    def go(act) -> None:
        ready.wait()
        codes.append(act().status_code)

    threads = [Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


def test_two_clicks_at_once_make_one_account(app, cohort, dana, database) -> None:
    link = invited(database, cohort, dana)
    browsers = [app.test_client() for _ in range(4)]
    codes = at_once(*(lambda one=one: one.send(link, FORM) for one in browsers))
    assert codes == [303, 409, 409, 409]


def test_two_invitations_to_one_address_make_one_account(app, cohort, dana, database) -> None:
    links = [invited(database, cohort, dana) for _ in range(3)]
    codes = at_once(*(lambda link=link: app.test_client().send(link, FORM) for link in links))
    assert codes == [303, 409, 409]


def test_an_account_accepts_one_invitation_once_however_often_it_is_sent(
    app, as_, cohort, dana, omar, database
) -> None:
    link = invited(database, cohort, dana, email=omar.email, role=Role.SUPERVISOR)
    browsers = [as_(omar) for _ in range(4)]
    assert at_once(*(lambda one=one: one.send(link) for one in browsers)) == [303, 409, 409, 409]
    with database.reading() as session:
        assert session.query(InvitationUse).count() == 1
        assert session.query(Membership).filter_by(person_id=omar.id, role=Role.SUPERVISOR).count() == 1


def test_a_second_cohort_of_the_same_name_is_refused_in_a_sentence(as_, dana, cohort) -> None:
    form = {"programme": "foundations", "name": f" {cohort.name} ", "starts_on": "2026-02-01"}
    answer = as_(dana).send("/desk/cohorts/new", form)
    assert answer.status_code == 422
    assert "another name" in answer.text


def test_two_cohorts_of_one_name_at_once_are_one(as_, dana, cohort) -> None:
    form = {"programme": "foundations", "name": "Autumn", "starts_on": "2026-02-01"}
    browsers = [as_(dana) for _ in range(3)]
    codes = at_once(*(lambda one=one: one.send("/desk/cohorts/new", form) for one in browsers))
    assert codes.count(303) == 1
    assert set(codes) <= {303, 409, 422}


@pytest.mark.parametrize(
    "name", ["\u200b\u200b", "Mara \u202eleugoV", "Mara\u00adVogel", "12345", "தமிழ்", "<b>Mara</b>"]
)
def test_a_name_that_no_certificate_could_show_is_refused_on_the_first_day(
    app, cohort, dana, database, name: str
) -> None:
    answer = app.test_client().send(invited(database, cohort, dana), {**FORM, "name": name})
    assert answer.status_code == 422


def test_an_address_of_full_length_can_be_invited(as_, dana, cohort) -> None:
    email = "a" * 64 + "@" + ("b" * 60 + ".") * 3 + "museum"  # 254 signs, the longest that mail servers take (RFC 5321)
    answer = as_(dana).send(f"/desk/cohorts/{cohort.id}", {"name": "Noor", "email": email}, follow_redirects=True)
    assert answer.status_code == 200
    assert "/invitations/" in answer.text


def test_nobody_confers_their_own_certificate(as_, person, walk, reviewed, database) -> None:
    both = person("Robin Kestrel", Role.TRAINEE, Role.DIRECTOR)
    way = walk(both)
    for leaf in way.leaves():
        way.do(leaf)
    answer = as_(both).send(f"/desk/people/{way.enrolment.id}", {"sure": "y"})
    assert answer.status_code == 409
    assert "their own" in answer.text
    with database.reading() as session:
        assert session.query(Certificate).count() == 0


def test_who_stands_aside_is_told_so_before_everything_is_met(as_, person, enrolled) -> None:
    both = person("Robin Kestrel", Role.TRAINEE, Role.DIRECTOR)
    page = as_(both).get(f"/desk/people/{enrolled(both).id}").text
    assert "Somebody else decides" in page
    assert "Every requirement is met" not in page


def test_an_administrator_does_not_confer(as_, ada, earned) -> None:
    assert as_(ada).send(f"/desk/people/{earned.id}", {"sure": "y"}).status_code == 404


@pytest.mark.parametrize("name", ["\u200b", "Spring 😀", "\u202egnirpS", "–"])
def test_a_cohort_has_a_name_that_certificates_can_show(as_, dana, cohort, name: str) -> None:
    form = {"programme": "foundations", "name": name, "starts_on": "2026-02-01"}
    assert as_(dana).send("/desk/cohorts/new", form).status_code == 422
