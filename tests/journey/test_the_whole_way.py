"""One person goes the whole way, in a real browser: from an invitation to a certificate a stranger can check."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.journey.conftest import Site
from tests.journey.teacher import Teacher
from tests.journey.trainee import NEXT_STEP, Trainee
from tests.stage.clicks import follow, press
from trainer.accounts.queries import person_by_email
from trainer.clock import utc_now
from trainer.demo.walk import Walk
from trainer.enrolment.models import Enrolment
from trainer.installation import opened
from trainer.settings import Settings

pytestmark = pytest.mark.browser

NAME = "Amélie Nováčková"
WAY = ["learn"] * 14 + ["quizzes"] * 14 + ["cases"] * 14 + ["examinations"] * 2 + ["practicum"] * 2
WHOLE = len(WAY)
LAST = {"learn": 14, "quizzes": 28, "cases": 44}
"""After so many requirements all of a kind are met; the examinations follow the cases."""


def invited(director: Page) -> str:
    """Invite the newcomer from the cohort's page; return the link, which is shown this once."""
    follow(director, "Demonstration cohort")
    director.get_by_label("Full name").fill(NAME)
    director.get_by_label("E-mail address").fill("amelie@example.org")
    press(director, "Make an invitation link")
    expect(director.get_by_role("status")).to_contain_text(f"{NAME} is invited")
    return director.locator("main code", has_text="/invitations/").text_content()


def joined(newcomer: Page, link: str) -> None:
    """Follow the link and make an account."""
    newcomer.goto(link)
    expect(newcomer.get_by_role("heading", level=1)).to_have_text(f"Welcome, {NAME}")
    expect(newcomer.get_by_label("Full name")).to_have_value(NAME)
    newcomer.get_by_label("Password").fill("a quiet long sentence")
    press(newcomer, "Make my account and begin")


def met(page: Page, count: int) -> None:
    """Check how many requirements the page says are met, in words, as a bar and in the tree."""
    expect(page.locator(".progress-words", has_text="Requirements met")).to_contain_text(f"{count} of {WHOLE}")
    expect(page.get_by_role("progressbar", name="Requirements met")).to_have_attribute("value", str(count))
    everything = page.get_by_role("link", name="See everything it needs")
    aside = everything.count() > 0  # a trainee's tree is one page further, a director's beside the decision
    if aside:
        everything.click()
        page.wait_for_url("**/requirements")
    assert page.locator(".path .path > li.met").count() == count
    if aside:
        page.go_back()


def by_the_services(site: Site, requirements: slice) -> list[str]:
    """Meet requirements by the services behind the pages; return of which kinds they were."""
    settings = Settings.from_env({"TRAINER_INSTANCE": str(site.instance), "TRAINER_BASE_URL": site.address})
    with opened(settings) as trainer:
        with trainer.database.reading() as session:
            person = person_by_email(session, "amelie@example.org")
            enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
        walk = Walk(trainer, person, enrolment, utc_now())
        for leaf in walk.leaves()[requirements]:
            walk.do(leaf)
    return WAY[requirements]


def conferred(director: Page) -> None:
    """Look at the record that waits, and decide."""
    director.goto("/desk/")
    waiting = director.get_by_role("region", name="Waiting for your decision")
    expect(waiting).to_contain_text(NAME)
    follow(director, NAME)
    met(director, WHOLE)
    director.get_by_label("I have looked at this record").check()
    press(director, "Confer the certificate")
    expect(director.get_by_role("link", name="The paper (PDF)")).to_be_visible()


def downloaded(holder: Page, folder: Path) -> Path:
    """Download the certificate."""
    holder.get_by_role("navigation", name="Main").get_by_role("link", name="Certificates").click()
    expect(holder.get_by_role("main")).to_contain_text("Valid")
    with holder.expect_download() as download:
        holder.get_by_role("link", name="Download the certificate (PDF)").click()
    paper = folder / download.value.suggested_filename
    download.value.save_as(paper)
    return paper


def address_on(paper: Path) -> str:
    """Print the paper and read its square code with a camera's eye."""
    picture = paper.with_suffix("")
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", paper, picture], check=True)
    return cv2.QRCodeDetectorAruco().detectAndDecode(cv2.imread(f"{picture}.png"))[0]


