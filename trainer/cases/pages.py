"""The pages of a case. Before the debrief they hold only what can be seen at this moment."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from flask import request
from markupsafe import Markup

from trainer.authoring.markdown import block, inline
from trainer.cases.forms import ReactionForm, token_in
from trainer.cases.play.chart import Chart, chart_of, clock
from trainer.cases.play.engine import TIMEOUT
from trainer.cases.play.length import words_on_the_way
from trainer.cases.play.memory import Remembered, choice_words, remembered
from trainer.cases.play.view import Sign, View, shown_in, view
from trainer.cases.prover.report import Plain
from trainer.cases.runs.drafts import Draft
from trainer.cases.runs.mastery import Mastery
from trainer.cases.runs.models import CaseEnding, CaseReport, CaseRescore, CaseRun
from trainer.cases.runs.run import Begun, Run
from trainer.cases.runs.timing import Span
from trainer.cases.runs.walk import DebriefWalk
from trainer.cases.runs.words import Pace
from trainer.cases.script.limits import Limit
from trainer.cases.script.room import Room
from trainer.cases.script.values import Case
from trainer.curriculum.course import reading_minutes
from trainer.curriculum.values import Course, Module
from trainer.web.pages import Page


def words_behind_id(name: str) -> str:
    """Return the words behind an id such as `cf07-touch-outside-consent`."""
    return re.sub(r"^cf\d+-", "", name).replace("-", " ").capitalize()


def counts_as_passed(first: CaseEnding, later: Sequence[CaseRescore]) -> bool:
    """Say whether a run has passed by its first score or by a later one: scoring again takes nothing away."""
    return first.passed or any(rescore.passed for rescore in later)


def modules_behind(case: Case, course: Course) -> Sequence[Module]:
    """Return the modules, two at most, to which a case's debrief leads most often, in the order of the course."""
    named = Counter(
        place.partition("#")[0].partition("/")[0] for choice in case.choices.values() for place in choice.read
    )
    most = {slug for slug, _times in named.most_common(2)}
    return [module for module in course.modules if module.slug in most]


def seconds_in_words(seconds: int) -> str:
    """Write seconds as “1 minute 30 seconds”, and from an hour on as “2 hours 5 minutes”."""
    hours, below = divmod(seconds, 3600)
    minutes, rest = divmod(below, 60)
    words = [(f"{hours} hour" if hours == 1 else f"{hours} hours")] if hours else []
    if minutes:
        words.append(f"{minutes} minute" if minutes == 1 else f"{minutes} minutes")
    if not hours and (rest or not minutes):
        words.append(f"{rest} second" if rest == 1 else f"{rest} seconds")
    return " ".join(words)


def moment_lasts(seconds: int) -> str:
    """Say how long a moment lasts."""
    words: str = f"This moment lasts {seconds_in_words(seconds)}."
    return words


