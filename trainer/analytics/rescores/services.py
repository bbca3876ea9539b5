"""Score ended runs again, by a newer text or a newer rubric: first to look, then by somebody's decision.

The first result always stays, and a run that passed by either counts as passed. Runs of an examination are
scored by their own form, and are not touched here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import stands_aside
from trainer.analytics import queries
from trainer.analytics.rescores.queries import By, ScoredAgain, newest_text, scored_again, target_of
from trainer.analytics.scope.queries import Scope
from trainer.audit.services import note
from trainer.cases.afterwards.rescore import effect
from trainer.cases.play.score import RUBRIC
from trainer.cases.runs.models import CaseRescore, CaseRun
from trainer.cases.script.values import Case
from trainer.curriculum.queries import signed_hashes
from trainer.db import new_id
from trainer.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Rescoring:
    """What a director wants to be scored again.

    Attributes:
        slug: the case.
        by: by which text or rubric.
        target: what the preview was made with.
        reason: in the director's words.
    """

    slug: str
    by: By
    target: str
    reason: str


def apply(session: Session, *, scope: Scope, asked: Rescoring, director: Person, now: datetime) -> int:
    """Keep the new scores beside the first ones; return how many. A second time there are none left to keep.

    Runs of people about whom the director decides nothing are left for another director.

    Raises:
        Refused: no reason is given, the text has changed since the preview, or nobody has signed it.
        Missing: the newest release has no such case.
    """
    case = newest_text(session, asked.slug)
    _refuse_unless_decided(session, asked, case)
    ids = [ended.run_id for ended in queries.ended_runs(session, cohort_ids=scope.cohort_ids, slug=asked.slug)]
    _hold(session, run_ids=ids)
    runs = queries.ended_runs(session, cohort_ids=scope.cohort_ids, slug=asked.slug)
    earlier = queries.rescores_of(session, run_ids=ids)
    aside = stands_aside(session, person_id=director.id)
    again = [
        scored
        for scored in scored_again(session, scope, asked.slug, case, asked.by, runs, earlier)
        if scored.result and scored.run.person_id not in aside
    ]
    session.add_all(_kept(scored, asked.reason, director, now) for scored in again)
    sent_twice = any((rescore.decided_by, rescore.reason) == (director.id, asked.reason.strip()) for rescore in earlier)
    if earlier and not again and not sent_twice:
        raise Refused("No run is left to be scored again: it was done meanwhile, or all of it is for another director.")
    if again:
        found = effect(scored.scored for scored in again)
        counts = f"{len(again)} runs, {len(found.raised)} now passed, {len(found.lowered)} would not pass."
        note(
            session,
            actor_id=director.id,
            programme=scope.programme,
            act="rescore",
            subject=case.title,
            detail=f"{counts} {asked.reason.strip()}",
            now=now,
        )
    return len(again)


def _refuse_unless_decided(session: Session, asked: Rescoring, case: Case) -> None:
    if not asked.reason.strip():
        raise Refused("Write down why these runs are scored again: whoever looks at a result later will ask.")
    if asked.target != target_of(case, asked.by):
        raise Refused("Another text has been published since you looked. Look at its effect first.")
    if asked.by is By.TEXT and not case.counts(signed_hashes(session)):
        raise Refused("This text waits for its clinical review, and cannot decide about anybody yet.")


def _kept(one: ScoredAgain, reason: str, director: Person, now: datetime) -> CaseRescore:
    result = one.result.plain() if one.result else {}
    return CaseRescore(
        id=new_id(),
        run_id=one.run.run_id,
        case_hash=one.case_hash,
        rubric=RUBRIC,
        passed=bool(one.scored.after),
        result=result,
        reason=reason.strip(),
        decided_by=director.id,
        at=now,
    )


def _hold(session: Session, *, run_ids: Collection[str]) -> None:
    """Hold these runs until the transaction ends, so that of two clicks at once one comes second."""
    held = select(CaseRun.id).where(CaseRun.id.in_(list(run_ids)))
    session.execute(held.order_by(CaseRun.id).with_for_update()).all()
