"""While a run or an attempt is open, the browser is sent nothing of what its author keeps for afterwards."""

import dataclasses
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from enum import Enum
from functools import cache
from random import Random

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Browser
from tests.journey.teacher import Teacher, words
from trainer.accounts.models import Person
from trainer.authoring.markdown import inline
from trainer.authoring.release import read_folder, release_of
from trainer.cases.pages import words_behind_id
from trainer.cases.play.engine import expert_choice, options
from trainer.cases.play.state import PlayState, end_of
from trainer.cases.play.view import view
from trainer.cases.runs.models import CaseRun
from trainer.cases.runs.queries import run_of
from trainer.cases.runs.words import RunPurpose
from trainer.cases.script.values import Case
from trainer.clock import utc_now
from trainer.cohorts.services import create_cohort
from trainer.curriculum.services import mark_read, publish
from trainer.db import Database
from trainer.enrolment.models import Enrolment
from trainer.enrolment.services import enrol
from trainer.items.formats import FORMATS
from trainer.items.forms import form_from_json
from trainer.items.values import ItemKind
from trainer.quizzes.models import QuizAttempt
from trainer.quizzes.values import Bank
from trainer.settings import ROOT

SHORTEST = 12
"""Shorter strings than this may stand on a page by chance, in characters."""

MARKS = re.compile(
    r"\b(feedback|expert|panel|score[sd]?|correct|critical|rationale|gains?|variants?|seed)\b", re.IGNORECASE
)
"""Words that would name what is withheld."""


def strings_in(value: object) -> Iterator[str]:
    """Every string that is written anywhere in a parsed value."""
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from (*strings_in(key), *strings_in(held))
    elif isinstance(value, Iterable):
        for held in value:
            yield from strings_in(held)
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from strings_in(getattr(value, one.name))


def plain(text: str) -> str:
    """Return words without markup, in one line, with one kind of quotation mark."""
    return " ".join(html.unescape(words(text)).split())


@cache
def as_shown(text: str) -> str:
    """Return an author's words as they stand on a page."""
    return plain(str(inline(text)))


def secrets_of(value: object) -> frozenset[str]:
    """Return everything an author wrote that is long enough to be known again, as written and as shown."""
    written = {one for one in strings_in(value) if len(one) >= SHORTEST}
    shown = {as_shown(one) for one in written} | {plain(one) for one in written}
    return frozenset(one for one in written | shown if len(one) >= SHORTEST)


def sent(answer: TestResponse) -> str:
    """Return all that a browser receives, headers too, as it came and as words."""
    return f"{answer.headers}\n{html.unescape(answer.text)}\n{plain(answer.text)}"


def main_of(answer: TestResponse) -> str:
    """Return the part of a page that is not the frame of all pages; all of it when it has no such part."""
    found = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    return found[0] if found else answer.text


def named_on(answer: TestResponse, open_words: Iterable[str]) -> set[str]:
    """Return the words on a page that would name what is withheld, unless a person in the text says them."""
    said = set(MARKS.findall("\n".join(open_words).lower()))
    return set(MARKS.findall(main_of(answer).lower())) - said


TYPED = (ItemKind.NUMERIC, ItemKind.CHART, ItemKind.SHORT)
"""What is typed: its patterns are on no open page."""


@pytest.fixture
def enrolment_id(database: Database, dana: Person, mara: Person) -> str:
    """Mara's place in a cohort that follows the content as it is shipped."""
    now = utc_now() - timedelta(days=3)
    with database.transaction() as session:
        release = publish(session, release=release_of(read_folder(ROOT / "content")), now=now)
        cohort = create_cohort(
            session,
            programme="foundations",
            name="Spring",
            release_hash=release.hash,
            starts_on=now.date(),
            by=dana.id,
            now=now,
        )
        return enrol(session, person_id=mara.id, cohort=cohort, now=now).id


# --- cases --------------------------------------------------------------------------------------


CASES = sorted(
    path.parent.name
    for path in (ROOT / "content" / "cases").glob("*/en.md")
    if "\nuse: examination\n" not in path.read_text()
)
"""The cases that can be practised; nobody can begin another one by its address."""
OTHERS = sorted({*CASES} - {*CASES[::3]})
ATTRIBUTE = re.compile(r'[\w-]+="([^"]*)"')
WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def names_in(case: Case) -> frozenset[str]:
    """Every name an author gave to something, however short: none of them may be in what a page is built of."""
    named = [*case.scenes, *case.choices, *case.variants, *case.head.facts, *(one.name for one in case.head.numbers)]
    named += [one.id for group in (case.duties, case.must_nots, case.endings) for one in group]
    return frozenset(named) - {case.slug}