@dataclass(frozen=True, kw_only=True)
class CaseIntroPage(Page):
    """What this case is, a content note, and my runs so far.

    Attributes:
        draws_on: the modules to which its debrief leads most often, with their addresses' names and titles.
        later: later scores, by run; `walks`: how far debriefs were gone through, by run.
    """

    template: ClassVar[str] = "cases/intro.html"
    enrolment_id: str
    case: Case
    runs: Sequence[tuple[CaseRun, CaseEnding | None]]
    draws_on: Sequence[Module]
    later: Mapping[str, Sequence[CaseRescore]]
    walks: Mapping[str, DebriefWalk]
    counts: bool
    mastery: Mastery
    factor: int  # how long my time limits are, in per cent of what is written; 0 for none
    examined: CaseRun | None  # the run in which I am being examined in this case now

    @property
    def minutes(self) -> int:
        """Return about how long it takes to read through, in minutes and in steps of five."""
        return -(-reading_minutes(words_on_the_way(self.case)) // 5) * 5

    @property
    def timed(self) -> bool:
        """Say whether some moment of this case can be given a limit."""
        return any(scene.limit is not None for scene in self.case.scenes.values())

    def counts_as_passed(self, ending: CaseEnding) -> bool:
        """Say whether a run has passed by its first score or by a later one."""
        return counts_as_passed(ending, self.later.get(ending.run_id, ()))

    @property
    def open_run(self) -> CaseRun | None:
        """Return the run that has not ended."""
        return next((run for run, ending in self.runs if ending is None), None)


@dataclass(frozen=True, kw_only=True)
class Offered:
    """One choice as the browser may know it."""

    token: str
    text: Markup
    marked: bool = False


@dataclass(frozen=True, kw_only=True)
class PlayPage(Page):
    """The scene as it stands now.

    Attributes:
        part, parts: the chapter, counted from 1, and how many there are.
        room: who is where, where the scene draws it; `agreed`: the limits that everybody knows beforehand. An
            examination shows neither.
        did: the words of the answer that led here, empty where there is none; `heard`: what answered it.
        again: the page before showed the very same scene.
    """

    template: ClassVar[str] = "cases/play.html"
    passing: ClassVar[bool] = True  # “back” from a pause would show the scene, and an answer that cannot be given
    enrolment_id: str
    title: str
    run: Begun
    person: str
    chapter: str
    part: int
    parts: int
    clock: str
    room: Room | None
    agreed: tuple[Limit, ...]
    did: Markup
    again: bool
    scene_title: Markup
    paragraphs: tuple[Markup, ...]
    heard: tuple[Markup, ...]
    offered: tuple[Offered, ...]
    prompt: str
    phase: str
    signs: tuple[Sign, ...]
    chart: Chart | None
    moment: str  # a token for this very moment
    seen: int  # so many things had happened in the run when the page was made
    span: Span
    unanswered: bool  # the moment before passed without an answer
    late: bool  # because the answer to it came too late
    memory: tuple[Remembered, ...]
    draft: str  # what I had begun to write here
    unkept: str  # what I wrote on a page of another moment
    content_note: str  # only where an examination begins a case, because no page came before
    note: str = ""

    block, inline = staticmethod(block), staticmethod(inline)
    duration, lasts = staticmethod(seconds_in_words), staticmethod(moment_lasts)

    @property
    def remembered(self) -> Sequence[tuple[str, Sequence[Remembered]]]:
        """Return what was done and heard by chapter, the newest first: each chapter has a clock of its own."""
        return [(chapter, list(steps)) for chapter, steps in groupby(self.memory, key=lambda step: step.chapter)]

    @property
    def more_time_already(self) -> str:
        """Say that more time was given before, and when it can be asked for again."""
        longest = seconds_in_words(self.span.extension)
        words: str = f"You have more time already. You can ask again when {longest} or less is left."
        return words

    @property
    def counts_down(self) -> bool:
        """Say whether the seconds are shown."""
        return self.run.pace is Pace.REAL and self.span.limit is not None


def scene_page(run: Run, now: datetime, note: str = "", *, draft: Draft | None = None, unkept: str = "") -> PlayPage:
    """Show the scene of a run as it stands now; `draft` and `unkept` are what a page has just sent."""
    case, play, record = run.case, run.play, run.record
    seen, draft = view(case, play), draft or run.transcript.draft
    scene, before = case.scenes[seen.scene], play.steps[-1] if play.steps else None
    agreed = case.agreed if run.is_practice and seen.signs else ()
    return PlayPage(
        enrolment_id=record.enrolment_id,
        title=case.title,
        run=record,
        person=case.head.person if run.is_practice else "",
        chapter=seen.chapter,
        part=scene.chapter + 1,
        parts=len(case.chapters),
        clock=clock(seen.minute),
        room=scene.room if run.is_practice else None,
        agreed=agreed,
        did=inline(choice_words(case, before.choice)) if before else Markup(),
        again=before is not None and before.scene == seen.scene and shown_in(case, before.before) == seen.paragraphs,
        scene_title=inline(seen.title),
        paragraphs=tuple(map(block, seen.paragraphs)),
        heard=tuple(map(block, seen.heard)),
        offered=_offered(run, seen, draft),
        prompt=seen.prompt,
        phase=seen.phase,
        signs=seen.signs,
        chart=chart_of(case, play, limits=agreed) if seen.signs else None,
        moment=token_in(run, TIMEOUT),
        seen=len(run.transcript.events),
        span=run.span(now),
        unanswered=bool(play.steps) and play.steps[-1].choice == TIMEOUT,
        late="late" in request.args,
        memory=remembered(case, play, run.transcript.reasons),
        draft=draft.words,
        unkept=unkept,
        content_note="" if run.is_practice or play.steps else case.note,
        note=note,
    )


def _offered(run: Run, seen: View, draft: Draft) -> tuple[Offered, ...]:
    return tuple(
        Offered(token=token_in(run, answer.id), text=inline(answer.text), marked=answer.id == draft.marked)
        for answer in seen.answers
    )


@dataclass(frozen=True, kw_only=True)
class ReactionPage(Page):
    """Before any score: how was that?"""

    template: ClassVar[str] = "cases/reaction.html"
    enrolment_id: str
    title: str
    run: Begun
    ending: str
    competencies: Sequence[tuple[str, str]]  # name and words
    form: ReactionForm

    inline = staticmethod(inline)


@dataclass(frozen=True, kw_only=True)
class ReportPage(Page):
    """What the checker proved about one case, for those who answer for it."""

    template: ClassVar[str] = "cases/report.html"
    case: Case
    kept: CaseReport | None

    words = staticmethod(words_behind_id)

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
