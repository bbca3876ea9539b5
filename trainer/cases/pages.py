"""The pages of a case. Before the debrief they hold only what can be seen at this moment."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from trainer.cases.chart import Chart
from trainer.cases.forms import ReactionForm
from trainer.cases.mastery import Mastery
from trainer.cases.models import CaseEnding, CaseReport, CaseRun
from trainer.cases.report import Plain
from trainer.cases.values import Case
from trainer.cases.view import Sign
from trainer.web.pages import Page


def words_of(name: str) -> str:
    """Return the words behind an id such as `cf07-touch-outside-consent`."""
    return re.sub(r"^cf\d+-", "", name).replace("-", " ").capitalize()


@dataclass(frozen=True, kw_only=True)
class IntroPage(Page):
    """What this case is, a content note, and my runs so far."""

    template: ClassVar[str] = "cases/intro.html"
    enrolment_id: str
    case: Case
    runs: Sequence[tuple[CaseRun, CaseEnding | None]]
    counts: bool
    mastery: Mastery

    @property
    def open_run(self) -> CaseRun | None:
        """Return the run that has not ended."""
        return next((run for run, ending in self.runs if ending is None), None)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """One choice as the browser may know it."""

    token: str
    text: Markup


@dataclass(frozen=True, kw_only=True)
class PlayPage(Page):
    """The scene as it stands now."""

    template: ClassVar[str] = "cases/play.html"
    enrolment_id: str
    title: str
    run: CaseRun
    chapter: str
    clock: str
    scene_title: Markup
    paragraphs: tuple[Markup, ...]
    heard: tuple[Markup, ...]
    offered: tuple[Offered, ...]
    prompt: str
    phase: str
    signs: tuple[Sign, ...]
    chart: Chart | None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReactionPage(Page):
    """Before any score: how was that?"""

    template: ClassVar[str] = "cases/reaction.html"
    enrolment_id: str
    title: str
    run: CaseRun
    ending: str
    competencies: Sequence[tuple[str, str]]  # name and words
    form: ReactionForm


@dataclass(frozen=True, kw_only=True)
class ReportPage(Page):
    """What the checker proved about one case, for those who answer for it."""

    template: ClassVar[str] = "cases/report.html"
    case: Case
    kept: CaseReport | None

    words = staticmethod(words_of)

    @property
    def plain(self) -> Plain:
        """Return the report itself; only when there is one."""
        return self.kept.report if self.kept else {}

    @property
    def variants(self) -> Mapping[str, Plain]:
        """Return what was proved by variant."""
        found: Mapping[str, Plain] = self.plain.get("variants", {})
        return found

    def unmet(self, variant: str) -> Sequence[str]:
        """Return the titles of the scenes that belong to other variants than this one."""
        met = self.variants[variant]["scenes"]
        return [scene.title for scene in self.case.scenes.values() if scene.id not in met]
