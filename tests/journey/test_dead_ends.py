"""Everybody who could once not go on, from the page on which they are stuck to the certificate in their hands.

What is ordinary work, such as reading and playing, is done by the services that the pages call. Each page of the way
out is opened, filled in and sent with the mouse, as the director and as the trainee.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.journey.conftest import Site
from tests.journey.teacher import Teacher
from tests.journey.trainee import Trainee
from tests.stage.clicks import follow, press
from tests.stage.deciding import decides
from tests.stage.demonstration import environment
from tests.stage.inspector import Inspector
from trainer.accounts.models import Membership, Person
from trainer.accounts.words import Role
from trainer.certificates.conferring import services as conferring
from trainer.certificates.models import Certificate
from trainer.clock import utc_now
from trainer.cohorts import services as cohorts
from trainer.db import new_id
from trainer.demo.walk import Walk
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.queries import newest_release
from trainer.enrolment.services import enrol
from trainer.examinations.desk.services import decide_flag
from trainer.examinations.models import Flag, FlagDecision, Sitting
from trainer.installation import Installation, opened
from trainer.lifecycle.acts import Act
from trainer.registry.log.queries import log_key
from trainer.registry.status import Reason
from trainer.requirements.queries import proof_for
from trainer.requirements.rules import RequirementKind, RequirementLeaf
from trainer.settings import ROOT, Settings

pytestmark = [pytest.mark.browser, pytest.mark.stress]

HOME = "Demonstration cohort"
LONG_AGO = timedelta(days=20)
Shot = Callable[[Page, str], None]


@dataclass(frozen=True)
class House:
    """The demonstration behind its pages."""

    trainer: Installation
    site: Site

    def person(self, email: str) -> Person:
        """Read somebody by their address."""
        with self.trainer.database.reading() as session:
            return session.scalars(select(Person).where(Person.email == email)).one()

    def somebody(self, name: str, *roles: Role) -> Person:
        """Somebody who has been here for a while, and signs in with everybody's password as their first name."""
        known, now = self.person("mara@demo.example"), utc_now() - LONG_AGO
        with self.trainer.database.transaction() as session:
            made = Person(
                id=new_id(),
                email=f"{name.split(maxsplit=1)[0].lower()}@demo.example",
                name=name,
                password_hash=known.password_hash,
                created_at=now,
            )
            made.memberships = [Membership(programme="foundations", role=role, granted_at=now) for role in roles]
            session.add(made)
        return made

    def director(self, name: str) -> Person:
        """A further director, appointed by the command line; there once."""
        with suppress(Exception):
            return self.person(f"{name.split(maxsplit=1)[0].lower()}@demo.example")
        return self.somebody(name, Role.DIRECTOR)

    def trainee(self, name: str) -> Walk:
        """Somebody in the demonstration's cohort, three weeks ago."""
        person, now = self.somebody(name, Role.TRAINEE), utc_now() - LONG_AGO
        with self.trainer.database.transaction() as session:
            home = session.scalars(select(Cohort).where(Cohort.name == HOME)).one()
            place = enrol(session, person_id=person.id, cohort=home, now=now)
        return Walk(self.trainer, person, place, now)

    def walk_of(self, email: str, *, cohort: str) -> Walk:
        """Somebody who joined by the pages, on their way in that cohort from now on."""
        person = self.person(email)
        with self.trainer.database.reading() as session:
            mine = select(Enrolment).join(Cohort, Cohort.id == Enrolment.cohort_id)
            place = session.scalars(mine.where(Enrolment.person_id == person.id, Cohort.name == cohort)).one()
        return Walk(self.trainer, person, place, utc_now())

    def cohort(self, name: str) -> None:
        """Begin a further cohort."""
        now = utc_now()
        with self.trainer.database.transaction() as session:
            cohorts.create_cohort(
                session,
                programme="foundations",
                name=name,
                release_hash=newest_release(session).hash,
                starts_on=now.date(),
                by=None,
                now=now,
            )

    def confirm_flags(self, walk: Walk) -> None:
        """Let the supervisor confirm whatever was flagged."""
        sol = self.person("sol@demo.example")
        with self.trainer.database.transaction() as session:
            decided = select(FlagDecision.flag_id)
            of_them = select(Flag.id).join(Sitting, Sitting.id == Flag.sitting_id)
            of_them = of_them.where(Sitting.person_id == walk.person.id, Flag.id.not_in(decided))
            for flag in session.scalars(of_them).all():
                decide_flag(
                    session,
                    flag_id=flag,
                    programmes=frozenset({"foundations"}),
                    by=sol.id,
                    confirmed=True,
                    reason="It was done, and nothing spoke for it.",
                    now=walk.now,
                )


