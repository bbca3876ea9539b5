"""Fetch runs and follow them through the text they were played in; a later score takes effect where there is one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from trainer.analytics import queries
from trainer.analytics.decisions_taken import decisions_taken
from trainer.analytics.figures import (
    AuthorFigures,
    CaseFigures,
    Overview,
    author_figures,
    case_figures,
    first_runs,
    overview_of,
    scores_of,
)
from trainer.analytics.ratings import rated
from trainer.analytics.traces import Ended, Trace, trace_of
from trainer.cases.catalogue import cases_of, text_of
from trainer.cases.runs.transcript import Event
from trainer.cases.runs.words import EventKind
from trainer.cases.script.values import Case
from trainer.enrolment.models import Cohort
from trainer.enrolment.queries import release_with
from trainer.errors import Broken, Missing, Refused
from trainer.requirements.catalogue import catalogue_of
from trainer.requirements.rules import RequirementKind, leaves

TIMED = (EventKind.CHOICE, EventKind.PAUSE, EventKind.RESUME)
"""What tells what was chosen and how long it took."""


@dataclass(frozen=True)
class Scope:
    """Whose runs are counted: those of one cohort, or of all cohorts of a programme.

    Attributes:
        key: how it is named in addresses: the cohort's id, or the programme's slug.
        cohort: None for a whole programme.
        release_hash: the release whose titles are shown: the newest that any of the cohorts follows.
    """

    key: str
    programme: str
    cohort: Cohort | None
    cohort_ids: tuple[str, ...]
    release_hash: str


def scope_of(session: Session, *, key: str, programmes: frozenset[str]) -> Scope:
    """Return the cohort or programme of that name, if it is among these programmes.

    Raises:
        Missing: there is none, it is not mine, or it has no cohort yet.
    """
    if key in programmes:
        cohorts = queries.cohorts_within(session, programme=key)
        newest = queries.newest_of(session, hashes={cohort.release_hash for cohort in cohorts})
        if newest is None:
            raise Missing("This programme has no cohort yet, so there is nothing to look at.")
        return Scope(key, key, None, tuple(cohort.id for cohort in cohorts), newest)
    cohort = session.get(Cohort, key)
    if cohort is None or cohort.programme not in programmes:
        raise Missing("There is no such cohort in your programmes.")
    return Scope(key, cohort.programme, cohort, (cohort.id,), cohort.release_hash)


def overview(session: Session, *, scope: Scope) -> Overview:
    """Return the overview of a cohort or a programme."""
    firsts = first_runs(queries.counted_runs(session, cohort_ids=scope.cohort_ids))
    said = queries.reactions_of(session, cohort_ids=scope.cohort_ids)
    given = [
        pair for run in firsts if run.run_id in said for pair in rated(run.person_id, run.percents, said[run.run_id])
    ]
    titles = _titles(session, scope, {first.case for first in firsts})
    people = queries.count_enrolled(session, cohort_ids=scope.cohort_ids)
    return overview_of(firsts, people=people, titles=titles, given=given)


def figures_of(session: Session, *, scope: Scope, slug: str) -> CaseFigures:
    """Return what a director sees of one case.

    Raises:
        Missing: the programme has no such case.
    """
    case = case_in(session, scope=scope, slug=slug)
    runs = queries.ended_runs(session, cohort_ids=scope.cohort_ids, slug=slug)
    firsts = first_runs(runs)
    events = queries.events_in(session, cohort_ids=scope.cohort_ids, slug=slug, kinds=TIMED)
    traces = list(_traces(session, firsts, events))
    scores = scores_of(first_runs(queries.counted_runs(session, cohort_ids=scope.cohort_ids)))
    return case_figures(case, traces, scores, runs=len(runs), lost=len(firsts) - len(traces))


def authors_figures(session: Session, *, scope: Scope, slug: str) -> AuthorFigures:
    """Return what an author sees of one case.

    Raises:
        Missing: the programme has no such case.
    """
    case = case_in(session, scope=scope, slug=slug)
    runs = queries.ended_runs(session, cohort_ids=scope.cohort_ids, slug=slug)
    events = queries.events_in(session, cohort_ids=scope.cohort_ids, slug=slug)
    remarks = queries.remarks_on(session, cohort_ids=scope.cohort_ids, slug=slug)
    return author_figures(case, list(_traces(session, runs, events)), remarks)


def case_in(session: Session, *, scope: Scope, slug: str) -> Case:
    """Return a case as the newest of the cohorts knows it.

    Raises:
        Missing: there is none of that name.
    """
    case = _known(session, scope).get(slug)
    if case is None:
        raise Missing("There is no such case in this programme.")
    return case


def _titles(session: Session, scope: Scope, played: set[str]) -> dict[str, str]:
    """Return the titles of the cases that the programme asks for, and of those that somebody has played."""
    catalogue = catalogue_of(release_with(session, scope.release_hash))
    programme = catalogue.programmes.get(scope.programme)
    asked = [leaf.slug for leaf in leaves(programme.needs) if leaf.kind is RequirementKind.CASE] if programme else []
    named = dict.fromkeys((*asked, *sorted(played)))
    return {slug: catalogue.cases[slug].title if slug in catalogue.cases else slug for slug in named}


def _known(session: Session, scope: Scope) -> Mapping[str, Case]:
    return cases_of(release_with(session, scope.release_hash))


def _traces(session: Session, runs: Sequence[Ended], events: Mapping[str, Sequence[Event]]) -> Iterator[Trace]:
    """Follow each run through the very text it was played in; one that cannot be followed any more is left out."""
    for run in runs:
        transcript = run.transcript(events)
        with suppress(Refused, Broken):
            case = text_of(release_with(session, run.release_hash), run.case)
            yield trace_of(run, decisions_taken(case, run.variant, run.seed, transcript.inputs), transcript)