def words_in_attributes(html: str) -> set[str]:
    return {word for value in ATTRIBUTE.findall(html) for word in WORD.findall(value.lower())}


FRAME = words_in_attributes("".join(path.read_text() for path in (ROOT / "templates").rglob("*.html")))
"""Words in the attributes of our own templates: the same for every case."""


class Run:
    """One run, and what its player has rightly seen so far."""

    def __init__(self, database: Database, browser: Browser, case: Case, intro: str) -> None:
        self.database, self.browser, self.case, self.intro = database, browser, case, intro
        self.path = intro.replace("/cases/", "/path/").rsplit("/", 1)[0]
        elsewhere = words_in_attributes(browser.get(self.path).text)  # "tablet" is also the address of another case
        frame = sent(browser.get("/account"))  # “competencies” stands at the foot of every page
        self.secrets = {secret for secret in secrets_of(case) if secret not in frame}
        self.names = names_in(case) - FRAME - elsewhere
        self.seen = {case.title, case.head.subtitle, case.head.person, case.note, case.summary, case.slug}
        self.address = browser.send(intro, {"pace": "real"}).location

    def play(self):
        """Return the play so far, from the database."""
        with self.database.reading() as session:
            run = session.get_one(CaseRun, self.address.rsplit("/", 1)[1])
            return run_of(session, run, self.case).play

    def meet(self) -> None:
        """Note all that may be seen at this moment."""
        look = view(self.case, self.play())
        self.seen |= {look.chapter, look.title, look.prompt, *look.paragraphs, *look.heard}
        self.seen |= {answer.text for answer in look.answers}

    def check(self, name: str, answer: TestResponse) -> None:
        """Check that an answer holds nothing that was not met, and no name in its attributes and headers."""
        met = "\n".join({*self.seen, *(as_shown(one) for one in self.seen)})
        said = sent(answer)
        leaked = sorted(one for one in self.secrets if one in said and one not in met)
        assert not leaked, (name, leaked)
        built_of = words_in_attributes(answer.text) | set(WORD.findall(str(answer.headers).lower()))
        assert not built_of & self.names, (name, built_of & self.names)

    def check_doors(self, app: Flask) -> None:
        """Open every page of the house that shows a run, whichever there are."""
        held = dict.fromkeys(("step", "number", "seq", "position"), "1") | {"run_id": self.address.rsplit("/", 1)[1]}
        for rule in app.url_map.iter_rules():
            if "run_id" in rule.arguments and "GET" in rule.methods:
                wanted = {name: held.get(name, "x") for name in rule.arguments}
                path = app.url_map.bind("localhost").build(rule.endpoint, wanted)
                self.check(path, self.browser.get(path))
        for path in (self.intro, self.path):
            self.check(path, self.browser.get(path))

    def step(self, choice: str, scene: TestResponse | None = None) -> TestResponse:
        """Take a choice by the words that the page shows."""
        page = scene or self.browser.get(self.address)
        offered = re.findall(r'name="choice" value="([^"]+)"[^>]*><span>(.*?)</span>', page.text, re.DOTALL)
        wanted = as_shown(self.case.choices[choice].text)
        token = next(value for value, text in offered if plain(text) == wanted)
        return self.browser.send(f"{self.address}/steps", {"choice": token, "reason": "It seemed right."})

    def check_pause(self) -> None:
        """Pause, look at the page, and go on."""
        self.check("pausing", self.browser.send(f"{self.address}/pause", {"reason": "A thought."}))
        self.check("paused", self.browser.get(f"{self.address}/pause"))
        self.check("going on", self.browser.send(f"{self.address}/resumption"))
        json = {"Accept": "application/json"}
        self.check("more time", self.browser.send(f"{self.address}/time", {"moment": "x"}, headers=json))

    def play_to_the_end(self, app: Flask, way: Callable) -> None:
        """Play on, and check every answer on the way."""
        while not (play := self.play()).state.ending:
            self.meet()
            scene = self.browser.get(self.address)
            self.check("scene", scene)
            assert not named_on(scene, self.seen)
            if len(play.steps) % 4 == 0 and way is by_chance:
                self.check_doors(app)
                self.check_pause()
                self.check("nothing chosen", self.browser.send(f"{self.address}/steps", {}))
                self.check("fragment", self.browser.get(self.address, headers={"HX-Request": "true"}))
                self.check("JSON wanted", self.browser.get(self.address, headers={"Accept": "application/json"}))
            self.check("forged choice", self.browser.send(f"{self.address}/steps", {"choice": way(self.case, play)}))
            self.check("debrief too early", self.browser.get(f"{self.address}/debrief"))
            self.check("step", self.step(way(self.case, play), scene))
        self.check("after the end", self.browser.get(self.address))
        self.check("debrief before the reaction", self.browser.get(f"{self.address}/debrief"))
        self.check_doors_after_the_end(app, play.state)

    def check_doors_after_the_end(self, app: Flask, ended: PlayState) -> None:
        """Before the first words are said the end of the story is open, and how competencies are called; no more."""
        self.seen |= {end_of(self.case, ended)}
        for competency in self.case.head.competencies:  # "How sure did you feel?" asks by name
            self.seen |= {competency.name, words_behind_id(competency.name)}
        self.check("reaction", self.browser.get(f"{self.address}/reaction"))


