"""What was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.audit.models import AuditEntry
from trainer.trail.queries import Asked
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class TrailPage(Page):
    """What was done in a programme, or to the installation itself.

    Attributes:
        further: before which entry the next page begins, or None.
    """

    template: ClassVar[str] = "trail/trail.html"
    asked: Asked
    entries: Sequence[tuple[AuditEntry, str]]  # entry, who
    further: int | None
    acts: Sequence[str]
    actors: Sequence[tuple[str, str]]  # id, name
    administers: bool
