"""While a run or an attempt is open, the browser is sent nothing of what its author keeps for afterwards."""

import dataclasses
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from enum import Enum
from random import Random

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Browser
from tests.journey.teacher import Teacher, words
from trainer.accounts.models import Person
from trainer.cases.engine import expert_choice, options
from trainer.cases.models import CaseRun
from trainer.cases.pages import words_of
from trainer.cases.services import events_of, play_of
from trainer.cases.values import Case
from trainer.cases.view import view
from trainer.clock import utc_now
from trainer.cohorts.services import create_cohort
from trainer.curriculum.markdown import inline
from trainer.curriculum.release import read_folder, release_of
from trainer.curriculum.services import enrol, publish
from trainer.db import Database
from trainer.quizzes.form import form_from_json
from trainer.quizzes.items import Bank
from trainer.quizzes.models import QuizAttempt
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


def secrets_of(value: object) -> frozenset[str]:
    """Return everything an author wrote that is long enough to be known again, as written and as shown."""
    written = {one for one in strings_in(value) if len(one) >= SHORTEST}
    shown = {plain(str(inline(one))) for one in written} | {plain(one) for one in written}
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


class Run:
    """One run, and what its player has rightly seen so far."""

    def __init__(self, database: Database, browser: Browser, case: Case, intro: str) -> None:
        self.database, self.browser, self.case, self.intro = database, browser, case, intro
        self.secrets = secrets_of(case)
        self.seen = {case.title, case.note, case.summary}
        self.address = browser.send(intro).location

    def play(self):
        """Return the play so far, from the database."""
        with self.database.reading() as session:
            run = session.get_one(CaseRun, self.address.rsplit("/", 1)[1])
            return play_of(self.case, run, events_of(session, run_id=run.id))

    def meet(self) -> None:
        """Note all that may be seen at this moment."""
        look = view(self.case, self.play())
        self.seen |= {look.chapter, look.title, look.prompt, *look.paragraphs, *look.heard}
        self.seen |= {answer.text for answer in look.answers}

    def check(self, name: str, answer: TestResponse) -> None:
        """Check that an answer holds nothing that was not met."""
        met = "\n".join({*self.seen, *(plain(str(inline(one))) for one in self.seen)})
        said = sent(answer)
        leaked = sorted(one for one in self.secrets if one in said and one not in met)
        assert not leaked, (name, leaked)

    def step(self, choice: str) -> TestResponse:
        """Take a choice by the words that the page shows."""
        page = self.browser.get(self.address).text
        offered = re.findall(r'name="choice" value="([^"]+)"[^>]*><span>(.*?)</span>', page, re.DOTALL)
        wanted = plain(str(inline(self.case.choices[choice].text)))
        token = next(value for value, text in offered if plain(text) == wanted)
        return self.browser.send(f"{self.address}/steps", {"choice": token, "reason": "It seemed right."})


def by_the_expert(case: Case, play) -> str:
    return expert_choice(case, play.state)


def by_chance(case: Case, play) -> str:
    return Random(len(play.steps)).choice(options(case, play.state))


@pytest.mark.parametrize("way", [by_the_expert, by_chance])
@pytest.mark.parametrize("slug", ["tablet", "hold-me"])
def test_no_answer_of_an_open_run_holds_what_was_not_met(
    slug: str, way: Callable, database: Database, as_: Callable, mara: Person, enrolment_id: str, teacher: Teacher
) -> None:
    browser, case = as_(mara), teacher.cases[slug]
    intro = f"/cases/{enrolment_id}/{slug}"
    run = Run(database, browser, case, intro)
    run.meet()
    for place in (intro, "/", f"/path/{enrolment_id}", f"/learn/{enrolment_id}/"):
        run.check(place, browser.get(place))
    while not (play := run.play()).state.ending:
        run.meet()
        scene = browser.get(run.address)
        run.check("scene", scene)
        assert not named_on(scene, run.seen)
        run.check("nothing chosen", browser.send(f"{run.address}/steps", {}))
        run.check("forged choice", browser.send(f"{run.address}/steps", {"choice": way(case, play)}))
        run.check("fragment", browser.get(run.address, headers={"HX-Request": "true"}))
        run.check("JSON wanted", browser.get(run.address, headers={"Accept": "application/json"}))
        run.check("debrief too early", browser.get(f"{run.address}/debrief"))
        run.check("step", run.step(way(case, play)))
    run.check("after the end", browser.get(run.address))
    run.check("debrief before the reaction", browser.get(f"{run.address}/debrief"))
    run.seen |= {case.ending(play.state.ending)}
    for competency in case.head.competencies:  # "How sure did you feel?" asks by name, once the run is over
        run.seen |= {competency.name, words_of(competency.name)}
    run.check("reaction", browser.get(f"{run.address}/reaction"))


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
@pytest.mark.parametrize("slug", ["ethics", "boundaries", "screening", "preparation", "session", "integration"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_answer_of_an_open_attempt_holds_what_the_teacher_keeps(
    slug: str, mode: str, database: Database, as_: Callable, mara: Person, enrolment_id: str, teacher: Teacher
) -> None:
    browser, bank = as_(mara), teacher.banks[slug]
    intro = f"/quizzes/{enrolment_id}/{slug}"
    said = {"intro": browser.get(intro), "start": browser.send(intro, {"mode": mode})}
    attempt = said["start"].location
    with database.reading() as session:
        form = form_from_json(session.get_one(QuizAttempt, attempt.rsplit("/", 1)[1]).form)
    said["blank"] = browser.get(attempt)
    for number, question in enumerate(form, start=1):
        key = bank.item(question.item_id).key
        right = [str(place) for place, position in enumerate(question.order) if position in key]
        given = {"only": str(number), f"q{number}": right if number % 2 else "0"}
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
    open_words += [plain(str(option.text_html)) for item in asked for option in item.options]
    secrets = withheld(bank, teacher, drawn, "\n".join(open_words))
    assert len(secrets) > 3 * bank.serve
    for name, answer in said.items():
        told = sent(answer)
        assert not [one for one in secrets if one in told], name
        if name in ("blank", "answered", "check", "result too early"):
            assert not named_on(answer, open_words), name
