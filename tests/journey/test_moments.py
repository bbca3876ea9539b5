"""A whole run in a real browser: by keyboard alone, on a phone, in the dark, against a countdown, without scripts."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cases.playing import SLUG, TEXT, way_to
from tests.conftest import PASSWORD
from tests.journey.conftest import Site, free_port, served
from tests.journey.teacher import Teacher, transcript
from tests.stage.clicks import press
from tests.stage.inspector import Inspector
from trainer.accounts import services as accounts
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.cohorts.services import create_cohort
from trainer.demo.seed import PROGRAMME, sign_cases_as_demo
from trainer.enrolment.services import enrol
from trainer.installation import Installation, opened
from trainer.publishing.folder import publish_folder
from trainer.settings import ROOT, Settings

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
SHORT = 21
"""Seconds of the one moment with a limit: the warning at 20 seconds comes soon."""


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped content, and Anna's case beside it."""
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(ROOT / "content", folder)
    (folder / "cases" / SLUG).mkdir()
    note = "note: A first session in which somebody believes that she is dying. Nobody dies.\n"
    text = TEXT.replace("answer within: 90 s", f"answer within: {SHORT} s").replace("profile:", f"{note}profile:", 1)
    (folder / "cases" / SLUG / "en.md").write_text(text)
    return folder


PEOPLE = {"dana": Role.DIRECTOR, "sol": Role.SUPERVISOR} | dict.fromkeys(
    ("noor", "omar", "mara", "ilse", "uma"), Role.TRAINEE
)


