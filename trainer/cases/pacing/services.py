"""Pause a run, go on, ask for more time, and decide how long somebody's limits are."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import check_may_decide
from trainer.audit.services import note
from trainer.cases.runs.drafts import Draft
from trainer.cases.runs.models import Accommodation
from trainer.cases.runs.queries import decisions_about_time
from trainer.cases.runs.run import Run
from trainer.cases.runs.services import append_events
from trainer.cases.runs.timing import FACTORS
from trainer.cases.runs.transcript import MORE_TIME, Event
from trainer.cases.runs.words import EventKind
from trainer.db import new_id
from trainer.enrolment.models import Enrolment
from trainer.errors import Refused, check_seen


def pause(session: Session, *, run: Run, draft: Draft, now: datetime) -> Run:
    """Stop the clock of a run that the transaction holds; where it stands still already, only the draft is kept.

    Args:
        draft: what has been marked and written in this moment so far, on whichever page; it is there again when the
            trainee goes on.
    """
    kept, events = run.transcript.draft, []
    if draft.marked not in ("", kept.marked):
        events.append(Event(EventKind.MARK, draft.marked, now))
    if not run.is_paused or draft.words != kept.words:
        events.append(Event(EventKind.PAUSE, draft.words, now))
    return append_events(session, run, *events)


def go_on(session: Session, *, run: Run, now: datetime) -> Run:
    """End the pause of a run that the transaction holds; where there is none, nothing happens."""
    return append_events(session, run, Event(EventKind.RESUME, "", now)) if run.is_paused else run


def give_more_time(session: Session, *, run: Run, now: datetime) -> Run:
    """Keep that this moment lasts longer by one of its own lengths; whether it may is for its `Span` to say."""
    return append_events(session, run, Event(EventKind.RESUME, MORE_TIME, now))


def decide_time(
    session: Session, *, enrolment: Enrolment, factor: int, reason: str, seen: str | None = None, by: str, now: datetime
) -> Accommodation:
    """Decide how long the time limits of one trainee are, in every run that begins from now on.

    Args:
        factor: in per cent of what is written: 100, 150 or 200; 0 for no limits at all.
        seen: how many such decisions the page showed; None where it is decided without a page.
        by: the director who decides. Sending the same decision again decides nothing new.

    Raises:
        Refused: another factor, no reason, an older page, or the director decides nothing about this person.
    """
    check_may_decide(session, decider_id=by, about_id=enrolment.person_id)
    if factor not in FACTORS:
        raise Refused("Limits can be as written, half as long again, twice as long, or taken away.")
    if not reason.strip():
        raise Refused("Please give the reason: it is kept with the decision.")
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    decisions = decisions_about_time(session, enrolment_id=enrolment.id)
    newest = next(iter(decisions), None)
    if newest and (newest.decision.factor, newest.decision.reason) == (factor, reason.strip()):
        return newest.decision
    who = newest.by if newest else "somebody else"
    check_seen(seen, str(len(decisions)), what=f"{who} decided about the time limits")
    decided = Accommodation(
        id=new_id(), enrolment_id=enrolment.id, factor=factor, reason=reason.strip(), decided_by=by, at=now
    )
    session.add(decided)
    note(
        session,
        actor_id=by,
        programme=enrolment.programme,
        act="decide time limits",
        subject=session.get_one(Person, enrolment.person_id).name,
        detail=f"{factor} %" if factor else "no limits",
        now=now,
    )
    return decided
