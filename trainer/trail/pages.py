"""What was done."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.audit.models import AuditEntry
from trainer.trail.queries import AuditFilter
from trainer.web.pages import Page

A_RECORD = re.compile("record ([0-9a-z]{26})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class TrailPage(Page):
    """What was done in a programme, or to the installation itself.

    Attributes:
        further: before which entry the next page begins, or None.
    """

    template: ClassVar[str] = "trail/trail.html"
    asked: AuditFilter
    entries: Sequence[tuple[AuditEntry, str]]  # entry, who
    further: int | None
    people: Mapping[str, str]  # the names of people who are on record by their address
    acts: Sequence[str]
    actors: Sequence[tuple[str, str]]  # id, name
    administers: bool

    def record(self, entry: AuditEntry) -> str:
        """Return whose record an entry is about, as the id of their place, or ""."""
        found = A_RECORD.fullmatch(entry.detail)
        return found[1] if found else ""
