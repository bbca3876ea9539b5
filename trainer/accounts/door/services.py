"""Let a password be tried, and remember how it went. The password itself is compared in between, outside both."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from trainer.accounts.door.attempt import STORM_LASTS, Attempt
from trainer.web import brakes


def knock(session: Session, *, attempt: Attempt, now: datetime) -> timedelta:
    """Take the try; return how long to wait, zero when the password may be compared."""
    return brakes.take(session, brakes=attempt.brakes(storm=_storms(session, attempt, now)), now=now)


def step_back(session: Session, *, attempt: Attempt, now: datetime) -> None:
    """Give the try back: there was no room to compare the password."""
    brakes.give_back(session, brakes=attempt.brakes(storm=False), now=now)


def welcome(session: Session, *, attempt: Attempt, now: datetime) -> None:
    """Begin the counts of this browser or network anew: the password was right."""
    brakes.let_try_go(session, brakes=attempt.brakes(storm=False), now=now)


def turn_away(session: Session, *, attempt: Attempt, now: datetime) -> bool:
    """Count a wrong password; say True once an hour, when a storm about the account begins."""
    brakes.sweep(session, now=now)
    if attempt.device:
        return False
    counts = [
        brakes.add(session, key=gauge.key, about=gauge.about, lasts=STORM_LASTS, now=now)[0] for gauge in attempt.gauges
    ]
    return counts[0] == attempt.gauges[0].limit


def _storms(session: Session, attempt: Attempt, now: datetime) -> bool:
    return not attempt.device and any(
        brakes.counted(session, key=gauge.key, now=now) >= gauge.limit for gauge in attempt.gauges
    )
