"""A small course with one quiz, and Mara and Omar each in a cohort that follows it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from markupsafe import Markup
from sqlalchemy import select

from trainer.accounts.models import Person
from trainer.authoring.release import Release, release_of
from trainer.curriculum.course import parse
from trainer.curriculum.services import publish
from trainer.curriculum.values import Readiness
from trainer.db import Database, new_id
from trainer.enrolment.models import Cohort
from trainer.enrolment.services import enrol
from trainer.items.forms import ItemForm, form_from_json
from trainer.items.values import Item, ItemKind, ItemOption, Level, item_hash
from trainer.quizzes.models import QuizAnswer, QuizAttempt
from trainer.quizzes.reading import read_bank
from trainer.quizzes.values import Bank

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATH = "modules/01-ethics/bank.md"
HEAD = """\
---
bank: ethics
title: Ethics
serve: 6
pass: 80%
attempts: 3
wait: 24 h
minutes: none
blueprint: {know: 2, apply: 3, evaluate: 1}
---
"""
LEVELS = ("know", "apply", "evaluate")
PENDING = 11
COUNTED = 12
"""From this number on, items are kept for practice."""


def item_text(number: int) -> str:
    """Write item `number` as an author would; every word of it can be found again on a page."""
    several = number % 5 == 0
    marks = "  x "[number % 3 :] + "   "
    rows = [f"## Heading{number} {{#item-{number}-id}}"]
    rows += ["- kind: multiple"] if several else []
    rows += [
        "- objective: list-elements",
        "- competency: C3",
        f"- level: {LEVELS[number % 3]}",
        "- source: S1",
        f"- readiness: {'pending review' if number == PENDING else 'solid'}",
        "- critical: yes" if number == 3 else "- critical: no",
        *(["- use: practice"] if number >= COUNTED else []),
        "",
        f"Stem{number}: what is meant?",
        "",
    ]
    for letter, mark in zip("abcd", "xx  " if several else marks[:4], strict=True):
        rows += [f"- [{mark}] Option{number}{letter}.", f"  > Reason{number}{letter}."]
    return "\n".join(rows) + "\n\n"


BANK = HEAD + "\n" + "".join(item_text(number) for number in range(COUNTED))
WITH_PRACTICE = BANK + "".join(item_text(number) for number in range(COUNTED, COUNTED + 6))
"""Every solid question of `BANK` may count; these six never do."""
COURSE = {
    "references.yaml": 'S1: {short: "Nayak 2021", kind: primary, text: "Nayak and others."}\n',
    "glossary.md": "## Stop signal {#stop-signal}\nA sign agreed beforehand.\n",
    "competencies.yaml": "C3:\n  title: Consent\n  behaviour: Obtains consent.\n",
    "crosswalks/oregon.yaml": (
        'regulator: A board\nrule: A rule\nread_on: "In 2025"\ntotal_hours: 10\nnote: Not a licence.\n'
        'topics:\n  ethics: {title: "Ethics", hours: 2.5, confidence: verified}\n'
    ),
    "modules/01-ethics/module.md": (
        "---\nmodule: ethics\ntitle: Ethics\nminutes: 20\nobjectives:\n  list-elements: List the elements.\n"
        "competencies: [C3]\ntopics: [oregon/ethics]\nsources: [S1]\nreadiness: solid\nreviewed: []\n---\n"
        "What this module is for.\n"
    ),
    "modules/01-ethics/01-why.md": (
        "---\nlesson: why\ntitle: Why consent is different\nminutes: 20\nobjectives: [list-elements]\n"
        "readiness: solid\n---\nPeople agree, and may change their mind [@S1].\n"
    ),
}


def course_files(bank: str = BANK) -> Mapping[str, bytes]:
    """Return the small course with this bank as files."""
    return {path: text.encode() for path, text in {**COURSE, PATH: bank}.items()}


KNOWN, MISTAKES = parse(course_files())
assert not MISTAKES, MISTAKES


def read(text: str | bytes):
    """Read a bank of the small course."""
    return read_bank(PATH, {PATH: text.encode() if isinstance(text, str) else text}, KNOWN)


# --- banks without a file, for the rules --------------------------------------------------------


def an_item(
    name: str,
    *,
    level: Level = Level.KNOW,
    right: frozenset[int] = frozenset({0}),
    options: int = 4,
    critical: bool = False,
    pending: bool = False,
    practice_only: bool = False,
) -> Item:
    """Make an item."""
    return Item(
        id=name,
        title=name,
        kind=ItemKind.SINGLE if len(right) == 1 else ItemKind.MULTIPLE,
        objective="list-elements",
        competency="C3",
        level=level,
        sources=("S1",),
        readiness=Readiness.PENDING if pending else Readiness.SOLID,
        critical=critical,
        stem_html=Markup(f"<p>{name}</p>"),
        options=tuple(
            ItemOption(text=f"{name} {n}", text_html=Markup(), reason_html=Markup(), right=n in right, line=1)
            for n in range(options)
        ),
        line=1,
        hash=item_hash([name]),
        practice_only=practice_only,
    )


def a_bank(items: tuple[Item, ...], blueprint: Mapping[Level, int], **changes: object) -> Bank:
    """Make a bank."""
    rules = {
        "slug": "ethics",
        "title": "Ethics",
        "serve": sum(blueprint.values()),
        "pass_share": Fraction(4, 5),
        "attempts": 3,
        "wait": timedelta(hours=24),
        "minutes": None,
        "blueprint": blueprint,
        "critical": None,
        "items": items,
    }
    return Bank(**{**rules, **changes})


# --- people in a course -------------------------------------------------------------------------


@dataclass
class Quiz:
    """One person's way to the quiz: addresses, and what the database knows of it."""

    database: Database
    enrolment_id: str
    bank: Bank
    release: Release
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.address = f"/quizzes/{self.enrolment_id}/ethics"

    def begin(self, browser, mode: str = "counted") -> str:
        """Begin or go on; return the address of the attempt."""
        answer = browser.send(self.address, {"mode": mode})
        assert answer.status_code == 303, answer.text
        return answer.location

    def form(self, attempt: str) -> ItemForm:
        """Return the questions of an attempt."""
        with self.database.reading() as session:
            return form_from_json(session.get_one(QuizAttempt, attempt.rsplit("/", 1)[1]).form)

    def right(self, attempt: str, *, but: int | None = None) -> dict[str, list[str]]:
        """Return the right answers as the page would send them; question `but` is answered wrongly."""
        sent = {}
        for number, question in enumerate(self.form(attempt), start=1):
            key = self.bank.item(question.item_id).key
            places = [place for place, position in enumerate(question.order) if (position in key) != (number == but)]
            sent[f"q{number}"] = [str(place) for place in places[: len(key)]]
        return sent

    def critical_number(self, attempt: str) -> int | None:
        """Return the number of the first critical question."""
        form = enumerate(self.form(attempt), start=1)
        return next((number for number, question in form if self.bank.item(question.item_id).critical), None)

    def rows(self, attempt: str) -> list[QuizAnswer]:
        """Return every answer that was ever saved, in order."""
        query = select(QuizAnswer).where(QuizAnswer.attempt_id == attempt.rsplit("/", 1)[1])
        with self.database.reading() as session:
            return list(session.scalars(query.order_by(QuizAnswer.seq)))

    def answer(self, browser, attempt: str, number: int, *places: int, **headers: str):
        """ItemAnswer one question as the page's script does."""
        sent = {"only": str(number), f"q{number}": [str(place) for place in places]}
        return browser.send(f"{attempt}/answers", sent, headers={"Accept": "application/json", **headers})

    def take(self, browser, *, but: int | None = None) -> str:
        """Take the quiz from beginning to end; return the address of the attempt."""
        attempt = self.begin(browser)
        assert browser.send(f"{attempt}/answers", {**self.right(attempt, but=but), "seen": "0"}).status_code == 303
        assert browser.send(f"{attempt}/submission").location == f"{attempt}/result"
        return attempt


