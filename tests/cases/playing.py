"""A release with a moment that has a limit, and a player who answers it by the tokens of its pages."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import Browser
from trainer.authoring.release import Release, read_folder, release_of
from trainer.cases.language.compiler import compile_case
from trainer.cases.play.engine import init, options, step
from trainer.cases.runs.models import CaseRun
from trainer.cases.runs.queries import run_of
from trainer.cases.runs.run import Run, option_token
from trainer.cases.runs.transcript import Event
from trainer.cases.runs.words import EventKind
from trainer.cases.script.values import Case
from trainer.db import Database
from trainer.settings import ROOT

SLUG = "anna-psilocybin-1"
TEXT = re.sub(r"(?m)^ +- read: .*\n", "", (Path(__file__).parent / "anna.md").read_text())
"""Anna's case; the scene “The wave” is to be answered within 90 seconds, or it goes on to “You say nothing”."""


def release_with_anna(text: str = TEXT) -> Release:
    return release_of({**read_folder(ROOT / "content"), f"cases/{SLUG}/en.md": text.encode()})


def anna() -> Case:
    case, _ = compile_case(f"cases/{SLUG}/en.md", TEXT)
    assert case is not None
    return case


def way_to(case: Case, variant: str, seed: int, scene: str) -> list[str]:
    """Return a short list of choices that leads to a scene."""
    ahead = deque([(init(case, variant, seed), [])])
    while ahead:
        state, way = ahead.popleft()
        if state.scene == scene:
            return way
        ahead.extend((step(case, state, one)[0], [*way, one]) for one in options(case, state))
    raise AssertionError(f"no way to {scene}")


@dataclass
class Player:
    """Somebody in a run of Anna's case."""

    browser: Browser
    database: Database
    case: Case
    address: str

    @property
    def run(self) -> Run:
        """The run as it stands in the database."""
        with self.database.reading() as session:
            return run_of(session, session.get_one(CaseRun, self.address.rsplit("/", 1)[1]), self.case)

    @property
    def events(self) -> Sequence[Event]:
        return self.run.transcript.events

    @property
    def kept(self) -> list[str]:
        """The choices kept so far."""
        return list(self.run.transcript.inputs)

    def kinds(self, kind: EventKind) -> int:
        return sum(event.kind is kind for event in self.events)

    @property
    def scene(self) -> str:
        return self.run.play.state.scene

    @property
    def page(self) -> str:
        return self.browser.get(self.address).text

    def token(self, choice: str, moment: int | None = None) -> str:
        key, run = self.browser.application.config["SECRET_KEY"], self.run
        number = len(run.transcript.inputs) if moment is None else moment
        return option_token(key, run_id=run.id, step=number, choice_id=choice)

    def answer(self, choice: str, reason: str = "") -> TestResponse:
        return self.browser.send(f"{self.address}/steps", {"choice": self.token(choice), "reason": reason})

    def pause(self, choice: str = "", **written: str) -> TestResponse:
        """Press “Pause or get help” on the page of this moment."""
        marked = {"choice": self.token(choice)} if choice else {}
        form = {"moment": self.token("(timeout)"), "seen": str(len(self.events)), **marked, **written}
        return self.browser.send(f"{self.address}/pause", form)

    def go_on(self) -> str:
        """End the pause, and return the page."""
        return self.browser.send(f"{self.address}/resumption", follow_redirects=True).text

    def say_nothing(self, moment: int | None = None) -> TestResponse:
        """Send what a countdown sends at its end."""
        return self.browser.send(f"{self.address}/steps", {"moment": self.token("(timeout)", moment)})

    def ask_for_time(self) -> TestResponse:
        form = {"moment": self.token("(timeout)")}
        return self.browser.send(f"{self.address}/time", form, headers={"Accept": "application/json"})

    def go_to(self, scene: str) -> "Player":
        begun = self.run.record
        for choice in way_to(self.case, begun.variant, begun.seed, scene):
            assert self.answer(choice).status_code == 303
        return self


def begin(browser: Browser, database: Database, enrolment_id: str, pace: str = "calm") -> Player:
    address = browser.send(f"/cases/{enrolment_id}/{SLUG}", {"pace": pace}).location
    return Player(browser, database, anna(), address)


def newest_run(database: Database) -> CaseRun:
    with database.reading() as session:
        return session.scalars(select(CaseRun).order_by(CaseRun.started_at.desc())).first()
