"""What the figures are made of, in a fixed number of queries, however many people there are."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from trainer.analytics.traces import Counted, Ended
from trainer.cases.play.score import PERCENTS, KeptResult
from trainer.cases.runs.models import CaseComment, CaseEnding, CaseRescore, CaseRun
from trainer.cases.runs.queries import events_by_run
from trainer.cases.runs.transcript import Event, Reaction
from trainer.cases.runs.words import EventKind, RunPurpose
from trainer.certificates.models import STANDS, Conferral
from trainer.enrolment.models import Cohort, ContentRelease, Enrolment

Remark = tuple[str, str]
"""A scene and a word about it."""


def cohorts_within(session: Session, *, programme: str) -> Sequence[Cohort]:
    """Return the cohorts of a programme, the newest first."""
    query = select(Cohort).where(Cohort.programme == programme)
    return session.scalars(query.order_by(Cohort.starts_on.desc(), Cohort.name)).all()


def newest_of(session: Session, *, hashes: Collection[str]) -> str | None:
    """Return which of these releases was published last."""
    query = select(ContentRelease.hash).where(ContentRelease.hash.in_(list(hashes)))
    return session.scalar(query.order_by(ContentRelease.published_at.desc(), ContentRelease.hash).limit(1))


_ENDED = (  # in the order of the attributes of `Ended`
    CaseRun.id,
    CaseRun.person_id,
    CaseRun.enrolment_id,
    Enrolment.cohort_id,
    CaseRun.case_slug,
    CaseRun.case_hash,
    CaseRun.release_hash,
    CaseRun.variant,
    CaseRun.seed,
    CaseRun.number,
    CaseRun.started_at,
    CaseEnding.ended_at,
    CaseEnding.passed,
    CaseEnding.ending,
    CaseEnding.rubric,
    CaseEnding.result,
)


def _within(query: Select[*tuple[Any, ...]], cohort_ids: Collection[str], slug: str) -> Select[*tuple[Any, ...]]:
    """Look only at ended practice runs of these cohorts, of one case or of all."""
    query = query.select_from(CaseRun).join(CaseEnding, CaseEnding.run_id == CaseRun.id)
    query = query.join(Enrolment, Enrolment.id == CaseRun.enrolment_id)
    query = query.where(Enrolment.cohort_id.in_(list(cohort_ids)), CaseRun.purpose == RunPurpose.PRACTICE)
    return query.where(CaseRun.case_slug == slug) if slug else query


def ended_runs(session: Session, *, cohort_ids: Collection[str], slug: str = "") -> Sequence[Ended]:
    """Return the practice runs of these cohorts that came to their end, the earliest first; of one case or of all."""
    query = _within(select(*_ENDED), cohort_ids, slug)
    rows = session.execute(query.order_by(CaseEnding.ended_at, CaseRun.number, CaseRun.id))
    return [Ended(*(*row[:-1], KeptResult.read(row[-1]))) for row in rows]


def counted_runs(session: Session, *, cohort_ids: Collection[str]) -> Sequence[Counted]:
    """Return as little as can be of all practice runs of these cohorts that came to their end, the earliest first."""
    percents = CaseEnding.result[PERCENTS].as_string()
    asked = select(CaseRun.id, CaseRun.person_id, CaseRun.case_slug, CaseEnding.passed, percents)
    query = _within(asked, cohort_ids, "")
    rows = session.execute(query.order_by(CaseEnding.ended_at, CaseRun.number, CaseRun.id))
    return [Counted(run_id, person, case, passed, _percents(text)) for run_id, person, case, passed, text in rows]


@lru_cache(maxsize=10_000)
def _percents(text: str) -> Mapping[str, int | None]:
    """Read per cent by competency; many people reach the same."""
    read: dict[str, int | None] = json.loads(text)
    return MappingProxyType(read)


def reactions_of(session: Session, *, cohort_ids: Collection[str]) -> Mapping[str, Reaction]:
    """Return what people said right after their practice runs, by run."""
    said = events_in(session, cohort_ids=cohort_ids, slug="", kinds=(EventKind.REACTION,))
    return {run_id: Reaction.read(events[0].value) for run_id, events in said.items()}


def events_in(
    session: Session, *, cohort_ids: Collection[str], slug: str, kinds: Collection[EventKind] = tuple(EventKind)
) -> Mapping[str, Sequence[Event]]:
    """Return what happened in the ended practice runs of one case (of all for an empty slug), by run and in order."""
    return events_by_run(session, runs=_within(select(CaseRun.id), cohort_ids, slug), kinds=kinds)


def remarks_on(session: Session, *, cohort_ids: Collection[str], slug: str) -> Sequence[Remark]:
    """Return what trainees wrote to the authors about one case, by scene; without who it was."""
    query = select(CaseComment.scene, CaseComment.text).join(CaseRun, CaseRun.id == CaseComment.run_id)
    query = query.join(Enrolment, Enrolment.id == CaseRun.enrolment_id)
    query = query.where(Enrolment.cohort_id.in_(list(cohort_ids)), CaseRun.case_slug == slug)
    return [(scene, text) for scene, text in session.execute(query.order_by(CaseComment.scene, CaseComment.text))]


def count_enrolled(session: Session, *, cohort_ids: Collection[str]) -> int:
    """Return how many people are enrolled in these cohorts."""
    query = select(func.count(func.distinct(Enrolment.person_id))).where(Enrolment.cohort_id.in_(list(cohort_ids)))
    return session.scalar(query) or 0


def enrolments_conferred(session: Session, *, enrolment_ids: Collection[str]) -> frozenset[str]:
    """Return for which of these enrolments a certificate has been conferred."""
    query = select(Conferral.enrolment_id).where(Conferral.enrolment_id.in_(list(enrolment_ids)), STANDS)
    return frozenset(session.scalars(query))


def rescores_of(session: Session, *, run_ids: Collection[str]) -> Sequence[CaseRescore]:
    """Return every later score of these runs, the newest first."""
    query = select(CaseRescore).where(CaseRescore.run_id.in_(list(run_ids)))
    return session.scalars(query.order_by(CaseRescore.at.desc(), CaseRescore.id)).all()