def places_on(page: str) -> dict[str, list[str]]:
    """Return the option places a page offers, by question."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="(?:radio|checkbox)" name="(q\d+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(value)
    return found


def chosen_on(page: str) -> dict[str, list[str]]:
    """Return the chosen places of a page, by question."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(q\d+)" value="(\d+)" checked', page):
        found.setdefault(name, []).append(value)
    return found


def seen_on(page: str) -> str:
    """Return the number of the last saved answer that a page carries."""
    return re.search(r'name="seen" value="(\d+)"', page)[1]


def enrolled_in(database: Database, person: Person, release: Release, *, now: datetime) -> str:
    """Publish a release, and enrol somebody in a new cohort that follows it; return the enrolment's id."""
    with database.transaction() as session:
        publish(session, release=release, now=now)
        cohort = Cohort(
            id=new_id(),
            programme="foundations",
            name=new_id(),
            release_hash=release.hash,
            starts_on=date(2026, 1, 1),
            created_at=now,
        )
        session.add(cohort)
        session.flush()
        return enrol(session, person_id=person.id, cohort=cohort, now=now).id


@pytest.fixture
def quiz_for(database: Database) -> Callable[..., Quiz]:
    """Enrol somebody in the small course: `quiz_for(mara)`, or with another bank."""

    def make(person: Person, bank: str = WITH_PRACTICE) -> Quiz:
        now = datetime.now(UTC) - timedelta(days=20)
        release = release_of(course_files(bank))
        read_one, wrong = read(bank)
        assert read_one, wrong
        return Quiz(database, enrolled_in(database, person, release, now=now), read_one, release)

    return make


@pytest.fixture
def quiz(quiz_for: Callable[..., Quiz], mara: Person) -> Quiz:
    """Mara's quiz."""
    return quiz_for(mara)
