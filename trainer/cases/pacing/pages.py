"""The page of a pause."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.models import Role
from trainer.cases.models import CaseRun
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class PausePage(Page):
    """Nothing runs. Where I am, where help is, and how I go on."""

    template: ClassVar[str] = "cases/pause.html"
    enrolment_id: str
    title: str
    run: CaseRun
    content_note: str
    people: Sequence[tuple[str, Role]]
