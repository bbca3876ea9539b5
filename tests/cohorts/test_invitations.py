"""What becomes of an invitation: lost, run out, taken back, or not meant."""

import re
from datetime import timedelta

import pytest
import time_machine

from tests.cohorts.test_attacks import invited
from trainer.accounts.models import Invitation
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.certificates.models import Certificate
from trainer.clock import utc_now

NOOR = {"name": "Noor Lind", "email": "noor@example.org"}
PASSWORD = {"name": "Noor Lind", "password": "four quiet green herons"}
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def link_on(page: str) -> str:
    found = re.search(r"/invitations/[\w-]+(?=</code>)", page)
    assert found
    return found[0]


def new_link_on(page: str) -> str:
    found = re.search(r"/desk/invitations/\w+/link", page)
    assert found
    return found[0]


def test_a_lost_link_is_written_anew_and_the_old_one_works_no_more(as_, dana, cohort, app) -> None:
    desk, page = as_(dana), f"/desk/cohorts/{cohort.id}"
    shown = desk.send(page, NOOR, follow_redirects=True).text
    again = desk.send(new_link_on(shown), follow_redirects=True).text
    old, new = link_on(shown), link_on(again)
    assert "had before works no more" in again
    assert app.test_client().get(old).status_code == 409
    assert app.test_client().send(new, PASSWORD).status_code == 303
    after = desk.get(page).text
    assert "None. Whoever you invite" in after, "neither of the two stands as open"
    assert "Used or taken back (1)" in after


def test_who_never_followed_their_link_stays_visible_and_is_sent_another(as_, dana, cohort, app) -> None:
    page = f"/desk/cohorts/{cohort.id}"
    as_(dana).send(page, NOOR)
    with time_machine.travel(utc_now() + timedelta(days=15), tick=False):
        desk = as_(dana)
        shown = desk.get(page).text
        assert "never used" in shown
        assert "Take back the invitation" not in shown, "it works no more"
        again = desk.send(new_link_on(shown), follow_redirects=True).text
        assert app.test_client().send(link_on(again), PASSWORD).status_code == 303


@sqlite
def test_a_link_that_was_followed_is_not_written_anew(as_, dana, cohort, app, database) -> None:
    desk = as_(dana)
    shown = desk.send(f"/desk/cohorts/{cohort.id}", NOOR, follow_redirects=True).text
    app.test_client().send(link_on(shown), PASSWORD)
    answer = desk.send(new_link_on(shown))
    assert answer.status_code == 409
    assert "followed the link already" in answer.text
    with database.reading() as session:
        assert session.query(Invitation).count() == 1


@sqlite
def test_of_several_links_of_old_none_stands_as_open_once_one_was_followed(as_, dana, cohort, app, database) -> None:
    links = [invited(database, cohort, dana) for _ in range(3)]
    assert app.test_client().send(links[1], PASSWORD).status_code == 303
    assert "None. Whoever you invite" in as_(dana).get(f"/desk/cohorts/{cohort.id}").text


@sqlite
def test_taking_an_invitation_back_asks_first(as_, dana, nils, cohort, database) -> None:
    desk = as_(dana)
    shown = desk.send(f"/desk/cohorts/{cohort.id}", NOOR, follow_redirects=True).text
    address = re.search(r"/desk/invitations/\w+/withdrawal", shown)[0]
    asked = desk.get(address).text
    assert "Take the invitation of Noor Lind back?" in asked
    assert "Take back the invitation of Noor Lind" in desk.get(f"/desk/cohorts/{cohort.id}").text, "asking took nothing"
    assert as_(nils).get(address).status_code == 404
    assert as_(nils).send(address.replace("withdrawal", "link")).status_code == 404


@sqlite
def test_an_administrator_is_offered_only_what_she_may_do(as_, dana, ada, person, cohort) -> None:
    as_(dana).send("/desk/staff/foundations", {**NOOR, "role": "director"})
    page = as_(ada).get("/desk/staff/foundations").text
    assert "noor@example.org" in page
    assert "/desk/invitations/" not in page
    assert "/desk/invitations/" in as_(dana).get("/desk/staff/foundations").text


@sqlite
@pytest.mark.parametrize("word", ["valid", "revoked (conduct)"])
def test_whoever_has_or_lost_a_certificate_is_invited_only_when_that_is_meant(
    as_, dana, mara, earned, worked, database, cohort, word: str
) -> None:
    desk = as_(dana)
    desk.decide(f"/desk/people/{earned.id}", {"sure": "y"})
    worked()
    with database.reading() as session:
        [certificate] = session.query(Certificate)
    if word != "valid":
        revoked = {"reason": "conduct", "public_note": "", "private_reason": "A complaint was upheld.", "sure": "y"}
        assert desk.decide(f"/certificates/{certificate.public_id}/revocation", revoked).status_code == 303
    other = {"programme": "foundations", "name": "Autumn", "starts_on": "2026-10-01"}
    autumn = desk.send("/desk/cohorts/new", other).location
    asked = desk.send(autumn, {"name": "Mara", "email": f" {mara.email.upper()}"})
    assert asked.status_code == 422
    assert f"{certificate.number}, {word}" in asked.text
    with database.reading() as session:
        assert session.query(Invitation).count() == 0
    meant = {"name": "Mara", "email": mara.email, "nevertheless": "y", "reason": "The certificate is to be renewed."}
    assert desk.send(autumn, meant).status_code == 303


@sqlite
def test_whoever_has_a_place_in_another_cohort_is_invited_only_when_that_is_meant(
    as_, dana, omar, enrolled, cohort, database
) -> None:
    enrolled(omar)
    desk = as_(dana)
    other = {"programme": "foundations", "name": "Autumn", "starts_on": "2026-10-01"}
    autumn = desk.send("/desk/cohorts/new", other).location
    asked = desk.send(autumn, {"name": omar.name, "email": omar.email})
    assert asked.status_code == 422
    assert f"{omar.name} has a place in “{cohort.name}” already" in asked.text
    with database.reading() as session:
        assert session.query(Invitation).count() == 0
    meant = {"name": omar.name, "email": omar.email, "nevertheless": "y"}
    for reason in ("", "  "):
        unsaid = desk.send(autumn, meant | {"reason": reason})
        assert unsaid.status_code == 422
        assert "Please give the reason" in unsaid.text
    assert desk.send(autumn, meant | {"reason": "Ill for a year."}).status_code == 303
    with database.reading() as session:
        assert session.query(Invitation).count() == 1
        [kept] = session.query(AuditEntry).filter_by(act="invite once more")
    assert (kept.actor_id, kept.subject, kept.detail) == (dana.id, omar.email, "Ill for a year.")


@sqlite
def test_whoever_directs_starts_at_the_desk_also_as_a_trainee_and_finds_their_path(as_, person, enrolled) -> None:
    both = person("Robin Kestrel", Role.TRAINEE, Role.DIRECTOR)
    place = enrolled(both)
    browser = as_(both)
    assert browser.get("/").location == "/desk/"
    assert 'href="/path/"' in browser.get("/desk/").text
    assert browser.get("/path/").location == f"/path/{place.id}"
