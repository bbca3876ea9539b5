"""What can be asked about runs without changing anything."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import Person
from trainer.cases.runs.mastery import EndedRun
from trainer.cases.runs.models import (
    Accommodation,
    CaseEnding,
    CaseEvent,
    CaseReport,
    CaseRescore,
    CaseRun,
    DebriefStep,
)
from trainer.cases.runs.run import Begun, Run
from trainer.cases.runs.transcript import Event, Transcript
from trainer.cases.runs.walk import DebriefWalk, stays
from trainer.cases.runs.words import EventKind, RunPurpose
from trainer.cases.script.values import Case
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing, Refused

NOT_MINE = "There is no such run among yours."

# Put together once: building a statement takes longer than running it.
MINE = select(CaseRun).where(CaseRun.id == bindparam("run"), CaseRun.person_id == bindparam("person"))
_EVENTS = (
    select(CaseEvent.kind, CaseEvent.value, CaseEvent.at)
    .where(CaseEvent.run_id == bindparam("run"))
    .order_by(CaseEvent.seq)
)


def record_for(session: Session, *, person_id: str, run_id: str) -> CaseRun:
    """Return how my run of that id was begun.

    Raises:
        Missing: there is none, or it is somebody else's.
    """
    record = session.scalar(MINE, {"run": run_id, "person": person_id})
    if record is None:
        raise Missing(NOT_MINE)
    return record


def transcript_of(session: Session, record: Begun) -> Transcript:
    """Return what happened in a run."""
    rows = session.execute(_EVENTS, {"run": record.id})
    return Transcript(record.started_at, tuple([Event(kind, value, at) for kind, value, at in rows]))


def run_of(session: Session, record: Begun, case: Case) -> Run:
    """Return a run as it stands.

    Args:
        case: its text as it was when the run began.
    """
    return Run(record, case, transcript_of(session, record))


def events_by_run(
    session: Session,
    *,
    runs: Select[tuple[str]] | Collection[str],
    kinds: Collection[EventKind] = tuple(EventKind),
) -> Mapping[str, Sequence[Event]]:
    """Return what happened in many runs, by run and in order; one query.

    Args:
        runs: their ids, or what selects them.
        kinds: only events of these kinds.
    """
    query = select(CaseEvent.run_id, CaseEvent.kind, CaseEvent.value, CaseEvent.at)
    query = query.where(CaseEvent.run_id.in_(runs), CaseEvent.kind.in_(list(kinds)))
    found: dict[str, list[Event]] = defaultdict(list)
    for run_id, kind, value, at in session.execute(query.order_by(CaseEvent.run_id, CaseEvent.seq)):
        found[run_id].append(Event(kind, value, at))
    return found


def runs_of(session: Session, *, enrolment_id: str, slug: str) -> Sequence[tuple[CaseRun, CaseEnding | None]]:
    """Return every practice run of one case, the newest first, with its ending if it has one."""
    query = select(CaseRun, CaseEnding).outerjoin(CaseEnding, CaseEnding.run_id == CaseRun.id)
    mine = query.where(
        CaseRun.enrolment_id == enrolment_id, CaseRun.case_slug == slug, CaseRun.purpose == RunPurpose.PRACTICE
    )
    return [(run, ending) for run, ending in session.execute(mine.order_by(CaseRun.number.desc()))]


@dataclass(frozen=True)
class TimeDecision:
    """A decision about somebody's time limits, and the name of who decided."""

    decision: Accommodation
    by: str


def decisions_about_time(session: Session, *, enrolment_id: str) -> Sequence[TimeDecision]:
    """Return every decision about one trainee's time limits, the newest first: that one counts."""
    query = (
        select(Accommodation, Person.name)
        .join(Person, Person.id == Accommodation.decided_by)
        .where(Accommodation.enrolment_id == enrolment_id)
        .order_by(Accommodation.at.desc(), Accommodation.id.desc())
    )
    return [TimeDecision(decision, name) for decision, name in session.execute(query)]


def factor_of(session: Session, *, enrolment_id: str) -> int:
    """Return how long somebody's limits are, in per cent of what is written: 100, or as decided; 0 for none at all."""
    newest = (
        select(Accommodation.factor)
        .where(Accommodation.enrolment_id == enrolment_id)
        .order_by(Accommodation.at.desc(), Accommodation.id.desc())
    )
    factor = session.scalar(newest.limit(1))
    return 100 if factor is None else factor


def open_runs(session: Session, *, enrolment_id: str) -> Sequence[CaseRun]:
    """Return the practice runs that have been begun and not ended, the newest first."""
    query = (
        select(CaseRun)
        .outerjoin(CaseEnding, CaseEnding.run_id == CaseRun.id)
        .where(
            CaseRun.enrolment_id == enrolment_id, CaseRun.purpose == RunPurpose.PRACTICE, CaseEnding.run_id.is_(None)
        )
    )
    return session.scalars(query.order_by(CaseRun.started_at.desc(), CaseRun.id)).all()


