"""What the pages of the competencies show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.competencies.outline import CompetencyOutline
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class CompetenciesPage(Page):
    """All of them, and where machines find them; `package` is an address."""

    template: ClassVar[str] = "competencies/all.html"
    outlines: Sequence[CompetencyOutline]
    package: str


@dataclass(frozen=True, kw_only=True)
class CompetencyPage(Page):
    """One of them, with where it is taught, asked and played; `uri` is its name for machines."""

    template: ClassVar[str] = "competencies/one.html"
    outline: CompetencyOutline
    uri: str
