"""My certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.certificates.facts.claim import Claim
from trainer.certificates.tasks import Waiting
from trainer.registry.status import Status, Word
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class FurtherDocument:
    """A further document that I can have.

    Attributes:
        asked: it was ordered; `made`: and it is ready; `fails`: and it could not be made so far.
    """

    kind: str
    asked: bool
    made: bool
    fails: bool


@dataclass(frozen=True, kw_only=True)
class Card:
    """One certificate of mine.

    Attributes:
        profile_link: opens a form elsewhere, filled in with this certificate.
        embedding: what to copy into a page of one's own.
        watchers: how many verifiers asked to be told when the status changes.
        over: what becomes final can no longer be recalled, and is about to be entered.
    """

    claim: Claim
    status: Status
    over: bool
    address: str
    has_credential: bool
    profile_link: str
    embedding: str
    documents: Sequence[FurtherDocument]
    watchers: int

    @property
    def holds(self) -> bool:
        """Say whether it is good to show today."""
        return self.status.word is Word.VALID

    @property
    def director(self) -> str:
        """Return who conferred it."""
        return self.claim.conferred_by


@dataclass(frozen=True, kw_only=True)
class MinePage(Page):
    """My certificates, to download and to show."""

    template: ClassVar[str] = "certificates/mine.html"
    cards: Sequence[Card]
    signing: Sequence[Waiting]
    decided_next: bool  # every requirement of a programme is met, and its director has not decided yet
    opened: str = ""  # the certificate whose further documents are looked at

    @property
    def waits(self) -> bool:
        """Say whether the worker is still at something."""
        return bool(self.signing) or any(
            document.asked and not document.made for card in self.cards for document in card.documents
        )


@dataclass(frozen=True, kw_only=True)
class PrintedCardPage(Page):
    """A card of the size of a visiting card, to print and to hand over; none while the certificate does not hold."""

    template: ClassVar[str] = "certificates/card.html"
    claim: Claim
    status: Status
    address: str
    code: str

    @property
    def holds(self) -> bool:
        """Say whether there is a card: what does not hold must not be shown as if it did."""
        return self.status.word is Word.VALID
