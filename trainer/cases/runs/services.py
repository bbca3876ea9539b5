"""Start a run, take a step, keep what was said. State is always replayed from what was kept."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.cases.play.score import RUBRIC, score
from trainer.cases.prover.findings import SEEDS
from trainer.cases.prover.report import Plain
from trainer.cases.runs.mastery import next_variant, own_order
from trainer.cases.runs.models import CaseEnding, CaseEvent, CaseReport, CaseRun, DebriefStep
from trainer.cases.runs.queries import (
    MINE,
    NOT_MINE,
    factor_of,
    refuse_while_examined,
    run_of,
    runs_of,
    walk_through,
)
from trainer.cases.runs.run import Run, Setup
from trainer.cases.runs.transcript import Event, Reaction
from trainer.cases.runs.walk import DebriefWalk, stays
from trainer.cases.runs.words import EventKind, Pace, RunPurpose
from trainer.cases.script.values import Case
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing

_MINE_HELD = MINE.with_for_update()


def hold_run(session: Session, *, person_id: str, run_id: str) -> CaseRun:
    """Hold my run until the transaction ends, so that of two clicks at once one comes second.

    Raises:
        Missing: there is none, or it is somebody else's.
    """
    record = session.scalar(_MINE_HELD, {"run": run_id, "person": person_id})
    if record is None:
        raise Missing(NOT_MINE)
    return record


def start_run(
    session: Session,
    *,
    enrolment: Enrolment,
    case: Case,
    release_hash: str,
    now: datetime,
    pace: Pace = Pace.CALM,
) -> CaseRun:
    """Start a practice run, or go on with the open one as it was begun: a second click starts nothing.

    Variants follow each other in a person's own order, so that the next try is not the same story.

    Raises:
        Refused: the person is being examined in this case.
    """
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    refuse_while_examined(session, person_id=enrolment.person_id, slug=case.slug)
    runs = runs_of(session, enrolment_id=enrolment.id, slug=case.slug)
    for record, ending in runs:
        if ending is None:
            return record
    last = runs[0][0].variant if runs else ""
    own = int.from_bytes(blake2b(f"{enrolment.id} {case.slug}".encode(), digest_size=8).digest())
    setup = Setup(
        variant=next_variant(own_order(enrolment.id, case.slug, case.variants), last),
        seed=SEEDS[(own + 7 * (len(runs) + 1)) % len(SEEDS)],
        pace=pace,
    )
    return _begun(
        session, enrolment, case, release_hash=release_hash, purpose=RunPurpose.PRACTICE, setup=setup, now=now
    )


def start_exam_run(
    session: Session, *, enrolment: Enrolment, case: Case, release_hash: str, setup: Setup, now: datetime
) -> CaseRun:
    """Start a run of an examination: exactly what was drawn, with the time that this person has been granted.

    The caller sees to it that it is started once.
    """
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    return _begun(session, enrolment, case, release_hash=release_hash, purpose=RunPurpose.EXAM, setup=setup, now=now)


def _begun(
    session: Session,
    enrolment: Enrolment,
    case: Case,
    *,
    release_hash: str,
    purpose: RunPurpose,
    setup: Setup,
    now: datetime,
) -> CaseRun:
    count = select(func.count()).where(CaseRun.enrolment_id == enrolment.id, CaseRun.case_slug == case.slug)
    record = CaseRun(
        id=new_id(),
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        release_hash=release_hash,
        case_slug=case.slug,
        case_hash=case.hash,
        variant=setup.variant,
        seed=setup.seed,
        number=(session.scalar(count) or 0) + 1,
        purpose=purpose,
        pace=setup.pace,
        factor=factor_of(session, enrolment_id=enrolment.id),
        pauses=setup.pauses,
        started_at=now,
    )
    session.add(record)
    session.flush()  # two first clicks at once: the number's constraint speaks now
    return record


def append_events(session: Session, run: Run, *events: Event) -> Run:
    """Keep what happened next in a run that the transaction holds, and return the run as it stands then."""
    _keep(session, run, events)
    return run.then(*events)


def _keep(session: Session, run: Run, events: Sequence[Event]) -> None:
    first = len(run.transcript.events) + 1
    session.add_all(
        CaseEvent(run_id=run.id, seq=seq, kind=event.kind, value=event.value, at=event.at)
        for seq, event in enumerate(events, first)
    )
    session.flush()  # the key of the event speaks now, if another tab was first


def take_step(session: Session, *, run: Run, choice_id: str, reason: str, now: datetime) -> Run:
    """Keep a choice, and the reason if one was given; return the run as it stands then.

    Args:
        run: held by this transaction, see `hold_run`.
        choice_id: a choice that is open now, or `(timeout)` where the moment has passed.

    Raises:
        Refused: the choice is not open.
    """
    given = [Event(EventKind.CHOICE, choice_id, now)]
    if words := reason.strip():
        given.append(Event(EventKind.REASON, words, now))
    stepped = run.then(*given)
    if stepped.has_ended:
        result = score(run.case, stepped.play)
        session.add(
            CaseEnding(
                run_id=run.id,
                ending=stepped.play.state.ending,
                passed=result.passed,
                result=result.plain(),
                rubric=RUBRIC,
                ended_at=now,
            )
        )
    _keep(session, run, given)
    return stepped


def keep_reaction(session: Session, *, run: Run, reaction: Reaction, now: datetime) -> Reaction:
    """Keep the first words after the end, and return those that are kept: another page may have been first.

    With them the debrief of a practice run opens, to be gone through moment by moment.
    """
    session.execute(select(CaseRun.id).where(CaseRun.id == run.id).with_for_update())
    newest = run_of(session, run.record, run.case)
    if newest.transcript.reaction is not None:
        return newest.transcript.reaction
    append_events(session, newest, Event(EventKind.REACTION, reaction.written(), now))
    if run.is_practice:
        session.add(DebriefStep(run_id=run.id, number=0, whole=len(stays(run.play)), at=now))
        session.flush()
    return reaction


def go_through_moment(session: Session, *, run: Run, number: int, now: datetime) -> DebriefWalk:
    """Keep that a moment of the debrief was gone through; return how far that is.

    Nothing changes where it was gone through before, or has not come yet.

    Args:
        number: of the moment, from 1.
    """
    session.execute(select(CaseRun.id).where(CaseRun.id == run.id).with_for_update())
    walk = walk_through(session, run)
    if not walk.goes_on_from(number):
        return walk
    session.add(DebriefStep(run_id=run.id, number=number, whole=walk.whole, at=now))
    session.flush()
    return replace(walk, gone=number, at=now)


def keep_reports(session: Session, *, reports: Iterable[Plain], now: datetime) -> None:
    """Keep what the checker proved about each text; what is kept already stays as it is."""
    for plain in reports:
        key = (plain["hash"], plain["checker"])
        if session.get(CaseReport, key) is None:
            session.add(CaseReport(case_hash=key[0], checker=key[1], report=dict(plain), at=now))
    session.flush()
