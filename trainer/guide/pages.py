"""The page of short answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.contacts import Contact
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class HelpPage(Page):
    """Short answers for whoever looks.

    Attributes:
        asked: those who act for my programmes, by name.
    """

    template: ClassVar[str] = "guide/help.html"
    asked: Sequence[Contact]
