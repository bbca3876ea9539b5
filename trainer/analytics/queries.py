"""What the figures are made of, in a fixed number of queries, however many people there are."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.analytics.traces import Counted, Ended, Happened
from trainer.cases.runs.models import CaseComment, CaseEnding, CaseEvent, CaseRescore, CaseRun
from trainer.cases.runs.words import EventKind, Purpose
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
    query = query.where(Enrolment.cohort_id.in_(list(cohort_ids)), CaseRun.purpose == Purpose.PRACTICE)
    return query.where(CaseRun.case_slug == slug) if slug else query


def ended_runs(session: Session, *, cohort_ids: Collection[str], slug: str = "") -> Sequence[Ended]:
    """Return the practice runs of these cohorts that came to their end, the earliest first; of one case or of all."""
    query = _within(select(*_ENDED), cohort_ids, slug)
    rows = session.execute(query.order_by(CaseEnding.ended_at, CaseRun.number, CaseRun.id))
    return [Ended(*row) for row in rows]


def counted_runs(session: Session, *, cohort_ids: Collection[str]) -> Sequence[Counted]:
    """Return as little as can be of all practice runs of these cohorts that came to their end, the earliest first."""
    percents = CaseEnding.result["competencies"].as_string()
    asked = select(CaseRun.id, CaseRun.person_id, CaseRun.case_slug, CaseEnding.passed, percents)
    query = _within(asked, cohort_ids, "")
    rows = session.execute(query.order_by(CaseEnding.ended_at, CaseRun.number, CaseRun.id))
    return [Counted(run_id, person, case, passed, _percents(text)) for run_id, person, case, passed, text in rows]


@lru_cache(maxsize=10_000)
def _percents(text: str) -> Mapping[str, int | None]:
    """Read per cent by competency; many people reach the same."""
    read: dict[str, int | None] = json.loads(text)
    return MappingProxyType(read)


def reactions_of(session: Session, *, cohort_ids: Collection[str]) -> Mapping[str, str]:
    """Return what people said right after their practice runs, as JSON, by run."""
    query = _within(select(CaseEvent.run_id, CaseEvent.value), cohort_ids, "")
    rows = session.execute(
        query.join(CaseEvent, CaseEvent.run_id == CaseRun.id).where(CaseEvent.kind == EventKind.REACTION)
    )
    return dict(iter(rows))


def events_of(
    session: Session, *, cohort_ids: Collection[str], slug: str, kinds: Collection[EventKind] = tuple(EventKind)
) -> Mapping[str, Sequence[Happened]]:
    """Return what happened in the ended practice runs of one case (of all for an empty slug), by run and in order."""
    runs = _within(select(CaseRun.id), cohort_ids, slug)
    query = select(CaseEvent.run_id, CaseEvent.kind, CaseEvent.value, CaseEvent.at)
    query = query.where(CaseEvent.run_id.in_(runs), CaseEvent.kind.in_(list(kinds)))
    found: dict[str, list[Happened]] = defaultdict(list)
    for run_id, kind, value, at in session.execute(query.order_by(CaseEvent.run_id, CaseEvent.seq)):
        found[run_id].append(Happened(kind, value, at))
    return found


def remarks_on(session: Session, *, cohort_ids: Collection[str], slug: str) -> Sequence[Remark]:
    """Return what trainees wrote to the authors about one case, by scene; without who it was."""
    query = select(CaseComment.scene, CaseComment.text).join(CaseRun, CaseRun.id == CaseComment.run_id)
    query = query.join(Enrolment, Enrolment.id == CaseRun.enrolment_id)
    query = query.where(Enrolment.cohort_id.in_(list(cohort_ids)), CaseRun.case_slug == slug)
    return [(scene, text) for scene, text in session.execute(query.order_by(CaseComment.scene, CaseComment.text))]


def people_in(session: Session, *, cohort_ids: Collection[str]) -> int:
    """Return how many people are enrolled in these cohorts."""
    query = select(func.count(func.distinct(Enrolment.person_id))).where(Enrolment.cohort_id.in_(list(cohort_ids)))
    return session.scalar(query) or 0


def names_of(session: Session, *, ids: Collection[str]) -> Mapping[str, str]:
    """Return the names of people, by id."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def conferred(session: Session, *, enrolment_ids: Collection[str]) -> frozenset[str]:
    """Return for which of these enrolments a certificate has been conferred."""
    query = select(Conferral.enrolment_id).where(Conferral.enrolment_id.in_(list(enrolment_ids)), STANDS)
    return frozenset(session.scalars(query))


def rescores_of(session: Session, *, run_ids: Collection[str]) -> Sequence[CaseRescore]:
    """Return every later score of these runs, the newest first."""
    query = select(CaseRescore).where(CaseRescore.run_id.in_(list(run_ids)))
    return session.scalars(query.order_by(CaseRescore.at.desc(), CaseRescore.id)).all()
