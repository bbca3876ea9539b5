"""When a certificate can be renewed, what a certificate that replaces it says, and when its holder is reminded."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from trainer.certificates.facts.claim import Claim

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


def frozen_facts(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a conferral, as they follow from the stored claim of what was issued.

    They are the claim without its two dates, and in their place `validity_months` and `runs_from`: the ISO day from
    which these months count, or None for the day of issue.
    """
    read = Claim.read(claim)
    months = (read.valid_until.year - read.issued_on.year) * 12 + read.valid_until.month - read.issued_on.month
    facts = {name: value for name, value in read.plain().items() if name not in ("issued_on", "valid_until")}
    return {**facts, "validity_months": months, "runs_from": None}


def corrected(facts: Mapping[str, Any], *, holder: str, issued_on: date) -> dict[str, Any]:
    """Return the facts with another name; everything else stays, the last valid day as well.

    Args:
        issued_on: the day on which the old certificate was issued.
    """
    return {**facts, "holder": holder, "runs_from": facts["runs_from"] or issued_on.isoformat()}


def renewed(facts: Mapping[str, Any], *, valid_until: date, conferred_by: str, today: date) -> dict[str, Any]:
    """Return the facts for another term: from the old end while it is to come, else from the day of issue."""
    runs_from = valid_until.isoformat() if today <= valid_until else None
    return {**facts, "conferred_by": conferred_by, "runs_from": runs_from}


def reminder_due(*, issued_at: datetime, ends_at: datetime, now: datetime) -> int | None:
    """Return how many days ahead the holder is to be reminded now, or None.

    Only the latest of the reminders that have come due counts, and none that lay before the issue.
    """
    for days in sorted(REMINDERS):
        at = ends_at - timedelta(days=days)
        if at <= now < ends_at:
            return days if at > issued_at else None
    return None