@pytest.fixture(scope="module")
def site(
    content: Path, proofs: Path, sqlite_template: Path, password_hash: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """That content, and a cohort whose people have just begun, served."""
    instance, port = tmp_path_factory.mktemp("timed"), free_port()
    shutil.copy(sqlite_template, instance / "trainer.sqlite")
    shutil.copytree(proofs, instance / "proofs")
    (instance / "demo.json").write_text(json.dumps({"password": PASSWORD, "invitation": ""}))
    where = {"TRAINER_INSTANCE": str(instance), "TRAINER_CONTENT": str(content)}
    with opened(Settings.from_env({**where, "TRAINER_BASE_URL": f"http://127.0.0.1:{port}"})) as trainer:
        begun(trainer, password_hash)
    with served(instance, port):
        yield Site(f"http://127.0.0.1:{port}", instance)


def begun(trainer: Installation, password_hash: str) -> None:
    """Publish the content, and enrol everybody who is a trainee in a cohort on it."""
    now = utc_now() - timedelta(days=3)
    catalogue = publish_folder(trainer, now=now)
    with trainer.database.transaction() as session:
        people = {
            name: accounts.create_person(
                session,
                email=f"{name}@demo.example",
                name=f"{name.title()} Example",
                password_hash=password_hash,
                now=now,
            )
            for name in PEOPLE
        }
        for name, role in PEOPLE.items():
            accounts.grant(session, person=people[name], programme=PROGRAMME, role=role, now=now)
        sign_cases_as_demo(session, catalogue=catalogue, reviewer=people["sol"], now=now)
        cohort = create_cohort(
            session,
            programme=PROGRAMME,
            name="Spring",
            release_hash=catalogue.release.hash,
            starts_on=now.date(),
            by=people["dana"].id,
            now=now,
        )
        for name, role in PEOPLE.items():
            if role is Role.TRAINEE:
                enrol(session, person_id=people[name].id, cohort=cohort, now=now)


@pytest.fixture(scope="module")
def expert(content: Path, site: Site) -> Callable[[Page], str]:
    """Whisper the words of what an expert would do now."""
    teacher = Teacher.of(content)
    return lambda page: teacher.expert(site.instance, run_of(page))


def run_of(page: Page) -> str:
    return re.search("/runs/([a-z0-9]+)", page.url)[1]


def kept(site: Site, page: Page) -> list[str]:
    return list(transcript(site.instance, run_of(page))[3])


def open_case(page: Page) -> None:
    """Go from the path to the page before the first scene."""
    page.goto(page.url.replace("/path/", "/cases/") + f"/{SLUG}")


def begin(page: Page, pace: str) -> None:
    page.get_by_role("radio", name=pace).check()
    press(page, "Begin this case")


def answer(page: Page, words: str) -> None:
    choices = page.locator("label.choice")
    shown = [" ".join(text.split()) for text in choices.all_text_contents()]
    choices.nth(shown.index(words)).click()
    press(page, "Do this")


@pytest.fixture
def go_to_the_wave(content: Path, site: Site) -> Callable[[Page], None]:
    """Lead somebody who has just begun to the moment with a limit, whichever variant is theirs."""
    teacher = Teacher.of(content)

    def go(page: Page) -> None:
        slug, variant, seed, _ = transcript(site.instance, run_of(page))
        for choice in way_to(teacher.cases[slug], variant, seed, "wave"):
            answer(page, teacher.words_of(slug, choice))

    return go


class Keys:
    """A person without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, wanted: str) -> None:
        """Press Tab until what `wanted` selects has the focus."""
        for _ in range(60):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached on {self.page.url}")

    def press(self, button: str) -> None:
        self.reach(button)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, name: str, place: int) -> None:
        """Choose one of a group of radio buttons by its place, from 0."""
        self.reach(f"input[name={name}]")
        self.page.keyboard.press("Space")
        for _ in range(place):
            self.page.keyboard.press("ArrowDown")


def test_a_whole_run_by_keyboard_alone_on_a_phone_in_the_dark(
    open_browser: Callable[..., Page], expert: Callable[[Page], str], shot: Callable[[Page, str], None]
) -> None:
    page = open_browser("omar", color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    keys = Keys(page)
    open_case(page)
    shot(page, "intro")
    keys.choose("pace", 2)
    keys.press("main form button")
    titles = set()
    while page.locator("input[name=choice]").count():
        title = page.get_by_role("heading", level=1).text_content()
        if title == "The wave":
            keys.reach("[data-more]")
            page.keyboard.press("Enter")
            expect(page.locator("[data-said]")).to_have_text("You have more time now.")
        if title not in titles:
            shot(page, f"scene-{len(titles)}")
        titles.add(title)
        shown = [" ".join(text.split()) for text in page.locator("label.choice").all_text_contents()]
        keys.choose("choice", shown.index(expert(page)))
        keys.press("main form .button")
        assert page.locator("#scene:focus").count() or "/reaction" in page.url
    assert len(titles) > 3
    keys.press("main form .button")
    expect(page.locator("main header")).to_contain_text("Passed")


def test_the_moments_of_a_case_raise_no_barrier(
    open_browser: Callable[..., Page], go_to_the_wave: Callable[[Page], None], shot: Callable[[Page, str], None]
) -> None:
    inspector, page = Inspector(), open_browser("ilse", reduced_motion="reduce")
    open_case(page)
    inspector.look(page, "intro")
    begin(page, "With a countdown")
    inspector.look(page, "first scene")
    go_to_the_wave(page)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    inspector.look(page, "a moment with a limit")
    shot(page, "limit")
    press(page, "Pause or get help")
    inspector.look(page, "pause")
    shot(page, "pause")
    page.get_by_role("link", name="Stop here for today").click()
    inspector.look(page, "path, a case under way")
    shot(page, "path")
    page.get_by_role("link", name="Continue this case").click()
    press(page, "Continue the case")
    expect(page.get_by_role("heading", level=1)).to_have_text("The wave")
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_a_director_gives_more_time_and_meets_no_barrier(
    open_browser: Callable[..., Page], shot: Callable[[Page, str], None]
) -> None:
    inspector, page = Inspector(), open_browser("dana", reduced_motion="reduce")
    page.goto("/desk/")
    page.goto(page.locator("main a[href*='/desk/cohorts/']:not([href$='new'])").first.get_attribute("href"))
    page.goto(page.locator("main a[href*='/desk/people/']").first.get_attribute("href"))
    page.get_by_text("Decide otherwise").click()
    press(page, "Keep this decision")
    inspector.look(page, "record, no reason given")
    shot(page, "record")
    page.get_by_label("Time limits in case simulations").select_option("150")
    page.get_by_label("Reason").fill("Reads with a screen reader.")
    press(page, "Keep this decision")
    expect(page.get_by_role("main")).to_contain_text("half as long again")
    inspector.look(page, "record, decided")
    assert not inspector.wrong, "\n".join(inspector.wrong)


TELLS_AT_MOST = """most => {
  const [minutes, seconds] = document.querySelector("[data-seconds]").textContent.split(":").map(Number);
  return 60 * minutes + seconds <= most;
}"""


def test_a_countdown_warns_gives_more_time_and_ends_without_a_scare(
    open_browser: Callable[..., Page], go_to_the_wave: Callable[[Page], None], site: Site, complaints: list[str]
) -> None:
    page = open_browser("noor", reduced_motion="reduce")
    open_case(page)
    begin(page, "With a countdown")
    go_to_the_wave(page)
    left = page.locator("[data-seconds]")
    expect(page.locator("[data-said]")).to_have_text("At most 20 seconds left. You can ask for more time.")
    page.get_by_role("button", name="More time").click()
    expect(page.locator("[data-said]")).to_have_text("You have more time now.")
    expect(page.locator("[data-lasts]")).to_have_text(f"This moment lasts {2 * SHORT} seconds.")
    page.get_by_role("button", name="More time").click()
    expect(page.locator("[data-said]")).to_contain_text("You have more time already.")
    page.reload()  # what was granted is known to the server, not to the page
    minutes, seconds = map(int, left.text_content().split(":"))
    assert 60 * minutes + seconds > SHORT
    page.evaluate("const still = performance.now(); performance.now = () => still")  # as while the device sleeps
    page.wait_for_timeout(6_000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function(TELLS_AT_MOST, arg=60 * minutes + seconds - 5)
    page.reload()
    with page.expect_navigation(timeout=60_000):
        pass
    expect(page.get_by_role("main")).to_contain_text("The moment before passed without an answer")
    assert kept(site, page)[-1] == "(timeout)"
    assert page.locator("#scene:focus").count()
    assert not complaints


def test_what_was_marked_and_written_outlives_a_reload_and_ends_with_its_moment(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser("uma")
    open_case(page)
    begin(page, "Calm")
    mark, words = page.locator("input[name=choice]").nth(1), page.locator("#reason")
    mark.check()
    words.fill("Half a thought")
    page.reload()
    expect(mark).to_be_checked()
    expect(words).to_have_value("Half a thought")
    press(page, "Pause or get help")
    press(page, "Continue the case")
    words.fill("")
    page.reload()
    expect(words).to_have_value("")
    press(page, "Do this")
    expect(page.locator("input[name=choice]:checked")).to_have_count(0)


def test_two_clicks_and_a_step_back_in_the_browser_change_nothing(
    open_browser: Callable[..., Page], expert: Callable[[Page], str], site: Site
) -> None:
    page = open_browser("mara", reduced_motion="reduce")
    open_case(page)
    begin(page, "Calm")
    page.locator("label.choice", has_text=expert(page)).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Do this").dblclick()
    first = kept(site, page)
    assert len(first) == 1
    page.goto(page.url.split("#")[0].removesuffix("/steps"))
    elsewhere = page.context.new_page()
    elsewhere.goto(page.url)
    elsewhere.locator("label.choice").first.click()
    press(elsewhere, "Do this")
    page.locator("label.choice").last.click()
    press(page, "Do this")
    expect(page.get_by_role("main")).to_contain_text("That moment has passed. This is where you stand now.")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(elsewhere.get_by_role("heading", level=1).text_content())
    assert len(kept(site, elsewhere)) == 2


def test_a_whole_run_without_scripts(open_browser: Callable[..., Page], expert: Callable[[Page], str]) -> None:
    page = open_browser("omar", java_script_enabled=False)
    open_case(page)
    begin(page, "As in the story")
    while page.get_by_role("button", name="Do this").count():
        if page.get_by_role("button", name="More time").count():
            press(page, "More time")
            expect(page.get_by_role("main")).to_contain_text("This moment lasts 42 seconds.")
        answer(page, expert(page))
    press(page, "To the debrief")
    expect(page.locator("main header")).to_contain_text("Passed")