@pytest.fixture
def house(site: Site) -> Iterator[House]:
    """The demonstration behind its pages."""
    settings = Settings.from_env({"TRAINER_INSTANCE": str(site.instance), "TRAINER_BASE_URL": site.address})
    with opened(settings) as trainer:
        yield House(trainer, site)


@pytest.fixture
def open_browser(open_browser: Callable[..., Page]) -> Callable[..., Page]:
    """A browser of somebody who wants no movement on the page, so that colours stand still."""
    return lambda name="": open_browser(name, reduced_motion="reduce")


@pytest.fixture
def shot(shot: Shot, inspector: Inspector) -> Iterator[Shot]:
    """Keep a picture of a page, and look whether it has a barrier or is wider than a phone."""

    def look(page: Page, name: str) -> None:
        shot(page, name)
        inspector.look(page, name)

    yield look
    assert inspector.wrong == []


def rest(walk: Walk, *but: RequirementLeaf) -> None:
    """Meet every requirement that is left, but for some."""
    for leaf in walk.leaves():
        if leaf not in but and not is_met(walk, leaf):
            walk.do(leaf)


def is_met(walk: Walk, leaf: RequirementLeaf) -> bool:
    with walk.installation.database.reading() as session:
        leaves = proof_for(session, enrolment=walk.enrolment, now=utc_now()).leaves()
    return next(one.met for one in leaves if (one.kind, one.slug) == (leaf.kind, leaf.slug))


def of_kind(walk: Walk, kind: RequirementKind) -> RequirementLeaf:
    return next(leaf for leaf in walk.leaves() if leaf.kind is kind)


def from_the_desk(director: Page, section: str, name: str) -> None:
    """Find somebody in a section of the desk, and open what stands there."""
    director.goto("/desk/")
    director.get_by_role("region", name=section).get_by_role("link", name=name, exact=True).first.click()
    director.wait_for_load_state()


def record_of(director: Page, name: str, cohort: str = HOME) -> None:
    """Open somebody's record by the cohort's page."""
    director.goto("/desk/")
    follow(director, cohort)
    follow(director, name)
    expect(director.get_by_role("heading", level=1)).to_have_text(name)


def confer(director: Page, name: str) -> None:
    """Confer what waits on the desk, and wait until it is signed."""
    from_the_desk(director, "Waiting for your decision", name)
    director.get_by_label("I have looked at this record").check()
    press(director, "Confer the certificate")
    is_signed(director)


def is_signed(director: Page) -> None:
    expect(director.get_by_role("link", name="The paper (PDF)")).to_be_visible()
    expect(director.get_by_role("complementary")).to_contain_text("Valid")


def confer_again(director: Page, reason: str) -> None:
    """Confer again from the record that is open."""
    follow(director, "Confer again …")
    director.get_by_label("Reason").fill(reason)
    director.get_by_label("I have looked at this record").check()
    press(director, "Confer the certificate again")
    is_signed(director)


