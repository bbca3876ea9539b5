"""Look after what has been played."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cases.afterwards.rescore import result_by
from trainer.cases.catalogue import cases_of
from trainer.cases.play.score import RUBRIC
from trainer.cases.runs.models import CaseEnding, CaseEvent, CaseRun, EventKind
from trainer.enrolment.queries import release_with
from trainer.errors import TrainerError
from trainer.installation import opened

AT_ONCE = 500
"""So many runs are read at a time, so that memory does not grow with the years."""


@dataclass(frozen=True)
class Difference:
    """A run whose stored result is not what its transcript gives now."""

    run_id: str
    case: str
    why: str


@click.group()
def cases() -> None:
    """Work on cases that have been played."""


@cases.command("rescore")
@click.option("--check", is_flag=True, required=True, help="Compare only; nothing is ever changed from here.")
def rescore_command(check: bool) -> None:
    """Score every ended run again from its transcript, in its own text, and compare with what is stored.

    Exit 0 when every result is the same to the byte, 1 otherwise. Deciding about a newer text is a director's
    work, on the pages.
    """
    seen = 0
    different: list[Difference] = []
    with opened() as installation, installation.database.reading() as session:
        for run, ending, inputs in ended(session):
            seen += 1
            if why := difference(session, run, ending, inputs):
                different.append(Difference(run.id, run.case_slug, why))
    for one in different:
        click.echo(f"{one.run_id} ({one.case}): {one.why}")
    click.echo(f"{seen} ended runs, {len(different)} differ.", err=True)
    sys.exit(1 if different else 0)


def ended(session: Session) -> Iterator[tuple[CaseRun, CaseEnding, tuple[str, ...]]]:
    """Yield every ended run with its choices, some hundreds at a time."""
    last = ""
    query = select(CaseRun, CaseEnding).join(CaseEnding, CaseEnding.run_id == CaseRun.id).order_by(CaseRun.id)
    while rows := session.execute(query.where(CaseRun.id > last).limit(AT_ONCE)).all():
        ids = [run.id for run, _ in rows]
        events = select(CaseEvent.run_id, CaseEvent.value).where(
            CaseEvent.run_id.in_(ids), CaseEvent.kind == EventKind.CHOICE
        )
        chosen: dict[str, list[str]] = {one: [] for one in ids}
        for run_id, value in session.execute(events.order_by(CaseEvent.run_id, CaseEvent.seq)):
            chosen[run_id].append(value)
        for run, ending in rows:
            yield run, ending, tuple(chosen[run.id])
        last = ids[-1]
        session.expunge_all()


def difference(session: Session, run: CaseRun, ending: CaseEnding, inputs: tuple[str, ...]) -> str:
    """Say how a stored result differs from what the transcript gives now; nothing when it is the same to the byte."""
    if ending.rubric != RUBRIC:
        return f"it was scored by rubric {ending.rubric}, and this is rubric {RUBRIC}."
    try:
        case = cases_of(release_with(session, run.release_hash))[run.case_slug]
        result = result_by(case, variant=run.variant, seed=run.seed, inputs=inputs)
    except TrainerError as error:
        return f"it cannot be played again. {error}"
    except KeyError:
        return "its case is no longer understood in its release."
    before, now = (json.dumps(one, sort_keys=True) for one in (ending.result, result.plain()))
    if before != now:
        return f"stored {before}, now {now}."
    if (ending.passed, ending.ending) != (result.passed, result.ending):
        return "what stands beside the result is not what stands in it."
    return ""