def asked_by_number(visitor: Page, number: str) -> str:
    """Type a number at the counter; return the verdict."""
    visitor.goto("/verify")
    visitor.get_by_label("Number or address").fill(number)
    press(visitor, "Check it")
    return visitor.get_by_role("heading", level=1).text_content()


def asked_by_file(visitor: Page, paper: Path, content: bytes) -> str:
    """Hand in a file at the counter; return the verdict."""
    visitor.goto("/verify")
    sent = {"name": paper.name, "mimeType": "application/pdf", "buffer": content}
    visitor.locator("input[type=file]").set_input_files(sent)
    press(visitor, "Check it")
    return visitor.get_by_role("heading", level=1).text_content()


def shows_the_name(page: Page) -> None:
    """Let everybody see the name on the certificate that is to come."""
    follow(page, "Say now who may see your name in the public register")
    page.get_by_label("Shown to whoever has the number").check()
    press(page, "Keep this choice")
    expect(page.get_by_role("main")).to_contain_text("Your choice is kept")


def revoked(director: Page) -> None:
    """Revoke the certificate that is open at the desk, with reasons."""
    follow(director, "Revoke …")
    director.get_by_label("Reason", exact=True).select_option("issued in error")
    director.get_by_label("Public note").fill("A new one follows.")
    director.get_by_label("Your reasons").fill("The name was misspelt.")
    director.get_by_role("checkbox").check()
    press(director, "Revoke the certificate")


def test_an_invited_person_earns_a_certificate_that_a_stranger_can_check(
    site: Site,
    open_browser: Callable[..., Page],
    teacher: Teacher,
    shot: Callable[[Page, str], None],
    complaints: list[str],
    tmp_path: Path,
) -> None:
    director = open_browser("dana")
    link = invited(director)
    shot(director, "01-invited")
    director.goto(director.url)
    expect(director.get_by_role("complementary", name="Open invitations")).to_contain_text(NAME)
    assert link not in director.content()

    page = open_browser()
    joined(page, link)
    met(page, 0)
    shot(page, "02-path-empty")
    trainee = Trainee(page, site, teacher)
    done = []
    while page.get_by_role("link", name=NEXT_STEP).count():
        done.append(kind := trainee.go_on(NAME))
        if kind in LAST:  # one of a kind is met in the browser
            done += by_the_services(site, slice(len(done), LAST[kind]))
            page.reload()
        met(page, len(done))
        if len(done) in (6, 12, 25, WHOLE):
            shot(page, f"03-path-{len(done)}")
    assert done == WAY
    expect(page.get_by_role("main")).to_contain_text("Every requirement is met")

    shows_the_name(page)

    conferred(director)
    shot(director, "04-conferred")
    paper = downloaded(page, tmp_path)
    shot(page, "05-certificates")
    content = paper.read_bytes()
    number = page.locator("dd.number").first.text_content()

    visitor = open_browser()
    assert asked_by_number(visitor, f"  {number.lower().replace('-', ' - ')} ") == "Valid"
    shot(visitor, "06-by-number")
    expect(visitor.locator(".holder")).to_have_text(NAME)
    address = address_on(paper)
    assert address.startswith(f"{site.address}/c/")
    visitor.goto(address)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Valid")
    assert asked_by_file(visitor, paper, content) == "Valid"
    shot(visitor, "07-by-file")
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    assert asked_by_file(visitor, paper, flipped) == "Changed after issue"
    shot(visitor, "08-flipped")
    assert asked_by_file(visitor, paper, content + b"\n") == "Changed after issue"
    expect(visitor.get_by_role("main")).to_contain_text("1 byte was added after issue")

    revoked(director)
    shot(director, "09-revoked")
    visitor.goto(address)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Suspended")
    expect(visitor.get_by_role("main")).to_contain_text("its revocation is final from")
    expect(visitor.get_by_role("main")).to_contain_text("A new one follows.")
    assert "misspelt" not in visitor.content()
    assert asked_by_file(visitor, paper, content) == "Suspended"
    assert complaints == []
