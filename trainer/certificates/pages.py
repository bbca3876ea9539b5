"""My certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.certificates.claim import Claim
from trainer.certificates.issuing import Waiting
from trainer.registry.status import Status
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class Card:
    """One certificate of mine."""

    claim: Claim
    status: Status
    address: str


@dataclass(frozen=True, kw_only=True)
class MinePage(Page):
    """My certificates, to download and to show."""

    template: ClassVar[str] = "certificates/mine.html"
    cards: Sequence[Card]
    signing: Sequence[Waiting]