def in_hand(holder: Page, house: House, folder: Path, name: str) -> str:
    """Download the newest certificate and let `trainer verify` judge it; return its number."""
    holder.goto("/")
    holder.get_by_role("navigation", name="Main").get_by_role("link", name="Certificates").click()
    newest = holder.locator("ul.certificates > li").first
    expect(newest).to_contain_text("Valid")
    with holder.expect_download() as download:
        newest.get_by_role("link", name="Download the certificate (PDF)").click()
    paper = folder / download.value.suggested_filename
    download.value.save_as(paper)
    port = int(house.site.address.rsplit(":", 1)[1])
    command = [sys.executable, "-m", "trainer", "verify", str(paper), "--json"]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment(house.site.instance, port)
    )
    verdict = json.loads(done.stdout)
    assert (done.returncode, verdict["status"]) == (0, "valid"), done.stdout
    assert verdict["certificate"]["holder"] == name
    return str(verdict["certificate"]["number"])


@pytest.fixture
def used_up(house: House) -> Callable[[str], tuple[Walk, RequirementLeaf]]:
    """Somebody whose every try of the quiz on ethics is used, and who has met the rest."""

    def make(name: str) -> tuple[Walk, RequirementLeaf]:
        walk = house.trainee(name)
        quiz = next(leaf for leaf in walk.leaves() if (leaf.kind, leaf.slug) == (RequirementKind.QUIZ, "ethics"))
        for leaf in walk.leaves():
            if leaf.kind is RequirementKind.MODULE:
                walk.do(leaf)
        walk.slips = 99
        for _ in range(walk.catalogue().banks[quiz.slug].attempts):
            walk.answer(quiz.slug)
            walk.now += timedelta(days=2)
        walk.slips = 0
        return walk, quiz

    return make


