"""The API, explained in a minute."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class GuidePage(Page):
    """What can be asked, with a line to copy for each."""

    template: ClassVar[str] = "api/guide.html"
    address: str
