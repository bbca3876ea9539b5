"""The pages on which a run is looked at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from flask import url_for

from trainer.authoring.markdown import block, inline, plain_line
from trainer.cases.afterwards import queries
from trainer.cases.afterwards.debrief import ELSEWHERE, Debrief, TimelineEntry, debrief, verdict_on
from trainer.cases.afterwards.forms import CommentForm, NoteForm, comment_form_for, note_form_for
from trainer.cases.afterwards.map import CaseMap, map_of
from trainer.cases.afterwards.moments import Moment, every_moment
from trainer.cases.afterwards.next_steps import Next, NextReason, what_next
from trainer.cases.afterwards.queries import OwnNote, SharedNote
from trainer.cases.afterwards.story import StoryScene
from trainer.cases.afterwards.what_if import WhatIf, decisions
from trainer.cases.catalogue import practised_cases
from trainer.cases.pages import Offered, counts_as_passed, words_behind_id
from trainer.cases.play.chart import Chart, chart_of
from trainer.cases.play.engine import expert_play
from trainer.cases.play.score import CompetencyMark, KeptResult, score
from trainer.cases.play.view import View
from trainer.cases.runs.mastery import Mastery
from trainer.cases.runs.models import CaseEnding, CaseNote, CaseRescore
from trainer.cases.runs.queries import walk_through
from trainer.cases.runs.run import Begun, Run
from trainer.cases.runs.transcript import Reaction
from trainer.cases.runs.walk import DebriefWalk
from trainer.cases.script.values import Case
from trainer.curriculum.course import course_of
from trainer.curriculum.values import Course
from trainer.enrolment.queries import release_with
from trainer.web import Session
from trainer.web.pages import Page

SURE, UNSURE = 4, 2
"""From 4 of 5 somebody says that they felt sure; up to 2 that they did not."""


def quoted(text: str) -> str:
    """Return a line of Markdown in quotation marks, unless it is nothing but a quotation already."""
    words = plain_line(text)
    return words if words.startswith("“") and words.endswith("”") else f"“{words}”"


@dataclass(frozen=True, kw_only=True)
class LookingBackPage(Page):
    """A run that is looked at again, with the places of the course that belong to it.

    Attributes:
        first: the score that was kept at the end; `later`: those that were decided since.
        reasons: what the trainee gave as a reason, by step.
    """

    enrolment_id: str
    case: Case
    run: Begun
    first: CaseEnding
    later: Sequence[CaseRescore]
    course: Course
    reasons: Mapping[int, str]

    block = staticmethod(block)
    inline = staticmethod(inline)
    words = staticmethod(words_behind_id)

    @property
    def counts(self) -> bool:
        """Say whether the run counts as passed, by its first score or by a later one."""
        return counts_as_passed(self.first, self.later)

    def address(self, place: str) -> str:
        """Return where a place of the course, `module` or `module/lesson`, with or without `#heading`, is read."""
        page, _, heading = place.partition("#")
        module, _, lesson = page.partition("/")
        mine, anchor = self.enrolment_id, heading or None
        if lesson:
            return url_for("curriculum.lesson", enrolment_id=mine, module=module, lesson=lesson, _anchor=anchor)
        return url_for("curriculum.module", enrolment_id=mine, module=module, _anchor=anchor)

    def title_of(self, place: str) -> str:
        """Return the title of a place of the course."""
        slug, _, lesson_slug = place.partition("#")[0].partition("/")
        module = self.course.module(slug)
        lesson = module.lesson(lesson_slug) if module and lesson_slug else None
        found = lesson or module
        return found.title if found else place


@dataclass(frozen=True, kw_only=True)
class DebriefPage(LookingBackPage):
    """What happened, what was seen, what an expert would have done.

    Attributes:
        walk: how far the debrief was gone through; None after an examination, where all of it opens with the result.
        felt: how sure the trainee felt, 1 to 5, by competency.
        said: what can be said about each step, in order.
        decisions: the steps that may be taken back in a rehearsal; none after an examination.
        mastery: how far the practice of this case has come; None where it is only examined.
        titles: of the other cases, by slug.
        comments: what was told to the authors, with the title of its scene.
    """

    template: ClassVar[str] = "cases/debrief.html"
    practice: bool
    walk: DebriefWalk | None
    debrief: Debrief
    said: Sequence[Moment]
    chart: Chart | None
    map: CaseMap
    reaction: str
    felt: Mapping[str, int]
    decisions: Sequence[int]
    mastery: Mastery | None
    nexts: Sequence[Next]
    titles: Mapping[str, str]
    note_form: NoteForm
    comment_form: CommentForm
    comments: Sequence[tuple[str, str]]
    newer: CaseNote | None = None  # what my note says, where it was changed on another page while this one was open

    plain = staticmethod(plain_line)
    quoted = staticmethod(quoted)
    elsewhere = ELSEWHERE

    @property
    def verdict(self) -> str:
        """Say in a sentence what was done."""
        return verdict_on(self.debrief)

    @property
    def next_case(self) -> str:
        """Return the slug of the case that comes next, or nothing."""
        return next((step.about for step in self.nexts if step.why is NextReason.CASE), "")

    def scored(self, later: CaseRescore) -> str:
        """Write a later score: each competency that was shown, and what must not have happened."""
        result = KeptResult.read(later.result)
        shown = [
            f"{words_behind_id(name)} {percent}%" for name, percent in result.percents.items() if percent is not None
        ]
        failures = [f"critical failure: {words_behind_id(name)}" for name in result.failures]
        return ", ".join([*shown, *failures])

    @property
    def chapters(self) -> Sequence[tuple[str, Sequence[TimelineEntry]]]:
        """Return the timeline by chapter: each has a clock of its own."""
        return [
            (name, list(entries)) for name, entries in groupby(self.debrief.timeline, key=lambda entry: entry.chapter)
        ]

    def beside(self, mark: CompetencyMark) -> str:
        """Say how the feeling fits the mark: `surer` or `humbler` than it went, `fits`, or nothing to compare.

        Who feels neither sure nor unsure is not told that this was right.
        """
        felt = self.felt.get(mark.competency)
        if felt is None or mark.percent is None or UNSURE < felt < SURE:
            return ""
        if felt >= SURE:
            return "fits" if mark.met else "surer"
        return "humbler" if mark.met else "fits"


def debrief_page(
    session: Session, run: Run, *, note_form: NoteForm | None = None, comment_form: CommentForm | None = None
) -> DebriefPage:
    """Make the debrief of a run that has ended and whose first words were said."""
    record, case, play = run.record, run.case, run.play
    release = release_with(session, record.release_hash)
    said = run.transcript.reaction or Reaction()
    result = score(case, play)
    examined_only = case.head.examined_only
    mastery = None if examined_only else queries.mastery_of(session, enrolment_id=record.enrolment_id, case=case)
    whole = run.is_practice and mastery is not None and mastery.met
    passed = queries.passed_cases(session, enrolment_id=record.enrolment_id)
    titles = {slug: other.title for slug, other in practised_cases(release).items() if slug != case.slug}
    return DebriefPage(
        enrolment_id=record.enrolment_id,
        case=case,
        run=record,
        practice=run.is_practice,
        walk=walk_through(session, run) if run.is_practice else None,
        first=session.get_one(CaseEnding, run.id),
        later=queries.later_scores(session, run_ids=[run.id]).get(run.id, ()),
        debrief=debrief(case, play, result, whole=whole),
        said=every_moment(case, play),
        chart=chart_of(case, play, limits=case.limits) if any(chapter.vitals for chapter in case.chapters) else None,
        map=map_of(case, play, expert_play(case, record.variant, record.seed), whole=whole),
        course=course_of(release),
        reaction=said.words,
        felt=said.felt,
        reasons=run.transcript.reasons,
        decisions=decisions(case, play) if run.is_practice else (),
        mastery=mastery,
        nexts=what_next(case, play, result, mastery, [slug for slug in titles if slug not in passed]),
        titles=titles,
        note_form=note_form or note_form_for(queries.note_of(session, run_id=run.id)),
        comment_form=comment_form or comment_form_for(run, CommentForm(formdata=None)),
        comments=[
            (quoted(case.scenes[comment.scene].title), comment.text)
            for comment in queries.comments_of(session, run_id=run.id)
        ],
    )


@dataclass(frozen=True, kw_only=True)
class WhatIfPage(Page):
    """One decision taken back, and the story from there on, beside the run.

    Attributes:
        chosen: the tokens of what was chosen so far; the address holds them and nothing is kept.
        taken: the token of what the run did at the decision, while that is what is asked.
        own, other: the vital signs of the run and of the rehearsal, in a chapter that measures them.
    """

    template: ClassVar[str] = "cases/what_if.html"
    enrolment_id: str
    case: Case
    run: Begun
    what: WhatIf
    view: View
    clock: str
    decision: str
    own_ending: str
    other_ending: str
    chosen: Sequence[str]
    offered: Sequence[Offered]
    taken: str
    own: Chart | None
    other: Chart | None
    stale: bool

    block = staticmethod(block)
    inline = staticmethod(inline)
    words = staticmethod(words_behind_id)


@dataclass(frozen=True, kw_only=True)
class StoryPage(Page):
    """A run of mine that has ended, to be read again."""

    template: ClassVar[str] = "cases/story.html"
    enrolment_id: str
    case: Case
    run: Begun
    story: Sequence[StoryScene]
    ending: str

    block = staticmethod(block)
    inline = staticmethod(inline)


@dataclass(frozen=True, kw_only=True)
class OwnNotesPage(Page):
    """What I wrote to myself after cases."""

    template: ClassVar[str] = "cases/own_notes.html"
    enrolment_id: str
    notes: Sequence[OwnNote]


@dataclass(frozen=True, kw_only=True)
class SharedNotesPage(Page):
    """The notes that trainees show to me."""

    template: ClassVar[str] = "cases/notes.html"
    notes: Sequence[SharedNote]
