"""Ask to be told, and the page behind the secret link."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.watches.forms import WatchForm
from trainer.watches.queries import WatchState
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class WatchPage(Page):
    """Tell me if this changes."""

    template: ClassVar[str] = "watches/watch.html"
    public_id: str
    number: str
    form: WatchForm
    asked: bool = False
    has_mail: bool = True  # whether letters leave this installation


@dataclass(frozen=True, kw_only=True)
class StandingPage(Page):
    """Say yes, or end it."""

    template: ClassVar[str] = "watches/standing.html"
    token: str
    standing: WatchState
