"""Keep what a director decides about windows for sittings. The caller says which examinations there are."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.audit.services import note
from trainer.db import new_id
from trainer.enrolment.models import Cohort
from trainer.errors import check_seen
from trainer.windows.models import SittingWindow
from trainer.windows.opening import Window
from trainer.windows.queries import decisions_about_windows, windows_for
from trainer.windows.wish import WindowWish


def decide_window(
    session: Session, *, cohort: Cohort, wish: WindowWish, seen: str | None = None, by: str, now: datetime
) -> None:
    """Set, change or withdraw a window of a cohort. Where nothing differs nothing is kept; what has begun goes on.

    Args:
        seen: how many decisions about the cohort's windows the page had shown; None where it is decided without a page.
            Sending the same page again decides nothing.

    Raises:
        Refused: see `WindowWish.check`; or something was decided since the page had been opened.
    """
    session.execute(select(Cohort.id).where(Cohort.id == cohort.id).with_for_update())
    decisions = decisions_about_windows(session, cohort_id=cohort.id)
    newest, who = decisions[0] if decisions else (None, "")
    if newest and seen == str(len(decisions) - 1) and _same(newest, wish, by):
        return
    check_seen(seen, str(len(decisions)), what=f"{who or 'somebody else'} decided about a window of this cohort")
    standing = windows_for(session, cohort_id=cohort.id, exam=wish.exam)
    stands = not wish.withdrawn and (wish.opens, wish.closes) in [(was.opens, was.closes) for was in standing]
    if stands and wish.window is None:
        return
    wish.check(standing=standing, now=now)
    if stands:
        return
    decision = _decision(cohort, wish, number=len(decisions) + 1, by=by, now=now)
    session.add(decision)
    session.flush()
    _write_down(session, cohort, wish, by=by, now=now)


def _decision(cohort: Cohort, wish: WindowWish, *, number: int, by: str, now: datetime) -> SittingWindow:
    return SittingWindow(
        id=new_id(),
        cohort_id=cohort.id,
        number=number,
        window_number=number if wish.window is None else wish.window,
        exam=wish.exam,
        opens_at=wish.opens,
        closes_at=wish.closes,
        withdrawn=wish.withdrawn,
        reason=wish.reason.strip(),
        decided_by=by,
        at=now,
    )


def _same(newest: SittingWindow, wish: WindowWish, by: str) -> bool:
    """Say whether the newest decision is what was just sent."""
    window = newest.number if wish.window is None else wish.window
    sent = (window, wish.exam, wish.opens, wish.closes, wish.withdrawn, wish.reason.strip(), by)
    kept = (newest.window_number, newest.exam, newest.opens_at, newest.closes_at, newest.withdrawn, newest.reason)
    return (*kept, newest.decided_by) == sent


def _write_down(session: Session, cohort: Cohort, wish: WindowWish, *, by: str, now: datetime) -> None:
    words = Window(number=0, opens=wish.opens, closes=wish.closes).words
    why = f", because: {wish.reason.strip()}" if wish.reason.strip() else ""
    about = {"subject": cohort.name, "detail": f"{wish.title}, {words}{why}"}
    note(session, actor_id=by, programme=cohort.programme, act=wish.act, **about, now=now)
