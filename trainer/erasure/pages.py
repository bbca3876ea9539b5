"""The decision to erase somebody, and what it came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.models import Person
from trainer.erasure.farewell import Farewell
from trainer.erasure.forms import ErasureForm
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class ErasurePage(Page):
    """A grave decision, calmly asked for."""

    template: ClassVar[str] = "erasure/erasure.html"
    person: Person
    numbers: Sequence[str]
    form: ErasureForm


@dataclass(frozen=True, kw_only=True)
class ErasedPage(Page):
    """It is done. This page is the last that knows the address."""

    template: ClassVar[str] = "erasure/erased.html"
    farewell: Farewell
    told: bool
