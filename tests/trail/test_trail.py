"""What was done is on record, whoever did it, and can be read page by page by those who answer for it."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from tests.staff.conftest import World, world
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.audit.services import note
from trainer.clock import utc_now
from trainer.trail.queries import ON_A_PAGE

__all__ = ["world"]

PAGE = "/desk/audit/foundations"


@pytest.fixture
def done(database):
    """Write something down: `done("invite", by=dana)`."""

    def write(act: str, *, by=None, programme: str = "foundations", subject: str = "somebody", times: int = 1) -> None:
        with database.transaction() as session:
            for number in range(times):
                about = f"{subject} {number}"
                actor = by.id if by else None
                note(session, actor_id=actor, programme=programme, act=act, subject=about, now=utc_now())

    return write


def acts(database) -> list[str]:
    with database.reading() as session:
        return [entry.act for entry in session.query(AuditEntry).order_by(AuditEntry.id)]


def rows(page: str) -> list[str]:
    return re.findall(r"<tr><td>.*?</tr>", page, re.S)


@pytest.mark.parametrize("many", [0, 1, ON_A_PAGE, ON_A_PAGE + 1, 2 * ON_A_PAGE + 3])
def test_every_entry_is_on_exactly_one_page_the_newest_first(as_, dana, done, many: int) -> None:
    done("invite", times=many)
    browser, address, found = as_(dana), PAGE, []
    while address:
        page = browser.get(address).text
        found += rows(page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        address = further[1].replace("&amp;", "&") if further else ""
        assert len(rows(page)) <= ON_A_PAGE
    assert [re.search(r"somebody (\d+)", row)[1] for row in found] == [str(one) for one in reversed(range(many))]


def test_the_record_is_narrowed_by_kind_and_by_person(as_, dana, ada, done) -> None:
    done("invite", by=dana)
    done("confer", by=dana)
    done("invite", by=ada)
    browser = as_(dana)
    assert len(rows(browser.get(PAGE).text)) == 3
    assert len(rows(browser.get(f"{PAGE}?act=invite").text)) == 2
    assert len(rows(browser.get(f"{PAGE}?act=invite&who={ada.id}").text)) == 1
    assert "Nothing of this kind" in browser.get(f"{PAGE}?act=erase").text
    assert len(rows(browser.get(f"{PAGE}?before=x1").text)) == 3


def test_a_programme_sees_its_own_record_and_administrators_that_of_the_installation(
    as_, dana, nils, ada, done
) -> None:
    done("publish", programme="", subject="release")
    done("invite")
    assert as_(nils).get(PAGE).status_code == 404
    assert as_(dana).get("/desk/audit/").status_code == 403
    page = as_(ada).get("/desk/audit/").text
    assert [("publish" in row, "invite" in row) for row in rows(page)] == [(True, False)]


def test_looking_at_a_record_is_written_down_once_an_hour_and_crowds_out_nothing(
    as_, dana, mara, enrolled, database
) -> None:
    path, desk = f"/desk/people/{enrolled(mara).id}", as_(dana)
    for _ in range(3):
        desk.get(path)
    assert acts(database) == ["look at record"]
    with time_machine.travel(utc_now() + timedelta(minutes=61)):
        desk.get(path)
    assert acts(database) == ["look at record"] * 2
    assert "look at record" not in desk.get("/desk/").text
    assert "look at record" in desk.get(PAGE).text


def test_looking_at_the_records_of_two_people_of_one_name_is_two_looks(as_, dana, person, enrolled, database) -> None:
    both = [enrolled(person(name, Role.TRAINEE)).id for name in ("Robin Kestrel", "Kim Heron")]
    with database.transaction() as session:
        session.execute(update(Person).values(name="Robin Kestrel").where(Person.name == "Kim Heron"))
    for enrolment_id in (*both, *both):
        as_(dana).get(f"/desk/people/{enrolment_id}")
    with database.reading() as session:
        kept = [entry.detail for entry in session.query(AuditEntry).order_by(AuditEntry.id)]
    assert kept == [f"record {enrolment_id}" for enrolment_id in both]


def test_whoever_looks_at_their_own_record_is_not_written_down(as_, person, enrolled, database) -> None:
    robin = person("Robin Kestrel", Role.TRAINEE, Role.DIRECTOR)
    as_(robin).get(f"/desk/people/{enrolled(robin).id}")
    assert acts(database) == []


def last_act(world: World) -> tuple[str, str, str | None]:
    with world.database.reading() as session:
        entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        return entry.act, entry.subject, entry.actor_id


def test_taking_a_copy_of_somebody_elses_certificate_is_written_down(world: World) -> None:
    trainee = world.person(Role.TRAINEE)
    paper = f"/certificates/{world.certificate(world.enrolment(trainee))}.pdf"
    before = last_act(world)
    assert world.browser(trainee).get(paper).status_code == 200
    assert last_act(world) == before
    number = world.browsers["administrator"].get(paper).headers["Content-Disposition"].split("certificate-")[1][:-4]
    assert last_act(world) == ("download certificate", f"certificate {number}", world.people["administrator"].id)


def test_taking_figures_away_is_written_down(world: World) -> None:
    assert world.browsers["director"].get(f"/analytics/{world.cohort.id}/tables/cases.csv").status_code == 200
    assert last_act(world) == ("export figures", "overview, table cases", world.people["director"].id)


def test_what_a_holder_lets_be_seen_is_written_down(world: World) -> None:
    trainee = world.person(Role.TRAINEE)
    certificate = world.certificate(world.enrolment(trainee))
    for level in ("shown", "shown", "hidden"):
        world.browser(trainee).decide(f"/certificates/{certificate}/visibility", {"level": level})
    with world.database.reading() as session:
        mine = session.query(AuditEntry).filter_by(actor_id=trainee.id).order_by(AuditEntry.id)
        assert [(one.act, one.detail) for one in mine] == [
            ("choose visibility", "shown"),
            ("choose visibility", "hidden"),
        ]


def test_what_was_done_stands_in_the_order_of_time_across_pages(as_, dana, database) -> None:
    noon = utc_now()
    with database.transaction() as session:
        for minutes in (0, *range(60, 1, -1)):  # written down later, done earlier
            at = noon - timedelta(minutes=minutes)
            note(session, actor_id=dana.id, programme="foundations", act="invite", subject=f"no {minutes}.", now=at)
            session.flush()
    browser, path, seen = as_(dana), "/desk/audit/foundations", []
    while path:
        page = browser.get(path).text
        seen += [int(number) for number in re.findall(r"no (\d+)\.", page)]
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert seen == [0, *range(2, 61)]


def test_a_look_at_a_record_leads_to_it(as_, dana, mara, enrolled) -> None:
    desk, record = as_(dana), f"/desk/people/{enrolled(mara).id}"
    desk.get(record)
    page = desk.get("/desk/audit/foundations").text
    assert f'<a href="{record}">Mara Vogel</a>' in page


def test_an_address_in_the_trail_bears_its_name_only_where_the_person_is_of_the_programme(
    as_, dana, mara, nils, database
) -> None:
    with database.transaction() as session:
        for one in (mara, nils):
            note(session, actor_id=dana.id, programme="foundations", act="invite", subject=one.email, now=utc_now())
    page = as_(dana).get("/desk/audit/foundations").text
    assert mara.name in page
    assert nils.name not in page


def test_a_programme_is_called_by_its_title_wherever_somebody_reads_of_it(as_, dana, cohort) -> None:
    browser, title = as_(dana), "Foundations of psychedelic-assisted therapy"
    assert f'<p class="lede">{title}</p>' in browser.get(PAGE).text
    assert f"director, {title}, since" in browser.get("/account").text
