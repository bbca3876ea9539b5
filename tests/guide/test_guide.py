"""Help for whoever looks, and a tour that somebody new can skip for ever."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from trainer.accounts.models import Membership, MembershipEnd, Person
from trainer.clock import utc_now
from trainer.db import Database
from trainer.enrolment.models import Enrolment
from trainer.guide.models import TourSkipped

Enrol = Callable[[Person], Enrolment]
TOUR = "New here? Four things to know"


def test_help_answers_each_role_and_a_stranger(as_, stranger, mara: Person, dana: Person, sol: Person) -> None:
    everybody = stranger.get("/help").text
    assert "How do I check a certificate?" in everybody
    asked_by_strangers = ("How to join", "What it costs", "How long it takes", "What is kept about you")
    assert all(f">{words}</h2>" in everybody for words in asked_by_strangers)
    assert "What it costs" not in as_(mara).get("/help").text
    for words, who in (
        ("How does saving work?", mara),
        ("Who waits for a decision?", dana),
        ("What waits for me?", sol),
    ):
        assert words not in everybody
        assert words in as_(who).get("/help").text
    assert "Who waits for a decision?" not in as_(mara).get("/help").text
    assert "mailto:" not in everybody


def test_help_gives_addresses_only_to_who_is_in_the_programme(
    as_, mara: Person, dana: Person, database: Database
) -> None:
    assert f'href="mailto:{dana.email}"' in as_(mara).get("/help").text
    with database.transaction() as session:
        (held,) = session.scalars(select(Membership).where(Membership.person_id == mara.id))
        session.add(MembershipEnd(membership_id=held.id, reason="She left.", ended_by=dana.id, ended_at=utc_now()))
    page = as_(mara).get("/help").text
    assert dana.name in page
    assert "mailto:" not in page


def test_mara_skips_the_tour_once_and_for_ever(as_, mara: Person, enrolled: Enrol, database: Database) -> None:
    path = f"/path/{enrolled(mara).id}"
    browser = as_(mara)
    page = browser.get(path).text
    assert page.index('id="lead"') < page.index(TOUR) < page.index("What the certificate needs")
    for _ in range(2):
        answer = browser.send("/help/tour/skip", headers={"Referer": f"http://localhost{path}"})
        assert answer.location == path
    assert TOUR not in as_(mara).get(path).text  # on no other device either
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TourSkipped)) == 1


def test_one_who_skips_skips_for_themselves(as_, mara: Person, omar: Person, enrolled: Enrol) -> None:
    hers = enrolled(mara)
    enrolled(omar)
    as_(omar).send("/help/tour/skip")
    assert TOUR in as_(mara).get(f"/path/{hers.id}").text


@pytest.mark.parametrize("who", ["dana", "sol", "ada"])
def test_who_studies_nothing_has_no_tour_to_skip(as_, request: pytest.FixtureRequest, who: str) -> None:
    assert as_(request.getfixturevalue(who)).send("/help/tour/skip").status_code == 403
