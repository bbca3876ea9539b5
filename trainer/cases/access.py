"""Which run somebody may open: their own, and nobody else's."""

from trainer.accounts.access import me
from trainer.cases.catalogue import text_of
from trainer.cases.runs.queries import record_for, refuse_while_examined, run_of
from trainer.cases.runs.run import Run
from trainer.cases.runs.services import hold_run
from trainer.enrolment.queries import release_with
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
