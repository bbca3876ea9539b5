"""Every run that has ended, and whether its stored result is what its transcript gives now."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cases.afterwards.rescore import result_by
from trainer.cases.catalogue import cases_of
from trainer.cases.play.score import RUBRIC
from trainer.cases.runs.models import CaseEnding, CaseEvent, CaseRun
from trainer.cases.runs.words import EventKind
from trainer.enrolment.queries import release_with
from trainer.errors import TrainerError

AT_ONCE = 500
"""So many runs are read at a time, so that memory does not grow with the years."""


@dataclass(frozen=True)
class Compared:
    """A run, and how its stored result differs from what its transcript gives now; "" when it is the same."""

    run_id: str
    case: str
    why: str


def compared(session: Session) -> Iterator[Compared]:
    """Score every ended run again from its transcript, in its own text, and compare with what is stored."""
    for run, ending, inputs in _ended(session):
        yield Compared(run.id, run.case_slug, _difference(session, run, ending, inputs))


def _ended(session: Session) -> Iterator[tuple[CaseRun, CaseEnding, Sequence[str]]]:
    """Yield every ended run with its choices, some hundreds at a time."""
    last = ""
    query = select(CaseRun, CaseEnding).join(CaseEnding, CaseEnding.run_id == CaseRun.id).order_by(CaseRun.id)
    while rows := session.execute(query.where(CaseRun.id > last).limit(AT_ONCE)).all():
        ids = [run.id for run, _ in rows]
        events = select(CaseEvent.run_id, CaseEvent.value).where(
            CaseEvent.run_id.in_(ids), CaseEvent.kind == EventKind.CHOICE
        )
        chosen: dict[str, list[str]] = {run_id: [] for run_id in ids}
        for run_id, value in session.execute(events.order_by(CaseEvent.run_id, CaseEvent.seq)):
            chosen[run_id].append(value)
        for run, ending in rows:
            yield run, ending, chosen[run.id]
        last = ids[-1]
        session.expunge_all()


def _difference(session: Session, run: CaseRun, ending: CaseEnding, inputs: Sequence[str]) -> str:
    if ending.rubric != RUBRIC:
        return f"it was scored by rubric {ending.rubric}, and this is rubric {RUBRIC}."
    try:
        case = cases_of(release_with(session, run.release_hash))[run.case_slug]
        result = result_by(case, variant=run.variant, seed=run.seed, inputs=inputs)
    except TrainerError as error:
        return f"it cannot be played again. {error}"
    except KeyError:
        return "its case is no longer understood in its release."
    before, now = (json.dumps(plain, sort_keys=True) for plain in (ending.result, result.plain()))
    if before != now:
        return f"stored {before}, now {now}."
    if (ending.passed, ending.ending) != (result.passed, result.ending):
        return "what stands beside the result is not what stands in it."
    return ""
