"""Read which windows hold, and how they came to be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.windows.models import SittingWindow
from trainer.windows.opening import Window


def windows_of(session: Session, *, cohort_id: str) -> Mapping[str, Sequence[Window]]:
    """Return the windows of a cohort by examination, in the order in which they open; nothing where there are none."""
    query = select(SittingWindow).where(SittingWindow.cohort_id == cohort_id).order_by(SittingWindow.number)
    newest = {decision.window_number: decision for decision in session.scalars(query)}
    found: dict[str, list[Window]] = defaultdict(list)
    for decision in sorted(newest.values(), key=lambda decision: decision.opens_at):
        if not decision.withdrawn:
            found[decision.exam].append(
                Window(number=decision.window_number, opens=decision.opens_at, closes=decision.closes_at)
            )
    return dict(found)


def windows_for(session: Session, *, cohort_id: str, exam: str) -> Sequence[Window]:
    """Return the windows of one examination; none means that a sitting may begin at any time."""
    return windows_of(session, cohort_id=cohort_id).get(exam, ())


def decisions_about_windows(session: Session, *, cohort_id: str) -> Sequence[tuple[SittingWindow, str]]:
    """Return what was decided, the newest first, each with the name of who decided it."""
    query = select(SittingWindow, Person.name).join(Person, Person.id == SittingWindow.decided_by)
    query = query.where(SittingWindow.cohort_id == cohort_id).order_by(SittingWindow.number.desc())
    return [(decision, name) for decision, name in session.execute(query)]
