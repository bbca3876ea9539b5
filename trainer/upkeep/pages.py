"""What the page of the law shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from markupsafe import Markup

from trainer.authoring.markdown import inline
from trainer.curriculum.language.law_boxes import KNOWN_BY, held_until
from trainer.law.values import Certainty, Law, LawCell
from trainer.moments import date_in_words
from trainer.references.reference import Reference
from trainer.web.pages import Page

_STATES: Mapping[Certainty, str] = {Certainty.READ: "good", Certainty.REPORTED: "warn", Certainty.UNKNOWN: "open"}


@dataclass(frozen=True, kw_only=True)
class LawPage(Page):
    """The whole table by place, with its dates, how each answer is known, and what changed when."""

    template: ClassVar[str] = "upkeep/law.html"
    law: Law
    references: Mapping[str, Reference]
    today: date

    def sources(self, keys: Sequence[str]) -> Sequence[Reference]:
        """Return the sources behind keys."""
        return [self.references[key] for key in keys if key in self.references]

    @property
    def all_sources(self) -> Sequence[Reference]:
        """Return every source behind the law once, by the name that the page shows."""
        keys = {key for cell in self.law.cells.values() for key in cell.sources}
        keys |= {key for event in self.law.events for key in event.sources}
        return sorted(self.sources(list(keys)), key=lambda source: source.short.casefold())

    def known(self, certainty: Certainty) -> tuple[str, str]:
        """Return shape and words for how something is known."""
        return _STATES[certainty], KNOWN_BY[certainty].capitalize()

    def html(self, text: str) -> Markup:
        """Return one paragraph of Markdown, without the paragraph around it."""
        return inline(text)

    def ending(self, cell: LawCell) -> str:
        """Say until when an answer holds, where an end is known."""
        return held_until(cell)

    def written(self, day: str) -> str:
        """Write a day, a month or a year."""
        return date_in_words(day)
