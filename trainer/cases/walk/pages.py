"""The pages on which a debrief is gone through, one moment on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.cases.afterwards.debrief import TimelineEntry, timeline
from trainer.cases.afterwards.moments import Moment, every_moment
from trainer.cases.afterwards.pages import LookingBackPage
from trainer.cases.afterwards.queries import later_scores
from trainer.cases.forms import shown_token
from trainer.cases.runs.models import CaseEnding
from trainer.cases.runs.run import Run
from trainer.cases.runs.walk import DebriefWalk, stays
from trainer.curriculum.course import course_of
from trainer.enrolment.queries import release_with
from trainer.web import Session


@dataclass(frozen=True, kw_only=True)
class MomentPage(LookingBackPage):
    """One moment of a debrief, and nothing of those after it.

    Attributes:
        number: of the moment, from 1.
        shown: what the page sends back to say that it was open; see `trainer.cases.forms.shown_token`.
        steps: what was done in it, each with what can be said about it.
    """

    template: ClassVar[str] = "cases/debrief_moment.html"
    number: int
    shown: str
    walk: DebriefWalk
    steps: Sequence[tuple[TimelineEntry, Moment]]

    @property
    def is_last(self) -> bool:
        """Say whether no other moment follows."""
        return self.number == self.walk.whole

    @property
    def is_gone_through(self) -> bool:
        """Say whether this moment was gone through before."""
        return self.number <= self.walk.gone


def moment_page(session: Session, run: Run, walk: DebriefWalk, number: int) -> MomentPage:
    """Show the moment of that number, from 1, of a run whose debrief may be read up to it."""
    case, play = run.case, run.play
    happened, said = timeline(case, play), every_moment(case, play)
    return MomentPage(
        enrolment_id=run.record.enrolment_id,
        case=case,
        run=run.record,
        first=session.get_one(CaseEnding, run.id),
        later=later_scores(session, run_ids=[run.id]).get(run.id, ()),
        course=course_of(release_with(session, run.record.release_hash)),
        reasons=run.transcript.reasons,
        number=number,
        shown=shown_token(run, number),
        walk=walk,
        steps=[(happened[step], said[step]) for step in stays(play)[number - 1]],
    )
