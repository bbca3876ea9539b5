"""What scoring ended runs again would change, and what was changed so far."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from trainer.accounts.queries import names_of
from trainer.analytics import queries
from trainer.analytics.scope.queries import Scope
from trainer.analytics.traces import Ended
from trainer.cases.afterwards.rescore import Effect, Scored, effect, result_by
from trainer.cases.catalogue import cases_of, text_of
from trainer.cases.play.score import RUBRIC, Result
from trainer.cases.runs.models import CaseRescore
from trainer.cases.script.values import Case
from trainer.curriculum.queries import signed_hashes
from trainer.enrolment.queries import newest_release, release_with
from trainer.errors import Broken, Missing, Refused


class By(StrEnum):
    """What ended runs are scored by."""

    TEXT = "text"
    RUBRIC = "rubric"


@dataclass(frozen=True)
class Named:
    """A run of the preview with whose it is."""

    scored: Scored
    name: str
    enrolment_id: str
    number: int
    conferred: bool


@dataclass(frozen=True)
class Before:
    """One re-score that somebody decided."""

    at: datetime
    by: str
    reason: str
    runs: int
    raised: int
    lowered: int


@dataclass(frozen=True)
class Preview:
    """What a re-score would do.

    Attributes:
        target: what the runs would be scored by; a form that holds another one is out of date.
        counts: whether the text may decide anything: it is live, or a reviewer has signed it.
        same: how many runs were scored by this text and rubric in the first place.
        done: how many have been scored again by them already.
        changed: the runs that would change, and those that cannot be replayed, with their names.
    """

    case: Case
    by: By
    target: str
    counts: bool
    same: int
    done: int
    effect: Effect
    changed: tuple[Named, ...]
    history: tuple[Before, ...]


@dataclass(frozen=True)
class ScoredAgain:
    """One run scored again; `result` is None where that cannot be."""

    run: Ended
    case_hash: str
    scored: Scored
    result: Result | None


def preview(session: Session, *, scope: Scope, slug: str, by: By) -> Preview:
    """Work out what would change, and change nothing.

    Raises:
        Missing: the newest release has no such case.
    """
    case = newest_text(session, slug)
    runs = queries.ended_runs(session, cohort_ids=scope.cohort_ids, slug=slug)
    earlier = queries.rescores_of(session, run_ids=[run.run_id for run in runs])
    again = list(scored_again(session, scope, slug, case, by, runs, earlier))
    same = sum(_same(run, case, by) for run in runs)
    found = effect(rescored.scored for rescored in again)
    return Preview(
        case=case,
        by=by,
        target=target_of(case, by),
        counts=case.counts(signed_hashes(session)),
        same=same,
        done=len(runs) - same - len(again),
        effect=found,
        changed=_named(session, again, {*found.raised, *found.lowered, *found.left}),
        history=_history(session, runs, earlier),
    )


def newest_text(session: Session, slug: str) -> Case:
    """Return the newest text of a case.

    Raises:
        Missing: the newest release has no such case.
    """
    case = cases_of(newest_release(session)).get(slug)
    if case is None:
        raise Missing("The newest release has no such case.")
    return case


def target_of(case: Case, by: By) -> str:
    """Return what runs would be scored by, as a form holds it between the preview and the decision."""
    return f"{case.hash if by is By.TEXT else 'own'} {RUBRIC}"


def scored_again(
    session: Session,
    scope: Scope,
    slug: str,
    case: Case,
    by: By,
    runs: Iterable[Ended],
    earlier: Sequence[CaseRescore],
) -> Iterator[ScoredAgain]:
    """Score every run that was not scored by this text and rubric yet."""
    events = queries.events_in(session, cohort_ids=scope.cohort_ids, slug=slug)
    known = {(rescore.run_id, rescore.case_hash, rescore.rubric) for rescore in earlier}
    raised = {rescore.run_id for rescore in earlier if rescore.passed}
    for run in runs:
        text_hash = case.hash if by is By.TEXT else run.case_hash
        if not _same(run, case, by) and (run.run_id, text_hash, RUBRIC) not in known:
            before = run.passed or run.run_id in raised
            inputs = run.transcript(events).inputs
            yield _again(session, run, case if by is By.TEXT else None, inputs, before=before)


def _same(run: Ended, case: Case, by: By) -> bool:
    return run.rubric == RUBRIC and (by is By.RUBRIC or run.case_hash == case.hash)


def _again(session: Session, run: Ended, text: Case | None, inputs: Sequence[str], *, before: bool) -> ScoredAgain:
    """Score a run in this text, or in its own."""
    try:
        played_in = text or text_of(release_with(session, run.release_hash), run.case)
        result = result_by(played_in, variant=run.variant, seed=run.seed, inputs=inputs)
    except (Refused, Broken) as refusal:
        return ScoredAgain(run, run.case_hash, Scored(run.run_id, before, None, str(refusal)), None)
    return ScoredAgain(run, played_in.hash, Scored(run.run_id, before, result.passed), result)


def _named(session: Session, again: Sequence[ScoredAgain], wanted: set[Scored]) -> tuple[Named, ...]:
    chosen = [rescored for rescored in again if rescored.scored in wanted]
    names = names_of(session, ids={run.run.person_id for run in chosen})
    decided = queries.enrolments_conferred(session, enrolment_ids={run.run.enrolment_id for run in chosen})
    found = [
        Named(
            run.scored,
            names.get(run.run.person_id, ""),
            run.run.enrolment_id,
            run.run.number,
            run.run.enrolment_id in decided,
        )
        for run in chosen
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.number)))


def _history(session: Session, runs: Iterable[Ended], earlier: Sequence[CaseRescore]) -> tuple[Before, ...]:
    """Return the re-scores decided so far, the newest first, each with what it changed against the first score."""
    first = {run.run_id: run.passed for run in runs}
    batches: Mapping[tuple[datetime, str, str], list[CaseRescore]] = defaultdict(list)
    for rescore in earlier:
        batches[rescore.at, rescore.decided_by, rescore.reason].append(rescore)
    names = names_of(session, ids={by for _, by, _ in batches})
    return tuple(
        Before(
            at=at,
            by=names.get(by, ""),
            reason=reason,
            runs=len(rows),
            raised=sum(row.passed and not first[row.run_id] for row in rows),
            lowered=sum(first[row.run_id] and not row.passed for row in rows),
        )
        for (at, by, reason), rows in batches.items()
    )
