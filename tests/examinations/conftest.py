"""An examination of three small cases, and people who sit it."""

from collections.abc import Callable

import pytest

from trainer.accounts.models import Person
from trainer.authoring.archive import pack_release
from trainer.authoring.release import read_folder, release_of
from trainer.cases.play.engine import expert_choice, options
from trainer.cases.runs.models import CaseRun
from trainer.cases.runs.queries import run_of
from trainer.cases.runs.services import take_step
from trainer.clock import utc_now
from trainer.curriculum.reviews import ReviewedText, Reviewer
from trainer.curriculum.services import sign_content
from trainer.curriculum.words import ReviewKind
from trainer.db import Database
from trainer.enrolment.models import Enrolment
from trainer.examinations import services
from trainer.examinations.models import Sitting
from trainer.requirements.catalogue import Catalogue, catalogue_of
from trainer.settings import ROOT

EXAM = """\
exam: short
title: A short examination
summary: Three stories and one to warm up.
cases: 3
warm_up: 1
cut: 70%
attempts: 2
pace: calm
needs:
  competencies: {safety: 3, ethics: 2}
  risk: 3
"""

CASE = """\
---
case: NAME
title: The story of NAME
version: 1.0
language: en
phase: session
status: draft
reviewed: []
note: A short story for a test.
summary: Somebody shivers or sweats, and you look after them.
competencies:
  safety: pass 70%
  ethics: pass 60%
facts: [cold, warm, helped]
variants:
  first: {facts: [cold]}
  second: {facts: [warm]}
start: begin
---

# Chapter: The talk (0:00 to 2:00, then #over)

## A question {#begin}
- prompt: What did you see?

[if cold] She shivers, and rubs her hands.

[if warm] She fans herself, and drinks.

1. You bring her the blanket from the shelf. {#blanket-cold}
   - only if: cold
   - expert: yes
   - takes: 5 min
   - scores: safety +2
   - changes: helped
   - next: #later
1. You open the window, and stay near it. {#window-cold}
   - only if: cold
   - takes: 5 min
   - scores: safety -1
   - next: #later
1. You open the window, and stay near it. {#window-warm}
   - only if: warm
   - expert: yes
   - takes: 5 min
   - scores: safety +2
   - changes: helped
   - next: #later
1. You bring her the blanket from the shelf. {#blanket-warm}
   - only if: warm
   - takes: 5 min
   - scores: safety -1
   - next: #later
1. You take her hand and hold it, unasked. {#grab}
   - takes: 5 min
   - scores: ethics -2
   - next: #later

## Later {#later}
- answer within: 60 s else #over

She looks up.

1. You ask her how she is now, and wait. {#ask}
   - expert: yes
   - takes: 5 min
   - scores: ethics +2
   - next: end finished
1. You say goodbye, as it has grown late. {#home}
   - takes: 5 min
   - next: end finished
1. You ask what she needs, and bring it. {#late-help}
   - only if: not helped
   - takes: 40 min
   - changes: helped
   - next: #over

## Over {#over}

She has her coat on.

1. You ask her how she is now, and wait. {#ask-again}
   - expert: yes
   - takes: 5 min
   - scores: ethics +2
   - next: end finished
1. You say goodbye, as it has grown late. {#home-again}
   - takes: 5 min
   - next: end finished

# Must do

- help-in-time: helped within 20 min of #begin

# Must not

- cf07-touch-outside-consent: grab

# Endings

- finished: The talk is over.
"""

NAMES = ("ash", "birch", "cedar", "elm", "fir")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped content with five small cases and an examination in them."""
    files = dict(read_folder(ROOT / "content"))
    files |= {f"cases/{name}/en.md": CASE.replace("NAME", name).encode() for name in NAMES}
    files["exams/short.yaml"] = EXAM.encode()
    programme = files["programmes/foundations.yaml"].decode()
    files["programmes/foundations.yaml"] = programme.replace(
        "\n        - case: tablet\n", "\n        - exam: short\n        - case: tablet\n"
    ).encode()
    return catalogue_of(release_of(files))


@pytest.fixture(scope="session")
def archive(catalogue: Catalogue) -> bytes:
    """The same as it is kept in the database."""
    return pack_release(catalogue.release.files)


@pytest.fixture
def reviewed(database: Database, catalogue: Catalogue, sol: Person) -> None:
    """Sol has signed the five small cases, and nothing else counts."""
    with database.transaction() as session:
        for name in NAMES:
            sign_content(
                session,
                text=ReviewedText(kind=ReviewKind.CASE, id=name, hash=catalogue.cases[name].hash),
                reviewer=Reviewer(person_id=sol.id, name=sol.name, role="reviewer in a test"),
                statement="Read for a test.",
                now=utc_now(),
            )


@pytest.fixture
def begun(database: Database, catalogue: Catalogue, enrolled: Callable[[Person], Enrolment], reviewed: None):
    """Somebody begins a sitting: `begun(mara)`."""

    def begin(person: Person) -> Sitting:
        with database.transaction() as session:
            return services.start_sitting(
                session,
                enrolment=enrolled(person),
                exam=catalogue.exams["short"],
                cases=catalogue.cases,
                release_hash=catalogue.release.hash,
                outstanding=(),
                now=utc_now(),
            )

    return begin


WAYS = {
    "well": ("right", "ask"),
    "coldly": ("right", "home"),
    "badly": ("wrong", "home"),
    "late": ("wrong", "late-help", "ask-again"),
    "roughly": ("grab", "ask"),
}


@pytest.fixture
def played(database: Database, catalogue: Catalogue):
    """Play a sitting: `played(sitting, "well", "well", "badly", "well")`, the warm-up first."""

    def play(sitting: Sitting, *ways: str) -> None:
        for position, way in enumerate(ways, start=1):
            with database.transaction() as session:
                run = services.begin_case(session, sitting=sitting, position=str(position), now=utc_now())
            for word in WAYS[way]:
                one_step(database, catalogue, run, word)
        with database.transaction() as session:
            services.settle(session, sitting=sitting, now=utc_now())

    return play


def one_step(database: Database, catalogue: Catalogue, run: CaseRun, word: str) -> None:
    """Take one step: `right`, `wrong`, or the choice of that name. A run that has ended stays as it is."""
    case = catalogue.cases[run.case_slug]
    with database.transaction() as session:
        stands = run_of(session, run, case)
        state = stands.play.state
        if state.ending:
            return
        expert = expert_choice(case, state)
        wrong = next((one for one in options(case, state) if one not in (expert, "grab")), "")
        choice = {"right": str(expert), "wrong": wrong}.get(word, word)
        reason = "I saw that she needed it."
        take_step(session, run=stands, choice_id=choice, reason=reason, now=utc_now())
