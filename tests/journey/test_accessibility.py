"""Nobody is shut out: axe on every page, for every role, in light, dark and phone width; and by keyboard alone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journey.conftest import Site
from tests.journey.teacher import Teacher
from tests.journey.trainee import SAVED
from tests.stage.clicks import press, walk_the_debrief
from tests.stage.inspector import PHONE, WIDE, Inspector
from trainer.clock import utc_now
from trainer.db import Database
from trainer.demo.players import Crowd, let_play
from trainer.enrolment.models import Cohort
from trainer.installation import Installation
from trainer.registry.log.queries import log_key
from trainer.registry.services import change_status
from trainer.registry.status import Decision, Reason, Word
from trainer.settings import Settings

pytestmark = pytest.mark.browser


@pytest.fixture
def enter(open_browser: Callable[..., Page]) -> Callable[..., Page]:
    """Open a browser for somebody who wants no movement on the page, so that colours stand still."""
    return lambda name="": open_browser(name, reduced_motion="reduce")


def address_in(page: Page, piece: str) -> str:
    """Return the first address on the page that holds `piece`."""
    return page.locator(f"main a[href*='{piece}']").first.get_attribute("href")


def public_id_of(enter: Callable[..., Page], name: str) -> str:
    page = enter(name)
    page.goto("/certificates/")
    return address_in(page, "/c/").rsplit("/", 1)[1]


def test_a_stranger_meets_no_barrier(enter: Callable[..., Page], inspector: Inspector, site: Site) -> None:
    page = enter()
    inspector.visit(page, "/", "/sign-in", "/verify", "/verify/offline/", "/find?q=verify", "/help")
    inspector.visit(page, "/nowhere", "/invitations/nonsense", status=404)
    page.goto("/sign-in")
    press(page, "Sign in")
    inspector.look(page, "sign-in, nothing filled in")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password").fill("a wrong password")
    press(page, "Sign in")
    inspector.look(page, "sign-in, wrong password")
    page.locator("main [name=csrf_token]").evaluate("one => one.value = 'forged'")
    press(page, "Sign in")
    inspector.look(page, "error 400")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_who_tries_without_an_account_meets_no_barrier(enter: Callable[..., Page], inspector: Inspector) -> None:
    page = enter()
    inspector.visit(page, "/try/lesson", "/try/question", "/try/case")
    press(page, "Begin this case")
    inspector.look(page, "a case to try, scene 1")
    for number in range(2, 60):
        if not page.get_by_role("button", name="Do this").count():
            break
        page.locator("label.choice").last.click()
        press(page, "Do this")
        if number == 3:
            inspector.look(page, "a case to try, with what was measured")
    inspector.look(page, "a case to try, how it went")
    page.goto("/")
    page.locator("main summary").evaluate_all("all => all.forEach(one => one.parentElement.open = true)")
    inspector.look(page, "front page, every aim")
    page.locator("label.choice").first.click()
    press(page, "Answer, and read why")
    inspector.look(page, "a question to try, with reasons")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_an_invited_person_meets_no_barrier(enter: Callable[..., Page], inspector: Inspector) -> None:
    director, page = enter("dana"), enter()
    director.goto("/desk/")
    cohorts = (_cohort(director), address_of(director, "A fictional crowd"))  # Noor is in the first already
    director.goto(cohorts[0])
    press(director, "Make an invitation link")
    inspector.look(director, "cohort, nothing filled in")
    links = []
    invited = (("Newcomer", "new@example.org"), ("Noor Placeholder", "noor@demo.example"))
    for address, (name, email) in zip(cohorts, invited, strict=True):
        director.goto(address)
        director.get_by_label("Full name").fill(name)
        director.get_by_label("E-mail address").fill(email)
        press(director, "Make an invitation link")
        if name.startswith("Noor"):
            inspector.look(director, "cohort, is this meant?")
            director.get_by_label("Invite this person nevertheless").check()
            press(director, "Make an invitation link")
            inspector.look(director, "cohort, why is this meant?")
            director.get_by_label("Reason").fill("The first cohort ended early.")
            press(director, "Make an invitation link")
        links.append(director.locator("main code", has_text="/invitations/").text_content())
    inspector.look(director, "cohort, somebody invited")
    inspector.visit(page, links[1])
    inspector.visit(page, links[0])
    press(page, "Make my account and begin")
    inspector.look(page, "join, no password")
    page.get_by_label("Password").fill("a quiet long sentence")
    press(page, "Make my account and begin")
    inspector.look(page, "path, nothing done")
    inspector.visit(page, "/certificates/")
    inspector.visit(enter(), links[0], status=409)
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_a_trainee_who_reads_meets_no_barrier(
    enter: Callable[..., Page], inspector: Inspector, teacher: Teacher
) -> None:
    page = enter("omar")
    inspector.look(page, "path, half way")
    learn = page.url.replace("/path/", "/learn/") + "/"
    inspector.visit(page, learn, f"{learn}glossary", f"{learn}references", "/find?q=ladder", "/help")
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox", name="Find").fill("consent")
    page.get_by_text(re.compile(r"^\d+ found$")).wait_for()
    inspector.look(page, "the dialog that finds")
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox", name="Find")).to_be_hidden()  # a question mark there would be a letter
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    inspector.look(page, "the map of keys")
    inspector.visit(page, "/law", "/crosswalks/", "/crosswalks/foundations/oregon")
    for module in teacher.course.modules:
        inspector.visit(page, f"{learn}{module.slug}/")
        page.goto(f"{learn}{module.slug}/{module.lessons[0].slug}")
        inspector.look(page, f"{module.slug}/{module.lessons[0].slug}")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_no_lesson_has_a_barrier(enter: Callable[..., Page], inspector: Inspector, teacher: Teacher) -> None:
    page = enter("omar")
    learn = page.url.replace("/path/", "/learn/")
    for module in teacher.course.modules:
        for lesson in module.lessons[1:]:
            page.goto(f"{learn}/{module.slug}/{lesson.slug}")
            page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
            inspector.look(page, f"{module.slug}/{lesson.slug}", dark=bool(page.locator("main figure").count()))
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_a_source_opens_where_the_reader_is_also_on_a_phone_and_in_a_box(
    enter: Callable[..., Page], inspector: Inspector
) -> None:
    page = enter("omar")
    page.goto(page.url.replace("/path/", "/learn/") + "/boundaries/touch-rule")
    page.set_viewport_size({"width": 390, "height": 800})
    number = page.locator(".callout-law a[href^='#ref-']").first
    number.click()
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("Oregon Administrative Rules")
    inspector.look(page, "a source, opened")
    card.get_by_role("button", name="Close").click()
    expect(card).to_be_hidden()
    expect(number).to_be_focused()
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_a_trainee_in_a_quiz_meets_no_barrier(enter: Callable[..., Page], inspector: Inspector) -> None:
    page = enter("omar")
    quizzes = page.url.replace("/path/", "/quizzes/")
    inspector.visit(page, f"{quizzes}/ethics", f"{quizzes}/boundaries", f"{quizzes}/law")
    page.goto(f"{quizzes}/ethics")
    inspector.visit(page, address_in(page, "/result"))
    page.goto(f"{quizzes}/boundaries")
    inspector.visit(page, address_in(page, "/result"))
    page.goto(f"{quizzes}/law")
    press(page, "Begin")
    inspector.look(page, "attempt, blank")
    attempt = page.url
    with_options = page.locator("section.question", has=page.locator("label.choice")).first
    with_options.locator("label.choice").first.click()
    expect(with_options.locator(".saved")).to_have_text(SAVED)
    inspector.look(page, "attempt, one answer saved")
    press(page, "Save and check")
    inspector.look(page, "check, much is blank")
    inspector.visit(page, f"{quizzes}/law")
    page.goto(attempt)
    for question in page.locator("section.question").all():
        for place, field in enumerate(question.locator("select").all(), start=1):
            field.select_option(index=min(place, field.locator("option").count() - 1))
        for field in question.locator("input[type=text]").all():
            field.fill("1")
        if question.locator("label.choice").count():
            question.locator("label.choice").first.click()
    press(page, "Save and check")
    inspector.look(page, "check, all is answered")
    press(page, "Send my answers")
    inspector.look(page, "result")
    assert not inspector.wrong, "\n".join(inspector.wrong)


@pytest.mark.parametrize("slug", [pytest.param("tablet", marks=pytest.mark.stress), "hold-me"])
def test_a_trainee_in_a_case_meets_no_barrier(enter: Callable[..., Page], inspector: Inspector, slug: str) -> None:
    page = enter("omar")
    intro = f"{page.url.replace('/path/', '/cases/')}/{slug}"
    inspector.visit(page, intro)
    press(page, "Begin this case")
    inspector.look(page, "scene 1")
    run = page.url
    page.locator("label.choice").first.click()
    stale = page.context.new_page()
    stale.goto(run)
    stale.locator("label.choice").last.click()
    press(stale, "Do this")
    press(page, "Do this")
    expect(page.get_by_role("main")).to_contain_text("That moment has passed.")
    inspector.look(page, "scene, stale")
    titles = set()
    while page.get_by_role("button", name="Do this").count():
        title = page.get_by_role("heading", level=1).text_content()
        if title not in titles and len(titles) < 4:
            page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
            inspector.look(page, f"scene {title}")
        titles.add(title)
        if page.locator("aside .vitals").count():
            page.set_viewport_size(PHONE)
            chart, choices = (
                page.locator("aside .vitals svg[role=img]").bounding_box(),
                page.locator("legend").bounding_box(),
            )
            assert chart["y"] + chart["height"] < choices["y"], "on a phone the chart stands above the choices"
            page.set_viewport_size(WIDE)
        page.locator("label.choice").last.click()
        press(page, "Do this")
    inspector.look(page, "reaction")
    press(page, "To the debrief")
    walk_the_debrief(page)
    expect(page.locator("#verdict")).to_be_focused()
    expect(page.locator("#verdict")).to_be_in_viewport()
    assert page.evaluate("scrollY") < 40, "a debrief opens at its top"
    page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    inspector.look(page, "debrief")
    inspector.visit(page, f"{run.partition('#')[0]}/story")
    inspector.visit(page, intro)
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_a_trainee_at_the_end_meets_no_barrier(enter: Callable[..., Page], inspector: Inspector) -> None:
    page = enter("omar")
    promise = page.url.replace("/path/", "/practicum/")
    inspector.visit(
        page, "/account", f"{promise}/attestations/code-of-ethics", f"{promise}/attestations/scope-and-limits"
    )
    press(page, "Sign this text")
    inspector.look(page, "attestation, nothing filled in")
    page.goto("/account")
    press(page, "Change password")
    inspector.look(page, "account, nothing filled in")
    inspector.visit(page, "/desk/", status=403)
    inspector.visit(page, promise.replace("/practicum/", "/cases/notes/"))
    mara = enter("mara")
    inspector.look(mara, "path, everything met")
    inspector.visit(mara, mara.url.replace("/path/", "/practicum/") + "/attestations/code-of-ethics")
    ilse = enter("ilse")
    inspector.look(ilse, "path, certified")
    inspector.visit(ilse, "/certificates/")
    inspector.visit(enter("tomas"), "/certificates/")
    inspector.look(enter("sol"), "no enrolment")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_the_desk_has_no_barrier(enter: Callable[..., Page], inspector: Inspector) -> None:
    page = enter("dana")
    inspector.look(page, "desk")
    inspector.visit(page, "/desk/cohorts/new")
    press(page, "Begin the cohort")
    inspector.look(page, "new cohort, nothing filled in")
    inspector.visit(page, "/desk/audit/foundations", "/desk/audit/foundations?act=nothing", "/desk/staff/foundations")
    press(page, "Give this role")
    inspector.look(page, "staff, nothing filled in")
    for name, email in (("Wren Sample", "wren@example.org"), ("Noor Placeholder", "noor@demo.example")):
        page.get_by_label("Full name").fill(name)
        page.get_by_label("E-mail address").fill(email)
        press(page, "Give this role")
        expect(page.get_by_role("status")).to_contain_text(name)
        inspector.look(page, f"staff, {name} came in")
    page.get_by_role("link", name="the role of Noor Placeholder").click()
    inspector.look(page, "end a role")
    press(page, "End this role")
    inspector.look(page, "end a role, nothing filled in")
    page.get_by_label("Reason").fill("It was a mistake.")
    press(page, "End this role")
    expect(page.get_by_role("region", name="Roles that have ended")).to_contain_text("It was a mistake.")
    inspector.look(page, "staff, a role has ended")
    page.goto("/desk/")
    inspector.visit(page, _cohort(page))
    records = {
        one: page.locator("th a", has_text=one).get_attribute("href") for one in ("Noor", "Mara", "Ilse", "Tomas")
    }
    inspector.visit(page, *records.values())
    page.goto(records["Mara"])
    press(page, "Confer the certificate")
    inspector.look(page, "record, not ticked")
    page.goto(records["Ilse"])
    inspector.visit(page, address_in(page, "/revocation"))
    press(page, "Revoke the certificate")
    inspector.look(page, "revocation, nothing filled in")
    inspector.visit(page, f"/certificates/{public_id_of(enter, 'tomas')}/revocation")
    ilse = f"/certificates/{public_id_of(enter, 'ilse')}"
    acts = ("status", "suspension", "lifting", "correction", "renewal", "recall")
    inspector.visit(page, *(f"{ilse}/{act}" for act in acts))
    page.goto(f"{ilse}/suspension")
    press(page, "Suspend the certificate")
    inspector.look(page, "suspension, nothing filled in")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_deciding_about_somebody_has_no_barrier(enter: Callable[..., Page], inspector: Inspector) -> None:
    page = enter("dana")
    page.goto("/desk/")
    cohort = _cohort(page)
    page.goto(cohort)
    omar, tomas = (page.locator("th a", has_text=one).get_attribute("href") for one in ("Omar", "Tomas"))
    page.goto(omar)
    identity = address_in(page, "/desk/identity/")
    inspector.visit(page, f"{tomas}/again")
    inspector.visit(page, "/desk/people/nobody", status=404)
    for address, button in (
        (f"{cohort}/change", "Save the changes"),
        (f"{omar}/place", "End this place"),
        (f"{omar}/chances/quiz/boundaries", "Keep this decision"),
        (identity, "Correct the name"),
    ):
        inspector.visit(page, address)
        press(page, button)
        inspector.look(page, f"{address}, nothing filled in")
    page.goto(cohort)
    inspector.visit(page, address_in(page, "/withdrawal"))
    page.goto(identity)
    page.get_by_label("New e-mail address").fill("omar.sample@example.org")
    page.locator("#why").fill("A new address, on the telephone.")
    press(page, "Make a link to this address")
    link = page.locator("main code").text_content()
    inspector.look(page, "a link to a new address")
    person = enter("omar")
    inspector.visit(person, link[link.index("/account/") :])
    press(person, "Take this address")
    inspector.look(person, "a new address, not confirmed")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_the_desk_of_an_administrator_has_no_barrier(enter: Callable[..., Page], inspector: Inspector) -> None:
    page = enter("ada")
    inspector.look(page, "desk")
    inspector.visit(page, "/desk/audit/")
    page.goto("/desk/")
    page.goto(_cohort(page))
    inspector.visit(page, page.locator("th a", has_text="Mara").get_attribute("href"))
    expect(page.get_by_role("main")).to_contain_text("Only the director of this programme can confer")
    page.get_by_role("link", name="Erase this person").click()
    inspector.look(page, "erasure")
    press(page, "Erase this person")
    inspector.look(page, "erasure, nothing filled in")
    page.goto("/desk/staff/foundations")
    page.get_by_role("link", name="Account of Sol").click()
    inspector.look(page, "account of somebody with an office")
    page.goto("/desk/")
    page.get_by_role("link", name="A fictional crowd").click()
    page.locator("th a").first.click()
    page.get_by_role("link", name="Close the account").click()
    inspector.look(page, "account")
    page.get_by_label("Reason").fill("To look at the page.")
    press(page, "Close this account")
    expect(page.get_by_role("main")).to_contain_text("The account is closed")
    inspector.look(page, "account, closed")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def address_of(page: Page, cohort: str) -> str:
    return page.get_by_role("link", name=cohort).first.get_attribute("href")


def _cohort(page: Page) -> str:
    return address_of(page, "Demonstration cohort")


def suspend(site: Site, public_id: str) -> None:
    _change(site, public_id, Word.SUSPENDED, Reason.UNDER_REVIEW)


def test_the_figures_have_no_barrier(site: Site, enter: Callable[..., Page], inspector: Inspector) -> None:
    page = enter("dana")
    page.goto("/desk/")
    key = _cohort(page).rsplit("/", 1)[1]
    inspector.visit(page, "/analytics/foundations", f"/analytics/{key}/hold-me", f"/analytics/{key}/hold-me/rescore")
    play_well_and_badly(site, key)
    inspector.visit(page, f"/analytics/{key}", f"/analytics/{key}/hold-me", f"/analytics/{key}/hold-me/authors")
    page.goto(f"/analytics/{key}/hold-me")
    band = page.locator("svg a").first
    band.focus()
    page.keyboard.press("Enter")
    row = page.locator("tr:target")
    expect(row).to_be_in_viewport()
    assert band.get_attribute("href") == f"#{row.get_attribute('id')}"
    assert not inspector.wrong, "\n".join(inspector.wrong)


def play_well_and_badly(site: Site, cohort_id: str) -> None:
    database = Database(f"sqlite:///{site.instance / 'trainer.sqlite'}")
    with database.reading() as session:
        cohort = session.get_one(Cohort, cohort_id)
    now, slugs = utc_now() - timedelta(days=1), ["hold-me", "tablet", "keys"]
    installation = Installation(Settings.from_env({"TRAINER_INSTANCE": str(site.instance)}), database)
    let_play(installation, cohort, Crowd(people=24, seed=2, slugs=slugs), now=now)
    database.close()


def lift(site: Site, public_id: str) -> None:
    _change(site, public_id, Word.VALID, Reason.REVIEW_ENDED)


def _change(site: Site, public_id: str, word: Word, reason: Reason) -> None:
    database = Database(f"sqlite:///{site.instance / 'trainer.sqlite'}")
    with database.transaction() as session:
        change_status(
            session,
            public_id=public_id,
            decision=Decision(
                word=word,
                at=utc_now(),
                reason_code=reason,
                public_note="A note for everybody.",
                private_reason="A test of this page.",
            ),
            log=log_key(session, instance=site.instance, base_url="unused"),
        )
    database.close()


def test_no_verdict_has_a_barrier(enter: Callable[..., Page], inspector: Inspector, site: Site) -> None:
    valid, revoked = public_id_of(enter, "ilse"), public_id_of(enter, "tomas")
    paper = enter("ilse").request.get(f"/certificates/{valid}.pdf").body()
    page = enter()
    inspector.visit(page, f"/c/{valid}", f"/c/{revoked}")
    for name, content in (
        ("genuine", paper),
        ("altered", paper + b"more\n"),
        ("not genuine", b"%PDF-1.7\nsomething else\n%%EOF\n"),
        ("unreadable", b"no PDF"),
        ("too large", b"%PDF-1.7\n" + bytes(3 * 1024 * 1024)),
    ):
        page.goto("/verify")
        page.locator("input[type=file]").set_input_files(
            {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        press(page, "Check it")
        inspector.look(page, f"verdict: {name}")
    for name, reference in (("unknown", "0000-0000-0000"), ("nothing asked", ""), ("too long", "7" * 3000)):
        page.goto("/verify")
        page.get_by_label("Number or address").fill(reference)
        press(page, "Check it")
        inspector.look(page, f"verdict: {name}")
    suspend(site, valid)
    page.goto(f"/c/{valid}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Suspended")
    inspector.look(page, "verdict: suspended")
    lift(site, valid)
    page.locator(".verdict").evaluate("one => one.className = 'verdict calm'")
    inspector.look(page, "verdict: in the colours of one that was replaced")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_the_first_tab_reaches_the_way_past_the_menu(enter: Callable[..., Page]) -> None:
    page = enter("omar")
    for address in ("/", "/account", "/verify"):
        page.goto(address)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def _answer_by_keys(page: Page, name: str) -> None:
    """Answer the question whose first box or field has the focus, each field with another place."""
    place = 0
    while page.evaluate("document.activeElement.name") == name:
        place += 1
        match page.evaluate("document.activeElement.type"):
            case "radio" | "checkbox":
                page.keyboard.press("Space")
                return
            case "text":
                page.keyboard.type("1")
            case _:
                for _ in range(place):
                    page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")


def test_a_quiz_can_be_taken_with_the_keyboard_alone(enter: Callable[..., Page]) -> None:
    page = enter("omar")
    page.goto(page.url.replace("/path/", "/quizzes/") + "/foundations")
    _tab_to(page, "Begin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Save and check")).to_be_visible()
    questions = page.locator("section.question").count()
    for number in range(1, questions + 1):
        while f"q{number}" != page.evaluate("document.activeElement.name"):
            page.keyboard.press("Tab")
        _answer_by_keys(page, f"q{number}")
        expect(page.locator(f"[data-saved-for='{number}']")).to_have_text(SAVED)
    expect(page.locator("[data-count]")).to_have_text(str(questions))
    _tab_to(page, "Save and check")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Every question has an answer")).to_be_visible()
    _tab_to(page, "Send my answers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"\d+ of \d+ points"))


def _tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == words:
            return
    raise AssertionError(f"no way to “{words}” with the keyboard")


def test_the_proof_of_a_case_shuts_nobody_out(enter: Callable[..., Page], inspector: Inspector) -> None:
    page = enter("dana")
    inspector.visit(page, "/cases/reports/tablet", "/cases/reports/booster")
    inspector.visit(page, "/cases/reports/nothing", status=404)
    assert not inspector.wrong, "\n".join(inspector.wrong)
