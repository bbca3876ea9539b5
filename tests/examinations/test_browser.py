"""The pages of an examination in a real browser: nobody is shut out, and nothing is wider than a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from tests.stage.clicks import follow, press
from tests.stage.inspector import WIDE, Inspector
from trainer.accounts import services as accounts
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.examinations.desk.services import decide_flag
from trainer.examinations.models import Flag
from trainer.windows.services import decide_window
from trainer.windows.wish import WindowWish

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def open_as(app, database, address, chromium):
    """A page of somebody's own: `open_as(mara)`."""
    contexts: list[BrowserContext] = []

    def open_page(person) -> Page:
        with database.transaction() as session:
            token = accounts.start_sign_in(session, person_id=person.id, browser="test", now=utc_now())
        cookie = app.session_interface.get_signing_serializer(app).dumps({"_user_id": token, "_fresh": True})
        contexts.append(chromium.new_context(base_url=address, viewport=WIDE, reduced_motion="reduce"))
        contexts[-1].add_cookies([{"name": "trainer", "value": cookie, "url": address}])
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


def test_no_page_of_an_examination_has_a_barrier(
    open_as, database, mara, omar, sol, begun, played, person, enrolled, inspector: Inspector, shot
) -> None:
    def look(page: Page, name: str) -> None:
        page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
        inspector.look(page, name)
        shot(page, name)

    page, examiner = open_as(mara), open_as(sol)
    sitting = begun(mara)
    page.goto(f"/examinations/{sitting.enrolment_id}/short")
    look(page, "exam")
    newcomer = open_as(lena := person("Lena Roth", Role.TRAINEE))
    newcomer.goto(f"/examinations/{enrolled(lena).id}/short")
    newcomer.get_by_role("link", name="Begin a sitting").click()
    look(newcomer, "beginning")
    newcomer.get_by_role("button", name="Begin the sitting").click()
    look(newcomer, "beginning-not-confirmed")
    newcomer.goto(newcomer.url.replace("/short", "/judgement"))
    look(newcomer, "exam-what-comes-first")
    played(sitting, "well", "roughly")
    page.goto(f"/examinations/sittings/{sitting.id}")
    look(page, "sitting-under-way")
    played(sitting, "well", "roughly", "well", "coldly")
    page.reload()
    look(page, "sitting-looked-at")
    with database.reading() as session:
        flag = session.scalars(select(Flag)).one()
    near = begun(omar)
    played(near, "well", "well", "coldly", "badly")
    examiner.goto("/examinations/")
    look(examiner, "queue")
    examiner.goto(f"/examinations/flags/{flag.id}")
    look(examiner, "flag")
    examiner.get_by_role("button", name="Keep this decision").click()
    look(examiner, "flag-nothing-filled-in")
    with database.transaction() as session:
        decide_flag(
            session, flag_id=flag.id, programmes=frozenset({"foundations"}), by=sol.id, confirmed=True,
            reason="The hand was taken although nobody asked for it.", now=utc_now(),
        )  # fmt: skip
    examiner.goto(f"/examinations/flags/{flag.id}")
    look(examiner, "flag-decided")
    page.reload()
    look(page, "sitting-failed")
    examiner.goto(f"/examinations/grey/{near.id}")
    look(examiner, "grey")
    examiner.get_by_label("Passed", exact=True).check()
    examiner.get_by_label("Your reason").fill("Calm and careful throughout.")
    examiner.get_by_role("button", name="Keep this decision").click()
    look(examiner, "grey-decided")
    examiner.goto("/examinations/")
    look(examiner, "queue-decided")
    other = open_as(omar)
    other.goto(f"/examinations/sittings/{near.id}")
    look(other, "sitting-passed")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_a_whole_sitting_is_played_in_the_browser(open_as, mara, enrolled, reviewed) -> None:
    page, enrolment = open_as(mara), enrolled(mara)
    page.goto(f"/path/{enrolment.id}")
    follow(page, "A short examination")
    follow(page, "Begin a sitting")
    page.get_by_label("I have read this and begin the sitting now").check()
    press(page, "Begin the sitting")
    for _ in range(4):
        press(page, "Begin this case")
        while page.get_by_role("button", name="Do this").count():
            page.locator("label.choice").first.click()
            press(page, "Do this")
        with page.expect_navigation():
            page.locator("main form button").last.click()
    assert "/examinations/sittings/" in page.url
    assert page.get_by_role("button", name="Begin this case").count() == 0


def test_dana_sets_a_window_and_mara_sees_when_it_opens(
    open_as, app, database, mara, dana, enrolled, reviewed, cohort, inspector: Inspector, shot
) -> None:
    def look(page: Page, name: str) -> None:
        inspector.look(page, name)
        shot(page, name)

    def fill(page: Page, opens: float, closes: float) -> None:
        for label, hours in (("Opens", opens), ("Closes", closes)):
            page.get_by_label(label, exact=True).fill(f"{utc_now() + timedelta(hours=hours):%Y-%m-%dT%H:%M}")

    app.extensions["trainer.prerequisites"] = lambda *_: ()
    place, trainee, desk = enrolled(mara), open_as(mara), open_as(dana)
    desk.goto(f"/desk/cohorts/{cohort.id}")
    follow(desk, "When examinations may begin …")
    look(desk, "windows-none")
    press(desk, "Set this window")
    look(desk, "windows-nothing-filled-in")
    for exam in ("final", "short"):
        desk.get_by_label("Examination").select_option(exam)
        fill(desk, 24, 26)
        press(desk, "Set this window")
    look(desk, "windows-set")
    trainee.goto(f"/path/{place.id}")
    look(trainee, "path-opens-on")
    for exam in ("final", "short"):
        trainee.goto(f"/examinations/{place.id}/{exam}")
        look(trainee, f"{exam}-shut")
    desk.get_by_role("link", name="Change or withdraw …").first.click()
    look(desk, "window-change")
    fill(desk, -0.5, 2)
    desk.get_by_label("Reason for the change").fill("The room is free today.")
    press(desk, "Change this window")
    look(desk, "windows-changed")
    desk.goto(f"/desk/cohorts/{cohort.id}")
    look(desk, "cohort-with-windows")
    trainee.goto(f"/examinations/{place.id}/short/beginning")
    look(trainee, "beginning-in-a-window")
    trainee.goto(f"/examinations/{place.id}/final")
    look(trainee, "final-shut-still")
    desk.goto(f"/desk/cohorts/{cohort.id}/windows/1")
    desk.get_by_label("Reason for withdrawing it").fill("It was moved.")
    press(desk, "Withdraw this window")
    trainee.reload()
    trainee.get_by_label("I have read this and begin the sitting now").check()
    press(trainee, "Begin the examination")
    trainee.goto(trainee.url + "/check")
    press(trainee, "Send my answers")
    look(trainee, "final-result")
    desk.goto(f"/desk/people/{place.id}")
    look(desk, "record-topic-by-topic")
    days_ago = utc_now() - timedelta(days=3)
    over = {"window": 2, "exam": "short", "title": "Short", "opens": days_ago, "closes": days_ago + timedelta(hours=2)}
    with database.transaction() as session:
        decide_window(session, cohort=cohort, wish=WindowWish(**over, reason="For a test."), by=dana.id, now=days_ago)
    for name in ("path", "examinations"):
        trainee.goto(f"/{name}/{place.id}{'/short' * (name != 'path')}")
        look(trainee, f"{name}-closed")
    desk.goto(f"/desk/cohorts/{cohort.id}/windows")
    look(desk, "windows-closed")
    assert not inspector.wrong, "\n".join(inspector.wrong)
