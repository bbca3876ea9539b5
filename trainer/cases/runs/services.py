"""Start a run, take a step, keep what was said. State is always replayed from what was kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from trainer.cases.play.engine import Play, replay
from trainer.cases.play.score import RUBRIC, score
from trainer.cases.prover.findings import SEEDS
from trainer.cases.prover.report import Plain
from trainer.cases.runs.mastery import next_variant, own_order
from trainer.cases.runs.models import CaseEnding, CaseEvent, CaseReport, CaseRescore, CaseRun
from trainer.cases.runs.played import Played
from trainer.cases.runs.queries import factor_of, run_under_examination
from trainer.cases.runs.words import EventKind, Pace, Purpose
from trainer.cases.script.values import Case
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing, Refused

_MINE = select(CaseRun).where(CaseRun.id == bindparam("run"), CaseRun.person_id == bindparam("person"))
_MINE_HELD = _MINE.with_for_update()


def run_for(session: Session, *, person_id: str, run_id: str, to_play: bool = False) -> CaseRun:
    """Return my run of that id.

    Args:
        to_play: hold it until the transaction ends, so that of two clicks at once one comes second.

    Raises:
        Missing: there is none, or it is somebody else's.
    """
    run = session.scalar(_MINE_HELD if to_play else _MINE, {"run": run_id, "person": person_id})
    if run is None:
        raise Missing("There is no such run among yours.")
    return run


def refuse_while_examined(session: Session, *, person_id: str, slug: str) -> None:
    """Keep everything that would help out of reach while somebody is being examined in the same case.

    Raises:
        Refused: an examination's run of this case has begun and not ended.
    """
    if run_under_examination(session, person_id=person_id, slug=slug):
        raise Refused(
            "This case is part of the examination that you are sitting. Play it there to its end first; "
            "your practice and its debriefs are kept, and open again afterwards."
        )


def runs_of(session: Session, *, enrolment_id: str, slug: str) -> Sequence[tuple[CaseRun, CaseEnding | None]]:
    """Return every practice run of one case, the newest first, with its ending if it has one."""
    query = select(CaseRun, CaseEnding).outerjoin(CaseEnding, CaseEnding.run_id == CaseRun.id)
    mine = query.where(
        CaseRun.enrolment_id == enrolment_id, CaseRun.case_slug == slug, CaseRun.purpose == Purpose.PRACTICE
    )
    return [(run, ending) for run, ending in session.execute(mine.order_by(CaseRun.number.desc()))]


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
    for run, ending in runs:
        if ending is None:
            return run
    last = runs[0][0].variant if runs else ""
    own = int.from_bytes(blake2b(f"{enrolment.id} {case.slug}".encode(), digest_size=8).digest())
    return _begun(
        session,
        enrolment,
        case,
        release_hash=release_hash,
        variant=next_variant(own_order(enrolment.id, case.slug, case.variants), last),
        seed=SEEDS[(own + 7 * (len(runs) + 1)) % len(SEEDS)],
        purpose=Purpose.PRACTICE,
        pace=pace,
        pauses=None,
        now=now,
    )


def start_exam_run(
    session: Session,
    *,
    enrolment: Enrolment,
    case: Case,
    release_hash: str,
    variant: str,
    seed: int,
    pace: Pace,
    pauses: int,
    now: datetime,
) -> CaseRun:
    """Start a run of an examination: exactly what was drawn, with the time that this person has been granted.

    The caller sees to it that it is started once.

    Args:
        pauses: how many of them can stop the clock of a moment in this run.
    """
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    return _begun(
        session,
        enrolment,
        case,
        release_hash=release_hash,
        variant=variant,
        seed=seed,
        purpose=Purpose.EXAM,
        pace=pace,
        pauses=pauses,
        now=now,
    )


def _begun(
    session: Session,
    enrolment: Enrolment,
    case: Case,
    *,
    release_hash: str,
    variant: str,
    seed: int,
    purpose: Purpose,
    pace: Pace,
    pauses: int | None,
    now: datetime,
) -> CaseRun:
    count = select(func.count()).where(CaseRun.enrolment_id == enrolment.id, CaseRun.case_slug == case.slug)
    run = CaseRun(
        id=new_id(),
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        release_hash=release_hash,
        case_slug=case.slug,
        case_hash=case.hash,
        variant=variant,
        seed=seed,
        number=(session.scalar(count) or 0) + 1,
        purpose=purpose,
        pace=pace,
        factor=factor_of(session, enrolment_id=enrolment.id),
        pauses=pauses,
        started_at=now,
    )
    session.add(run)
    session.flush()  # two first clicks at once: the number's constraint speaks now
    return run


_EVENTS = select(CaseEvent).where(CaseEvent.run_id == bindparam("run")).order_by(CaseEvent.seq)


def events_of(session: Session, *, run_id: str) -> Sequence[CaseEvent]:
    """Return what happened, in order."""
    return session.scalars(_EVENTS, {"run": run_id}).all()


def play_of(case: Case, run: CaseRun, events: Sequence[CaseEvent]) -> Play:
    """Replay a run from its transcript."""
    return replay(case, run.variant, run.seed, _inputs(events))


def _inputs(events: Sequence[CaseEvent]) -> tuple[str, ...]:
    return tuple(event.value for event in events if event.kind is EventKind.CHOICE)


def take_step(
    session: Session,
    *,
    run: CaseRun,
    case: Case,
    events: Sequence[CaseEvent],
    choice_id: str,
    reason: str,
    now: datetime,
) -> Sequence[CaseEvent]:
    """Keep a choice, and the reason if one was given; return everything that has happened in the run by now.

    Args:
        choice_id: a choice that is open now, or `(timeout)` where the moment has passed.
        run: held by this transaction (`run_for` with `to_play`).
        events: everything that has happened in it before.

    Raises:
        Refused: the choice is not open.
    """
    play = replay(case, run.variant, run.seed, (*_inputs(events), choice_id))
    seq = len(events) + 1
    added = [CaseEvent(run_id=run.id, seq=seq, kind=EventKind.CHOICE, value=choice_id, at=now)]
    if given := reason.strip():
        added.append(CaseEvent(run_id=run.id, seq=seq + 1, kind=EventKind.REASON, value=given, at=now))
    session.add_all(added)
    if play.state.ending:
        result = score(case, play)
        session.add(
            CaseEnding(
                run_id=run.id,
                ending=play.state.ending,
                passed=result.passed,
                result=result.plain(),
                rubric=RUBRIC,
                ended_at=now,
            )
        )
    session.flush()  # the key of the event speaks now, if another tab was first
    return (*events, *added)


def keep_reaction(session: Session, *, run: CaseRun, value: str, now: datetime) -> str:
    """Keep the reaction after the end, and return the one that is kept: only the first one counts."""
    session.execute(select(CaseRun.id).where(CaseRun.id == run.id).with_for_update())
    events = events_of(session, run_id=run.id)
    if (said := next((event.value for event in events if event.kind is EventKind.REACTION), None)) is not None:
        return said
    session.add(CaseEvent(run_id=run.id, seq=len(events) + 1, kind=EventKind.REACTION, value=value, at=now))
    return value


def ended_runs(session: Session, *, enrolment_ids: Iterable[str]) -> Mapping[str, Mapping[str, Sequence[Played]]]:
    """Return the practice runs that came to an end, passed or not, by enrolment and case; one query.

    A run counts as passed when its first score or any later one says so: a re-score raises, and takes nothing away.
    """
    raised = select(CaseRescore.run_id).where(CaseRescore.passed)
    query = (
        select(
            CaseRun.enrolment_id,
            CaseRun.case_slug,
            CaseRun.case_hash,
            CaseRun.variant,
            or_(CaseEnding.passed, CaseRun.id.in_(raised)),
            CaseEnding.ended_at,
        )
        .join(CaseEnding, CaseEnding.run_id == CaseRun.id)
        .where(CaseRun.enrolment_id.in_(list(enrolment_ids)), CaseRun.purpose == Purpose.PRACTICE)
        .order_by(CaseEnding.ended_at, CaseRun.number)
    )
    found: dict[str, dict[str, list[Played]]] = defaultdict(lambda: defaultdict(list))
    for enrolment_id, case, case_hash, variant, passed, ended_at in session.execute(query):
        found[enrolment_id][case].append(
            Played(case=case, case_hash=case_hash, variant=variant, passed=passed, ended_at=ended_at)
        )
    return found


def reasons_of(events: Sequence[CaseEvent]) -> Mapping[int, str]:
    """Return the reasons given, by the step (from 0) they were given with."""
    reasons: dict[int, str] = {}
    step = -1
    for event in events:
        if event.kind is EventKind.CHOICE:
            step += 1
        elif event.kind is EventKind.REASON:
            reasons[step] = event.value
    return reasons


def keep_reports(session: Session, *, reports: Iterable[Plain], now: datetime) -> None:
    """Keep what the checker proved about each text; what is kept already stays as it is."""
    for plain in reports:
        key = (plain["hash"], plain["checker"])
        if session.get(CaseReport, key) is None:
            session.add(CaseReport(case_hash=key[0], checker=key[1], report=dict(plain), at=now))
    session.flush()


def report_on(session: Session, *, case_hash: str) -> CaseReport | None:
    """Return the newest report about this very text, or None when it was published before reports were kept."""
    query = select(CaseReport).where(CaseReport.case_hash == case_hash)
    return session.scalars(query.order_by(CaseReport.at.desc(), CaseReport.checker.desc()).limit(1)).first()


def practised(session: Session, *, enrolment_id: str) -> frozenset[tuple[str, str, int]]:
    """Return what somebody has played for practice: cases, variants and seeds."""
    query = select(CaseRun.case_slug, CaseRun.variant, CaseRun.seed).where(CaseRun.enrolment_id == enrolment_id)
    rows = session.execute(query.where(CaseRun.purpose == Purpose.PRACTICE))
    return frozenset((slug, variant, seed) for slug, variant, seed in rows)
