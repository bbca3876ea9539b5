"""Which run somebody may open: their own, and nobody else's."""

from collections.abc import Sequence

from trainer.accounts.access import me
from trainer.cases.catalogue import text_of
from trainer.cases.play.engine import Play
from trainer.cases.runs import services
from trainer.cases.runs.models import CaseEvent, CaseRun
from trainer.cases.runs.words import Purpose
from trainer.cases.script.values import Case
from trainer.enrolment.queries import release_with
from trainer.web import Session


def mine_and_open(
    session: Session, run_id: str, *, to_play: bool = False
) -> tuple[CaseRun, Case, Sequence[CaseEvent], Play]:
    """Return what `mine` returns, unless it would help in an examination.

    Raises:
        Missing: there is no such run, or it is somebody else's.
        Refused: it is practice of a case in which I am being examined now.
    """
    found = mine(session, run_id, to_play=to_play)
    if found[0].purpose is Purpose.PRACTICE:
        services.refuse_while_examined(session, person_id=me().id, slug=found[0].case_slug)
    return found


def mine(session: Session, run_id: str, *, to_play: bool = False) -> tuple[CaseRun, Case, Sequence[CaseEvent], Play]:
    """Return my run, its case as it was when the run began, what happened, and the play that makes.

    Args:
        to_play: hold the run until the transaction ends.

    Raises:
        Missing: there is no such run, or it is somebody else's.
        Refused: its text is not understood any more.
    """
    run = services.run_for(session, person_id=me().id, run_id=run_id, to_play=to_play)
    case = text_of(release_with(session, run.release_hash), run.case_slug)
    events = services.events_of(session, run_id=run_id)
    return run, case, events, services.play_of(case, run, events)
