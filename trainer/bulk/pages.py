"""Check a whole list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.bulk.answers import ListedAnswer
from trainer.bulk.forms import TableForm
from trainer.bulk.layout import Layout
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class TablePage(Page):
    """Where a list is sent."""

    template: ClassVar[str] = "bulk/table.html"
    form: TableForm
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class ListResultPage(Page):
    """How many of each verdict first, then every row.

    Attributes:
        layout: how the list was read.
        csv: the same as CSV, as base64: nothing is stored, so the page itself holds the file.
        receipt: over that file, signed, as a text.
    """

    template: ClassVar[str] = "bulk/result.html"
    answers: Sequence[ListedAnswer]
    counts: Mapping[str, int]
    names: bool
    layout: Layout
    csv: str
    receipt: str
    day: str
