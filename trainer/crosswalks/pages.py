"""What the pages of the crosswalks show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.crosswalks.outline import Outline
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class OutlinesPage(Page):
    """Every regulator's list, and how much of it each programme covers."""

    template: ClassVar[str] = "crosswalks/outlines.html"
    outlines: Sequence[Outline]


@dataclass(frozen=True, kw_only=True)
class OutlinePage(Page):
    """One list by subject, lesson and minute."""

    template: ClassVar[str] = "crosswalks/outline.html"
    outline: Outline
    pace: int