# By enrolment, because that is what the runs are indexed by.
_UNDER_EXAMINATION = (
    select(CaseRun)
    .outerjoin(CaseEnding, CaseEnding.run_id == CaseRun.id)
    .where(
        CaseRun.enrolment_id.in_(select(Enrolment.id).where(Enrolment.person_id == bindparam("person"))),
        CaseRun.case_slug == bindparam("slug"),
        CaseRun.purpose == RunPurpose.EXAM,
        CaseEnding.run_id.is_(None),
    )
    .order_by(CaseRun.started_at, CaseRun.id)
    .limit(1)
)


def run_under_examination(session: Session, *, person_id: str, slug: str) -> CaseRun | None:
    """Return the run in which somebody is being examined in this case at the moment, in whatever cohort, or None."""
    return session.scalars(_UNDER_EXAMINATION, {"person": person_id, "slug": slug}).first()


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


_EARLIER = aliased(DebriefStep)
_NEWEST_STEP = select(func.max(_EARLIER.number)).where(_EARLIER.run_id == CaseRun.id).scalar_subquery()


def played_by_enrolment(
    session: Session, *, enrolment_ids: Iterable[str]
) -> Mapping[str, Mapping[str, Sequence[EndedRun]]]:
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
            CaseRun.id,
            DebriefStep.number,
            DebriefStep.whole,
            DebriefStep.at,
        )
        .join(CaseEnding, CaseEnding.run_id == CaseRun.id)
        .outerjoin(DebriefStep, (DebriefStep.run_id == CaseRun.id) & (DebriefStep.number == _NEWEST_STEP))
        .where(CaseRun.enrolment_id.in_(list(enrolment_ids)), CaseRun.purpose == RunPurpose.PRACTICE)
        .order_by(CaseEnding.ended_at, CaseRun.number)
    )
    found: dict[str, dict[str, list[EndedRun]]] = defaultdict(lambda: defaultdict(list))
    for enrolment_id, case, case_hash, variant, passed, ended_at, run_id, *walked in session.execute(query):
        found[enrolment_id][case].append(
            EndedRun(
                case=case,
                case_hash=case_hash,
                variant=variant,
                passed=passed,
                ended_at=ended_at,
                walk=_walk_to(*walked),
                run_id=run_id,
            )
        )
    return found


def _walk_to(gone: int | None, whole: int | None, at: datetime | None) -> DebriefWalk | None:
    """Return a walk by its last step, if there is any."""
    return None if gone is None or whole is None else DebriefWalk(gone=gone, whole=whole, at=at)


def walk_through(session: Session, run: Run) -> DebriefWalk:
    """Return how far the debrief of a run that has ended was gone through."""
    query = select(DebriefStep).where(DebriefStep.run_id == run.id).order_by(DebriefStep.number)
    steps = session.scalars(query).all()
    if not steps:
        return DebriefWalk(gone=0, whole=len(stays(run.play)), from_before=True)
    first, last = steps[0], steps[-1]
    return DebriefWalk(gone=last.number, whole=last.whole, at=last.at, from_before=first.number > 0)


def walks_of(session: Session, *, run_ids: Collection[str]) -> Mapping[str, DebriefWalk]:
    """Return how far the debriefs of these runs were gone through, by run; one whose debrief never opened is left out.

    Only runs whose debrief opens moment by moment are in it, as those of before keep nothing.
    """
    query = (
        select(DebriefStep.run_id, func.max(DebriefStep.number), func.max(DebriefStep.whole))
        .where(DebriefStep.run_id.in_(list(run_ids)))
        .group_by(DebriefStep.run_id)
    )
    return {run_id: DebriefWalk(gone=gone, whole=whole) for run_id, gone, whole in session.execute(query)}


def practised(session: Session, *, enrolment_id: str) -> frozenset[tuple[str, str, int]]:
    """Return what somebody has played for practice: cases, variants and seeds."""
    query = select(CaseRun.case_slug, CaseRun.variant, CaseRun.seed).where(CaseRun.enrolment_id == enrolment_id)
    rows = session.execute(query.where(CaseRun.purpose == RunPurpose.PRACTICE))
    return frozenset((slug, variant, seed) for slug, variant, seed in rows)


def report_on(session: Session, *, case_hash: str) -> CaseReport | None:
    """Return the newest report about this very text, or None when it was published before reports were kept."""
    query = select(CaseReport).where(CaseReport.case_hash == case_hash)
    return session.scalars(query.order_by(CaseReport.at.desc(), CaseReport.checker.desc()).limit(1)).first()
