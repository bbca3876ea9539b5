"""The page of short answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class HelpPage(Page):
    """Short answers for whoever looks.

    Attributes:
        asked: the names of those who act for my programmes, in the order of the alphabet.
    """

    template: ClassVar[str] = "guide/help.html"
    asked: Sequence[str]
