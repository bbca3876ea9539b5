"""When a certificate can be renewed, and when its holder is reminded."""

from datetime import date, datetime, timedelta

OPENS_BEFORE = timedelta(days=90)
"""A renewal can be decided from this long before the last day. The new certificate then runs from the old end, so
that nobody loses time by being early."""
CLOSES_AFTER = timedelta(days=365)
"""And until this long after it; whoever comes later follows the programme anew."""
REMINDERS = (90, 30, 7)
"""Days before the end on which the holder is reminded."""


def renewal_window(valid_until: date) -> tuple[date, date]:
    """Return the first and the last day on which a certificate can be renewed; `valid_until` is its last valid day."""
    return valid_until - OPENS_BEFORE, valid_until + CLOSES_AFTER


def reminder_due(*, issued_at: datetime, ends_at: datetime, now: datetime) -> int | None:
    """Return how many days ahead the holder is to be reminded now, or None.

    Only the latest of the reminders that have come due counts, and none that lay before the issue.
    """
    for days in sorted(REMINDERS):
        at = ends_at - timedelta(days=days)
        if at <= now < ends_at:
            return days if at > issued_at else None
    return None