def by_the_expert(case: Case, play) -> str:
    return expert_choice(case, play.state)


def by_chance(case: Case, play) -> str:
    return Random(len(play.steps)).choice(options(case, play.state))


@pytest.mark.parametrize("way", [by_the_expert, by_chance])
@pytest.mark.parametrize("slug", CASES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_answer_of_an_open_run_holds_what_was_not_met(
    app: Flask,
    slug: str,
    way: Callable,
    database: Database,
    as_: Callable,
    mara: Person,
    enrolment_id: str,
    teacher: Teacher,
) -> None:
    Run(database, as_(mara), teacher.cases[slug], f"/cases/{enrolment_id}/{slug}").play_to_the_end(app, way)


@pytest.mark.stress
@pytest.mark.parametrize("way", [by_the_expert, by_chance])
@pytest.mark.parametrize("slug", CASES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_variant_of_a_case_tells_more_than_another(
    app: Flask,
    slug: str,
    way: Callable,
    database: Database,
    as_: Callable,
    mara: Person,
    enrolment_id: str,
    teacher: Teacher,
) -> None:
    case, played = teacher.cases[slug], set()
    for _ in case.variants:
        run = Run(database, as_(mara), case, f"/cases/{enrolment_id}/{slug}")
        run.play_to_the_end(app, way)
        played.add(run.play().state.variant)
    assert played == set(case.variants)


@pytest.mark.parametrize(
    "slug",
    [one if number % 3 == 0 else pytest.param(one, marks=pytest.mark.stress) for number, one in enumerate(CASES)],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_of_an_examination_tells_nothing_before_its_result_either(
    app: Flask,
    slug: str,
    database: Database,
    as_: Callable,
    mara: Person,
    enrolment_id: str,
    teacher: Teacher,
    tampering: Callable,
) -> None:
    browser, intro = as_(mara), f"/cases/{enrolment_id}/{slug}"
    shown = (intro, f"/path/{enrolment_id}")
    before = [plain(main_of(browser.get(path))) for path in shown]
    run = Run(database, browser, teacher.cases[slug], intro)
    with tampering() as session:
        session.get_one(CaseRun, run.address.rsplit("/", 1)[1]).purpose = RunPurpose.EXAM
    assert "You are being examined in this case" in browser.get(intro).text
    run.play_to_the_end(app, by_chance)
    said = run.browser.send(f"{run.address}/reaction", {"words": "It was long."})
    run.check("first words", said)
    assert "debrief" not in said.location
    assert run.browser.get(f"{run.address}/debrief").status_code == 404
    run.check_doors(app)
    assert [plain(main_of(run.browser.get(path))) for path in shown] == before


def test_the_places_of_choices_are_told_by_tokens_that_differ_from_run_to_run(
    database: Database, as_: Callable, mara: Person, enrolment_id: str, teacher: Teacher
) -> None:
    browser, case = as_(mara), teacher.cases["tablet"]
    intro = f"/cases/{enrolment_id}/tablet"
    tokens = []
    for _ in case.variants:
        run = Run(database, browser, case, intro)
        tokens += re.findall(r'name="choice" value="([^"]+)"', browser.get(run.address).text)
        while not (play := run.play()).state.ending:
            run.step(by_the_expert(case, play))
    assert len(set(tokens)) == len(tokens) > len(case.variants)


def test_the_teachers_copy_would_be_noticed(teacher: Teacher) -> None:
    for case in teacher.cases.values():
        assert {choice.feedback for choice in case.choices.values() if choice.feedback} <= secrets_of(case)
        assert {scene.title for scene in case.scenes.values() if len(scene.title) >= SHORTEST} <= secrets_of(case)
        assert {one for one in case.choices if len(one) >= SHORTEST} <= secrets_of(case)
        assert case.hash in secrets_of(case)


# --- quizzes ------------------------------------------------------------------------------------


def withheld(bank: Bank, teacher: Teacher, drawn: frozenset[str], open_words: str) -> frozenset[str]:
    """Return what must not be told: all of the bank but the drawn questions, and every reason, heading and mark."""
    found: set[str] = set()
    for item in bank.items:
        kept = (item.id, item.title, item.hash, item.competency, [option.reason_html for option in item.options])
        found |= set(strings_in(kept)) | {plain(str(option.reason_html)) for option in item.options}
        found |= {teacher.course.competencies[item.competency].title}
        if item.id not in drawn:
            found |= {plain(str(item.stem_html)), *(plain(str(option.text_html)) for option in item.options)}
    return frozenset(one for one in found if len(one) >= SHORTEST and one not in open_words)


@pytest.mark.parametrize("mode", ["counted", "practice"])
@pytest.mark.parametrize("slug", ["ethics", "session", "foundations", "medicines", "suicide-and-trauma", "law"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_answer_of_an_open_attempt_holds_what_the_teacher_keeps(
    slug: str, mode: str, database: Database, as_: Callable, mara: Person, enrolment_id: str, teacher: Teacher
) -> None:
    browser, bank = as_(mara), teacher.banks[slug]
    with database.transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id)
        for lesson in teacher.course.module(slug).lessons:
            mark_read(session, enrolment=enrolment, lesson=lesson, now=utc_now())
    intro = f"/quizzes/{enrolment_id}/{slug}"
    said = {"intro": browser.get(intro), "start": browser.send(intro, {"mode": mode})}
    attempt = said["start"].location
    with database.reading() as session:
        form = form_from_json(session.get_one(QuizAttempt, attempt.rsplit("/", 1)[1]).form)
    said["blank"] = browser.get(attempt)
    for number, question in enumerate(form, start=1):
        item = bank.item(question.item_id)
        answering = FORMATS[item.kind]
        right = answering.sendable(item, question.order, answering.key(item))
        some = ["0"] if item.kind in TYPED or (number % 2 and not item.rows and len(right) == 1) else right
        given = {"only": str(number), f"q{number}": some}
        answer = browser.send(f"{attempt}/answers", given, headers={"Accept": "application/json"})
        assert answer.json.keys() == {"saved_at", "seen", "answered"}
        said[f"answer {number}"] = answer
    said["page sent"] = browser.send(f"{attempt}/answers", {"seen": "0"})
    said["answered"] = browser.get(attempt)
    said["check"] = browser.get(f"{attempt}/check")
    said["result too early"] = browser.get(f"{attempt}/result")
    said["JSON wanted"] = browser.get(attempt, headers={"Accept": "application/json"})
    said["fragment"] = browser.get(attempt, headers={"HX-Request": "true"})
    said["path"] = browser.get(f"/path/{enrolment_id}")
    drawn = frozenset(question.item_id for question in form)
    asked = [bank.item(one) for one in drawn]
    open_words = [module.title for module in teacher.course.modules]
    open_words += [plain(str(item.stem_html)) for item in asked]
    open_words += [plain(str(option.text_html)) for item in asked if item.kind not in TYPED for option in item.options]
    open_words += [plain(str(row.text_html)) for item in asked for row in item.rows]
    open_words += [plain(str(item.figure_html)) for item in asked]
    secrets = withheld(bank, teacher, drawn, "\n".join(open_words))
    assert len(secrets) > 3 * bank.serve
    for name, answer in said.items():
        told = sent(answer)
        assert not [one for one in secrets if one in told], name
        if name in ("blank", "answered", "check", "result too early"):
            assert not named_on(answer, open_words), name
