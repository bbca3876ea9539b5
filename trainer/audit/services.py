"""Write down who did what, and take the name of somebody erased out of it."""

import re
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from trainer.audit.models import AuditEntry

OWN_WORDS = frozenset(
    {
        *("invite", "withdraw invitation", "accept invitation", "give role", "suspend", "lift suspension", "revoke"),
        *("surrender", "recall revocation", "recall surrender", "revocation becomes final", "surrender becomes final"),
        *("choose visibility", "decide time limits", "confirm flag", "clear flag", "decide examination"),
        "rate written answer",
        "look at record",
    }
)
"""Acts whose detail is in the site's own words, such as a role or a reason from its list, and names no person."""


def note(
    session: Session, *, actor_id: str | None, programme: str, act: str, subject: str, detail: str = "", now: datetime
) -> None:
    """Append one entry, in the same transaction as the act itself."""
    session.add(AuditEntry(at=now, actor_id=actor_id, programme=programme, act=act, subject=subject, detail=detail))


def forget_in_audit(session: Session, *, address: str, names: Collection[str], programmes: Collection[str]) -> None:
    """Put “somebody” in the place of a person who is erased, in what was done about them and in what others wrote.

    A name is theirs in their own programmes only, and never where the site chose the words: whoever calls themselves
    “director” or “certificate” takes nothing else out of the audit.
    """
    _take_out(session, {address}, AuditEntry.id.is_not(None))
    _take_out(session, set(names) - {address}, AuditEntry.programme.in_(programmes))


def _take_out(session: Session, known_as: Collection[str], where: ColumnElement[bool]) -> None:
    if not known_as:
        return
    texts = (AuditEntry.subject, AuditEntry.detail)
    mentioned = or_(*(column.icontains(word, autoescape=True) for column in texts for word in known_as))
    longest_first = "|".join(sorted(map(re.escape, known_as), key=len, reverse=True))
    whole = re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE)
    for entry in session.scalars(select(AuditEntry).where(mentioned, where)):
        if whole.fullmatch(entry.subject):
            entry.subject = "somebody"
        if entry.act not in OWN_WORDS:
            entry.detail = whole.sub("somebody", entry.detail)
