"""Which run somebody may open: their own, and nobody else's."""

from trainer.accounts.access import me
from trainer.cases.catalogue import text_of
from trainer.cases.runs.queries import record_for, refuse_while_examined, run_of, walk_through
from trainer.cases.runs.run import Run
from trainer.cases.runs.services import hold_run
from trainer.enrolment.queries import release_with
from trainer.errors import Missing, Refused
from trainer.web import Session


def mine_and_open(session: Session, run_id: str, *, to_play: bool = False) -> Run:
    """Return my run, unless that would help in an examination.

    Args:
        to_play: hold it until the transaction ends.

    Raises:
        Missing: there is no such run, or it is somebody else's.
        Refused: it is practice of a case in which I am being examined now, or its text is not understood any more.
    """
    run = mine(session, run_id, to_play=to_play)
    if run.is_practice:
        refuse_while_examined(session, person_id=me().id, slug=run.record.case_slug)
    return run


def mine_to_look_back(session: Session, run_id: str, *, all_of_it: bool = True) -> Run:
    """Return my practice run that has come to its debrief; after an examination nothing is played or written.

    Args:
        all_of_it: only where the whole debrief is open, and not while it is gone through moment by moment.

    Raises:
        Missing: there is no debrief of that run.
        Refused: it has not been gone through yet, or I am being examined in this case now.
    """
    run = mine_and_open(session, run_id)
    if not run.is_practice or not run.can_be_debriefed:
        raise Missing("There is no debrief of that run.")
    if all_of_it and not walk_through(session, run).opens_all:
        raise Refused("This opens once you have gone through the debrief of this run, moment by moment.")
    return run


def mine(session: Session, run_id: str, *, to_play: bool = False) -> Run:
    """Return my run as it stands.

    Args:
        to_play: hold it until the transaction ends.

    Raises:
        Missing: there is no such run, or it is somebody else's.
        Refused: its text is not understood any more.
    """
    record = (hold_run if to_play else record_for)(session, person_id=me().id, run_id=run_id)
    return run_of(session, record, text_of(release_with(session, record.release_hash), record.case_slug))
