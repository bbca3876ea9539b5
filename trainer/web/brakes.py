"""Tries that become slower the more often they fail, for whoever fails and for nobody else.

A brake never closes: it says how long to wait. Counts are kept in the database, so that they hold for all processes,
and a try is counted before it is made, so that many at once are no way around.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, delete, select, text
from sqlalchemy.orm import Session

from trainer.db import UTCDateTime
from trainer.try_limits import NO_WAIT, Brake
from trainer.web.models import TryCount


def take(session: Session, *, brakes: Sequence[Brake], now: datetime) -> timedelta:
    """Take a try under every brake, or under none; return how long to wait, zero when it was taken."""
    (wait,) = take_each(session, tries=[brakes], now=now)
    return wait


def take_each(session: Session, *, tries: Sequence[Sequence[Brake]], now: datetime) -> Sequence[timedelta]:
    """Take several tries, one after the other, in three statements whatever their number."""
    held = _held(session, [brake for brakes in tries for brake in brakes], now)
    return [_take(held, brakes, now) for brakes in tries]


def _take(held: Mapping[str, TryCount], brakes: Sequence[Brake], now: datetime) -> timedelta:
    wait = max((held[brake.key].free_at - now for brake in brakes), default=NO_WAIT)
    if wait > NO_WAIT:
        return wait
    for brake in brakes:
        tally = held[brake.key]
        tally.count += 1
        tally.free_at = now + brake.pace.wait_after(tally.count)
        tally.expires_at = tally.free_at + brake.pace.memory
    return NO_WAIT


def give_back(session: Session, *, brakes: Sequence[Brake], now: datetime) -> None:
    """Take back a try that could not be made."""
    for tally in _held(session, brakes, now).values():
        tally.count, tally.free_at = max(0, tally.count - 1), now


def let_try_go(session: Session, *, brakes: Sequence[Brake], now: datetime) -> None:
    """Begin these counts anew: the try was a good one."""
    for tally in _held(session, brakes, now).values():
        session.delete(tally)


def forget_tries(session: Session, *, about: str) -> None:
    """Delete whatever was counted about an account or a certificate."""
    session.execute(delete(TryCount).where(TryCount.about == about))


def sweep(session: Session, *, now: datetime) -> None:
    """Delete what has expired, and is in nobody else's hands."""
    old = select(TryCount.key).where(TryCount.expires_at <= now).with_for_update(skip_locked=True)
    session.execute(delete(TryCount).where(TryCount.key.in_(old)).execution_options(synchronize_session=False))


def _held(session: Session, brakes: Sequence[Brake], now: datetime) -> Mapping[str, TryCount]:
    """Return the counts, made where need be, held until the transaction ends, and at 0 when they have expired."""
    made = {brake.key: (brake.about, now + brake.pace.memory) for brake in brakes}
    if not made:
        return {}
    rows = [{"key": key, "about": made[key][0], "now": now, "expires": made[key][1]} for key in sorted(made)]
    session.execute(_MAKE, rows)
    query = select(TryCount).where(TryCount.key.in_(made)).order_by(TryCount.key)  # everybody locks them in this order
    held = session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    for tally in held:
        if tally.expires_at <= now:
            tally.count, tally.free_at = 0, now
    return {tally.key: tally for tally in held}


def add(
    session: Session, *, key: str, about: str, lasts: timedelta, now: datetime, amount: int = 1
) -> tuple[int, datetime]:
    """Count something within a window that begins with the first; return how often by now, and when it ends."""
    counted = {"key": key, "about": about, "amount": amount, "now": now, "expires": now + lasts}
    count, ends = session.execute(_ADD, counted).one()
    return count, ends


def counted(session: Session, *, key: str, now: datetime) -> int:
    """Return how often something was counted in its present window."""
    tally = session.get(TryCount, key)
    return tally.count if tally and tally.expires_at > now else 0


_moments = (bindparam("now", type_=UTCDateTime()), bindparam("expires", type_=UTCDateTime()))
_MAKE = text(
    "INSERT INTO tally (key, about, count, free_at, expires_at) VALUES (:key, :about, 0, :now, :expires) "
    "ON CONFLICT (key) DO NOTHING"
).bindparams(*_moments)
_ADD = (
    text(
        "INSERT INTO tally (key, about, count, free_at, expires_at) VALUES (:key, :about, :amount, :now, :expires) "
        "ON CONFLICT (key) DO UPDATE SET "
        "count = CASE WHEN tally.expires_at <= :now THEN :amount ELSE tally.count + :amount END, "
        "expires_at = CASE WHEN tally.expires_at <= :now THEN :expires ELSE tally.expires_at END "
        "RETURNING count, expires_at"
    )
    .bindparams(*_moments)
    .columns(count=Integer(), expires_at=UTCDateTime())
)