def test_every_try_is_used_and_a_director_grants_one_more(
    house: House,
    used_up: Callable[[str], tuple[Walk, RequirementLeaf]],
    open_browser: Callable[..., Page],
    teacher: Teacher,
    shot: Shot,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    name = "Quirin Stuck"
    walk, _ = used_up(name)
    page, director = open_browser("quirin"), open_browser("dana")
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("waits for a decision")
    shot(page, "quiz-1-stuck")
    from_the_desk(director, "Stuck until somebody decides", name)
    shot(director, "quiz-2-record")
    follow(director, "Decide how it goes on …")
    expect(director.get_by_role("heading", level=1)).to_have_text("How it goes on")
    shot(director, "quiz-3-decide")
    director.get_by_label("Grant further tries").check()
    director.get_by_label("Learning plan").fill("Read the module once more, and talk with Sol about it.")
    director.get_by_label("Reason").fill("She was ill during two of them.")
    press(director, "Keep this decision")
    expect(director.get_by_role("main")).to_contain_text("She was ill during two of them.")
    shot(director, "quiz-4-decided")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Read the module once more, and talk with Sol about it.")
    shot(page, "quiz-5-goes-on")
    follow(page, "Answer the quiz")
    trainee = Trainee(page, house.site, teacher)
    trainee.press("Begin")
    trainee.answer()
    trainee.send()
    rest(walk)
    confer(director, name)
    in_hand(page, house, tmp_path, name)
    shot(page, "quiz-6-in-hand")
    assert complaints == []


def test_every_try_is_used_and_two_directors_waive_what_was_shown_elsewhere(
    house: House,
    open_browser: Callable[..., Page],
    shot: Shot,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    name = "Wanda Elsewhere"
    house.director("Ester Second")
    walk = house.trainee(name)
    module = of_kind(walk, RequirementKind.MODULE)
    rest(walk, *(leaf for leaf in walk.leaves() if leaf.slug == module.slug or leaf.kind is RequirementKind.EXAM))
    page, dana, ester = open_browser("wanda"), open_browser("dana"), open_browser("ester")

    def propose(reason: str) -> None:
        record_of(dana, name)
        dana.get_by_role("link", name=f"Waive … {module.title}", exact=True).first.click()
        dana.get_by_label("Waive the requirement").check()
        dana.get_by_label("Reason").fill(reason)
        press(dana, "Keep this decision")

    propose("She teaches it.")
    expect(dana.get_by_role("complementary")).to_contain_text("Waits for a second director")
    shot(dana, "waiver-1-proposed")
    from_the_desk(ester, "Waiting for your decision", name)
    shot(ester, "waiver-2-asked")
    ester.get_by_label("Reason").fill("Please attach what she teaches.")
    press(ester, "Decline the waiver")
    shot(ester, "waiver-3-declined")
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("Please attach what she teaches.")
    shot(page, "waiver-4-read")
    propose("She teaches it; her syllabus is in her file.")
    from_the_desk(ester, "Waiting for your decision", name)
    press(ester, "I have looked at this record and agree to the waiver")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Waived by Dana Example and Ester Second")
    rest(walk)
    confer(ester, name)
    in_hand(page, house, tmp_path, name)
    assert complaints == []


def test_every_sitting_is_used_and_a_director_grants_one_more(
    house: House,
    open_browser: Callable[..., Page],
    shot: Shot,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    name = "Selma Sitting"
    walk = house.trainee(name)
    exam = of_kind(walk, RequirementKind.EXAM)
    rest(walk, exam)
    for _ in range(walk.catalogue().exams[exam.slug].attempts):
        walk.sit(exam.slug, errs=True)
        house.confirm_flags(walk)
        walk.now += timedelta(days=1)
    page, director = open_browser("selma"), open_browser("dana")
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("All sittings are used")
    shot(page, "sitting-1-stuck")
    from_the_desk(director, "Stuck until somebody decides", name)
    follow(director, "Decide how it goes on …")
    shot(director, "sitting-2-decide")
    director.get_by_label("Grant further sittings").check()
    director.get_by_label("Learning plan").fill("Play “Water” twice with Sol beside you.")
    director.get_by_label("Reason").fill("Both times it was the same moment, and she can name it now.")
    press(director, "Keep this decision")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("granted one more sitting")
    shot(page, "sitting-3-goes-on")
    follow(page, "Open the examination")
    follow(page, "Begin a sitting")
    shot(page, "sitting-4-asked")
    page.get_by_role("checkbox").check()
    press(page, "Begin the sitting")
    shot(page, "sitting-5-begun")
    walk.now = utc_now()
    walk.sit(exam.slug)  # goes on with the sitting that was begun
    confer(director, name)
    in_hand(page, house, tmp_path, name)
    assert complaints == []


def conferred_by_the_services(house: House, walk: Walk) -> None:
    """Confer as Dana would; the worker signs."""
    with house.trainer.database.transaction() as session:
        dana = session.scalars(select(Person).where(Person.email == "dana@demo.example")).one()
        cohorts.confer_on_enrolment(
            session, enrolment=walk.enrolment, director=dana, settings=house.trainer.settings, now=utc_now()
        )


def ended_for_good(house: House, number: str, *, by: str) -> None:
    """Revoke as a director or give back as the holder, finally: as when the hours to recall it have passed."""
    settings = house.trainer.settings
    with house.trainer.database.transaction() as session:
        person = session.scalars(select(Person).where(Person.email == by)).one()
        log = log_key(session, instance=settings.instance, base_url=settings.base_url)
        public_id = session.scalars(select(Certificate.public_id).where(Certificate.number == number)).one()
        about = {"log": log, "now": utc_now()}
        if any(one.role is Role.DIRECTOR for one in person.memberships):
            why = {"reason": Reason.ISSUED_IN_ERROR, "private_reason": "Meant for somebody else."}
            decides(session, Act.REVOKE, person, public_id, **about, **why)
        else:
            decides(session, Act.SURRENDER, person, public_id, **about)


def test_the_wrong_person_is_revoked_and_conferred_again(
    house: House,
    open_browser: Callable[..., Page],
    shot: Shot,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    name = "Rita Mistaken"
    walk = house.trainee(name)
    rest(walk)
    conferred_by_the_services(house, walk)
    page, director = open_browser("rita"), open_browser("dana")
    record_of(director, name)
    is_signed(director)
    old = in_hand(page, house, tmp_path, name)
    follow(director, "Revoke …")
    director.get_by_label("Reason", exact=True).select_option("issued in error")
    director.get_by_label("Your reasons").fill("Meant for somebody else in the list.")
    director.get_by_role("checkbox").check()
    press(director, "Revoke the certificate")
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("Suspended")
    record_of(director, name)
    follow(director, "Recall it …")
    director.get_by_label("Your reasons").fill("Rita was the wrong person.")
    director.get_by_role("checkbox").check()
    press(director, "Recall the revocation")
    assert in_hand(page, house, tmp_path, name) == old, "recalled in time, nothing else is needed"
    ended_for_good(house, old, by="dana@demo.example")
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("Revoked")
    shot(page, "revoked-1-stuck")
    record_of(director, name)
    shot(director, "revoked-2-record")
    follow(director, "Confer again …")
    shot(director, "revoked-3-again")
    director.go_back()
    confer_again(director, "The wrong person was revoked.")
    shot(director, "revoked-4-record")
    new = in_hand(page, house, tmp_path, name)
    shot(page, "revoked-5-in-hand")
    assert new != old
    stranger = open_browser()
    stranger.goto("/verify")
    stranger.get_by_label("Number or address").fill(old)
    press(stranger, "Check it")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Revoked")
    assert complaints == []


def test_a_certificate_that_was_surrendered_is_conferred_again(
    house: House,
    open_browser: Callable[..., Page],
    shot: Shot,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    name = "Sunna Givenback"
    walk = house.trainee(name)
    rest(walk)
    conferred_by_the_services(house, walk)
    page, director = open_browser("sunna"), open_browser("dana")
    record_of(director, name)
    is_signed(director)
    old = in_hand(page, house, tmp_path, name)
    ended_for_good(house, old, by="sunna@demo.example")
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("Surrendered")
    record_of(director, name)
    confer_again(director, "She gave it back by mistake, and asks for it.")
    new = in_hand(page, house, tmp_path, name)
    assert new != old
    follow(page, "Surrender it …")
    page.get_by_role("checkbox").check()
    press(page, "Surrender it")
    shot(page, "surrendered-1-given-back")
    follow(page, "Keep it after all …")
    page.get_by_role("checkbox").check()
    press(page, "Keep it")
    assert in_hand(page, house, tmp_path, name) == new, "kept in time, nothing else is needed"
    assert complaints == []


def test_a_decision_that_could_never_be_issued_is_taken_back_and_the_name_corrected(
    house: House,
    open_browser: Callable[..., Page],
    shot: Shot,
    complaints: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong, right = "Nina Ⰰⰲⰰ", "Nina Avaz"
    walk = house.trainee(wrong)
    rest(walk)
    monkeypatch.setattr(conferring, "check_claim", lambda _claim: None)  # as it was before names were judged
    conferred_by_the_services(house, walk)
    page, director = open_browser("nina"), open_browser("dana")
    page.goto("/certificates/")
    record_of(director, wrong)
    expect(director.get_by_role("complementary")).to_contain_text("Not issued yet")
    shot(director, "unissued-1-record")
    follow(director, "Take the decision back …")
    shot(director, "unissued-2-take-back")
    director.get_by_label("Reason").fill("Her name has signs that cannot be printed.")
    director.get_by_label("I take this decision back").check()
    press(director, "Take the decision back")
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("was taken back")
    shot(page, "unissued-3-read")
    follow(director, "Correct name or address …")
    director.get_by_label("Full name").fill(right)
    director.get_by_label("Reason").first.fill("As in her passport, in Latin letters.")
    press(director, "Correct the name")
    shot(director, "unissued-4-corrected")
    record_of(director, right)
    confer_again(director, "The name can be printed now.")
    shot(director, "unissued-5-record")
    in_hand(page, house, tmp_path, right)
    assert complaints == []


def link_on(page: Page) -> str:
    """Return the link that the page shows this once."""
    return page.locator("main code", has_text="://").text_content() or ""


def joined(newcomer: Page, link: str) -> None:
    """Follow an invitation and make an account."""
    newcomer.goto(link)
    newcomer.get_by_label("Password").fill("a quiet long sentence")
    press(newcomer, "Make my account and begin")


def invited(director: Page, cohort: str, name: str, email: str) -> str:
    """Invite a trainee into a cohort; return the link."""
    director.goto("/desk/")
    follow(director, cohort)
    director.get_by_label("Full name").fill(name)
    director.get_by_label("E-mail address").fill(email)
    press(director, "Make an invitation link")
    return link_on(director)


def test_a_trainee_who_was_made_a_director_becomes_a_trainee(
    house: House,
    open_browser: Callable[..., Page],
    shot: Shot,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    name, email = "Odo Wrongrole", "odo@example.org"
    house.director("Ester Second")
    page, director, ester = open_browser(), open_browser("dana"), open_browser("ester")
    director.goto("/desk/staff/foundations")
    director.get_by_label("Full name").fill(name)
    director.get_by_label("E-mail address").fill(email)
    director.get_by_label("Role", exact=True).select_option("director")
    press(director, "Give this role")
    joined(page, link_on(director))
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk")
    shot(page, "role-1-director")
    director.goto("/desk/staff/foundations")
    director.get_by_role("link", name=f"End … the role of {name}").click()
    director.get_by_label("Reason").fill("He was to be a trainee.")
    press(director, "End this role")
    shot(director, "role-2-ended")
    page.goto("/")
    shot(page, "role-3-nothing")
    link = invited(director, HOME, name, email)
    page.goto(link)
    shot(page, "role-4-invited")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text("Your next step")
    walk = house.walk_of(email, cohort=HOME)
    rest(walk)
    record_of(director, name)
    expect(director.get_by_role("complementary")).to_contain_text("Somebody else decides")
    shot(director, "role-5-stands-aside")
    confer(ester, name)
    in_hand(page, house, tmp_path, name)
    assert complaints == []


def test_a_trainee_in_the_wrong_cohort_comes_into_the_right_one(
    house: House,
    open_browser: Callable[..., Page],
    shot: Shot,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    name, email, wrong, right = "Cora Moved", "cora@example.org", "Cohort of last year", "Cohort of this year"
    for one in (wrong, right):
        house.cohort(one)
    page, director = open_browser(), open_browser("dana")
    joined(page, invited(director, wrong, name, email))
    expect(page.get_by_role("main")).to_contain_text(wrong)
    record_of(director, name, wrong)
    follow(director, "End the place in this cohort …")
    shot(director, "cohort-1-end")
    director.get_by_label("Reason").fill("She belongs to this year.")
    press(director, "End this place")
    shot(director, "cohort-2-ended")
    page.goto("/")
    shot(page, "cohort-3-nothing")
    link = invited(director, right, name, email)
    page.goto(link)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text(right)
    shot(page, "cohort-4-right")
    rest(house.walk_of(email, cohort=right))
    confer(director, name)
    in_hand(page, house, tmp_path, name)
    assert complaints == []


def test_a_name_and_an_address_that_were_mistyped_are_corrected_before_the_certificate(
    house: House,
    open_browser: Callable[..., Page],
    shot: Shot,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    wrong, right, email, better = "Tilda Mistpyed", "Tilda Mistyped", "tilad@example.org", "tilda@example.org"
    page, director = open_browser(), open_browser("dana")
    joined(page, invited(director, HOME, wrong, email))
    rest(house.walk_of(email, cohort=HOME))
    page.goto("/account")
    shot(page, "name-1-account")
    from_the_desk(director, "Waiting for your decision", wrong)
    follow(director, "Correct name or address …")
    shot(director, "name-2-correct")
    director.get_by_label("Full name").fill(right)
    director.get_by_label("Reason").first.fill("Passport seen.")
    press(director, "Correct the name")
    director.get_by_label("New e-mail address").fill(better)
    director.get_by_label("Reason").last.fill("Two letters were swapped.")
    press(director, "Make a link to this address")
    shot(director, "name-3-link")
    page.goto(link_on(director))
    shot(page, "name-4-take")
    page.get_by_label("This is my address").check()
    press(page, "Take this address")
    shot(page, "name-5-taken")
    press(page, "Sign out")
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(better)
    page.get_by_label("Password").fill("a quiet long sentence")
    press(page, "Sign in")
    confer(director, right)
    in_hand(page, house, tmp_path, right)
    assert complaints == []
